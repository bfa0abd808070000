# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read rules from netlink messages."""

from __future__ import annotations

import socket
import struct
import typing as t

from ..._core.parse import PROTOS
from ..._netlink import attributes as nla
from ..._netlink import codec
from ..._netlink.socket import Socket
from .state import IPPROTOS, Rule, fwmark, ports
from .table import ROWS

RTM_GETRULE = 34  # linux/rtnetlink.h
INVERT = 0x2  # FIB_RULE_INVERT, linux/fib_rules.h
VERSIONS = {socket.AF_INET: 4, socket.AF_INET6: 6}
ACTIONS = {1: "to_tbl", 2: "goto", 3: "nop", 6: "blackhole", 7: "unreachable", 8: "prohibit"}
# Criteria that tasks cannot set, with their "not set" values.
OTHERS = {
    11: ("realms", b"\0\0\0\0"),
    12: ("tun_id", b"\0" * 8),
    13: ("suppress_ifgroup", b"\xff" * 4),
    14: ("suppress_prefixlength", b"\xff" * 4),
    19: ("l3mdev", b"\0"),
    20: ("uidrange", b"\0\0\0\0\xff\xff\xff\xff"),
    25: ("dscp", b""),
    26: ("flowlabel", b""),
    27: ("flowlabel_mask", b""),
    28: ("sport_mask", b"\xff\xff"),
    29: ("dport_mask", b"\xff\xff"),
    30: ("dscp_mask", b""),
}
EVERY_RULE = dict.fromkeys(
    ("family", "dst_len", "src_len", "tos", "table", "res1", "res2", "action", "flags"), 0
)


def _ports(data: bytes) -> str:
    return ports(*struct.unpack("=HH", data))


# What the table has besides the wire types of others.
WIRES = {"ports": "cdata", "mark": "u32"}
READERS: dict[str, nla.Reader] = {**codec.READERS, "ports": _ports, "mark": nla.u32}
PLAIN = tuple(row.field for row in ROWS if row.criterion and row.wire in ("text", "ports"))


class RuleMessage(codec.NetlinkMessage):
    """RTM_NEWRULE and RTM_GETRULE; numbers from linux/fib_rules.h."""

    fields = (
        ("family", "B"),
        ("dst_len", "B"),
        ("src_len", "B"),
        ("tos", "B"),
        ("table", "B"),
        ("res1", "B"),
        ("res2", "B"),
        ("action", "B"),
        ("flags", "I"),
    )
    nla_map = (
        *((row.number, row.attr, WIRES.get(row.wire, row.wire)) for row in ROWS if row.number),
        (16, "FRA_FWMASK", "uint32"),
        (21, "FRA_PROTOCOL", "uint8"),
    )
    wanted: t.ClassVar[dict[int, tuple[str, nla.Reader]]] = {
        **{row.number: (row.field, READERS[row.wire]) for row in ROWS if row.number},
        16: ("mask", nla.u32),
        21: ("proto", nla.u8),
        **{kind: (name, bytes) for kind, (name, _none) in OTHERS.items()},
    }
    ignored = frozenset({18})  # FRA_PAD


def _no_rule(data: bytes, offset: int) -> bool:
    """Skip the rules of multicast routing, which are dumped among the others."""
    return data[offset + codec.HEADER.size] not in VERSIONS


def rules(sock: Socket, what: str) -> list[Rule]:
    """Return the IPv4 and the IPv6 rules, each in the order in which they are asked."""
    messages = sock.dump(
        f"read the rules {what}", RuleMessage, RTM_GETRULE, EVERY_RULE, skip=_no_rule
    )
    found = [_rule(message) for message in messages]
    return sorted(found, key=lambda rule: rule.version)


def _rule(message: t.Any) -> Rule:
    found = message.found
    action = ACTIONS.get(message["action"], str(message["action"]))
    proto, ipproto = found.get("proto", 0), found.get("ipproto", 0)
    mark, mask = found.get("fwmark", 0), found.get("mask", 0)
    start = message.offset
    return Rule(
        VERSIONS[message["family"]],
        found.get("priority", 0),
        src=f"{found['src']}/{message['src_len']}" if "src" in found else None,
        dst=f"{found['dst']}/{message['dst_len']}" if "dst" in found else None,
        fwmark=fwmark(mark, mask) if mark or mask else None,
        ipproto=IPPROTOS.get(ipproto, str(ipproto)) if ipproto else None,
        **{name: found.get(name) for name in PLAIN},
        action=action,
        table=found.get("table", message["table"]),
        goto=found.get("goto", 0),
        proto=PROTOS.get(proto, str(proto)),
        others=_others(message),
        wire=bytes(message.data[start : start + message.length]),
    )


def _others(message: t.Any) -> tuple[tuple[str, bytes], ...]:
    """Return the criteria that the rule has and no task can state."""
    others = [
        (name, message.found[name])
        for name, none in OTHERS.values()
        if message.found.get(name, none) != none
    ]
    if message["tos"]:
        others.append(("tos", bytes((message["tos"],))))
    if message["flags"] & INVERT:
        others.append(("not", b""))
    # What a newer kernel may have: to a rule with a criterion that nobody knows, none is equal.
    for kind, value in message.found.get("others", ()):
        others.append((f"attribute {kind & nla.TYPE_MASK}", value))
    return tuple(others)
