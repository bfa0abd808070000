# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From the kernel's messages to the model: links, addresses and routes of one namespace."""

from __future__ import annotations

import errno
import socket
import time
import typing as t

from .._core.errors import KernelError
from .._core.host_state import Address, Link, Nexthop, Peer, Route, Space
from .._core.parse import FOREVER, PROTOS, SCOPES
from .._core.record import dataclass, replace
from . import attributes as nla
from . import codec
from . import syscalls as system
from .socket import Socket

RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE, RTM_GETNSID = 18, 22, 26, 90  # linux/rtnetlink.h
EXT_MASK = 1 << 3  # RTEXT_FILTER_SKIP_STATS
ARPHRD_LOOPBACK = 772
IFF_UP, IFF_NOARP, IFF_PROMISC, IFF_MULTICAST = 0x1, 0x80, 0x100, 0x1000  # linux/if.h
OPERSTATES = ("unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up")
SECONDARY, NODAD, DADFAILED, DEPRECATED, NOPREFIXROUTE = 0x01, 0x02, 0x08, 0x20, 0x200  # if_addr.h
TEMPORARY = SECONDARY  # of IPv6: made by the kernel beside another one
# What a task can state, and what the kernel alone sets and clears: optimistic, deprecated, tentative,
# permanent, stable-privacy.
OWN_FLAGS = ~(
    SECONDARY | NODAD | 0x04 | DADFAILED | DEPRECATED | 0x40 | 0x80 | NOPREFIXROUTE | 0x800
)
KERNEL_PROTOS = (1, 2, 3)  # IFAPROT_KERNEL_LO, _RA, _LL
LOCAL_TABLE = 255
KERNEL = 2  # RTPROT_KERNEL
ALL_TABLES = 0  # RT_TABLE_UNSPEC
UNSPEC_TABLE = 252  # RT_TABLE_COMPAT: the number is in an attribute
RTM_F_CLONED = 0x200
# Newer pyroute2 fills in a family, a table and more where they are not said.
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
UNASSIGNED = -1
PAIRS = ("veth",)  # whose IFLA_LINK is their other end, which is found otherwise
# Made from another namespace, they say their own number where they lie on nothing: they have no
# ndo_get_iflink().
OWN_NUMBER = ("vxlan", "geneve", "wireguard", "bareudp", "gtp", "amt", "pfcp", "ppp")
VXLAN_LINK = 3  # IFLA_VXLAN_LINK
LO = 1  # LOOPBACK_IFINDEX, net/net_namespace.h


class IndexMessage(codec.NetlinkMessage):
    """RTM_NEWLINK, of which nothing but the ifindex matters."""

    fields = codec.LinkMessage.fields
    nla_map = codec.LinkMessage.nla_map


@dataclass(frozen=True)
class FoundLink:
    """A link, and what it says of its other end: an ifindex, and where if not here."""

    link: Link
    iflink: int
    nsid: int | None
    info: t.Mapping[str, t.Any]  # IFLA_LINKINFO: kind, and the options of it still encoded
    lower: int = 0  # the ifindex of what it lies on, 0 for nothing


def links(sock: Socket, what: str) -> list[FoundLink]:
    """Return all links of the socket's namespace; their masters are names, peers still unknown."""
    attrs = [("IFLA_EXT_MASK", EXT_MASK)]
    messages = sock.dump(f"read the links {what}", codec.LinkMessage, RTM_GETLINK, {}, attrs)
    named = {message["index"]: message.found["name"] for message in messages}
    return [_found(message, named) for message in messages]


def _found(message: t.Any, names: dict[int, str]) -> FoundLink:
    found, flags = message.found, message["flags"]
    info = found.get("info", {})
    kind = info.get("kind")
    state = found.get("operstate", 0)
    master = found.get("master")
    return FoundLink(
        Link(
            found["name"],
            kind=kind,
            index=message["index"],
            mac=found.get("mac"),
            mtu=found["mtu"],
            up=bool(flags & IFF_UP),
            operstate=OPERSTATES[state] if state < len(OPERSTATES) else str(state),
            master=names.get(master, str(master)) if master else None,
            alias=found.get("alias", ""),
            txqueuelen=found.get("txqueuelen", 0),
            group=found.get("group", 0),
            arp=not flags & IFF_NOARP,
            multicast=bool(flags & IFF_MULTICAST),
            promisc=bool(flags & IFF_PROMISC),
            min_mtu=found.get("min_mtu", 0),
            max_mtu=found.get("max_mtu", 0),
            hardware=kind is None and message["ifi_type"] != ARPHRD_LOOPBACK,
            altnames=found.get("altnames", ()),
            keeps_v6=found.get("af_spec", {}).get("v6", {}).get("keeps") == 1,
            immutable=found.get("immutable", 0) == 1,
            kind_wire=info.get("data", b""),
            port_wire=info.get("port_data", b""),
        ),
        found.get("iflink", 0),
        found.get("nsid"),
        info,
        0 if kind in PAIRS else _lower(message, info),
    )


