# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn the rules of a namespace into the desired ones."""

from __future__ import annotations

import typing as t

from ..._core.errors import BadInput
from ..._core.host_state import NamespaceState, phrase
from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from .operations import AddRule, DeleteRule, description
from .spec import RuleSpec, RulesSpec
from .state import MAIN, RULES_OF_NEW_NAMESPACE, Rule, behind


def plan(builder: PlanBuilder, desired: RulesSpec) -> None:
    """Plan the listed rules, and with purge the removal of all others."""
    if not desired.present:
        namespace = builder.host.at(desired.place)
        matching = [rule for rule in namespace.rules if _matches(rule, desired)]
        _delete(builder, namespace, [rule for rule in matching if not rule.others])
        for rule in matching:
            if rule.others:
                _warn_foreign(builder, namespace, rule)
        return
    namespace = _space(builder, desired.place)
    kept: list[Rule] = []
    missing: list[RuleSpec] = []
    for each in desired.rules:
        found = next((rule for rule in namespace.rules if _is_as_desired(rule, each)), None)
        if found is None:
            missing.append(each)
        else:
            kept.append(found)
    for each in missing:
        kept.append(_present(builder, namespace, each, kept))
    if desired.purge:
        _delete(
            builder,
            namespace,
            [
                rule
                for rule in namespace.rules
                if rule.proto == desired.proto
                and rule.version in desired.versions
                and rule not in kept
                and not rule.others
            ],
        )


def _warn_foreign(builder: PlanBuilder, namespace: NamespaceState, rule: Rule) -> None:
    """Warn that a rule is kept because it has a criterion that tasks cannot set."""
    names = ", ".join(name for name, _value in rule.others)
    words = (
        f"rule {description(rule)} {phrase(namespace.key)} is kept: it has {names}, which this collection"
        " cannot set"
    )
    if words not in builder.warnings:
        builder.warnings.append(words)


def _space(builder: PlanBuilder, place: str) -> NamespaceState:
    """Return the namespace; one that check mode assumes to exist has the rules of a new one."""
    is_new = builder.host.at(place).state != "present"
    namespace = builder.namespace(place)
    if is_new:
        builder.before.namespaces[namespace.key].rules = list(RULES_OF_NEW_NAMESPACE)
        namespace.rules = list(RULES_OF_NEW_NAMESPACE)
    return namespace


def _matches(rule: Rule, desired: RulesSpec) -> bool:
    """Return whether a rule is what is stated of one that is not to be there.

    The kernel's own rules match only if proto is stated.
    """
    return any(
        (rule.proto != "kernel" or each.proto == "kernel")
        and all(getattr(rule, name) == value for name, value in each.stated().items())
        for each in desired.rules
    )


def _is_as_desired(rule: Rule, desired: RuleSpec) -> bool:
    """Return whether a rule has exactly the stated criteria, and the stated action."""
    stated = {**desired.criteria(), **desired.stated()}
    return not rule.others and all(getattr(rule, name) == stated[name] for name in stated)


def _present(
    builder: PlanBuilder, namespace: NamespaceState, desired: RuleSpec, kept: list[Rule]
) -> Rule:
    """Plan a missing rule, which replaces one with the same criteria and another action."""
    old = next((rule for rule in namespace.rules if _is_same_packets(rule, desired, kept)), None)
    stated = desired.stated()
    if old is not None:
        rule = replace(old, **_action_fields(stated), proto=desired.proto or old.proto, wire=b"")
    else:
        stated.setdefault("priority", next_priority(namespace.rules, desired.version))
        stated.setdefault("proto", "static")
        rule = Rule(**{**stated, **_action_fields(stated)})
    if rule.action == "goto" and rule.goto <= rule.priority:
        raise BadInput(
            f"goto {rule.goto} must be greater than the rule's own priority {rule.priority}"
        )
    # The new one first, so that these packets always match a rule.
    builder.add(AddRule(namespace.key, rule))
    if old is not None:
        _delete(builder, namespace, [old])
    return rule


def _is_same_packets(rule: Rule, desired: RuleSpec, kept: list[Rule]) -> bool:
    """Return whether a rule differs from the desired one only in its action."""
    return (
        desired.priority == rule.priority
        and desired.version == rule.version
        and not rule.others
        and rule.proto != "kernel"
        and rule not in kept
        and all(getattr(rule, name) == value for name, value in desired.criteria().items())
    )


def _action_fields(stated: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the action fields of a new or changed rule."""
    action = stated.get("action", "to_tbl")
    return {
        "action": action,
        "table": stated.get("table", MAIN) if action == "to_tbl" else 0,
        "goto": stated.get("goto", 0),
    }


def next_priority(rules: list[Rule], version: int) -> int:
    """Return the priority that the kernel gives by default: fib_default_rule_pref()."""
    ours = [rule for rule in rules if rule.version == version]
    return max(ours[1].priority - 1, 0) if len(ours) > 1 else 0


def _delete(builder: PlanBuilder, namespace: NamespaceState, rules: list[Rule]) -> None:
    """Plan the deletion of rules, last first: on rollback each is added before those kept."""
    for rule in reversed(rules):
        builder.add(DeleteRule(namespace.key, rule, behind(namespace.rules, rule)))
