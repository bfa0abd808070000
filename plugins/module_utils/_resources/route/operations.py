# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on routes."""

from __future__ import annotations

import typing as t

from ..._core.host_state import Route, phrase
from ..._core.operation import ROUTES, Operation, Touch, ip
from ..._core.record import dataclass
from . import RESOURCE
from .table import ROWS


def route_words(verb: str, route: Route) -> list[str]:
    """Return the arguments of ip-route(8) for a route."""
    words = [f"-{route.version}", "route", verb]
    words += [route.type] if route.type != "unicast" else []
    words += [route.dst, *_way(route.via, route.dev)]
    for row in ROWS:
        value = getattr(route, row.name)
        usual = natural_scope(route) if row.name == "scope" else row.usual
        carried = row.name == "mtu" and route.extras is not None  # with other metrics, below
        if row.word and value != usual and not carried:
            words += [row.word, str(value)]
    if route.extras is not None:
        from .extras import words as extra_words

        words += extra_words(route.extras, route.mtu)
    words += ["onlink"] if route.onlink else []
    for nexthop in route.nexthops:
        words += ["nexthop", *_way(nexthop.via, nexthop.dev), "weight", str(nexthop.weight)]
        words += ["onlink"] if nexthop.onlink else []
        if nexthop.extras:
            from .extras import way_words

            words += way_words(nexthop.extras)
    return words


def natural_scope(route: Route) -> str:
    """Return the scope that `ip route` sets by default (iproute.c)."""
    if route.version == 6:
        return "global"
    if route.type == "local":
        return "host"
    if route.type == "unicast" and not (route.via or route.nexthops or route.nhid):
        return "link"
    return "global"


def _way(via: str | None, dev: str | None) -> list[str]:
    words = []
    if via:
        words += ["via", *(["inet6"] if ":" in via else []), via]
    return words + (["dev", dev] if dev else [])


@dataclass(frozen=True)
class AddRoute(Operation):
    """Add a route, or restore one that was lost with an address or a link."""

    resource = RESOURCE

    netns: str
    route: Route

    def inverse(self) -> Operation:
        return DeleteRoute(self.netns, self.route)

    def command(self) -> str:
        return ip(self.netns, *route_words("add", self.route))

    def phrase(self) -> str:
        return f"add the route {description(self.route)} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, ROUTES, tuple(filter(None, self.route.devs))),)

    def puts(self) -> tuple[tuple[str, str | None], ...]:
        return ((self.netns, self.route.dev),)

    def needs(self) -> tuple[str, str] | None:
        return _source(self.netns, self.route)


@dataclass(frozen=True)
class DeleteRoute(Operation):
    """Delete a route."""

    resource = RESOURCE

    netns: str
    route: Route

    def inverse(self) -> Operation:
        return AddRoute(self.netns, self.route)

    def command(self) -> str:
        return ip(self.netns, *route_words("del", self.route))

    def phrase(self) -> str:
        return f"delete the route {description(self.route)} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, ROUTES, tuple(filter(None, self.route.devs))),)

    def loses(self) -> tuple[t.Any, ...]:
        return (self.route,)


@dataclass(frozen=True)
class ReplaceRoute(Operation):
    """Replace the route with the same destination and metric."""

    resource = RESOURCE

    netns: str
    new: Route
    old: Route

    def inverse(self) -> Operation:
        return ReplaceRoute(self.netns, self.old, self.new)

    def command(self) -> str:
        return ip(self.netns, *route_words("replace", self.new))

    def phrase(self) -> str:
        return f"replace the route {description(self.new)} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, ROUTES, tuple(filter(None, self.new.devs))),)

    def loses(self) -> tuple[t.Any, ...]:
        return (self.old,)

    def needs(self) -> tuple[str, str] | None:
        return _source(self.netns, self.new)


def _source(netns: str, route: Route) -> tuple[str, str] | None:
    return (netns, route.src) if route.src and route.version == 6 else None


def description(route: Route) -> str:
    return " ".join(route_words("add", route)[3:])
