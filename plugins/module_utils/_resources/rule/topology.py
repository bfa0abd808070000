# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Routing policy rules in a topology."""

from __future__ import annotations

import typing as t

from ..._core.host_state import NamespaceState
from ..._core.record import replace
from ..._core.topology_list import (
    At,
    Key,
    Listed,
    Options,
    TopologyList,
    entries_of,
    marked,
    without_mark,
)
from . import RESOURCE
from .state import Rule


class Rules(TopologyList):
    """The list ``rules``, last: from the moment that there is one, packets look into its table."""

    name, noun, fields, stage = "rules", "rule", ("rules",), 5

    def option(self) -> dict[str, t.Any]:
        from .options import SPEC

        return entries_of(SPEC, "purge")

    def label(self, options: Options) -> str:
        return options["netns"] or ""

    def read(self, options: Options, mark: t.Any) -> tuple[t.Any, tuple[At, ...]]:
        from .spec import RulesSpec

        return RulesSpec.of(marked(options, mark)), ()

    def planner(self, spec: t.Any) -> t.Callable[[t.Any, t.Any], None]:
        from .plan import plan

        return plan

    def listed(self, spec: t.Any) -> t.Iterator[tuple[Key, str]]:
        for rule in spec.rules:
            yield ("rule", rule), "a rule"

    def scope(self, specs: t.Sequence[t.Any], everywhere: bool) -> dict[str, t.Any]:
        return {"resources": (RESOURCE,)} if specs or everywhere else {}

    def things(self, namespace: NamespaceState) -> dict[Key, t.Any]:
        return {(rule,): rule for rule in namespace.rules if rule.proto != "kernel"}

    def identity(self, key: Key, thing: Rule) -> str:
        return str(thing.priority)

    def unclaimed(self, namespace: NamespaceState, spec: t.Any, mark: t.Any) -> t.Any:
        from .plan import _is_as_desired

        number = str(mark.number)
        theirs = [
            any(
                rule.proto != number and _is_as_desired(rule, replace(each, proto=None))
                for rule in namespace.rules
            )
            for each in spec.rules
        ]
        if not any(theirs):
            return spec
        return replace(spec, rules=without_mark(spec.rules, theirs))

    def own(self, namespace: NamespaceState, mark: t.Any) -> list[t.Any]:
        return [each for each in namespace.rules if self.bears(each, mark) and not each.others]

    def removals(
        self,
        plan: t.Any,
        namespace: NamespaceState,
        mark: t.Any,
        listed: Listed,
        to_delete: t.Collection[At],
    ) -> None:
        from .plan import _delete, _is_as_desired

        for rule in self.own(namespace, mark):
            if not any(each[0] == "rule" and _is_as_desired(rule, each[1]) for each in listed):
                _delete(plan, namespace, [rule])


RULES = Rules()
