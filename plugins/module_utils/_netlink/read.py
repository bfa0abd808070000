# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Decode links, addresses and routes of one namespace from the kernel's messages."""

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
from . import codec, syscalls
from .socket import Socket

RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE, RTM_GETNSID = 18, 22, 26, 90  # linux/rtnetlink.h
EXT_MASK = 1 << 3  # RTEXT_FILTER_SKIP_STATS
ARPHRD_LOOPBACK = 772
IFF_UP, IFF_NOARP, IFF_PROMISC, IFF_MULTICAST = 0x1, 0x80, 0x100, 0x1000  # linux/if.h
OPERSTATES = ("unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up")
SECONDARY, NODAD, DADFAILED, DEPRECATED, NOPREFIXROUTE = 0x01, 0x02, 0x08, 0x20, 0x200  # if_addr.h
TEMPORARY = SECONDARY  # of IPv6: created by the kernel beside another address
# All but the flags that a task can set, and those that only the kernel sets: optimistic,
# deprecated, tentative, permanent, stable-privacy.
OWN_FLAGS = ~(
    SECONDARY | NODAD | 0x04 | DADFAILED | DEPRECATED | 0x40 | 0x80 | NOPREFIXROUTE | 0x800
)
KERNEL_PROTOS = (1, 2, 3)  # IFAPROT_KERNEL_LO, _RA, _LL
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
UNASSIGNED = -1
PAIRS = ("veth",)  # IFLA_LINK is their other end, which is found separately
# Without ndo_get_iflink(): seen from another namespace, IFLA_LINK is their own ifindex if they have
# no lower link.
OWN_NUMBER = ("vxlan", "geneve", "wireguard", "bareudp", "gtp", "amt", "pfcp", "ppp")
VXLAN_LINK = 3  # IFLA_VXLAN_LINK
LO = 1  # LOOPBACK_IFINDEX, net/net_namespace.h


class IndexMessage(codec.NetlinkMessage):
    """RTM_NEWLINK, decoded for its ifindex only."""

    fields = codec.LinkMessage.fields
    nla_map = codec.LinkMessage.nla_map


@dataclass(frozen=True)
class FoundLink:
    """A link, and what the kernel reports of its other end: an ifindex, and an nsid if elsewhere."""

    link: Link
    iflink: int
    nsid: int | None
    info: t.Mapping[str, t.Any]  # IFLA_LINKINFO: the kind, and its options still encoded
    lower: int = 0  # the ifindex of the link below, 0 for none


def links(sock: Socket, what: str) -> list[FoundLink]:
    """Return all links of the socket's namespace; masters are names, peers still unknown."""
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
    """Return the ifindex of a link's parent in the parent's namespace, 0 for none.

    In two namespaces a link and its parent may have the same ifindex.
    """
    is_itself = iflink == index and (nsid is None or kind in OWN_NUMBER)
    return 0 if is_itself else iflink


def _lower(message: t.Any, info: t.Mapping[str, t.Any]) -> int:
    """Return the ifindex of the link below; a VXLAN has it among its own options."""
    found, kind = message.found, info.get("kind")
    if kind == "vxlan":
        data = info.get("data", b"")
        options = dict(nla.attributes(data, 0, len(data)))
        return int(nla.u32(options[VXLAN_LINK])) if VXLAN_LINK in options else 0
    return parent_index(kind, message["index"], found.get("iflink", 0), found.get("nsid"))


def set_lower_links(space: Space, found: t.Iterable[FoundLink], names: t.Mapping[int, str]) -> None:
    """Set the lower links that are in the same namespace."""
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
    # IPv6 reports IFA_LOCAL only if there is a peer; IPv4 always reports both.
    far = found.get("address", found.get("local"))
    local = found.get("local", far)
    flags = found.get("flags", message["flags"])
    preferred, valid, _unused, since = found.get("cacheinfo", (FOREVER, FOREVER, 0, 0))
    if flags & DEPRECATED:
        preferred = 0  # for permanent IPv4 addresses the kernel reports FOREVER here
    if valid != FOREVER or preferred != FOREVER:
        passed = max(0, round(now - since / 100))
        valid = valid if valid == FOREVER else _lifetime_as_set(valid + passed)
        preferred = preferred if preferred in (FOREVER, 0) else _lifetime_as_set(preferred + passed)
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


