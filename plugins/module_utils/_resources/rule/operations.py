# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on rules."""

from __future__ import annotations

import struct
import sys
import typing as t

from ..._core.host_state import phrase
from ..._core.operation import RULES, Operation, Touch, ip
from ..._core.record import dataclass
from . import RESOURCE
from .state import Rule
from .table import ROWS

# What is between the addresses and the action, by field.
WORDS = {row.field: row.option for row in ROWS if row.criterion and row.wire != "ip"}


def rule_words(verb: str, rule: Rule) -> list[str]:
    """Return the arguments of ip-rule(8) for a rule."""
    others = dict(rule.others)
    words = [f"-{rule.version}", "rule", verb, "priority", str(rule.priority)]
    words += ["not"] if "not" in others else []
    words += ["from", rule.src or "all"] + (["to", rule.dst] if rule.dst else [])
    for name, word in WORDS.items():
        value = getattr(rule, name)
        words += [word, value] if value else []
    for name, value in others.items():
        words += _other_words(name, value)
    if rule.action == "to_tbl":
        words += ["table", str(rule.table)] if rule.table or "l3mdev" not in others else []
    else:
        words += ["goto", str(rule.goto)] if rule.action == "goto" else [rule.action]
    return words + (["protocol", rule.proto] if rule.proto != "unspec" else [])


def _other_words(name: str, value: bytes) -> list[str]:
    """Return the ip-rule(8) words of a criterion that tasks cannot set."""
    if name in ("not", "l3mdev"):
        return [] if name == "not" else [name]
    if name == "uidrange":
        return [name, "{}-{}".format(*struct.unpack("=II", value))]
    if name == "realms":
        number = struct.unpack("=I", value)[0]
        return [name, f"{number >> 16}/{number & 0xFFFF}" if number >> 16 else str(number)]
    if name in ("tun_id", "flowlabel", "flowlabel_mask"):
        return [name, str(int.from_bytes(value, "big"))]
    number = int.from_bytes(value, sys.byteorder)
    return [name, hex(number) if name == "tos" else str(number)]


@dataclass(frozen=True)
class AddRule(Operation):
    """Add a rule; on rollback before its ``followers``, the later rules of the same priority."""

    resource = RESOURCE

    netns: str
    rule: Rule
    followers: tuple[Rule, ...] = ()

    def inverse(self) -> Operation:
        return DeleteRule(self.netns, self.rule, self.followers)

    def command(self) -> str:
        return ip(self.netns, *rule_words("add", self.rule))

    def phrase(self) -> str:
        return f"add the rule {description(self.rule)} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, RULES, ()),)

    def puts(self) -> tuple[tuple[str, str | None], ...]:
        return ((self.netns, None),)


@dataclass(frozen=True)
class DeleteRule(Operation):
    """Delete a rule; ``followers`` are the later rules of the same priority."""

    resource = RESOURCE

    netns: str
    rule: Rule
    followers: tuple[Rule, ...] = ()

    def inverse(self) -> Operation:
        return AddRule(self.netns, self.rule, self.followers)

    def command(self) -> str:
        return ip(self.netns, *rule_words("del", self.rule))

    def phrase(self) -> str:
        return f"delete the rule {description(self.rule)} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, RULES, ()),)

    def loses(self) -> tuple[t.Any, ...]:
        return (self.rule,)


def description(rule: Rule) -> str:
    """Return a description of a rule for messages."""
    return " ".join(rule_words("add", rule)[3:])
