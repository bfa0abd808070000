# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read forwarding database entries from netlink messages."""

from __future__ import annotations

import struct
import typing as t

from ..._core.host_state import NamespaceState, phrase
from ..._core.record import replace
from ..._netlink import attributes as nla
from ..._netlink.read import FoundLink
from ..._netlink.socket import Socket
from ..neighbour.kernel_read import EVERY, OFFLOADED, RTM_GETNEIGH, NeighbourMessage
from .state import ZERO, Forward, Tunnel, is_many

AF_BRIDGE = 7  # linux/socket.h
SELF, MASTER = 0x02, 0x04  # NTF_…, linux/neighbour.h
FLAGS_EXT = 15  # NDA_FLAGS_EXT
NOARP, PERMANENT = 0x40, 0x80  # NUD_…
# IFLA_VXLAN_…, linux/if_link.h
TUNNEL = {
    1: ("vni", nla.u32),
    2: ("remote", nla.ip),
    15: ("port", nla.be16),
    16: ("remote", nla.ip),
    17: ("local6", nla.ip),
    25: ("external", nla.u8),
}


def forwards(
    sock: Socket, namespace: NamespaceState, found: t.Sequence[FoundLink], wanted: frozenset[str]
) -> None:
    """Read the tables of links, and of the bridges that they are ports of, into their namespace."""
    links = [namespace.links[name] for name in sorted(wanted & namespace.links.keys())]
    for each in found:
        if each.link.kind == "vxlan" and each.link.name in wanted:
            tunnel = nla.nested(TUNNEL)(each.info.get("data", b""))
            namespace.tunnels[each.link.name] = _tunnel(tunnel)
    names = {each.index: each.name for each in namespace.links.values()}
    indexes = {link.index for link in links}
    masters = {
        namespace.links[link.master].index for link in links if link.master in namespace.links
    }
    messages = sock.dump(
        f"read the forwarding table of {', '.join(each.name for each in links)} {phrase(namespace.key)}",
        NeighbourMessage,
        RTM_GETNEIGH,
        {**EVERY, "family": AF_BRIDGE},
    )
    namespace.fdb = [
        _forward(each, names, namespace)
        for each in messages
        if each["ifindex"] in indexes or each.found.get("master") in masters
    ]


def _tunnel(attributes: t.Mapping[str, t.Any]) -> Tunnel:
    remote = attributes.get("remote")
    six = "local6" in attributes or (remote is not None and ":" in remote)
    version = None if attributes.get("external") else 6 if six else 4
    return Tunnel(attributes.get("vni", 0), attributes.get("port", 0), remote, version)


def _forward(message: t.Any, names: dict[int, str], namespace: NamespaceState) -> Forward:
    found, state = message.found, message["state"]
    name = names.get(message["ifindex"], str(message["ifindex"]))
    via, dst = found.get("via"), found.get("dst")
    # The kernel omits what equals the device's own setting.
    usual = namespace.tunnels.get(name) if dst is not None else None
    each = Forward(
        name,
        found["mac"],
        # For a bridge's own entries the kernel shows the bridge as its own master.
        master=found.get("master", message["ifindex"]) != message["ifindex"]
        and not message["flags"] & SELF,
        nud="permanent" if state & PERMANENT else "static" if state & NOARP else "dynamic",
        vlan=found.get("vlan"),
        dst=dst,
        port=found.get("port", usual and usual.port),
        vni=found.get("vni", usual and usual.vni),
        via=None if via is None else names.get(via, str(via)),
        src_vni=found.get("src_vni"),
        flags=message["flags"] & ~(SELF | MASTER | OFFLOADED),
        nhid=found.get("nhid", 0),
        extras=_extras(found),
    )
    return replace(each, kernel_made=_is_kernel_made(each, namespace))


def _extras(found: t.Mapping[str, t.Any]) -> tuple[tuple[int, bytes], ...]:
    """Return the attributes that tasks cannot set."""
    more = found.get("flags_ext", 0)
    others: tuple[tuple[int, bytes], ...] = found.get("others", ())
    return (*others, (FLAGS_EXT, struct.pack("=I", more))) if more else others


def _is_kernel_made(each: Forward, namespace: NamespaceState) -> bool:
    """Guess whether the kernel itself made an entry because of the link's kind and options."""
    link = namespace.links.get(each.link)
    tunnel = namespace.tunnels.get(each.link)
    if tunnel is not None and each.dst is not None:
        usual = (tunnel.remote, tunnel.port, tunnel.vni)
        return each.mac == ZERO and (each.dst, each.port, each.vni) == usual
    if each.nud != "permanent":
        return False
    if each.master or (link is not None and link.kind == "bridge"):
        return is_many(each.mac) or each.mac in {other.mac for other in namespace.links.values()}
    return is_many(each.mac)
