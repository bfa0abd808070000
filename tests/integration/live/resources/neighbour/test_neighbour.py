# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Neighbours and forwarding tables on the live kernel; `ip` and `bridge` are the witnesses."""

from __future__ import annotations

import functools
import json

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

M = "02:00:00:00:00:0"
ZERO = "00:00:00:00:00:00"
GIVEN = (
    "ip netns add a",
    "ip link add v1 netns a type veth peer name v2 netns a",
    "ip link add p1 netns a type veth peer name p2 netns a",
    "ip link add w1 netns a type veth peer name w2 netns a",
    "for link in v1 v2 p1 p2 w1 w2; do ip -n a link set $link up; done",
    "ip -n a addr add 10.0.0.1/24 dev v1",
    "ip -n a addr add 2001:db8::1/64 dev v1 nodad",
    f"ip -n a neigh add 10.0.0.5 lladdr {M}5 dev v1 nud permanent",
    f"ip -n a neigh add 10.0.0.6 lladdr {M}6 dev v1 nud stale protocol static",
    f"ip -n a neigh add 10.0.0.7 lladdr {M}7 dev v1 nud noarp protocol static",
    f"ip -n a neigh add 2001:db8::5 lladdr {M}5 dev v1 router protocol 77",
    "ip -n a neigh add proxy 10.0.0.20 dev v1 protocol static",
    "ip -n a neigh add proxy 2001:db8::20 dev v1",
    "ip -n a link add name br type bridge",
    "for link in p1 w1; do ip -n a link set $link master br; done",
    "ip -n a link set dev br up",
    f"bridge -n a fdb add {M}1 dev p1 master static",
    f"bridge -n a fdb add {M}2 dev p1 master permanent",
    f"bridge -n a fdb add {M}3 dev w1 master static",
    f"bridge -n a fdb add {M}4 dev br self",
    "ip -n a link add vx type vxlan id 10 dstport 4789 local 10.0.0.1 remote 10.0.0.77",
    f"bridge -n a fdb add {M}1 dev vx dst 192.0.2.1 self permanent",
    f"bridge -n a fdb append {ZERO} dev vx dst 192.0.2.1 self permanent",
    f"bridge -n a fdb append {ZERO} dev vx dst 192.0.2.2 port 5 vni 6 via v1 self permanent",
)
NEIGH = {
    "entries": [
        {"address": "10.0.0.5", "mac": f"{M}9"},
        {"address": "10.0.0.6", "mac": f"{M}6"},
        {"address": "10.0.0.8", "mac": f"{M}8", "nud": "reachable"},
        {"address": "2001:db8::5", "router": False},
        {"address": "2001:db8::21", "proxy": True},
    ]
}
BRIDGE = {
    "kind": "fdb",
    "link": "p1",
    "entries": [
        {"mac": f"{M}2", "nud": "static"},
        {"mac": f"{M}3"},
        {"mac": f"{M}8", "nud": "dynamic"},
        {"mac": f"{M}9", "master": False},
    ],
}
TUNNEL = {
    "kind": "fdb",
    "link": "vx",
    "entries": [
        {"mac": f"{M}1", "dst": "192.0.2.9", "vni": 7},
        {"mac": f"{M}2", "dst": "192.0.2.9", "port": 4789, "via": "v1"},
        {"mac": ZERO, "dst": "192.0.2.2", "nud": "static"},
        {"mac": ZERO, "dst": "192.0.2.3"},
    ],
}
PURGES = (
    {"purge": True},
    {"purge": True, "entries": [{"address": "10.0.0.5"}]},
    {"purge": True, "proxy": True},
    {"purge": True, "proto": "77"},
    {"kind": "fdb", "link": "p1", "purge": True},
    {"kind": "fdb", "link": "br", "purge": True},
    {"kind": "fdb", "link": "vx", "purge": True},
    {"kind": "fdb", "link": "vx", "purge": True, "mac": ZERO, "dst": "192.0.2.1"},
)
ABSENT = (
    {"address": "10.0.0.6", "state": "absent"},
    {"address": "2001:db8::5", "mac": f"{M}5", "state": "absent"},
    {"entries": [{"address": "10.0.0.20"}], "proxy": True, "state": "absent"},
    {"kind": "fdb", "link": "p1", "mac": f"{M}1", "state": "absent"},
    {"kind": "fdb", "link": "vx", "mac": f"{M}1", "state": "absent"},
    {"kind": "fdb", "link": "vx", "mac": ZERO, "dst": "192.0.2.2", "state": "absent"},
)
VOLATILE = {"REACHABLE", "STALE", "DELAY", "PROBE"}


