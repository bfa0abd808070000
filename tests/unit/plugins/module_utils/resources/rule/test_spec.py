# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task may state of rules, and what is wrong with what it may not."""

from __future__ import annotations

import re

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.spec import RulesSpec
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules


def desires(**params):
    return RulesSpec.of(modules.options("netns_rule", **params))


def stated(**params):
    (desired,) = desires(**params).rules
    return desired.stated()


@pytest.mark.parametrize(
    ("params", "normal"),
    [
        ({"from": "10.1.0.0/16"}, {"src": "10.1.0.0/16"}),
        ({"from": "192.0.2.1"}, {"src": "192.0.2.1/32"}),
        ({"to": "2001:DB8:0::/48"}, {"dst": "2001:db8::/48", "version": 6}),
        ({"from": "all"}, {"src": None}),
        ({"from": "::/0"}, {"src": None, "version": 6}),
        ({"from": "0.0.0.0/0", "to": "all"}, {"src": None, "dst": None}),
        ({"family": "ipv6", "iif": "lo"}, {"iif": "lo", "version": 6}),
        ({"oif": "nope"}, {"oif": "nope"}),
        ({"fwmark": "16"}, {"fwmark": "0x10"}),
        ({"fwmark": "0X10/0xFF"}, {"fwmark": "0x10/0xff"}),
        ({"fwmark": "0x10/0xffffffff"}, {"fwmark": "0x10"}),
        ({"fwmark": "0/1"}, {"fwmark": "0x0/0x1"}),
        ({"ipproto": "6"}, {"ipproto": "tcp"}),
        ({"ipproto": "ICMPv6"}, {"ipproto": "ipv6-icmp"}),
        ({"ipproto": "200"}, {"ipproto": "200"}),
        ({"sport": "80"}, {"sport": "80"}),
        ({"sport": 80, "dport": "080-81"}, {"sport": "80", "dport": "80-81"}),
        ({"dport": "7-7"}, {"dport": "7"}),
        ({"table": "main"}, {"table": 254, "action": "to_tbl"}),
        ({"table": "100"}, {"table": 100, "action": "to_tbl"}),
        ({"goto": 200}, {"goto": 200, "action": "goto"}),
        ({"action": "nop"}, {"action": "nop"}),
        ({"priority": 0}, {"priority": 0}),
        ({"priority": 5, "proto": "4"}, {"priority": 5, "proto": "static"}),
    ],
)
def test_normal_forms(params, normal):
    assert stated(**params) == {"version": 4, **normal}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "No rule is listed; an empty list requires purge=true"),
        ({"rules": []}, "No rule is listed; an empty list requires purge=true"),
        ({"rules": [{}]}, "A rule needs a priority, a criterion or an action"),
        ({"rules": [{"family": "ipv6"}]}, "A rule needs a priority, a criterion or an action"),
        ({"from": "x"}, "from 'x' must be an address, a network or 'all'"),
        ({"to": "10.1.1.1/8"}, "to 10.1.1.1/8 has host bits set; write it as 10.0.0.0/8"),
        ({"from": "10.0.0.0/8", "to": "2001:db8::1"}, "of one family"),
        ({"from": "10.0.0.0/8", "family": "ipv6"}, "of one family"),
        ({"iif": "a/b"}, "name of a link"),
        ({"oif": "0123456789abcdef"}, "at most 15 bytes"),
        ({"fwmark": "0"}, "0 would match any mark; write MARK/MASK with MASK not 0"),
        ({"fwmark": "1/0"}, "0 would match any mark; write MARK/MASK with MASK not 0"),
        ({"fwmark": "x"}, "' must be a 32-bit number (decimal or 0x…) or MARK/MASK"),
        ({"fwmark": "1/2/3"}, "' must be a 32-bit number (decimal or 0x…) or MARK/MASK"),
        ({"fwmark": "0x100000000"}, "' must be a 32-bit number (decimal or 0x…) or MARK/MASK"),
        ({"fwmark": ""}, "' must be a 32-bit number (decimal or 0x…) or MARK/MASK"),
        (
            {"ipproto": "tpc"},
            "ipproto 'tpc' must be one of icmp, igmp, ipencap, tcp, udp, dccp, ipv6,",
        ),
        ({"ipproto": "0"}, "ipproto '0' must be one of icmp, igmp, ipencap, tcp, udp, dccp, ipv6,"),
        ({"dport": "65535"}, "between 1 and 65534"),
        ({"dport": "0-9"}, "between 1 and 65534"),
        ({"dport": "9-8"}, "dport '9-8' must be between 1 and 65534, the lower port first"),
        ({"sport": "8-"}, "a port or a range"),
        ({"sport": "http"}, "a port or a range"),
        ({"table": "nope"}, "table 'nope' must be main, default, local or a number from 1 to"),
        ({"table": "5", "goto": 9}, "table and goto are mutually exclusive"),
        ({"table": "5", "action": "blackhole"}, "table cannot be combined with action=blackhole"),
        ({"goto": 5, "action": "to_tbl"}, "goto cannot be combined with action=to_tbl"),
        ({"action": "goto"}, "action=goto requires goto, the priority of the target rule"),
        ({"goto": 0}, "goto must be between 1"),
        ({"priority": -1}, "priority must be between 0"),
        ({"priority": 1 << 32}, "priority must be between 0"),
        (
            {"priority": 1, "proto": "256"},
            "' must be one of unspec, redirect, kernel, boot, static, ra, dhcp or a",
        ),
        (
            {"priority": 1, "purge": True, "state": "absent"},
            "purge=true requires state=present: it removes what is not listed",
        ),
        (
            {"priority": 1, "purge": True, "proto": "kernel"},
            "purge=true cannot be combined with proto=kernel",
        ),
        ({"priority": 1, "netns": "a/b"}, "name of a namespace"),
        ({"table": "5", "rules": [{"action": "nop"}]}, "table cannot be combined with action=nop"),
    ],
)
def test_what_is_refused(params, words):
    with pytest.raises(BadInput, match=re.escape(words)):
        desires(**params)


def test_what_a_listed_rule_does_not_state_the_options_above_state():
    listed = [{"from": "10.1.0.0/16"}, {"from": "10.2.0.0/16", "table": "7"}]
    desired = desires(table="100", rules=listed)
    assert [(each.src, each.table) for each in desired.rules] == [
        ("10.1.0.0/16", 100),
        ("10.2.0.0/16", 7),
    ]
    assert desires(rules=[{"priority": 1}, {"priority": 1}]).rules == desires(priority=1).rules


@pytest.mark.parametrize(
    ("params", "versions"),
    [
        ({"rules": []}, {4, 6}),
        ({}, {4, 6}),
        ({"family": "ipv6"}, {6}),
        ({"rules": [], "family": "ipv4"}, {4}),
        ({"rules": [{"to": "2001:db8::/48"}]}, {6}),
        ({"rules": [{"to": "2001:db8::/48"}, {"priority": 5}]}, {4, 6}),
    ],
)
def test_the_families_that_a_purge_is_about(params, versions):
    assert desires(purge=True, **params).versions == versions
