# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Links of a snapshot and their differences: settable attributes, and read-only ones."""

from __future__ import annotations

import struct
import typing as t

from ..._core.record import dataclass
from ..._resources.link.kinds.kernel_codec import VLAN_FLAGS, vlan_flags
from ..._resources.link.kinds.table import KINDS
from .. import attributes as nla
from .. import codec

HEAD = codec.HEADER.size + 16  # struct ifinfomsg, linux/if_link.h, as all numbers here
IFINFO = struct.Struct("=BxHiII")
ADDRESS, BROADCAST, NAME, MTU, LOWER, MASTER, QUEUE_LENGTH = 1, 2, 3, 4, 5, 10, 13
LINK_INFO, ALIAS, AF_SPEC, GROUP, TX_QUEUES, RX_QUEUES = 18, 20, 26, 27, 31, 32
NETNSID, PROTO_DOWN, PROPERTIES, ALTNAME = 37, 39, 52, 53
KIND, DATA, PORT_KIND, PORT_DATA = 1, 2, 4, 5
# Attributes that have the same form when read and set, with their names; the nameless ones are
# limits of offloading.
PLAIN = {
    ADDRESS: "mac",
    BROADCAST: "broadcast address",
    MTU: "mtu",
    QUEUE_LENGTH: "txqueuelen",
    17: "link mode",
    ALIAS: "alias",
    GROUP: "group",
    PROTO_DOWN: "protodown",
    40: "gso_max_segs",
    41: "gso_max_size",
    58: "gro_max_size",
    63: "gso_ipv4_max_size",
    64: "gro_ipv4_max_size",
}
UP, DEBUG, NOARP, PROMISC, ALLMULTI, MULTICAST, DYNAMIC = 0x1, 4, 0x80, 0x100, 0x200, 0x1000, 0x8000
FLAGS = {
    UP: "up",
    NOARP: "arp",
    PROMISC: "promisc",
    MULTICAST: "multicast",
    ALLMULTI: "allmulticast",
    DYNAMIC: "dynamic",
    DEBUG: "debug",
}
# By kind: options that cannot be set, or that the kernel counts.
READ_ONLY = {
    "bridge": {*range(10, 20), 21, 40, 47, 48},
    "bond": {2, 23},
    "macvlan": {3, 6, 8},
    "macvtap": {3, 6, 8},
    "tun": {8, 9},
}
PORT_READ_ONLY = {"bridge": {1, *range(13, 25), 26, 35, 36, 38, 41}, "bond": {1, 2, 3, 6, 7, 8, 9}}
# Accepted for a new link only, and recomputed by the kernel with any change of other options:
# IFLA_VXLAN_RESERVED_BITS, vxlan_nl2conf() of drivers/net/vxlan/vxlan_core.c.
BY_ITSELF: dict[str, tuple[int, ...]] = {"vxlan": (33,)}


@dataclass(frozen=True)
class LinkState:
    """A link as the kernel reported it."""

    index: int
    type: int
    flags: int
    attrs: t.Mapping[int, bytes]
    kind: str
    data: t.Mapping[int, bytes]
    port_kind: str
    port: t.Mapping[int, bytes]
    altnames: tuple[str, ...]
    inet: bytes  # IFLA_INET_CONF
    inet6: t.Mapping[int, bytes]  # IFLA_INET6_…

    @property
    def name(self) -> str:
        """Return the name of the link."""
        return nla.text(self.attrs[NAME])

    def number(self, kind: int) -> int:
        """Return a numeric attribute, 0 if there is none."""
        value: int = nla.u32(self.attrs[kind]) if kind in self.attrs else 0
        return value


def inner(data: bytes) -> dict[int, bytes]:
    """Return the attributes nested in an attribute."""
    return dict(nla.attributes(data, 0, len(data)))


def state(message: bytes) -> LinkState:
    """Decode a link from its message."""
    _family, type_, index, flags, _change = IFINFO.unpack_from(message, codec.HEADER.size)
    attrs = dict(nla.attributes(message, HEAD, len(message)))
    info, families = inner(attrs.get(LINK_INFO, b"")), inner(attrs.get(AF_SPEC, b""))
    kind = nla.text(info.get(KIND, b""))
    port_kind = nla.text(info.get(PORT_KIND, b""))
    inet6 = inner(families.get(10, b""))
    return LinkState(
        index,
        type_,
        flags,
        attrs,
        kind,
        _as_taken(kind, _settable(info.get(DATA, b""), _read_only(kind))),
        port_kind,
        _settable(info.get(PORT_DATA, b""), PORT_READ_ONLY.get(port_kind, set())),
        nla.altnames(attrs.get(PROPERTIES, b"")),
        inner(families.get(2, b"")).get(1, b""),
        inet6,
    )


def _read_only(kind: str) -> t.Collection[int]:
    """Return the attributes of a kind that cannot be set, or that the kernel counts."""
    return KINDS[kind].counted if kind in KINDS and KINDS[kind].counted else READ_ONLY.get(kind, ())


def _settable(data: bytes, read_only: t.Container[int]) -> dict[int, bytes]:
    return {kind: value for kind, value in inner(data).items() if kind not in read_only}


def _as_taken(kind: str, data: dict[int, bytes]) -> dict[int, bytes]:
    """Return options in the form that a request needs."""
    if kind == "vlan" and VLAN_FLAGS in data:
        data[VLAN_FLAGS] = vlan_flags(data[VLAN_FLAGS])
    return data


def states(messages: t.Iterable[bytes]) -> dict[int, LinkState]:
    """Return links by ifindex."""
    found = map(state, messages)
    return {each.index: each for each in found}


def differing(
    old: t.Mapping[int, bytes], new: t.Mapping[int, bytes], but: t.Container[int] = ()
) -> dict[int, bytes]:
    """Return the old attributes that the new ones lack or have otherwise."""
    return {kind: each for kind, each in old.items() if new.get(kind) != each and kind not in but}


def describe_differences(
    name: str, old: LinkState, new: LinkState, masters: t.Callable[[int], str]
) -> list[str]:
    """Return a phrase for each difference of a link; ``name`` is how to call it."""
    lines = []
    for kind, word in PLAIN.items():
        was, now = old.attrs.get(kind, b""), new.attrs.get(kind, b"")
        if was != now:
            lines.append(f"{word} of link {name} is {_text(kind, now)}, was {_text(kind, was)}")
    for flag, word in FLAGS.items():
        if (old.flags ^ new.flags) & flag:
            values = [bool(each.flags & flag) != (flag == NOARP) for each in (new, old)]
            lines.append(f"{word} of link {name} is {values[0]!r}, was {values[1]!r}")
    if old.number(MASTER) != new.number(MASTER):
        both = [masters(each.number(MASTER)) or None for each in (new, old)]
        lines.append(f"master of link {name} is {both[0]!r}, was {both[1]!r}")
    elif differing(old.port, new.port):
        lines.append(f"the settings of port {name} have changed")
    if differing(old.data, new.data, BY_ITSELF.get(old.kind, ())):
        lines.append(f"the options of {old.kind} {name} have changed")
    if set(old.altnames) != set(new.altnames):
        lines.append(f"the other names of link {name} are {new.altnames}, were {old.altnames}")
    return lines


def _text(kind: int, value: bytes) -> str:
    if kind in (ADDRESS, BROADCAST):
        return repr(nla.mac(value))
    if kind == ALIAS:
        return repr(nla.text(value))
    return repr(nla.u32(value)) if len(value) == 4 else value.hex()
