# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Neighbours and forwarding entries in a topology."""

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
from ..fdb import RESOURCE as FDB
from . import RESOURCE


class Neighbours(TopologyList):
    """The list ``neighbours``, with entries of both kinds: neigh and fdb."""

    name, noun, fields, stage = "neighbours", "neighbour", ("neighbours", "fdb"), 3

    def option(self) -> dict[str, t.Any]:
        from .options import SPEC

        return entries_of(SPEC, "purge")

    def label(self, options: Options) -> str:
        return str(options["link"])

    def read(self, options: Options, mark: t.Any) -> tuple[t.Any, tuple[At, ...]]:
        if options["kind"] == "fdb":
            from ..fdb.spec import FdbSpec

            return FdbSpec.of({**options, "purge": False}), ()
        from .spec import NeighboursSpec

        return NeighboursSpec.of(marked(options, mark)), ()

    def planner(self, spec: t.Any) -> t.Callable[[t.Any, t.Any], None]:
        from ..fdb.spec import FdbSpec

        if isinstance(spec, FdbSpec):
            from ..fdb.plan import plan as plan_fdb

            return plan_fdb
        from .plan import plan

        return plan

    def links(self, spec: t.Any) -> set[str]:
        return {spec.link}

    def listed(self, spec: t.Any) -> t.Iterator[tuple[Key, str]]:
        for entry in spec.entries:
            yield ("neighbour", entry), f"the same neighbour of {spec.link}"

    def scope(self, specs: t.Sequence[t.Any], everywhere: bool) -> dict[str, t.Any]:
        from ..fdb.spec import FdbSpec

        fdb = frozenset(spec.link for spec in specs if isinstance(spec, FdbSpec))
        links = frozenset(spec.link for spec in specs) - fdb
        return {
            "resources": (RESOURCE, FDB),
            "neighbours": None if everywhere else links,
            "fdb": fdb,
        }

    def things(self, namespace: NamespaceState) -> dict[Key, t.Any]:
        every: list[t.Any] = [*namespace.neighbours, *namespace.fdb]
        lasting = [each for each in every if each.nud != "dynamic"]
        return {each.key: each for each in lasting if not each.kernel_made}

    def identity(self, key: Key, thing: t.Any) -> str:
        return f"{getattr(thing, 'address', None) or thing.mac} of {thing.link}"

    def unclaimed(self, namespace: NamespaceState, spec: t.Any, mark: t.Any) -> t.Any:
        from .spec import NeighboursSpec

        if not isinstance(spec, NeighboursSpec) or not namespace.neighbours:
            return spec
        number = str(mark.number)
        there = {each.key for each in namespace.neighbours if each.proto != number}
        theirs = [(each.link, each.address, each.proxy) in there for each in spec.entries]
        return replace(spec, entries=without_mark(spec.entries, theirs))

    def own(self, namespace: NamespaceState, mark: t.Any) -> list[t.Any]:
        return [each for each in namespace.neighbours if self.bears(each, mark)]

    def removals(
        self,
        plan: t.Any,
        namespace: NamespaceState,
        mark: t.Any,
        listed: Listed,
        to_delete: t.Collection[At],
    ) -> None:
        from .operations import DeleteNeighbour

        for neighbour in self.own(namespace, mark):
            if not _is_listed(neighbour, listed):
                plan.add(DeleteNeighbour(namespace.key, neighbour))


def _is_listed(neighbour: t.Any, listed: Listed) -> bool:
    return any(
        each[0] == "neighbour"
        and (each[1].link, getattr(each[1], "address", None), getattr(each[1], "proxy", None))
        == neighbour.key
        for each in listed
    )


NEIGHBOURS = Neighbours()
