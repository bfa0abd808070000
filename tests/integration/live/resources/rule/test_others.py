# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules with criteria that no task can state, on the live kernel: they are others'."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.tests.integration.live.topology import lab
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)

FOREIGN = (
    "not fwmark 51820 table 51820",
    "fwmark 51820 tos 0x10 table 51820",
    "table main suppress_prefixlength 0",
    "from 10.1.0.0/16 uidrange 5-9 table 7",
    "from 10.1.0.0/16 tun_id 5 table 7",
    "from 10.1.0.0/16 table 7 realms 3/5",
    "from 10.1.0.0/16 table 7 suppress_ifgroup 9",
    "from 10.1.0.0/16 l3mdev",
)


def rules():
    return [witness.ip("-d", version, "rule", netns="a") for version in ("-4", "-6")]


def given(*words):
    lines = [f"ip -n a rule add priority {100 + at} {each}" for at, each in enumerate(words)]
    witness.sh("ip netns add a", *lines)


def run(**params):
    was = rules()
    check = modules.run("netns_rule", check=True, netns="a", **params)
    assert rules() == was
    real = modules.run("netns_rule", netns="a", **params)
    assert real == check
    after = rules()
    again = modules.run("netns_rule", netns="a", **params)
    assert (again["changed"], rules()) == (False, after)
    return real


@pytest.mark.parametrize("foreign", FOREIGN)
def test_each_is_another_rule(foreign):
    given(f"{foreign} protocol static")
    was = rules()
    stated = {"priority": 100, "state": "absent"}
    for params in (
        stated,
        {**stated, "fwmark": "51820"} if "fwmark" in foreign else stated,
        {**stated, "from": "10.1.0.0/16"} if "from" in foreign else stated,
    ):
        real = run(**params)
        assert (real["changed"], rules()) == (False, was)
        assert "which this collection cannot set" in real["warnings"][0]
    assert not run(rules=[], purge=True)["changed"]
    assert rules() == was


def test_a_negation_is_another_rule_whichever_is_asked_first():
    for first, second in ((0, 1), (1, 0)):
        both = ("not fwmark 51820 table 51820", "fwmark 51820 table 51820")
        given(both[first], both[second])
        (mine,) = (each for each in rules()[0] if each.get("fwmark") and "not" not in each)
        was = rules()
        real = run(fwmark="51820", state="absent")
        assert real["changed"]
        assert rules()[0] == [each for each in was[0] if each != mine]
        # To `ip rule add` one with the priority of the negation "exists".
        for priority in (100, 101):
            assert run(fwmark="51820", table="51820", priority=priority)["changed"]
        assert len(rules()[0]) == len(was[0]) + 1
        assert run(fwmark="51820", state="absent")["changed"]
        assert rules()[0] == [each for each in was[0] if each != mine]
        witness.sh("ip netns del a")


def test_a_topology_leaves_them():
    witness.sh("ip netns add a")
    listed = [{"netns": "a", "priority": 100, "from": "10.1.0.0/16", "table": "7"}]
    lab.run(name="lab", rules=listed)
    (ours,) = (each for each in rules()[0] if each["priority"] == 100)
    witness.sh(
        f"ip -n a rule add priority 100 not fwmark 5 table 7 protocol {ours['protocol']}",
    )
    lab.run(name="lab", purge=True)
    (left,) = (each for each in rules()[0] if each["priority"] == 100)
    assert "not" in left
    lab.run(name="lab", state="absent")
    assert any("not" in each for each in rules()[0])
