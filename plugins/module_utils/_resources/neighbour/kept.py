# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Add neighbours again that the kernel drops with a change of their link."""

from __future__ import annotations

import typing as t

from ..._core.inet import MIN_V6_MTU
from ..._core.record import replace
from . import RESOURCE
from .operations import SetNeighbour

if t.TYPE_CHECKING:
    from ..._core.host_state import HostState, Link
    from ..._core.operation import Operation
    from .state import Neighbour


class Plan(t.Protocol):
    """The part of a plan that is used here."""

    before: HostState
    host: HostState
    kernel: t.Any

    def add(self, *steps: Operation) -> None:
        """Add operations to the plan."""


def keep_neighbours(builder: Plan, netns: str, old: Link, name: str) -> None:
    """Add the neighbours again that a link loses when its MAC or its use of ARP changes:
    neigh_changeaddr() in net/core/neighbour.c."""
    link = builder.host.namespaces[netns].links[name]
    gone_down = old.up and not link.up
    if builder.kernel is None or gone_down or not _was_there(builder, netns, old):
        return
    has = {each.key for each in builder.host.namespaces[netns].neighbours if each.link == name}
    for each in builder.kernel.details(RESOURCE, netns, old):
        kept = replace(each, link=name)
        v6_gone = ":" in each.address and link.mtu < MIN_V6_MTU
        if _is_set_by_somebody(each) and kept.key not in has and not v6_gone:
            builder.add(SetNeighbour(netns, kept))


def _was_there(builder: Plan, netns: str, link: Link) -> bool:
    """Return whether the link exists in the kernel already, and is not made or moved by the plan."""
    there = builder.before.namespaces[netns].links.values()
    return link.index > 0 and any(
        (each.index, each.mac) == (link.index, link.mac) for each in there
    )


def _is_set_by_somebody(each: Neighbour) -> bool:
    is_lasting = each.nud != "dynamic" or any(each.flags)
    return is_lasting and not each.kernel_made and not each.proxy
