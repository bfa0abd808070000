# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The table of address attributes: a row for each that a task can state, under its name in ``Address``.

The argument specification, requests, commands and what is compared follow from the rows.
"""

from __future__ import annotations

import typing as t

from ..._core.argument import argument
from ..._core.record import dataclass

NODAD, NOPREFIXROUTE = 0x02, 0x200  # IFA_F_…, linux/if_addr.h
BOTH, SIX = (4, 6), (6,)


@dataclass(frozen=True)
class AddressAttribute:
    """One attribute of an address.

    ``attr`` and ``number``: those of linux/if_addr.h, ``wire`` the type there: ip, text, u32, or flag,
    whose bit in IFA_FLAGS ``flag`` is; none for what other attributes hold: a peer is IFA_ADDRESS, the
    scope is in the header, lifetimes in IFA_CACHEINFO. ``in_place``: the IP versions of which
    NLM_F_REPLACE changes it; else the address is added again.
    """

    name: str
    attr: str = ""
    number: int = 0
    wire: str = ""
    flag: int = 0
    in_place: tuple[int, ...] = ()
    type: str = "str"


ROWS = (
    AddressAttribute("scope"),
    AddressAttribute("label", "IFA_LABEL", 3, "text"),
    AddressAttribute("broadcast", "IFA_BROADCAST", 4, "ip"),
    AddressAttribute("peer"),
    AddressAttribute("valid_lft", in_place=BOTH),
    AddressAttribute("preferred_lft", in_place=BOTH),
    AddressAttribute("nodad", wire="flag", flag=NODAD, in_place=SIX, type="bool"),
    AddressAttribute("noprefixroute", wire="flag", flag=NOPREFIXROUTE, in_place=SIX, type="bool"),
    AddressAttribute("metric", "IFA_RT_PRIORITY", 9, "u32", in_place=BOTH, type="int"),
)
NAMES = tuple(row.name for row in ROWS)
FLAGS = tuple(row for row in ROWS if row.flag)
REPLACEABLE = {
    version: tuple(row.name for row in ROWS if version in row.in_place) for version in BOTH
}


def arguments() -> dict[str, dict[str, t.Any]]:
    """Return the argument specification of the attributes."""
    return {row.name: argument(row.type) for row in ROWS}
