# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Routes in a topology."""

from __future__ import annotations

import typing as t

from ..._core import render
from ..._core.host_state import NamespaceState, Route
from ..._core.record import replace
from ..._core.topology_list import (
    At,
    Key,
    Listed,
    Options,
    TopologyList,
    entries_of,
    first_of,
    marked,
    without_mark,
)
from ..nexthop import RESOURCE as NEXTHOP
from . import RESOURCE

MAIN, LOCAL = 254, 255  # RT_TABLE_MAIN, RT_TABLE_LOCAL, linux/rtnetlink.h


class Routes(TopologyList):
    """The list ``routes``: after the addresses that lead to their gateways."""

    name, noun, fields, stage = "routes", "route", ("routes",), 4

    def option(self) -> dict[str, t.Any]:
        from .options import SPEC

        return entries_of(SPEC, "purge")

    def label(self, options: Options) -> str:
        return first_of(options["dst"])

    def read(self, options: Options, mark: t.Any) -> tuple[t.Any, tuple[At, ...]]:
        from .spec import RoutesSpec

        return RoutesSpec.of(marked(options, mark)), ()

    def planner(self, spec: t.Any) -> t.Callable[[t.Any, t.Any], None]:
        from .plan import plan

        return plan

    def ordered(self, entries: t.Sequence[t.Any]) -> t.Sequence[t.Any]:
        # Those that need no gateway first: a gateway may be reached by them.
        return sorted(entries, key=lambda entry: _has_gateway(entry.desired))

    def links(self, spec: t.Any) -> set[str]:
        ways = {way.dev for route in spec.routes for way in route.nexthops or ()}
        return {dev for dev in {route.dev for route in spec.routes} | ways if dev is not None}

    def listed(self, spec: t.Any) -> t.Iterator[tuple[Key, str]]:
        for route in spec.routes:
            key = ("route", route.dst, route.version, route.table, route.metric)
            yield key, f"the route to {route.dst}"

    def scope(self, specs: t.Sequence[t.Any], everywhere: bool) -> dict[str, t.Any]:
        tables = {spec.table for spec in specs}
        by_object = any(route.nhid for spec in specs for route in spec.routes)
        return {
            "resources": (RESOURCE, *((NEXTHOP,) if by_object else ())),
            "local_routes": everywhere or LOCAL in tables,
            "kernel_routes": False,
            "tables": () if everywhere else tuple(sorted({MAIN, *tables})),
        }

    def things(self, namespace: NamespaceState) -> dict[Key, t.Any]:
        return {
            (each.dst, each.version, each.table, each.metric, each.foreign): each
            for each in namespace.routes
            if each.proto not in ("kernel", "ra")
        }

    def identity(self, key: Key, thing: Route) -> str:
        family = "" if thing.dst != "default" else f" (IPv{thing.version})"
        table = "" if thing.table == MAIN else f" of table {thing.table}"
        return f"to {thing.dst}{family}{table}"

    def shown(self, thing: Route) -> dict[str, t.Any]:
        return render.route(thing)

    def unclaimed(self, namespace: NamespaceState, spec: t.Any, mark: t.Any) -> t.Any:
        if not (namespace.routes or namespace.addresses):
            return spec
        from .plan import RouteIndex, is_as_desired

        number = str(mark.number)
        there_are = RouteIndex(namespace)
        theirs = [
            each.proto == number
            and any(
                route.proto != number
                and not route.foreign
                and is_as_desired(route, replace(each, proto=None))
                for route in there_are.of(each)
            )
            for each in spec.routes
        ]
        if not any(theirs):
            return spec
        return replace(spec, routes=without_mark(spec.routes, theirs))

    def own(self, namespace: NamespaceState, mark: t.Any) -> list[t.Any]:
        return [each for each in namespace.routes if self.bears(each, mark) and not each.foreign]

    def removals(
        self,
        plan: t.Any,
        namespace: NamespaceState,
        mark: t.Any,
        listed: Listed,
        to_delete: t.Collection[At],
    ) -> None:
        from .operations import DeleteRoute

        for route in self.own(namespace, mark):
            if not _is_listed(route, listed):
                plan.add(DeleteRoute(namespace.key, route))


def _has_gateway(spec: t.Any) -> bool:
    return any(route.via is not None or route.nexthops for route in spec.routes)


def _is_listed(route: Route, listed: Listed) -> bool:
    key = ("route", route.dst, route.version, route.table)
    return any((*key, metric) in listed for metric in (None, 0, route.metric))


ROUTES = Routes()
