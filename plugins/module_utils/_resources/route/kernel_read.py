# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From the kernel's messages to routes."""

from __future__ import annotations

import errno
import socket
import typing as t

from ..._core.errors import KernelError
from ..._core.host_state import Nexthop, Route
from ..._core.parse import PROTOS, SCOPES
from ..._core.record import replace
from ..._netlink import attributes as nla
from ..._netlink import codec
from ..._netlink.socket import Socket

RTM_GETROUTE = 26  # linux/rtnetlink.h
LOCAL_TABLE = 255
KERNEL = 2  # RTPROT_KERNEL
ALL_TABLES = 0  # RT_TABLE_UNSPEC
UNSPEC_TABLE = 252  # RT_TABLE_COMPAT: the number is in an attribute
RTM_F_CLONED = 0x200
# Newer pyroute2 would fill in defaults for fields that are not given.
EVERY_ROUTE = dict.fromkeys(("family", "tos", "table", "proto", "scope", "type", "flags"), 0)
ONLINK = 4  # RTNH_F_ONLINK
TYPES = {
    1: "unicast",
    2: "local",
    3: "broadcast",
    4: "anycast",
    5: "multicast",
    6: "blackhole",
    7: "unreachable",
    8: "prohibit",
    9: "throw",
}


def _not_a_route(data: bytes, offset: int) -> bool:
    """Return whether to skip a message before decoding, as with the local table, which the kernel
    maintains."""
    return _is_not_statable(data, offset) or data[offset + codec.HEADER.size + 4] == LOCAL_TABLE


def _not_a_stated_route(data: bytes, offset: int) -> bool:
    """Return whether to skip a message, including routes that come with an address."""
    return data[offset + codec.HEADER.size + 5] == KERNEL or _not_a_route(data, offset)


def _is_not_statable(data: bytes, offset: int) -> bool:
    """Return whether a message is a route that no task can state."""
    start = offset + codec.HEADER.size  # struct rtmsg, linux/rtnetlink.h
    family, kind = data[start], data[start + 7]
    flags = nla.u32(data[start + 8 : start + 12])
    return (
        kind not in (1, 2, 6, 7, 8, 9)
        or family not in (socket.AF_INET, socket.AF_INET6)
        or bool(flags & RTM_F_CLONED)
    )


def routes(
    sock: Socket,
    what: str,
    names: dict[int, str],
    local: bool = False,
    table: int = ALL_TABLES,
    kernels: bool = True,
) -> list[Route]:
    """Return the IPv4 and IPv6 routes; those of the local table only if ``local``."""
    skip = _is_not_statable if local else _not_a_route if kernels else _not_a_stated_route
    fields, attrs = EVERY_ROUTE, []
    if table != ALL_TABLES:  # the kernel then looks through no other table
        fields, attrs = {**EVERY_ROUTE, "table": min(table, UNSPEC_TABLE)}, [("RTA_TABLE", table)]
    try:
        messages = sock.dump(
            f"read the routes {what}", codec.RouteMessage, RTM_GETROUTE, fields, attrs, skip
        )
    except KernelError as error:
        if error.errno != errno.ENOENT:  # the table does not exist yet
            raise
        messages = []
    return [_route(message, names) for message in messages]


def _route(message: t.Any, names: dict[int, str]) -> Route:
    found = message.found
    version = 4 if message["family"] == socket.AF_INET else 6
    length = message["dst_len"]
    dst = "default" if not length else f"{found['dst']}/{length}"
    start = message.offset
    scope = SCOPES.get(message["scope"]) or str(message["scope"])
    route = Route(
        dst,
        version,
        dev=names.get(found["dev"]) if "dev" in found else None,
        via=found.get("via"),
        src=found.get("src"),
        metric=found.get("metric", 0),
        table=found.get("table", message["table"]),
        proto=PROTOS.get(message["proto"]) or str(message["proto"]),
        scope=scope,
        type=TYPES[message["type"]],
        mtu=found.get("metrics", {}).get("mtu", 0),
        onlink=bool(message["flags"] & ONLINK),
        nexthops=tuple(
            Nexthop(names.get(index), way, hops + 1, bool(flags & ONLINK), others)
            for flags, hops, index, way, others in found.get("multipath", ())
        ),
        nhid=found.get("nhid", 0),
        extras=None if _is_plain(message, found) else _extras(message),
        wire=bytes(message.data[start : start + message.length]),
    )
    return _by_object(route) if route.nhid else route


def _by_object(route: Route) -> Route:
    """Return a route that uses a nexthop object: where that leads is not the route's own."""
    ways = route.nexthops
    if not ways and (route.via or route.dev):
        ways = (Nexthop(route.dev, route.via, onlink=route.onlink),)
    ways = tuple(replace(way, extras=()) for way in ways)
    if route.type == "blackhole":  # the nexthop object is one, and leads nowhere
        route, ways = replace(route, type="unicast"), ()
    return replace(route, dev=None, via=None, onlink=False, nexthops=(), ways=ways)


PLAIN = frozenset(["dst", "dev", "via", "metric", "src", "table", "expires", "pref", "nhid"])


def _is_plain(message: t.Any, found: t.Mapping[str, t.Any]) -> bool:
    """Return whether a route has only attributes that a task can state, as most have."""
    if message["family"] == socket.AF_INET:
        return not message["tos"] and PLAIN.issuperset(found)
    return PLAIN.issuperset(found) and not (
        found.get("expires") or found.get("pref") or message["src_len"]
    )


def _extras(message: t.Any) -> t.Any:
    from .kernel_extras import extras  # lazily: few routes have any

    return extras(message)
