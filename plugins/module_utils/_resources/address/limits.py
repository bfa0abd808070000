# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What the kernel will refuse of an operation on addresses and can be known before."""

from __future__ import annotations

import typing as t

from ..._core.errors import Conflict
from ..._core.inet import MIN_V6_MTU
from ..._core.operation import Operation
from ..._core.plan_builder import PlanBuilder

MANAGETEMPADDR = 0x100  # IFA_F_MANAGETEMPADDR, linux/if_addr.h: inet6_addr_add() of addrconf.c


def check(builder: PlanBuilder, step: Operation) -> None:
    """Raise Conflict where a link cannot have an IPv6 address."""
    address = t.cast(t.Any, step).address if step.puts() else None  # of the one that is added
    if address is None or address.version == 4:
        return
    netns, name = step.puts()[0]
    link = builder.host.namespaces[netns].links.get(name or "")
    if link is not None and "mtu" not in link.unknown and 0 < link.mtu < MIN_V6_MTU:
        raise Conflict(
            f"{step.phrase()}: IPv6 needs an MTU of at least {MIN_V6_MTU} bytes, and that of {name}"
            f" is {link.mtu}. Raise it first"
        )
    if address.flags & MANAGETEMPADDR and not address.cidr.endswith("/64"):
        raise Conflict(
            f"{step.phrase()}: mngtmpaddr, which the address has and keeps, takes a prefix length of"
            f" 64. Remove {address.local} first, or state that length"
        )
