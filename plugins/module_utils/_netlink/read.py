# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Decode the links of a namespace, and the numbers of namespaces, from the kernel's messages."""

from __future__ import annotations

import typing as t

from .._core.host_state import Link, NamespaceState, Peer
from .._core.link_table import INET6, READ, ROWS
from .._core.record import dataclass, replace
from .._core.wire import number_of
from . import codec
from .socket import Socket

RTM_GETLINK, RTM_GETNSID = 18, 90  # linux/rtnetlink.h
EXT_MASK = 1 << 3  # RTEXT_FILTER_SKIP_STATS
ARPHRD_LOOPBACK = 772
VALUES = tuple(row.name for row in ROWS if row.wire in READ and not row.inet6)
NAMED = tuple(row for row in ROWS if row.values)
FLAGS = tuple((row.name, row.flag, row.inverted) for row in ROWS if row.wire == "flag")
OPERSTATES = ("unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up")
UNASSIGNED = -1
PAIRS = ("veth",)  # IFLA_LINK is their other end, which is found separately
# Without ndo_get_iflink(): seen from another namespace, IFLA_LINK is their own ifindex if they have
# no lower link.
OWN_NUMBER = ("vxlan", "geneve", "wireguard", "bareudp", "gtp", "amt", "pfcp", "ppp")
VXLAN_LINK = 3  # IFLA_VXLAN_LINK
LOWER_IN_DATA = {"vxlan": (VXLAN_LINK,), "hsr": (1, 2)}  # IFLA_HSR_SLAVE1, IFLA_HSR_SLAVE2
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
    found = [_found(message, named) for message in messages]
    rings = {each.link.name for each in found if each.link.kind == "hsr"}
    if not rings:
        return found
    # Newer kernels report it as the master of its two links, which it names itself in all kernels.
    return [
        replace(each, link=replace(each.link, master=None)) if each.link.master in rings else each
        for each in found
    ]


def _found(message: t.Any, names: dict[int, str]) -> FoundLink:
    found, flags = message.found, message["flags"]
    info = found.get("info", {})
    kind = info.get("kind")
    state = found.get("operstate", 0)
    master = found.get("master")
    values: dict[str, t.Any] = {name: found[name] for name in VALUES if name in found}
    v6 = found.get("af_spec", {}).get("v6", {})
    values.update((name, v6[name]) for name in INET6 if name in v6)
    for row in NAMED:
        if row.name in values:
            values[row.name] = row.shown(values[row.name])
    for name, flag, inverted in FLAGS:
        values[name] = bool(flags & flag) != inverted
    return FoundLink(
        Link(
            found["name"],
            kind=kind,
            index=message["index"],
            operstate=OPERSTATES[state] if state < len(OPERSTATES) else str(state),
            master=names.get(master, str(master)) if master else None,
            min_mtu=found.get("min_mtu", 0),
            max_mtu=found.get("max_mtu", 0),
            hardware=kind is None and message["ifi_type"] != ARPHRD_LOOPBACK,
            altnames=found.get("altnames", ()),
            keeps_v6=v6.get("keeps") == 1,
            immutable=found.get("immutable", 0) == 1,
            kind_wire=info.get("data", b""),
            port_wire=info.get("port_data", b""),
            **values,
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
    """Return the ifindex of the link below, which some kinds have among their own options."""
    found, kind = message.found, info.get("kind")
    if kind in LOWER_IN_DATA:
        data = info.get("data", b"")
        return next((n for each in LOWER_IN_DATA[kind] if (n := number_of(data, each))), 0)
    return parent_index(kind, message["index"], found.get("iflink", 0), found.get("nsid"))


def set_lower_links(
    namespace: NamespaceState, found: t.Iterable[FoundLink], names: t.Mapping[int, str]
) -> None:
    """Set the lower links that are in the same namespace."""
    for each in found:
        if each.lower and each.nsid is None and each.lower in names:
            name = each.link.name
            lower = Peer(names[each.lower], namespace.key)
            namespace.links[name] = replace(namespace.links[name], lower=lower)


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


def set_peer(namespace: NamespaceState, name: str, peer: Peer) -> None:
    """Set the peer of a link."""
    namespace.links[name] = replace(namespace.links[name], peer=peer)