def parent_index(kind: str | None, index: int, iflink: int, nsid: int | None) -> int:
    """Return the number that a link's parent has in its own namespace, 0 for none.

    In two namespaces two links may have the same number: a link and its parent, too.
    """
    is_itself = iflink == index and (nsid is None or kind in OWN_NUMBER)
    return 0 if is_itself else iflink


def _lower(message: t.Any, info: t.Mapping[str, t.Any]) -> int:
    """Return the number of the link that another lies on; a VXLAN has it among its own options."""
    found, kind = message.found, info.get("kind")
    if kind == "vxlan":
        data = info.get("data", b"")
        told = dict(nla.attributes(data, 0, len(data)))
        return int(nla.u32(told[VXLAN_LINK])) if VXLAN_LINK in told else 0
    return parent_index(kind, message["index"], found.get("iflink", 0), found.get("nsid"))


def set_lower_links(space: Space, found: t.Iterable[FoundLink], names: t.Mapping[int, str]) -> None:
    """Note what links lie on, where that is in their own namespace."""
    for each in found:
        if each.lower and each.nsid is None and each.lower in names:
            name = each.link.name
            lower = Peer(names[each.lower], space.key)
            space.links[name] = replace(space.links[name], lower=lower)


def addresses(sock: Socket, what: str, names: dict[int, str]) -> list[Address]:
    """Return all addresses of the socket's namespace, in the kernel's order."""
    messages = sock.dump(f"read the addresses {what}", codec.AddressMessage, RTM_GETADDR, {})
    now = time.clock_gettime(time.CLOCK_MONOTONIC)
    return [_address(message, names, now) for message in messages if message["index"] in names]


def _address(message: t.Any, names: dict[int, str], now: float) -> Address:
    found = message.found
    six = message["family"] == socket.AF_INET6
    # IPv6 tells IFA_LOCAL only where there is a peer; IPv4 always tells both.
    far = found.get("address", found.get("local"))
    local = found.get("local", far)
    flags = found.get("flags", message["flags"])
    preferred, valid, _unused, since = found.get("cacheinfo", (FOREVER, FOREVER, 0, 0))
    if flags & DEPRECATED:
        preferred = 0  # of IPv4 that is valid for ever, the kernel says "for ever" here
    if valid != FOREVER or preferred != FOREVER:
        passed = max(0, round(now - since / 100))
        valid = valid if valid == FOREVER else _as_set(valid + passed)
        preferred = preferred if preferred in (FOREVER, 0) else _as_set(preferred + passed)
    link = names[message["index"]]
    proto = found.get("proto", 0)
    cidr = f"{local}/{message['prefixlen']}"
    return Address(
        link,
        cidr,
        peer=far if far != local else None,
        scope=SCOPES.get(message["scope"]) or str(message["scope"]),
        label=found.get("label"),
        broadcast=found.get("broadcast"),
        valid_lft=valid,
        preferred_lft=preferred,
        nodad=bool(six and flags & NODAD),
        noprefixroute=bool(flags & NOPREFIXROUTE),
        metric=found.get("metric", 0),
        secondary=bool(not six and flags & SECONDARY),
        dadfailed=bool(six and flags & DADFAILED),
        kernel_made=proto in KERNEL_PROTOS
        or (proto == 0 and _looks_kernel_made(link, cidr, six))
        or bool(six and flags & TEMPORARY),
        proto=proto,
        flags=flags & OWN_FLAGS,
        extras=found.get("others", ()),
    )


def _as_set(seconds: int) -> int:
    """Return a lifetime as it was most likely set.

    The kernel counts it down by a clock that nothing shows, so that the sum of what is left and
    what has passed is off by up to a second, now this way and now that.
    """
    for near in (seconds - 1, seconds + 1):
        if near % 10 == 0:
            return near
    return seconds


def _looks_kernel_made(link: str, cidr: str, six: bool) -> bool:
    """Guess where the kernel does not tell who made an address (IFA_PROTO).

    It does not for lo and IPv4, and before 5.18 for none.
    """
    if link == "lo":
        return cidr in ("127.0.0.1/8", "::1/128")
    local = six and cidr.startswith("fe80:") and cidr.endswith("/64")
    return local and system.kernel_version() < (5, 18)


