# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Entries of forwarding tables, those of bridges and those of VXLAN devices."""

from __future__ import annotations

import typing as t

from ..._core.record import dataclass

EXT_LEARNED, STICKY, ROUTER = 0x10, 0x40, 0x80  # NTF_…, linux/neighbour.h
FLAGS = {EXT_LEARNED: "extern_learn", STICKY: "sticky", ROUTER: "router"}
ZERO = "00:00:00:00:00:00"  # a VXLAN device's word for: every MAC that no other entry has


@dataclass(frozen=True)
class Tunnel:
    """What a VXLAN device takes where an entry does not say."""

    vni: int
    port: int
    remote: str | None = None
    version: int | None = None  # of IP; None: either


@dataclass(frozen=True)
class Forward:
    """By which way a MAC is reached.

    ``link`` is the port of the bridge, or the device whose own table it is. ``nud`` is permanent,
    static or dynamic. What follows ``vlan`` only VXLAN devices have. ``flags`` (NTF_…) and ``extras``
    (attributes by number) are what no task can state, ``nhid`` is a nexthop object in place of a
    destination.
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
        """Return what makes it another entry than any that a task can state: it is left alone."""
        if self.nhid:
            return f"nhid {self.nhid}"
        return "" if self.src_vni is None else f"src_vni {self.src_vni}"

    @property
    def many(self) -> bool:
        """Return whether its MAC may lead to several destinations at once, all in one state."""
        return self.dst is not None and is_many(self.mac)

    @property
    def key(self) -> tuple[t.Any, ...]:
        """Return what tells it from others: in a bridge a MAC has one port for each VLAN."""
        if self.master:
            return True, self.mac, self.vlan
        where = (self.dst, self.port, self.vni, self.via) if self.many else ()
        return False, self.link, self.mac, self.vlan, self.src_vni, *where


def is_many(mac: str) -> bool:
    """Return whether a MAC stands for many stations: multicast, or all zeros."""
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
