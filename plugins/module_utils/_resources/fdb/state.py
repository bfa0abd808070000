# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Forwarding database entries of bridges and VXLAN devices."""

from __future__ import annotations

import typing as t

from ..._core.record import dataclass

EXT_LEARNED, STICKY, ROUTER = 0x10, 0x40, 0x80  # NTF_…, linux/neighbour.h
FLAGS = {EXT_LEARNED: "extern_learn", STICKY: "sticky", ROUTER: "router"}
ZERO = "00:00:00:00:00:00"  # in a VXLAN device: every MAC without an entry of its own


@dataclass(frozen=True)
class Tunnel:
    """The defaults of a VXLAN device for what an entry does not state."""

    vni: int
    port: int
    remote: str | None = None
    version: int | None = None  # of IP; None: either


@dataclass(frozen=True)
class Forward:
    """Where frames to a MAC address are sent.

    ``link`` is the port of the bridge, or the device whose own table it is. ``nud`` is permanent,
    static or dynamic. The fields behind ``vlan`` exist for VXLAN devices only. ``flags`` (NTF_…) and
    ``extras`` (attributes by number) cannot be set by tasks, ``nhid`` is a nexthop object in place of
    a destination.
    """

    link: str
    mac: str
    master: bool = False
    nud: str = "permanent"
    vlan: int | None = None
    dst: str | None = None
    port: int | None = None
    vni: int | None = None
    via: str | None = None
    src_vni: int | None = None
    flags: int = 0
    nhid: int = 0
    kernel_made: bool = False
    extras: tuple[tuple[int, bytes], ...] = ()

    @property
    def foreign(self) -> str:
        """Return the attribute that tasks cannot set and because of which the entry is kept, '' if none."""
        if self.nhid:
            return f"nhid {self.nhid}"
        return "" if self.src_vni is None else f"src_vni {self.src_vni}"

    @property
    def many(self) -> bool:
        """Return whether its MAC can have several destinations at once, all with the same nud."""
        return self.dst is not None and is_many(self.mac)

    @property
    def key(self) -> tuple[t.Any, ...]:
        """Return the key that identifies an entry: in a bridge a MAC has one port for each VLAN."""
        if self.master:
            return True, self.mac, self.vlan
        where = (self.dst, self.port, self.vni, self.via) if self.many else ()
        return False, self.link, self.mac, self.vlan, self.src_vni, *where


def is_many(mac: str) -> bool:
    """Return whether a MAC is multicast or all zeros, so that several stations can have it."""
    return mac == ZERO or bool(int(mac[:2], 16) & 1)


def shown(each: Forward) -> dict[str, t.Any]:
    """Return an entry as results show it."""
    return {
        "mac": each.mac,
        "master": each.master,
        "nud": each.nud,
        "vlan": each.vlan,
        "dst": each.dst,
        "port": each.port,
        "vni": each.vni,
        "via": each.via,
    }
