# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules on the live kernel; `ip` is the witness."""

from __future__ import annotations

import functools

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    INJECTED,
    Faults,
)

# The order matters: with one priority, the earlier is asked first.
GIVEN = (
    "ip netns add a",
    "ip -n a rule add priority 9 from 10.1.0.0/16 tos 0x10 uidrange 1-5 table 8 protocol static",
    "ip -n a rule add priority 9 from 10.1.0.0/16 table 8 protocol static",
    "ip -n a rule add priority 9 to 192.0.2.0/24 iif lo table 8 protocol 77",
    "ip -n a rule add priority 9 from 10.2.0.0/16 fwmark 1 table 8 protocol static",
    "ip -n a rule add priority 9 table 9 suppress_prefixlength 0 protocol static",
    "ip -n a rule add priority 0 from 10.9.0.0/16 blackhole protocol static",
    "ip -n a rule add not from 10.3.0.0/16 ipproto tcp dport 80-81 table 7",
    "ip -n a -6 rule add priority 5 to 2001:db8::/32 goto 32766 protocol static",
)
LISTED = [
    {"priority": 9, "from": "10.2.0.0/16", "fwmark": "1", "table": "8"},
    {"priority": 9, "table": "8"},
    {"priority": 0, "from": "10.9.0.0/16", "action": "prohibit"},
    {"priority": 6, "to": "2001:db8:1::/48", "ipproto": "udp", "sport": "53", "goto": 7},
    {"iif": "lo", "oif": "nope", "action": "nop"},
]


def rules():
    """Return all rules as `ip` tells them, in their order."""
    return [witness.ip("-d", version, "rule", netns="a") for version in ("-4", "-6")]


@pytest.mark.parametrize(
    "params",
    [
        {"from": "10.1.0.0/16", "table": "100"},
        {"priority": 9, "from": "10.1.0.0/16", "action": "unreachable"},
        {"priority": 9, "table": "8"},
        {"rules": LISTED},
        {"rules": LISTED, "purge": True},
        {"rules": [], "purge": True},
        {"priority": 9, "state": "absent"},
        {"priority": 9, "from": "10.1.0.0/16", "state": "absent"},
        {"priority": 0, "table": "local", "proto": "kernel", "state": "absent"},
    ],
    ids=str,
)
def test_check_mode_predicts_the_real_run_and_a_second_one_writes_nothing(params):
    witness.sh(*GIVEN)
    was = rules()
    with Faults().at_work() as quiet:
        check = modules.run("netns_rule", check=True, netns="a", **params)
    assert (quiet.writes, rules()) == ([], was)
    real = modules.run("netns_rule", netns="a", **params)
    assert real == check
    assert real["changed"]
    assert rules() != was
    with Faults().at_work() as quiet:
        again = modules.run("netns_rule", netns="a", **params)
    assert not again["changed"]
    assert quiet.writes == []
    assert again["rules"] == real["rules"]


def test_the_commands_do_the_same():
    witness.sh(*GIVEN)
    real = modules.run("netns_rule", netns="a", rules=LISTED[:1] + LISTED[2:])
    after = rules()
    witness.sh("ip netns del a", *GIVEN, *real["commands"])
    assert rules() == after


def test_all_criteria_arrive():
    witness.sh("ip netns add a")
    modules.run(
        "netns_rule",
        netns="a",
        priority=7,
        to="192.0.2.1",
        iif="lo",
        oif="nope",
        fwmark="0x10/0xff",
        ipproto="tcp",
        sport="80",
        dport="100-200",
        table="1000",
        **{"from": "10.0.0.0/8"},
    )
    told = {key: value for key, value in rules()[0][1].items() if not key.endswith("_mask")}
    assert told == {
        "priority": 7,
        "src": "10.0.0.0",
        "srclen": 8,
        "dst": "192.0.2.1",
        "fwmark": "0x10",
        "fwmask": "0xff",
        "iif": "lo",
        "oif": "nope",
        "oif_detached": None,
        "ipproto": "tcp",
        "sport": 80,
        "dport_start": 100,
        "dport_end": 200,
        "table": "1000",
        "protocol": "static",
    }


def test_the_priority_is_the_one_that_the_kernel_would_choose():
    witness.sh("ip netns add a", "ip netns add b")
    for netns, command in (("a", None), ("b", "ip -n b rule add iif lo table 5")):
        if command:
            witness.sh(command, command.replace("lo", "l2"))
        else:
            for name in ("lo", "l2"):
                modules.run("netns_rule", netns=netns, iif=name, table="5", proto="unspec")
    assert witness.ip("rule", netns="a") == witness.ip("rule", netns="b")


def test_no_other_rule_is_taken_for_the_one_that_goes():
    witness.sh(
        "ip netns add a",
        "ip -n a rule add priority 9 from 10.1.0.0/16 iif lo table 8 protocol static",
        "ip -n a rule add priority 9 from 10.1.0.0/16 table 8 protocol static",
        "ip -n a rule add priority 9 from 10.2.0.0/16 table 8 protocol static",
    )
    was = rules()[0]
    rule = {"priority": 9, "from": "10.1.0.0/16", "table": "8"}
    listed = [{**rule, "iif": "lo"}, {**rule, "from": "10.2.0.0/16"}]
    modules.run("netns_rule", netns="a", rules=listed, purge=True)
    assert rules()[0] == [*was[:2], *was[3:]]
    # A rule with fewer criteria is one more, whatever the kernel thinks of it.
    modules.run("netns_rule", netns="a", priority=9, table="8", **{"from": "all"})
    assert len(rules()[0]) == len(was)


def test_a_bad_task_touches_nothing():
    witness.sh(*GIVEN)
    was = rules()
    for params in (
        {"rules": [{"priority": 3, "table": "5"}, {"priority": 9, "goto": 9}]},
        {"rules": [{"priority": 3, "table": "5"}, {"from": "x"}]},
    ):
        with Faults().at_work() as quiet, pytest.raises(NetnsError):
            modules.run("netns_rule", netns="a", **params)
        assert (quiet.writes, rules()) == ([], was)


def attempt(params, number):
    witness.sh(*GIVEN)
    was = rules()
    with Faults(lambda n: n == number).at_work() as faults:
        try:
            modules.run("netns_rule", netns="a", **params)
        except (NetnsError, OSError) as error:
            return str(error), was, rules(), faults.failed
    return None, was, rules(), faults.failed


@pytest.mark.makes_machines
@pytest.mark.parametrize(
    "params",
    [
        {"rules": LISTED, "purge": True},
        {"rules": [LISTED[0], LISTED[1]], "purge": True},
        {"priority": 9, "state": "absent"},
    ],
    ids=str,
)
def test_whatever_write_fails_all_is_as_it_was_in_its_order(params):
    for number in range(1, 99):
        said, was, now, failed = machine.run(functools.partial(attempt, params, number))
        if not failed:
            break
        if said is None:
            continue  # it got there another way: taking turns is not needed where nobody else is
        assert INJECTED in said
        assert now == was, f"write {number}"
    assert said is None
    assert number > 2
