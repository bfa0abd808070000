# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A neighbour of a link, or an address for which the link answers as a proxy."""

from __future__ import annotations

import typing as t

from ..._core.record import dataclass, field

UNRESOLVED = ("none", "incomplete", "failed")  # without a MAC
VOLATILE = ("reachable", "stale", "delay", "probe")  # the kernel changes between these by itself
DYNAMIC = "dynamic"
EXT_LEARNED = 0x10  # NTF_EXT_LEARNED, linux/neighbour.h
MANAGED = 0x1  # NTF_EXT_MANAGED


@dataclass(frozen=True)
class Neighbour:
    """The MAC address of an IP address on a link.

    ``nud`` is permanent, noarp or dynamic; if dynamic, ``state`` is the NUD state that was read or
    that a new entry gets. A ``proxy`` is an address for which the link itself answers. ``flags``
    (NTF_…, NTF_EXT_…) and ``extras`` (attributes by number) cannot be set by tasks.
    """

    link: str
    address: str
    mac: str | None = None
    nud: str = "permanent"
    router: bool = False
    proxy: bool = False
    proto: str = "unspec"
    flags: tuple[int, int] = (0, 0)
    kernel_made: bool = False
    extras: tuple[tuple[int, bytes], ...] = ()
    state: str = field(default="", compare=False)

    @property
    def key(self) -> tuple[str, str, bool]:
        """Return the key that identifies an entry."""
        return self.link, self.address, self.proxy


def nud_of(state: str) -> str:
    """Return the lasting part of a NUD state: states between which the kernel moves are dynamic."""
    return DYNAMIC if state in VOLATILE or state in UNRESOLVED else state


def shown(each: Neighbour) -> dict[str, t.Any]:
    """Return a neighbour as results show it."""
    return {
        "address": each.address,
        "mac": each.mac,
        "nud": None if each.proxy else each.nud,
        "router": each.router,
        "proxy": each.proxy,
        "proto": each.proto,
    }
