# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From the rules of a namespace to those that are wanted."""

from __future__ import annotations

import typing as t

from ..._core.errors import BadInput
from ..._core.host_state import Space, phrase
from ..._core.plan_builder import Draft
from ..._core.record import replace
from .operations import AddRule, DeleteRule, said
from .spec import RuleSpec, RulesSpec
from .state import BORN, MAIN, Rule, behind


def plan(draft: Draft, desired: RulesSpec) -> None:
    """Plan the rules that a task lists, and with purge that there are no others beside them."""
    if not desired.present:
        space = draft.world.at(desired.place)
        meant = [rule for rule in space.rules if _goes(rule, desired)]
        _delete(draft, space, [rule for rule in meant if not rule.others])
        for rule in meant:
            if rule.others:
                _tell(draft, space, rule)
        return
    space = _space(draft, desired.place)
    kept: list[Rule] = []
    missing: list[RuleSpec] = []
    for each in desired.rules:
        found = next((rule for rule in space.rules if _is_meant(rule, each)), None)
        if found is None:
            missing.append(each)
        else:
            kept.append(found)
    for each in missing:
        kept.append(_present(draft, space, each, kept))
    if desired.purge:
        _delete(
            draft,
            space,
            [
                rule
                for rule in space.rules
                if rule.proto == desired.proto
                and rule.version in desired.versions
                and rule not in kept
                and not rule.others
            ],
        )


def _tell(draft: Draft, space: Space, rule: Rule) -> None:
    """Warn that a rule stays that has a criterion which no task can state: it is another one."""
    names = ", ".join(name for name, _value in rule.others)
    words = (
        f"The rule {said(rule)} {phrase(space.key)} stays: it has {names}, which no task of this"
        " collection can state, so that it is left alone"
    )
    if words not in draft.warnings:
        draft.warnings.append(words)


def _space(draft: Draft, place: str) -> Space:
    """Return the namespace; one that is supposed to be there has the rules it is born with."""
    born = draft.world.at(place).state != "present"
    space = draft.space(place)
    if born:
        draft.before.spaces[space.key].rules = list(BORN)
        space.rules = list(BORN)
    return space


def _goes(rule: Rule, desired: RulesSpec) -> bool:
    """Return whether a rule is what is stated of one that is not to be there.

    The kernel's own go only where it is said whose they are.
    """
    return any(
        (rule.proto != "kernel" or each.proto == "kernel")
        and all(getattr(rule, name) == value for name, value in each.stated().items())
        for each in desired.rules
    )


def _is_meant(rule: Rule, desired: RuleSpec) -> bool:
    """Return whether a rule is about the packets that are stated, no others, and what is stated."""
    stated = {**desired.criteria(), **desired.stated()}
    return not rule.others and all(getattr(rule, name) == stated[name] for name in stated)


def _present(draft: Draft, space: Space, desired: RuleSpec, kept: list[Rule]) -> Rule:
    """Plan a rule that is not there yet, in the place of one that is about the same packets."""
    old = next((rule for rule in space.rules if _is_other(rule, desired, kept)), None)
    stated = desired.stated()
    if old is not None:
        rule = replace(old, **_doing(stated), proto=desired.proto or old.proto, wire=b"")
    else:
        stated.setdefault("priority", next_priority(space.rules, desired.version))
        stated.setdefault("proto", "static")
        rule = Rule(**{**stated, **_doing(stated)})
    if rule.action == "goto" and rule.goto <= rule.priority:
        raise BadInput(
            f"A rule goes to one with a higher number: not from {rule.priority} to {rule.goto}"
        )
    # The new one first: not for a moment is there no rule for these packets.
    draft.add(AddRule(space.key, rule))
    if old is not None:
        _delete(draft, space, [old])
    return rule


def _is_other(rule: Rule, desired: RuleSpec, kept: list[Rule]) -> bool:
    """Return whether a rule differs from a wanted one only in what it does."""
    return (
        desired.priority == rule.priority
        and desired.version == rule.version
        and not rule.others
        and rule.proto != "kernel"
        and rule not in kept
        and all(getattr(rule, name) == value for name, value in desired.criteria().items())
    )


def _doing(stated: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return what a rule does that is made, or made to do something else."""
    action = stated.get("action", "to_tbl")
    return {
        "action": action,
        "table": stated.get("table", MAIN) if action == "to_tbl" else 0,
        "goto": stated.get("goto", 0),
    }


def next_priority(rules: list[Rule], version: int) -> int:
    """Return the priority that the kernel gives where none is stated: fib_default_rule_pref()."""
    ours = [rule for rule in rules if rule.version == version]
    return max(ours[1].priority - 1, 0) if len(ours) > 1 else 0


def _delete(draft: Draft, space: Space, rules: list[Rule]) -> None:
    """Plan that rules go, last first: what is put back later comes behind what stayed."""
    for rule in reversed(rules):
        draft.add(DeleteRule(space.key, rule, behind(space.rules, rule)))
