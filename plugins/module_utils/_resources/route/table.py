# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The table of route attributes: a row for each that a task can state, under its name in ``Route``.

The argument specification, requests and commands follow from the rows.
"""

from __future__ import annotations

import typing as t

from ..._core.argument import argument
from ..._core.record import dataclass

MAIN = 254  # RT_TABLE_MAIN, linux/rtnetlink.h
TYPES = ("unicast", "blackhole", "unreachable", "prohibit", "throw", "local")


@dataclass(frozen=True)
class RouteAttribute:
    """One attribute of a route.

    ``attr`` and ``number``: those of linux/rtnetlink.h, ``wire`` the type there: ip or u32; none for
    what is in the header (struct rtmsg) or in RTA_METRICS. ``plain``: a request has the value as it is.
    ``word``: that of ip-route(8), if it has one of its own; ``usual`` is what it takes without it.
    """

    name: str
    attr: str = ""
    number: int = 0
    wire: str = ""
    plain: bool = False
    word: str = ""
    usual: t.Any = None
    type: str = "str"
    choices: tuple[str, ...] = ()
    default: str = ""


ROWS = (
    RouteAttribute("via", "RTA_GATEWAY", 5, "ip"),
    RouteAttribute("dev", "RTA_OIF", 4, "u32"),
    RouteAttribute("src", "RTA_PREFSRC", 7, "ip", True, "src"),
    RouteAttribute("metric", "RTA_PRIORITY", 6, "u32", True, "metric", 0, "int"),
    RouteAttribute("table", "RTA_TABLE", 15, "u32", word="table", usual=MAIN, default="main"),
    RouteAttribute("proto", word="proto", usual="boot"),
    RouteAttribute("scope", word="scope"),  # usual is natural_scope()
    RouteAttribute("mtu", word="mtu", usual=0, type="int"),
    RouteAttribute("nhid", "RTA_NH_ID", 30, "u32", word="nhid", usual=0, type="int"),
    RouteAttribute("type", choices=TYPES),
    RouteAttribute("onlink", type="bool"),
)


def arguments() -> dict[str, dict[str, t.Any]]:
    """Return the argument specification of the attributes."""
    return {row.name: argument(row.type, choices=row.choices, default=row.default) for row in ROWS}