def _lifetime_as_set(seconds: int) -> int:
    """Return the lifetime that was most likely set.

    The kernel counts it down by a clock that is not visible, so that the sum of what is left and
    what has passed varies by up to a second.
    """
    for near in (seconds - 1, seconds + 1):
        if near % 10 == 0:
            return near
    return seconds


def _looks_kernel_made(link: str, cidr: str, six: bool) -> bool:
    """Guess whether the kernel created an address that has no IFA_PROTO.

    lo and IPv4 never have it, nothing does before Linux 5.18.
    """
    if link == "lo":
        return cidr in ("127.0.0.1/8", "::1/128")
    local = six and cidr.startswith("fe80:") and cidr.endswith("/64")
    return local and syscalls.kernel_version() < (5, 18)


def mark_tunnel_addresses(space: Space) -> None:
    """Mark IPv6 addresses of sit tunnels that embed an IPv4 one as created by the kernel, which
    does not report that: add_v4_addrs() of net/ipv6/addrconf.c."""
    for number, each in enumerate(space.addresses):
        link = space.links.get(each.link)
        if link is not None and link.kind == "sit" and each.version == 6:
            octets = socket.inet_pton(socket.AF_INET6, each.local)
            begins = {"/64": b"\xfe\x80" + bytes(10), "/96": bytes(12)}.get(each.cidr[-3:])
            if octets[:12] == begins:
                space.addresses[number] = replace(each, kernel_made=True)


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
    """Return whether a route has only attributes that a task can state, as most have."""
    if message["family"] == socket.AF_INET:
        return not message["tos"] and PLAIN.issuperset(found)
    return PLAIN.issuperset(found) and not (
        found.get("expires") or found.get("pref") or message["src_len"]
    )


def _extras(message: t.Any) -> t.Any:
    from .._resources.route.kernel_read import extras  # lazily: few routes have any

    return extras(message)


def nsid_of(sock: Socket, fd: int) -> int | None:
    """Return the nsid of a namespace in the socket's namespace, None if it has none."""
    answer = sock.ask("ask for the nsid", codec.NsidMessage, RTM_GETNSID, {}, [("NETNSA_FD", fd)])
    nsid = answer.found["nsid"]
    return None if nsid == UNASSIGNED else nsid


def nsids_of(
    sock: Socket, questions: t.Sequence[t.Sequence[tuple[str, t.Any]]]
) -> list[int | None]:
    """Return the nsids of several namespaces at once; None also for something else than a
    namespace."""
    answers = sock.ask_all(codec.NsidMessage, RTM_GETNSID, questions)
    numbers = [UNASSIGNED if answer is None else answer.found["nsid"] for answer in answers]
    return [None if nsid == UNASSIGNED else nsid for nsid in numbers]


def nsids(sock: Socket) -> frozenset[int]:
    """Return all nsids of the socket's namespace."""
    messages = sock.dump("read the nsids", codec.NsidMessage, RTM_GETNSID, {})
    return frozenset(message.found["nsid"] for message in messages)


def far_end(sock: Socket, found: FoundLink) -> tuple[str, str | None]:
    """Return name and MAC of the link at the other end, as seen from this end's namespace.

    RTM_GETLINK can look into another namespace by its nsid (IFLA_TARGET_NETNSID, Linux 4.20).
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
    """Return the ifindex of a link by name."""
    if name == "lo":
        return LO
    attrs = [("IFLA_IFNAME", name), ("IFLA_EXT_MASK", EXT_MASK)]
    answer = sock.ask(what, IndexMessage, RTM_GETLINK, {}, attrs)
    index: int = answer["index"]
    return index


def set_peer(space: Space, name: str, peer: Peer) -> None:
    """Set the peer of a link."""
    space.links[name] = replace(space.links[name], peer=peer)
