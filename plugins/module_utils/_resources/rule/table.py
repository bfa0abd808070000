# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The table of rule attributes: a row for each that a task can state.

The argument specification, messages, commands, comparing and results follow from the rows; what a
value has to look like is in ``spec.py``.
"""

from __future__ import annotations

import typing as t

from ..._core.argument import argument
from ..._core.record import dataclass


@dataclass(frozen=True)
class RuleAttribute:
    """One attribute of a rule.

    ``option`` is that of the module and the word of ip-rule(8), ``field`` that of ``Rule``. ``attr``
    and ``number`` are those of linux/fib_rules.h, ``wire`` the type there: u8, u32, text, ip, ports
    (struct fib_rule_port_range) or mark (with FRA_FWMASK beside it); none for the action, which is
    in the header. ``criterion``: packets are compared with it.
    """

    option: str
    field: str
    attr: str = ""
    number: int = 0
    wire: str = "u32"
    criterion: bool = False
    type: str = "str"
    choices: tuple[str, ...] = ()


ACTIONS = ("to_tbl", "goto", "nop", "blackhole", "unreachable", "prohibit")
ROWS = (
    RuleAttribute("priority", "priority", "FRA_PRIORITY", 6, type="int"),
    RuleAttribute("from", "src", "FRA_SRC", 2, "ip", True),
    RuleAttribute("to", "dst", "FRA_DST", 1, "ip", True),
    RuleAttribute("iif", "iif", "FRA_IIFNAME", 3, "text", True),
    RuleAttribute("oif", "oif", "FRA_OIFNAME", 17, "text", True),
    RuleAttribute("fwmark", "fwmark", "FRA_FWMARK", 10, "mark", True),
    RuleAttribute("ipproto", "ipproto", "FRA_IP_PROTO", 22, "u8", True),
    RuleAttribute("sport", "sport", "FRA_SPORT_RANGE", 23, "ports", True),
    RuleAttribute("dport", "dport", "FRA_DPORT_RANGE", 24, "ports", True),
    RuleAttribute("action", "action", wire="", choices=ACTIONS),
    RuleAttribute("table", "table", "FRA_TABLE", 15),
    RuleAttribute("goto", "goto", "FRA_GOTO", 4, type="int"),
)
STATED = tuple(row.option for row in ROWS)
CRITERIA = tuple(row.field for row in ROWS if row.criterion)


def arguments() -> dict[str, dict[str, t.Any]]:
    """Return the argument specification of the attributes."""
    return {row.option: argument(row.type, choices=row.choices) for row in ROWS}
