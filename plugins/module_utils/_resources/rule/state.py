# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Routing policy rules as the kernel shows them."""

from __future__ import annotations

import typing as t

from ..._core.record import dataclass, field
from .table import CRITERIA, ROWS

MAIN = 254  # RT_TABLE_MAIN, linux/rtnetlink.h
FAMILIES = {4: "ipv4", 6: "ipv6"}
IPPROTOS = {
    1: "icmp",
    2: "igmp",
    4: "ipencap",
    6: "tcp",
    17: "udp",
    33: "dccp",
    41: "ipv6",
    47: "gre",
    50: "esp",
    51: "ah",
    58: "ipv6-icmp",
    89: "ospf",
    112: "vrrp",
    132: "sctp",
    136: "udplite",
}


@dataclass(frozen=True)
class Rule:
    """The criteria of a rule (None: any value matches) and its action.

    ``others`` are the criteria that tasks cannot set; ``wire`` is the kernel's own message, which
    is sent back to add or delete the rule.
    """

    version: int
    priority: int
    src: str | None = None
    dst: str | None = None
    iif: str | None = None
    oif: str | None = None
    fwmark: str | None = None
    ipproto: str | None = None
    sport: str | None = None
    dport: str | None = None
    action: str = "to_tbl"
    table: int = 0
    goto: int = 0
    proto: str = "unspec"
    others: tuple[tuple[str, bytes], ...] = ()
    wire: bytes = field(default=b"", compare=False, repr=False)


# fib_default_rules_init(), fib6_rules_net_init()
RULES_OF_NEW_NAMESPACE = (
    Rule(4, 0, table=255, proto="kernel"),
    Rule(4, 32766, table=MAIN, proto="kernel"),
    Rule(4, 32767, table=253, proto="kernel"),
    Rule(6, 0, table=255, proto="kernel"),
    Rule(6, 32766, table=MAIN, proto="kernel"),
)


def same_place(rules: list[Rule], rule: Rule) -> list[Rule]:
    """Return the rules of the same family and priority in the kernel's order of lookup."""
    return [
        each for each in rules if (each.version, each.priority) == (rule.version, rule.priority)
    ]


def behind(rules: list[Rule], rule: Rule) -> tuple[Rule, ...]:
    """Return the rules of the same priority behind a rule."""
    level = same_place(rules, rule)
    return tuple(level[level.index(rule) + 1 :])


def may_match(request: Rule, other: Rule) -> bool:
    """Return whether the kernel may delete another rule when it is asked to delete this one.

    Attributes that a request omits match any value, and some that it has are not compared:
    rule_find(), net/core/fib_rules.c.
    """
    if (request.version, request.priority) != (other.version, other.priority):
        return False
    if request.action != other.action or request.table not in (0, other.table):
        return False
    if request.proto not in ("unspec", other.proto):
        return False
    return all(getattr(request, each) in (None, getattr(other, each)) for each in CRITERIA)


def shown(rule: Rule) -> dict[str, t.Any]:
    """Return a rule as results show it."""
    return {
        "family": FAMILIES[rule.version],
        **{row.option: getattr(rule, row.field) for row in ROWS},
        "table": rule.table or None,
        "goto": rule.goto or None,
        "proto": rule.proto,
        "others": sorted(name for name, _value in rule.others),
    }


def fwmark(mark: int, mask: int) -> str:
    """Return a mark and its mask as results show them."""
    if mark and mask == 0xFFFFFFFF:
        return hex(mark)
    return f"{hex(mark)}/{hex(mask)}"


def ports(low: int, high: int) -> str:
    """Return a range of ports as results show it."""
    return str(low) if low == high else f"{low}-{high}"