def lasting(each):
    """Return what `ip` tells of a neighbour, of the states that follow each other only one."""
    state = each.get("state", [])
    return json.dumps({**each, "state": ["VOLATILE"] if VOLATILE & {*state} else state})


def state():
    """Return all neighbours, proxies and forwarding entries of the namespace."""
    lines = {
        lasting(each)
        for words in (("neigh", "show", "nud", "all"), ("neigh", "show", "proxy"))
        for each in witness.ip("-d", *words, netns="a")
        if not each["dst"].startswith(("ff02::", "224.")) and each.get("state") != ["INCOMPLETE"]
    }
    entries = json.loads(witness.sh("bridge -n a -j fdb"))
    return lines | {
        json.dumps(each)
        for each in entries
        # What the kernel makes and learns in its own time.
        if each["state"] != "" or each["mac"].startswith(M[:-1])
        if not each["mac"].startswith(("33:33", "01:00:5e"))
    }


def run(params, check=False):
    return modules.run("netns_neigh", check=check, netns="a", **{"link": "v1", **params})


@pytest.mark.parametrize("params", [NEIGH, BRIDGE, TUNNEL, *PURGES, *ABSENT], ids=str)
def test_check_mode_predicts_the_real_run_and_a_second_one_writes_nothing(params):
    witness.sh(*GIVEN)
    was = state()
    with Faults().at_work() as quiet:
        check = run(params, check=True)
    assert (quiet.writes, state()) == ([], was)
    real = run(params)
    assert real == check
    assert real["changed"]
    assert state() != was
    with Faults().at_work() as quiet:
        again = run(params)
    assert not again["changed"]
    assert quiet.writes == []
    assert again["entries"] == real["entries"]


@pytest.mark.parametrize("params", [NEIGH, BRIDGE, TUNNEL, *PURGES[:2]], ids=str)
def test_the_commands_do_the_same(params):
    witness.sh(*GIVEN)
    real = run(params)
    after = state()
    witness.sh("ip netns del a")
    witness.sh(*GIVEN, *real["commands"])
    same = {line for line in after if '"mac"' not in line or M[:-1] in line or ZERO in line}
    assert same <= state()


def test_neighbours_arrive():
    witness.sh(*GIVEN)
    run({**NEIGH, "purge": True})
    found = {
        (each["dst"]): each for each in witness.ip("-d", "neigh", "show", "dev", "v1", netns="a")
    }
    assert {name: each for name, each in found.items() if each["state"] == ["PERMANENT"]} == {
        "10.0.0.5": {"dst": "10.0.0.5", "lladdr": f"{M}9", "state": ["PERMANENT"]},
        "10.0.0.6": {
            "dst": "10.0.0.6",
            "lladdr": f"{M}6",
            "state": ["PERMANENT"],
            "protocol": "static",
        },
        "2001:db8::5": {
            "dst": "2001:db8::5",
            "lladdr": f"{M}5",
            "state": ["PERMANENT"],
            "protocol": "77",
        },
    }
    assert found["10.0.0.8"]["state"] == ["REACHABLE"]
    proxies = witness.ip("neigh", "show", "proxy", netns="a")
    assert {each["dst"] for each in proxies} == {"2001:db8::20", "2001:db8::21"}