def mark_tunnel_addresses(space: Space) -> None:
    """Note that the kernel made the IPv6 addresses of a sit tunnel that hold one of IPv4, of which it
    does not tell: add_v4_addrs() of net/ipv6/addrconf.c."""
    for number, each in enumerate(space.addresses):
        link = space.links.get(each.link)
        if link is not None and link.kind == "sit" and each.version == 6:
            octets = socket.inet_pton(socket.AF_INET6, each.local)
            begins = {"/64": b"\xfe\x80" + bytes(10), "/96": bytes(12)}.get(each.cidr[-3:])
            if octets[:12] == begins:
                space.addresses[number] = replace(each, kernel_made=True)


def _not_a_route(data: bytes, offset: int) -> bool:
    """Skip the local table, which the kernel keeps itself, before anything is decoded."""
    return _no_route(data, offset) or data[offset + codec.HEADER.size + 4] == LOCAL_TABLE


def _not_a_stated_route(data: bytes, offset: int) -> bool:
    """Skip those that come with an address, too."""
    return data[offset + codec.HEADER.size + 5] == KERNEL or _not_a_route(data, offset)


def _no_route(data: bytes, offset: int) -> bool:
    """Skip what no task can state."""
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
    """Return the IPv4 and IPv6 routes, those of the local table only where that is asked for."""
    skip = _no_route if local else _not_a_route if kernels else _not_a_stated_route
    fields, attrs = EVERY_ROUTE, []
    if table != ALL_TABLES:  # the kernel looks through no other ones then
        fields, attrs = {**EVERY_ROUTE, "table": min(table, UNSPEC_TABLE)}, [("RTA_TABLE", table)]
    try:
        messages = sock.dump(
            f"read the routes {what}", codec.RouteMessage, RTM_GETROUTE, fields, attrs, skip
        )
    except KernelError as error:
        if error.errno != errno.ENOENT:  # there is no such table yet
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
    return Route(
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
        extras=None if _is_plain(message, found) else _extras(message),
        wire=bytes(message.data[start : start + message.length]),
    )


PLAIN = frozenset(["dst", "dev", "via", "metric", "src", "table", "expires", "pref"])


def _is_plain(message: t.Any, found: t.Mapping[str, t.Any]) -> bool:
    """Return whether a route has nothing that no task can state: most have not."""
    if message["family"] == socket.AF_INET:
        return not message["tos"] and PLAIN.issuperset(found)
    return PLAIN.issuperset(found) and not (
        found.get("expires") or found.get("pref") or message["src_len"]
    )


def _extras(message: t.Any) -> t.Any:
    from .._resources.route.kernel_read import extras  # few routes have any

    return extras(message)


def nsid_of(sock: Socket, fd: int) -> int | None:
    """Return the number by which the socket's namespace knows another, None for none."""
    answer = sock.ask("ask for the nsid", codec.NsidMessage, RTM_GETNSID, {}, [("NETNSA_FD", fd)])
    nsid = answer.found["nsid"]
    return None if nsid == UNASSIGNED else nsid


def nsids_of(
    sock: Socket, questions: t.Sequence[t.Sequence[tuple[str, t.Any]]]
) -> list[int | None]:
    """Return the same of several at once; None also where something is no namespace."""
    answers = sock.ask_all(codec.NsidMessage, RTM_GETNSID, questions)
    numbers = [UNASSIGNED if answer is None else answer.found["nsid"] for answer in answers]
    return [None if nsid == UNASSIGNED else nsid for nsid in numbers]


def nsids(sock: Socket) -> frozenset[int]:
    """Return all numbers by which the socket's namespace knows others."""
    messages = sock.dump("read the nsids", codec.NsidMessage, RTM_GETNSID, {})
    return frozenset(message.found["nsid"] for message in messages)


def far_end(sock: Socket, found: FoundLink) -> tuple[str, str | None]:
    """Return name and MAC of the link at the other end, as seen from this one's namespace.

    RTM_GETLINK looks into another namespace by its nsid (IFLA_TARGET_NETNSID, Linux 4.20).
    """
    attrs = [("IFLA_IF_NETNSID", found.nsid), ("IFLA_EXT_MASK", EXT_MASK)]
    answer = sock.ask(
        f"read the peer of {found.link.name}",
        codec.LinkMessage,
        RTM_GETLINK,
        {"index": found.iflink},
        attrs,
    )
    return answer.found["name"], answer.found.get("mac")


def index_of(sock: Socket, name: str, what: str) -> int:
    """Return the ifindex of a link by its name."""
    if name == "lo":
        return LO
    attrs = [("IFLA_IFNAME", name), ("IFLA_EXT_MASK", EXT_MASK)]
    answer = sock.ask(what, IndexMessage, RTM_GETLINK, {}, attrs)
    index: int = answer["index"]
    return index


def set_peer(space: Space, name: str, peer: Peer) -> None:
    """Note the other end of a link."""
    space.links[name] = replace(space.links[name], peer=peer)
