# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules on the wire, told by pyroute2's own class for all of their message."""

from __future__ import annotations

import pytest
from pyroute2.netlink.rtnl.fibmsg import fibmsg

from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import codec
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule import (
    kernel as rule_apply,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule import (
    kernel_read as rule_read,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.state import Rule

FULL = Rule(
    4,
    100,
    src="10.1.0.0/16",
    dst="192.0.2.1/32",
    iif="lo",
    oif="v1",
    fwmark="0x10/0xff",
    ipproto="tcp",
    sport="80",
    dport="1000-1999",
    table=1000,
    proto="static",
)
RULES = [
    FULL,
    Rule(6, 0, src="2001:db8::/32", table=254, proto="unspec"),
    Rule(4, 5, fwmark="0x1", action="goto", goto=32766, proto="77"),
    Rule(4, 5, fwmark="0x0/0x1", action="nop", proto="boot"),
    Rule(6, 0xFFFFFFFF, action="blackhole", ipproto="200", proto="static"),
    Rule(4, 6, action="unreachable", proto="static"),
    Rule(4, 7, action="prohibit", proto="static"),
]


def wire(rule):
    fields, attrs = rule_apply.encoded(rule)
    return codec.encode(rule_read.RuleMessage, 32, 0, 1, fields, attrs)


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_what_is_written_reads_the_same(rule):
    assert rule_read._rule(rule_read.RuleMessage.read(wire(rule), 0)) == rule


def test_what_is_written_to_pyroute2():
    message = fibmsg(wire(FULL))
    message.decode()
    assert (message["family"], message["src_len"], message["dst_len"]) == (2, 16, 32)
    assert (message["table"], message["action"], message["flags"]) == (0, 1, 0)
    assert dict(message["attrs"]) == {
        "FRA_PRIORITY": 100,
        "FRA_PROTOCOL": 4,
        "FRA_SRC": "10.1.0.0",
        "FRA_DST": "192.0.2.1",
        "FRA_IIFNAME": "lo",
        "FRA_OIFNAME": "v1",
        "FRA_TABLE": 1000,
        "FRA_FWMARK": 16,
        "FRA_FWMASK": 255,
        "FRA_IP_PROTO": 6,
        "FRA_SPORT_RANGE": "80:80",
        "FRA_DPORT_RANGE": "1000:1999",
    }


def test_what_is_read_of_pyroute2():
    fields = dict.fromkeys(("tos", "table", "res1", "res2", "flags"), 0)
    attrs = [
        ("FRA_PRIORITY", 100),
        ("FRA_PROTOCOL", 4),
        ("FRA_SRC", "2001:db8::"),
        ("FRA_TABLE", 300),
        ("FRA_SUPPRESS_PREFIXLEN", 0),
        ("FRA_SUPPRESS_IFGROUP", 0xFFFFFFFF),
        ("FRA_UID_RANGE", "0:100"),
        ("FRA_L3MDEV", 0),
        ("FRA_DPORT_RANGE", "5:6"),
    ]
    fields.update(family=10, src_len=32, dst_len=0, action=1, tos=0x10, flags=2)
    data = codec.encode(fibmsg, 32, 0, 1, fields, attrs)
    rule = rule_read._rule(rule_read.RuleMessage.read(data, 0))
    assert (rule.version, rule.src, rule.table, rule.dport) == (6, "2001:db8::/32", 300, "5-6")
    assert [name for name, _value in rule.others] == [
        "suppress_prefixlength",
        "uidrange",
        "tos",
        "not",
    ]
    assert rule.wire == data
