# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Nexthop objects as the kernel shows them."""

from __future__ import annotations

import typing as t

from ..._core.record import dataclass

if t.TYPE_CHECKING:
    from ..._core.host_state import NamespaceState, Nexthop

FAMILIES = {4: "ipv4", 6: "ipv6"}
GROUP_TYPE, ENCAP_TYPE, ENCAP, RES_GROUP = 3, 7, 8, 12  # NHA_…, linux/nexthop.h
TYPE_MASK = 0x3FFF  # NLA_TYPE_MASK, linux/netlink.h
EXTRAS = {ENCAP_TYPE: "encap", RES_GROUP: "resilient"}

Group = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class NexthopObject:
    """One way that routes can take, or a ``group`` of several, by ID and weight.

    ``version`` is 4 or 6, 0 for a group. ``extras`` are attributes, by number, that no task can
    state, as the kernel wrote them: they are kept in every change.
    """

    id: int
    version: int = 0
    via: str | None = None
    dev: str | None = None
    onlink: bool = False
    blackhole: bool = False
    group: Group = ()
    fdb: bool = False
    proto: str = "unspec"
    extras: tuple[tuple[int, bytes], ...] = ()

    def extra(self, kind: int) -> bytes:
        """Return the value of an attribute that no task can state."""
        return next((value for number, value in self.extras if number & TYPE_MASK == kind), b"")

    @property
    def members(self) -> tuple[int, ...]:
        """Return the IDs of the members of a group."""
        return tuple(member for member, _weight in self.group)


def held(namespace: NamespaceState) -> tuple[NexthopObject, ...]:
    """Return the nexthop objects of a namespace, by ID."""
    return namespace.others.get("nexthop", ())


def find(namespace: NamespaceState, number: int) -> NexthopObject | None:
    """Return a nexthop object by its ID."""
    return next((each for each in held(namespace) if each.id == number), None)


def ways(namespace: NamespaceState, nexthop: NexthopObject) -> tuple[Nexthop, ...]:
    """Return where a nexthop object leads, as the kernel shows it of routes that use it."""
    from ..._core.host_state import Nexthop

    found = []
    for number, weight in nexthop.group or ((nexthop.id, 1),):
        each = find(namespace, number)
        if each is not None and not each.blackhole:
            found.append(Nexthop(each.dev, each.via, weight, each.onlink))
    return tuple(found)


def shown(nexthop: NexthopObject) -> dict[str, t.Any]:
    """Return a nexthop object as results show it."""
    return {
        "id": nexthop.id,
        "family": FAMILIES.get(nexthop.version),
        "via": nexthop.via,
        "dev": nexthop.dev,
        "onlink": nexthop.onlink,
        "blackhole": nexthop.blackhole,
        "group": [{"id": member, "weight": weight} for member, weight in nexthop.group],
        "fdb": nexthop.fdb,
        "proto": nexthop.proto,
        "others": [
            EXTRAS.get(kind, f"attribute {kind}")
            for kind in (number & TYPE_MASK for number, _value in nexthop.extras)
            if kind not in (ENCAP, GROUP_TYPE)
        ],
    }
