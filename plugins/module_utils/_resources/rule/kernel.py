# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Add rules, put them back in their old position, and delete them."""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
import typing as t

from ..._core.errors import KernelError
from ..._core.parse import PROTOS
from ..._core.resource import Handlers
from ..._netlink import attributes as nla
from ..._netlink import codec
from ..._netlink.handles import Handles
from ..._netlink.socket import ACK, CREATE, EXCL, REQUEST
from . import operations as op
from .kernel_read import ACTIONS, INVERT, RuleMessage, rules
from .state import IPPROTOS, Rule, may_match, same_place
from .table import ROWS, RuleAttribute

RTM_NEWRULE, RTM_DELRULE = 32, 33  # linux/rtnetlink.h
FIND_SADDR = 0x10000  # FIB_RULE_FIND_SADDR, linux/fib_rules.h
FRA_PRIORITY = 6
FLAGS_AT = codec.HEADER.size + 8  # in struct fib_rule_hdr


def _send(kernel: Handles, netns: str, what: str, kind: int, rule: Rule, flags: int) -> None:
    if rule.wire:
        _replay(kernel, netns, what, kind, rule, flags)
    else:
        _encode(kernel, netns, what, kind, rule, flags)


def _replay(kernel: Handles, netns: str, what: str, kind: int, rule: Rule, flags: int) -> None:
    """Send the message in which the kernel showed the rule back to it, with another type."""
    sock = kernel.socket(netns)
    sock.sequence += 1
    data = bytearray(rule.wire)
    if rule.priority == 0:  # the kernel omits priority 0, and takes a missing one as any
        data += nla.ATTRIBUTE.pack(8, FRA_PRIORITY) + bytes(4)
    header = (len(data), kind, REQUEST | ACK | flags, sock.sequence, 0)
    codec.HEADER.pack_into(data, 0, *header)
    kept = struct.unpack_from("=I", data, FLAGS_AT)[0] & (INVERT | FIND_SADDR)
    struct.pack_into("=I", data, FLAGS_AT, kept)
    sock.exchange(what, bytes(data))


def _encode(kernel: Handles, netns: str, what: str, kind: int, rule: Rule, flags: int) -> None:
    fields, attrs = encoded(rule)
    kernel.socket(netns).request(what, RuleMessage, kind, fields, attrs, flags)


def encoded(rule: Rule) -> tuple[dict[str, int], list[tuple[str, t.Any]]]:
    """Return the netlink fields and attributes of a rule."""
    src_len, dst_len = ((each or "").partition("/")[2] for each in (rule.src, rule.dst))
    fields = {
        "family": socket.AF_INET if rule.version == 4 else socket.AF_INET6,
        "dst_len": int(dst_len or 0),
        "src_len": int(src_len or 0),
        "tos": 0,
        "table": rule.table if rule.table < 256 else 0,
        "res1": 0,
        "res2": 0,
        "action": _number(rule.action, ACTIONS),
        "flags": 0,
    }
    attrs: list[tuple[str, t.Any]] = [
        ("FRA_PRIORITY", rule.priority),
        ("FRA_PROTOCOL", _number(rule.proto, PROTOS)),
    ]
    for row in ROWS:
        value = getattr(rule, row.field)
        if row.wire and value and row.field != "priority":
            attrs += _attributes(row, value)
    return fields, attrs


def _attributes(row: RuleAttribute, value: t.Any) -> list[tuple[str, t.Any]]:
    """Return what a request has of one attribute."""
    if row.wire == "ip":
        return [(row.attr, value.partition("/")[0])]
    if row.wire == "mark":
        mark, _slash, mask = value.partition("/")
        return [(row.attr, int(mark, 16)), ("FRA_FWMASK", int(mask or "0xffffffff", 16))]
    if row.wire == "ports":
        low, _dash, high = value.partition("-")
        return [(row.attr, struct.pack("=HH", int(low), int(high or low)))]
    return [(row.attr, _number(value, IPPROTOS) if row.wire == "u8" else value)]


def _number(name: str, names: dict[int, str]) -> int:
    """Return the number for a name, or of a text that is a number."""
    for number, known in names.items():
        if known == name:
            return number
    return int(name)


def _add(kernel: Handles, netns: str, what: str, rule: Rule) -> None:
    """Add a rule behind those of the same priority."""
    try:
        _send(kernel, netns, what, RTM_NEWRULE, rule, CREATE | EXCL)
    except KernelError as error:
        # The kernel also refuses a rule when another one has all its attributes and more
        # (rule_exists()), so the existing rules decide.
        if error.errno != errno.EEXIST or rule in rules(kernel.socket(netns), ""):
            raise
        _send(kernel, netns, what, RTM_NEWRULE, rule, CREATE)


def _add_rule(kernel: Handles, step: op.AddRule) -> None:
    if not step.followers:
        _add(kernel, step.netns, step.phrase(), step.rule)
        return
    there = same_place(rules(kernel.socket(step.netns), step.phrase()), step.rule)
    behind = [rule for rule in there if rule in step.followers]
    at = there.index(behind[0]) if behind else len(there)
    _reorder(kernel, step.netns, step.phrase(), there, [*there[:at], step.rule, *there[at:]])


def _delete_rule(kernel: Handles, step: op.DeleteRule) -> None:
    """Delete exactly this rule, even where the kernel would match another one first."""
    what = step.phrase()
    there = same_place(rules(kernel.socket(step.netns), what), step.rule)
    first = next((rule for rule in there if may_match(step.rule, rule)), step.rule)
    if first == step.rule:
        _send(kernel, step.netns, what, RTM_DELRULE, step.rule, 0)
        return
    left = list(there)
    if step.rule not in left:
        raise KernelError(errno.ENOENT, what)
    left.remove(step.rule)
    _reorder(kernel, step.netns, what, there, left)


def _reorder(kernel: Handles, netns: str, what: str, there: list[Rule], wanted: list[Rule]) -> None:
    """Reorder the rules of one priority: those from the first difference on are deleted and re-added.

    The kernel adds a rule behind all of its priority, and deletes the first one that matches.
    """
    try:
        _replace_tail(kernel, netns, what, there, wanted)
    except KernelError:
        with contextlib.suppress(KernelError):
            now = same_place(rules(kernel.socket(netns), what), (there or wanted)[0])
            _replace_tail(kernel, netns, what, now, there)
        raise


def _replace_tail(
    kernel: Handles, netns: str, what: str, there: list[Rule], wanted: list[Rule]
) -> None:
    same = 0
    while same < min(len(there), len(wanted)) and there[same] == wanted[same]:
        same += 1
    while fits := [
        i for rule in there[same:] for i, other in enumerate(there[:same]) if may_match(rule, other)
    ]:
        same = min(fits)
    # Front to back, so that each is the first match of those left.
    for rule in there[same:]:
        _send(kernel, netns, what, RTM_DELRULE, rule, 0)
    for rule in wanted[same:]:
        _add(kernel, netns, what, rule)


APPLY: Handlers = {
    op.AddRule: _add_rule,
    op.DeleteRule: _delete_rule,
}
