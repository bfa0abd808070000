# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The table of attributes of neighbours and forwarding entries, which the kernel has in one message.

A row is an option of netns_neigh; the argument specification, which kind takes it, and the attribute
of the message follow from it.
"""

from __future__ import annotations

import typing as t

from ..._core.argument import argument
from ..._core.record import dataclass

NUDS = ("permanent", "noarp", "reachable", "stale", "delay", "probe", "static", "dynamic")
BOTH, NEIGH, FDB = ("neigh", "fdb"), ("neigh",), ("fdb",)


@dataclass(frozen=True)
class NeighbourAttribute:
    """One attribute of an entry.

    ``kinds``: which kinds of entries have it. ``attr`` and ``number``: those of linux/neighbour.h,
    ``wire`` the type there; none for what is in the header (struct ndmsg). An address of a
    neighbour and the destination of a forwarding entry are both NDA_DST.
    """

    name: str
    kinds: tuple[str, ...]
    attr: str = ""
    number: int = 0
    wire: str = ""
    type: str = "str"
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


ROWS = (
    NeighbourAttribute("address", NEIGH, "NDA_DST", 1, "ip"),
    NeighbourAttribute("mac", BOTH, "NDA_LLADDR", 2, "mac", aliases=("lladdr",)),
    NeighbourAttribute("nud", BOTH, choices=NUDS),
    NeighbourAttribute("router", NEIGH, type="bool"),
    NeighbourAttribute("proxy", NEIGH, type="bool"),
    NeighbourAttribute("dst", FDB, "NDA_DST", 1, "ip"),
    NeighbourAttribute("port", FDB, "NDA_PORT", 6, "be16", "int"),
    NeighbourAttribute("vni", FDB, "NDA_VNI", 7, "u32", "int"),
    NeighbourAttribute("via", FDB, "NDA_IFINDEX", 8, "u32"),
    NeighbourAttribute("vlan", FDB, "NDA_VLAN", 5, "u16", "int"),
    NeighbourAttribute("master", FDB, type="bool"),
)


def names(kind: str) -> tuple[str, ...]:
    """Return the options that entries of a kind have."""
    return tuple(row.name for row in ROWS if kind in row.kinds)


def arguments() -> dict[str, dict[str, t.Any]]:
    """Return the argument specification of the attributes."""
    return {row.name: argument(row.type, choices=row.choices, aliases=row.aliases) for row in ROWS}
