# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read neighbours from netlink messages."""

from __future__ import annotations

import typing as t

from ..._core.host_state import Link
from ..._core.parse import PROTOS
from ..._netlink import attributes as nla
from ..._netlink import codec
from ..._netlink.socket import Socket
from .state import UNRESOLVED, Neighbour, nud_of
from .table import ROWS

RTM_GETNEIGH = 30  # linux/rtnetlink.h
# linux/neighbour.h, from here on
STATES = {
    0x00: "none",
    0x01: "incomplete",
    0x02: "reachable",
    0x04: "stale",
    0x08: "delay",
    0x10: "probe",
    0x20: "failed",
    0x40: "noarp",
    0x80: "permanent",
}
PROXY, OFFLOADED, ROUTER = 0x08, 0x20, 0x80
STATED = PROXY | OFFLOADED | ROUTER  # set by a task or by hardware offload
RTN_UNICAST = 1  # linux/rtnetlink.h
EVERY = dict.fromkeys(("family", "ifindex", "state", "flags", "type"), 0)


class NeighbourMessage(codec.NetlinkMessage):
    """RTM_NEWNEIGH and RTM_GETNEIGH, of forwarding tables too."""

    fields = (
        ("family", "B"),
        ("pad", "3x"),
        ("ifindex", "i"),
        ("state", "H"),
        ("flags", "B"),
        ("type", "B"),
    )
    nla_map = (
        *{(row.number, row.attr, row.wire) for row in ROWS if row.number},
        (11, "NDA_SRC_VNI", "uint32"),
        (12, "NDA_PROTOCOL", "uint8"),
        (13, "NDA_NH_ID", "uint32"),
        (15, "NDA_FLAGS_EXT", "uint32"),
    )
    wanted: t.ClassVar[dict[int, tuple[str, nla.Reader]]] = {
        1: ("dst", nla.ip),
        2: ("mac", nla.mac),
        5: ("vlan", nla.u16),
        6: ("port", nla.be16),
        7: ("vni", nla.u32),
        8: ("via", nla.u32),
        9: ("master", nla.u32),
        11: ("src_vni", nla.u32),
        12: ("proto", nla.u8),
        13: ("nhid", nla.u32),
        15: ("flags_ext", nla.u32),
    }
    ignored = frozenset({3, 4, 10})  # NDA_CACHEINFO, NDA_PROBES, NDA_LINK_NETNSID


def neighbours(
    sock: Socket, what: str, links: t.Mapping[str, Link], wanted: t.Collection[str] | None
) -> list[Neighbour]:
    """Return the neighbours of links (None: all) that have a MAC, and the links' proxy entries."""
    by_index = {
        link.index: link for link in links.values() if wanted is None or link.name in wanted
    }
    what = f"read the neighbours of {', '.join(sorted(wanted or ('all links',)))} {what}"
    attrs = [("NDA_IFINDEX", next(iter(by_index)))] if len(by_index) == 1 else []
    found = sock.dump(what, NeighbourMessage, RTM_GETNEIGH, EVERY, attrs)
    proxies = sock.dump(what, NeighbourMessage, RTM_GETNEIGH, {**EVERY, "flags": PROXY}, attrs)
    pairs = [
        *((each, by_index.get(each["ifindex"])) for each in found if _matters(each)),
        *((each, by_index.get(each["ifindex"])) for each in proxies),
    ]
    return [_neighbour(each, link) for each, link in pairs if link is not None]


def _matters(message: t.Any) -> bool:
    """Return whether an entry has a MAC or was added on purpose."""
    state = message["state"]
    if state not in STATES:
        return False
    has_mac = STATES[state] not in UNRESOLVED
    return has_mac or bool(message["flags"] & ~STATED or message.found.get("flags_ext"))


def _neighbour(message: t.Any, link: Link) -> Neighbour:
    found, flags = message.found, message["flags"]
    proxy = bool(flags & PROXY)
    state = "" if proxy else STATES[message["state"]]
    proto = found.get("proto", 0)
    return Neighbour(
        link.name,
        found["dst"],
        mac=found.get("mac"),
        nud=nud_of(state),
        router=bool(flags & ROUTER),
        proxy=proxy,
        proto=PROTOS.get(proto, str(proto)),
        flags=(flags & ~STATED, found.get("flags_ext", 0)),
        kernel_made=state == "noarp"
        and (message["type"] != RTN_UNICAST or not link.arp or link.name == "lo"),
        extras=found.get("others", ()),
        state=state,
    )
