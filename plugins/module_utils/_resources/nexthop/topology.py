# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Nexthop objects in a topology."""

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
from .state import NexthopObject, find, held, shown


class Nexthops(TopologyList):
    """The list ``nexthops``: after the addresses that lead to gateways, before the routes by them."""

    name, noun, fields, stage = "nexthops", "nexthop object", ("others",), 3

    def option(self) -> dict[str, t.Any]:
        from .options import SPEC

        return entries_of(SPEC, "purge", "force")

    def label(self, options: Options) -> str:
        return "" if options["id"] is None else str(options["id"])

    def read(self, options: Options, mark: t.Any) -> tuple[t.Any, tuple[At, ...]]:
        from .spec import NexthopsSpec

        return NexthopsSpec.of({**marked(options, mark), "force": False}), ()

    def planner(self, spec: t.Any) -> t.Callable[[t.Any, t.Any], None]:
        from .plan import plan

        return plan

    def ordered(self, entries: t.Sequence[t.Any]) -> t.Sequence[t.Any]:
        # Groups after their members.
        return sorted(entries, key=lambda entry: any(each.group for each in entry.desired.nexthops))

    def links(self, spec: t.Any) -> set[str]:
        return {each.dev for each in spec.nexthops if each.dev is not None}

    def listed(self, spec: t.Any) -> t.Iterator[tuple[Key, str]]:
        for each in spec.nexthops:
            yield ("nexthop", each.id), f"nexthop object {each.id}"

    def scope(self, specs: t.Sequence[t.Any], everywhere: bool) -> dict[str, t.Any]:
        return {"resources": (RESOURCE,)} if specs or everywhere else {}

    def things(self, namespace: NamespaceState) -> dict[Key, t.Any]:
        return {(each.id,): each for each in held(namespace) if each.proto != "kernel"}

    def identity(self, key: Key, thing: NexthopObject) -> str:
        return str(thing.id)

    def shown(self, thing: NexthopObject) -> dict[str, t.Any]:
        return shown(thing)

    def unclaimed(self, namespace: NamespaceState, spec: t.Any, mark: t.Any) -> t.Any:
        from .plan import is_as_desired

        number = str(mark.number)
        theirs = [
            each.proto == number
            and (there := find(namespace, each.id)) is not None
            and there.proto != number
            and is_as_desired(there, replace(each, proto=None))
            for each in spec.nexthops
        ]
        if not any(theirs):
            return spec
        return replace(spec, nexthops=without_mark(spec.nexthops, theirs))

    def own(self, namespace: NamespaceState, mark: t.Any) -> list[t.Any]:
        return [each for each in held(namespace) if self.bears(each, mark)]

    def removals(
        self,
        plan: t.Any,
        namespace: NamespaceState,
        mark: t.Any,
        listed: Listed,
        to_delete: t.Collection[At],
    ) -> None:
        from .removal import remove

        own = self.own(namespace, mark)
        remove(plan, namespace, [each for each in own if ("nexthop", each.id) not in listed], False)


NEXTHOPS = Nexthops()
