# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Add, replace, delete and restore routes over netlink."""

from __future__ import annotations

import errno
import socket
import struct
import typing as t

from ..._core.errors import KernelError
from ..._core.host_state import Nexthop, Route
from ..._core.parse import PROTOS, scope_number
from ..._core.resource import Handlers
from ..._netlink import attributes as nla
from ..._netlink import codec
from ..._netlink.handles import Handles
from ..._netlink.socket import ACK, CREATE, EXCL, REPLACE, REQUEST, What
from . import operations as op
from .kernel_read import ONLINK, TYPES
from .table import ROWS

RTM_NEWROUTE, RTM_DELROUTE = 24, 25  # linux/rtnetlink.h, as all of these
AF_INET, AF_INET6 = 2, 10
RTA_OIF = 4
RTAX_MTU = 2


class RouteRequest(codec.NetlinkMessage):
    """RTM_NEWROUTE and RTM_DELROUTE; numbers from linux/rtnetlink.h."""

    fields = codec.RouteMessage.fields
    nla_map = (
        (1, "RTA_DST", "ipaddr"),
        *((row.number, row.attr, row.wire) for row in ROWS if row.number),
        (8, "RTA_METRICS", "cdata"),
        (9, "RTA_MULTIPATH", "cdata"),
        (18, "RTA_VIA", "cdata"),
        (23, "RTA_EXPIRES", "uint32"),
    )


def _send(kernel: Handles, netns: str, what: What, kind: int, route: Route, flags: int) -> None:
    try:
        _send_once(kernel, netns, what, kind, route, flags)
    except KernelError as error:
        if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
            hint = (
                "the gateway must be in the network of an address whose link is up, or onlink=true"
            )
            words = f"{error.words} ({hint})" if error.words else hint
            raise KernelError(error.errno, error.what, words) from error
        if error.errno != errno.EINVAL or not route.src or route.version != 6:
            raise
        from ..address.kernel_tentative import await_usable  # lazily: seldom needed

        await_usable(kernel, netns, route.src, error)
        _send_once(kernel, netns, what, kind, route, flags)


def _send_once(
    kernel: Handles, netns: str, what: What, kind: int, route: Route, flags: int
) -> None:
    if route.wire and route.extras is None and not (route.nexthops or route.nhid):
        _replay(kernel, netns, what, kind, route, flags)
    else:
        _encode(kernel, netns, what, kind, route, flags)


def _replay(kernel: Handles, netns: str, what: What, kind: int, route: Route, flags: int) -> None:
    """Send the message in which the kernel showed the route back to it, with another type."""
    sock = kernel.socket(netns)
    # Before the message, as the lookup uses a sequence number too.
    index = None if route.dev is None else kernel.index(netns, route.dev)
    sock.sequence += 1
    data = bytearray(route.wire)
    codec.HEADER.pack_into(data, 0, len(data), kind, REQUEST | ACK | flags, sock.sequence, 0)
    at = codec.HEADER.size + 8  # rtm_flags; requests may contain RTNH_F_ONLINK only
    struct.pack_into("=I", data, at, struct.unpack_from("=I", data, at)[0] & ONLINK)
    if index is not None:
        # A link that was moved and moved back may have another ifindex.
        struct.pack_into("=I", data, nla.find(data, at + 4, RTA_OIF), index)
    sock.exchange(what, bytes(data))


def _encode(kernel: Handles, netns: str, what: What, kind: int, route: Route, flags: int) -> None:
    local, _slash, length = route.dst.partition("/")
    fields = {
        "family": AF_INET if route.version == 4 else AF_INET6,
        "dst_len": int(length or 0),
        "table": min(route.table, 255) if route.table < 256 else 0,
        "proto": _number(route.proto, PROTOS),
        "scope": scope_number(route.scope),
        "type": _number(route.type, TYPES),
        "flags": ONLINK if route.onlink else 0,
    }
    attrs: list[tuple[t.Any, t.Any]] = [("RTA_TABLE", route.table)]
    if route.dst != "default":
        attrs.append(("RTA_DST", local))
    attrs += [
        (row.attr, value) for row in ROWS if row.plain and (value := getattr(route, row.name))
    ]
    metrics = {} if not route.mtu else {RTAX_MTU: struct.pack("=I", route.mtu)}
    if route.extras is not None:
        identity = dict(route.foreign)
        fields["tos"] = int(identity.get("tos", "0"), 16)
        fields["src_len"] = int(identity.get("from", "/0").partition("/")[2])
        attrs += route.extras.attributes
        metrics.update(route.extras.metrics)
        if route.extras.expires:
            attrs.append(("RTA_EXPIRES", route.extras.expires))
    if metrics:
        packed = b"".join(nla.attribute(number, value) for number, value in metrics.items())
        attrs.append(("RTA_METRICS", packed))
    if route.nhid:
        attrs.append(("RTA_NH_ID", route.nhid))
    else:
        attrs += _ways(kernel, netns, route)
    kernel.socket(netns).request(what, RouteRequest, kind, fields, attrs, flags)


def _ways(kernel: Handles, netns: str, route: Route) -> list[tuple[str, t.Any]]:
    attrs: list[tuple[str, t.Any]] = []
    if route.dev is not None:
        attrs.append(("RTA_OIF", kernel.index(netns, route.dev)))
    attrs += _gateway(route.version, route.via)
    if route.nexthops:
        ways = [_nexthop(kernel, netns, route.version, each) for each in route.nexthops]
        attrs.append(("RTA_MULTIPATH", b"".join(ways)))
    return attrs


def _nexthop(kernel: Handles, netns: str, version: int, nexthop: Nexthop) -> bytes:
    """Return one of several nexthops as a struct rtnexthop, linux/rtnetlink.h."""
    attrs = [*_gateway(version, nexthop.via), *nexthop.extras]
    packed = RouteRequest.pack(attrs)
    index = kernel.index(netns, nexthop.dev) if nexthop.dev else 0
    flags = ONLINK if nexthop.onlink else 0
    length = nla.NEXTHOP.size + len(packed)
    return nla.NEXTHOP.pack(length, flags, nexthop.weight - 1, index) + packed


def _gateway(version: int, via: str | None) -> list[tuple[t.Any, t.Any]]:
    if via is None:
        return []
    if version == 4 and ":" in via:
        family = struct.pack("=H", AF_INET6)  # struct rtvia
        return [("RTA_VIA", family + socket.inet_pton(socket.AF_INET6, via))]
    return [("RTA_GATEWAY", via)]


def _number(name: str, names: dict[int, str]) -> int:
    """Return the number for a name, or of a text that is a number."""
    for number, known in names.items():
        if known == name:
            return number
    return int(name)


def _add_route(kernel: Handles, step: op.AddRoute) -> None:
    try:
        _send(kernel, step.netns, step.phrase, RTM_NEWROUTE, step.route, CREATE | EXCL)
    except KernelError as error:
        # On restore, a route that was not lost after all is fine.
        if error.errno != errno.EEXIST or not step.route.wire:
            raise


def _delete_route(kernel: Handles, step: op.DeleteRoute) -> None:
    _send(kernel, step.netns, step.phrase, RTM_DELROUTE, step.route, 0)


def _replace_route(kernel: Handles, step: op.ReplaceRoute) -> None:
    _send(kernel, step.netns, step.phrase, RTM_NEWROUTE, step.new, CREATE | REPLACE)


APPLY: Handlers = {
    op.AddRoute: _add_route,
    op.DeleteRoute: _delete_route,
    op.ReplaceRoute: _replace_route,
}
