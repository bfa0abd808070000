# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An IPv6 address that another host on the link has: told, and not a change in every run."""

from __future__ import annotations

import time

from ansible_collections.linuxnet.netns.tests.integration.live.topology import lab
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)

GIVEN = (
    "ip netns add a; ip netns add b",
    "ip link add v netns a type veth peer name w netns b",
    "ip -n a link set v up; ip -n b link set w up",
    "ip -n b address add 2001:db8::1/64 dev w nodad",
)
ASKED = {"netns": "a", "link": "v", "address": ["2001:db8::1/64"]}
SAID = "address 2001:db8::1/64 on link v in namespace a is not used: duplicate address detection"
SECONDS = 20


def flags():
    (link,) = witness.ip("-6", "address", "show", "dev", "v", netns="a")
    (address,) = [each for each in link["addr_info"] if each.get("local") == "2001:db8::1"]
    return {key for key in ("dadfailed", "tentative") if address.get(key)}


def wait_for_the_duplicate():
    end = time.monotonic() + SECONDS
    while "dadfailed" not in flags() and time.monotonic() < end:
        time.sleep(0.1)
    assert "dadfailed" in flags()


def test_a_duplicate_is_told_and_no_change():
    witness.sh(*GIVEN)
    assert modules.run("netns_addr", **ASKED)["changed"]
    wait_for_the_duplicate()
    for check in (True, False):
        again = modules.run("netns_addr", check=check, **ASKED)
        assert (again["changed"], again["commands"]) == (False, [])
        (warning,) = again["warnings"]
        assert warning.startswith(SAID)
        assert "nodad=true" in warning
        assert [each["dadfailed"] for each in again["addresses"]] == [True]
    changed = modules.run("netns_addr", **ASKED, nodad=True)
    assert (changed["changed"], changed["warnings"]) == (True, [])
    assert flags() == set()
    assert not modules.run("netns_addr", **ASKED, nodad=True)["changed"]


def test_a_duplicate_that_is_found_while_the_task_runs():
    """Without a delay the answer of the other host comes before the task reads again."""
    witness.sh(
        *GIVEN,
        "ip netns exec a sysctl -qw net.ipv6.conf.v.dad_transmits=1",
        "ip -n a address add 2001:db8::1/64 dev v",
    )
    wait_for_the_duplicate()
    # Another prefix: it is removed and added, and may fail again before the task is done.
    asked = {**ASKED, "address": ["2001:db8::1/80"]}
    assert modules.run("netns_addr", **asked)["changed"]
    wait_for_the_duplicate()
    assert not modules.run("netns_addr", **asked)["changed"]


def test_a_duplicate_in_a_topology():
    there = {"netns": "c", "link": "w", "address": ["2001:db8::1/64"], "nodad": True}
    asked = {
        "name": "dup",
        "namespaces": [{"name": ["a", "c"]}],
        "veths": [lab.pair("v", "a", "w", "c")],
        "addresses": [there],
    }
    assert lab.run(**asked)["changed"]
    asked["addresses"].append(ASKED)
    assert lab.run(**asked)["changed"]
    wait_for_the_duplicate()
    again = lab.run(**asked)
    assert not again["changed"]
    assert [warning.startswith(SAID) for warning in again["warnings"]] == [True]