@pytest.mark.parametrize("nud", ["reachable", "stale", "delay", "probe"])
def test_a_state_that_changes_by_itself_is_no_change(nud):
    witness.sh(*GIVEN)
    entry = {"address": "10.0.0.9", "mac": f"{M}9", "nud": nud}
    assert run(entry)["changed"]
    for state_ in ("stale", "reachable", "delay"):
        witness.sh(f"ip -n a neigh replace 10.0.0.9 lladdr {M}9 dev v1 nud {state_}")
        with Faults().at_work() as quiet:
            assert not run(entry)["changed"]
        assert quiet.writes == []
    witness.sh(f"ip -n a neigh replace 10.0.0.9 lladdr {M}8 dev v1 nud stale")
    assert run(entry)["changed"]


def test_what_was_asked_for_in_vain_is_not_there():
    witness.sh(*GIVEN, "ip -n a neigh replace 10.0.0.9 lladdr 02:00:00:00:00:09 dev v1 nud failed")
    assert not run({"address": "10.0.0.9", "state": "absent"})["changed"]
    assert run({"address": "10.0.0.9", "mac": f"{M}9"})["changed"]
    (found,) = witness.ip("neigh", "show", "10.0.0.9", netns="a")
    assert found["state"] == ["PERMANENT"]


def test_tunnels_arrive():
    witness.sh(*GIVEN)
    run({**TUNNEL, "purge": True})
    found = json.loads(witness.sh("bridge -n a -j fdb show dev vx"))
    keys = ("mac", "dst", "port", "vni", "viaIf", "state")
    assert sorted([tuple(each.get(key) for key in keys) for each in found], key=str) == [
        (ZERO, "10.0.0.77", None, None, None, "static"),
        (ZERO, "192.0.2.2", 5, 6, "v1", "static"),
        (ZERO, "192.0.2.3", None, None, None, "static"),
        (f"{M}1", "192.0.2.9", None, 7, None, "permanent"),
        (f"{M}2", "192.0.2.9", None, None, "v1", "permanent"),
    ]


def test_ports_arrive():
    witness.sh(*GIVEN)
    run({**BRIDGE, "purge": True})
    found = json.loads(witness.sh("bridge -n a -j fdb"))
    ours = {
        (each["mac"], each.get("master"), each["state"])
        for each in found
        if each["ifname"] == "p1" and each["mac"].startswith(M[:-1])
    }
    assert ours == {
        (f"{M}2", "br", "static"),
        (f"{M}3", "br", "static"),
        (f"{M}8", "br", ""),
        (f"{M}9", None, "permanent"),
    }


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (
            {"entries": [{"address": "10.0.0.8", "mac": f"{M}8"}, {"address": "10.0.0.9"}]},
            "mac is required",
        ),
        (
            {"link": "nope", "address": "10.0.0.5", "mac": f"{M}1"},
            "link nope not found in namespace a",
        ),
        ({"kind": "fdb", "link": "p1", "mac": f"{M}8", "vlan": 9}, "is not in VLAN 9"),
        (
            {
                "kind": "fdb",
                "link": "vx",
                "entries": [{"mac": f"{M}8", "dst": "192.0.2.1"}, {"mac": f"{M}9", "dst": "::1"}],
            },
            "over IPv4",
        ),
    ],
)
def test_a_bad_task_touches_nothing(params, words):
    witness.sh(*GIVEN)
    was = state()
    with Faults().at_work() as quiet, pytest.raises(NetnsError, match=words):
        run(params)
    assert (quiet.writes, state()) == ([], was)


def attempt(params, number):
    witness.sh(*GIVEN)
    was = state()
    with Faults(lambda n: n == number).at_work() as faults:
        try:
            run(params)
        except (NetnsError, OSError) as error:
            return str(error), was, state(), faults.failed
    return None, was, state(), faults.failed


@pytest.mark.makes_machines
@pytest.mark.parametrize(
    "params",
    [
        {**NEIGH, "purge": True},
        {"entries": [{"address": "2001:db8::5"}, {"address": "10.0.0.6"}], "proto": "unspec"},
        {**BRIDGE, "purge": True},
        {**TUNNEL, "purge": True},
    ],
    ids=str,
)
def test_whatever_write_fails_all_is_as_it_was(params):
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
