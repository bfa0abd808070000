# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nexthop objects on the live kernel; `ip` is the witness."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    INJECTED,
    Faults,
)

GIVEN = (
    "ip netns add a",
    "ip -n a link set lo up",
    "ip -n a link add v0 type veth peer name v1",
    "ip -n a link add w0 type veth peer name w1",
    "for each in v0 v1 w0 w1; do ip -n a link set $each up; done",
    "ip -n a address add 10.0.0.1/24 dev v0",
    "ip -n a address add 10.0.1.1/24 dev w0",
    "ip -n a nexthop add id 1 via 10.0.0.2 dev v0 proto static",
    "ip -n a nexthop add id 2 via 10.0.1.2 dev w0 onlink proto static",
    "ip -n a nexthop add id 3 dev w0 proto 77",
    "ip -n a nexthop add id 4 blackhole proto static",
    "ip -n a nexthop add id 5 via fe80::1 dev v0 proto static",
    "ip -n a nexthop add id 6 via 192.0.2.9 fdb proto static",
    "ip -n a nexthop add id 7 group 6 fdb proto static",
    "ip -n a nexthop add id 10 group 1,3/2 proto static",
    "ip -n a nexthop add id 11 group 1/3 type resilient buckets 8 idle_timer 60 proto 77",
    "ip -n a nexthop add id 12 group 2 proto static",
)
USED = (
    "ip -n a route add 10.5.0.0/16 nhid 1 proto static",
    "ip -n a route add 10.6.0.0/16 nhid 10 table 1000",
    "ip -n a route add 10.7.0.0/16 nhid 12 proto 77",
    "ip -n a -6 route add 2001:db8::/64 nhid 5",
    "ip -n a route add 10.9.0.0/16 nhid 4",
)


def seen():
    """Return nexthop objects and routes as `ip` tells them."""
    found = []
    for each in (("nexthop",), ("-4", "route", "show", "table", "all"), ("-6", "route")):
        found.append(witness.ip("-d", *each, netns="a"))
    for nexthop in found[0]:
        nexthop.get("resilient_args", {}).pop("unbalanced_time", None)
    return [
        sorted((_plain(thing) for thing in things if thing.get("dst") != "fe80::/64"), key=str)
        for things in found
    ]


def _plain(thing):
    return {**thing, "flags": [each for each in thing["flags"] if each == "onlink"]}


def nexthops():
    """Return the nexthop objects as `ip` tells them, by ID."""
    return {each["id"]: each for each in witness.ip("nexthop", netns="a")}


CHANGES = [
    {"id": 20, "via": "10.0.0.9", "dev": "v0"},
    {"id": 20, "via": "192.0.2.1", "dev": "v0", "onlink": True},
    {"id": 20, "dev": "v0"},
    {"id": 20, "dev": "v0", "family": "ipv6"},
    {"id": 20, "blackhole": True},
    {"id": 20, "blackhole": True, "family": "ipv6"},
    {"id": 20, "via": "fe80::9", "dev": "w0", "proto": "78"},
    {"id": 20, "via": "2001:db8::9", "fdb": True},
    {"id": 20, "group": [{"id": 1, "weight": 256}, {"id": 5}, {"id": 3}]},
    {"id": 20, "group": [{"id": 4}]},
    {"id": 20, "group": [{"id": 6}], "fdb": True},
    {"id": 1, "via": "10.0.0.3", "dev": "v0"},
    {"id": 1, "via": "10.0.1.3", "dev": "w0", "proto": "boot"},
    {"id": 1, "via": "fe80::3", "dev": "v0"},
    {"id": 1, "dev": "w0"},
    {"id": 1, "proto": "78"},
    {"id": 2, "onlink": False},
    {"id": 2, "via": "10.0.1.7", "dev": "w0"},
    {"id": 5, "via": "fe80::2", "dev": "v0"},
    {"id": 4, "via": "10.0.0.5", "dev": "v0"},
    {"id": 2, "blackhole": True, "force": True},
    {"id": 3, "blackhole": True, "force": True},
    {"id": 6, "via": "192.0.2.10", "fdb": True},
    {"id": 10, "group": [{"id": 1, "weight": 7}, {"id": 3}]},
    {"id": 10, "group": [{"id": 3}]},
    {"id": 11, "group": [{"id": 3, "weight": 2}, {"id": 1}]},
    {"id": 10, "state": "absent", "force": True},
    {"id": 1, "state": "absent", "force": True},
    {"id": 12, "state": "absent", "force": True},
    {"id": 2, "state": "absent", "force": True},
    {"id": 5, "state": "absent", "force": True},
    {"id": 6, "state": "absent", "force": True},
    {"id": 11, "state": "absent"},
    {"id": 12, "via": "10.0.0.4", "dev": "v0", "force": True},
    {"id": 1, "group": [{"id": 3}], "force": True},
    {"id": 5, "via": "10.0.0.4", "dev": "v0", "force": True},
    {"id": 10, "proto": "78", "force": True},
    {
        "nexthops": [
            {"id": 30, "group": [{"id": 31}, {"id": 32, "weight": 2}]},
            {"id": 31, "via": "10.0.0.5", "dev": "v0"},
            {"id": 32, "via": "10.0.1.5", "dev": "w0"},
        ]
    },
    {
        "nexthops": [{"id": 1, "via": "10.0.0.2", "dev": "v0"}, {"id": 5}, {"id": 4}],
        "purge": True,
        "force": True,
    },
    {"nexthops": [], "purge": True, "force": True},
    {"nexthops": [], "purge": True, "proto": "77", "force": True},
    {"nexthops": [{"id": 6}, {"id": 7}, {"id": 1}, {"id": 10}], "state": "absent", "force": True},
]


@pytest.mark.parametrize("used", [False, True], ids=["unused", "used"])
@pytest.mark.parametrize("params", CHANGES, ids=str)
def test_check_mode_predicts_the_real_run_and_a_second_one_writes_nothing(params, used):
    witness.sh(*GIVEN, *(USED if used else ()))
    was = seen()
    with Faults().at_work() as quiet:
        check = modules.run("netns_nexthop", check=True, netns="a", **params)
    assert (quiet.writes, seen()) == ([], was)
    real = modules.run("netns_nexthop", netns="a", **params)
    assert real == check
    assert real["changed"]
    after = seen()
    assert after != was
    with Faults().at_work() as quiet:
        again = modules.run("netns_nexthop", netns="a", **params)
    assert (again["changed"], quiet.writes) == (False, [])
    assert again["nexthops"] == real["nexthops"]
    assert seen() == after
    # The commands do the same.
    witness.sh("ip netns del a", *GIVEN, *(USED if used else ()), *real["commands"])
    assert seen() == after


@pytest.mark.parametrize("params", CHANGES, ids=str)
def test_a_failure_at_each_step_leaves_all_as_it_was(params):
    witness.sh(*GIVEN, *USED)
    was = seen()
    counting = Faults()
    with counting.at_work():
        modules.run("netns_nexthop", netns="a", **params)
    steps = len(counting.writes)
    for number in range(1, steps + 1):
        witness.sh("ip netns del a", *GIVEN, *USED)
        faults = Faults(number.__eq__)
        with faults.at_work(), pytest.raises(NetnsError, match=f"{INJECTED}|not permitted"):
            modules.run("netns_nexthop", netns="a", **params)
        assert faults.failed
        assert seen() == was


LOST = "would be lost or changed"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"id": 1, "state": "absent"}, rf"cannot be removed: the group 10 uses it, and {LOST}"),
        ({"id": 5, "state": "absent"}, rf"the route to 2001:db8::/64 .*uses it, and {LOST}"),
        ({"id": 10, "state": "absent"}, "the route to 10.6.0.0/16 .*table 1000.* uses it"),
        ({"nexthops": [], "purge": True}, "uses it, and would be lost"),
        ({"id": 1, "group": [{"id": 3}]}, "cannot be changed: the kernel makes no group"),
        ({"id": 5, "via": "10.0.0.4", "dev": "v0"}, "IPv6 routes use it"),
        ({"id": 3, "blackhole": True}, "single member of a group"),
        ({"id": 20, "group": [{"id": 4}, {"id": 1}]}, "4 .* member of group 20: a blackhole"),
        ({"id": 20, "group": [{"id": 10}]}, "it is a group itself"),
        ({"id": 20, "group": [{"id": 6}]}, "for forwarding entries"),
        (
            {"id": 20, "group": [{"id": 99}]},
            "nexthop object 99, a member of group 20, not found in namespace a",
        ),
        ({"id": 20}, "nexthop object 20 not found in namespace a; to add it"),
        ({"id": 20, "dev": "nope"}, "link nope not found"),
    ],
    ids=str,
)
def test_what_would_be_lost_and_what_the_kernel_refuses_is_refused_in_check_mode_too(params, words):
    witness.sh(*GIVEN, *USED)
    was = seen()
    for check in (True, False):
        if check and ("99" in words or "nope" in words):
            continue  # check mode assumes that an earlier task would have made it
        with pytest.raises(NetnsError, match=words):
            modules.run("netns_nexthop", check=check, netns="a", **params)
    assert seen() == was


def test_routes_stay_while_their_nexthop_object_is_replaced():
    witness.sh(*GIVEN, *USED)
    modules.run("netns_nexthop", netns="a", id=1, via="10.0.1.9", dev="w0")
    (route,) = witness.ip("route", "show", "10.5.0.0/16", netns="a")
    assert (route["nhid"], route["gateway"], route["dev"]) == (1, "10.0.1.9", "w0")


def test_all_attributes_arrive():
    witness.sh(*GIVEN)
    entries = [
        {"id": 40, "via": "192.0.2.1", "dev": "v0", "onlink": True},
        {"id": 41, "group": [{"id": 40, "weight": 3}, {"id": 1}]},
        {"id": 42, "dev": "w0", "family": "ipv6"},
        {"id": 43, "via": "192.0.2.77", "fdb": True},
    ]
    modules.run("netns_nexthop", netns="a", nexthops=entries, proto="78")
    found = nexthops()
    assert found[40] == {
        "id": 40,
        "gateway": "192.0.2.1",
        "dev": "v0",
        "scope": "link",
        "protocol": "78",
        "flags": ["onlink"],
    }
    assert found[41]["group"] == [{"id": 40, "weight": 3}, {"id": 1}]
    assert (found[42]["dev"], "fdb" in found[43]) == ("w0", True)


def test_what_no_option_states_is_kept():
    witness.sh(*GIVEN)
    modules.run("netns_nexthop", netns="a", id=11, group=[{"id": 3, "weight": 9}])
    group = nexthops()[11]
    assert group["group"] == [{"id": 3, "weight": 9}]
    assert (group["type"], group["protocol"]) == ("resilient", "77")
    assert (group["resilient_args"]["buckets"], group["resilient_args"]["idle_timer"]) == (8, 60)


def test_a_link_without_a_carrier_is_reported_with_what_to_do():
    witness.sh(*GIVEN, "ip -n a link set v1 down")
    with pytest.raises(NetnsError, match="bring up its other end"):
        modules.run("netns_nexthop", netns="a", id=50, dev="v0")
    witness.sh("ip -n a link set lo down")
    for family in ("ipv4", "ipv6"):
        with pytest.raises(NetnsError, match="lo must be up"):
            modules.run("netns_nexthop", netns="a", id=50, blackhole=True, family=family)


@pytest.mark.parametrize(
    ("theirs", "params"),
    [
        (
            "ip -n a nexthop add id 20 blackhole proto 77",
            {"id": 20, "via": "10.0.0.9", "dev": "v0"},
        ),
        ("ip -n a nexthop del id 11", {"id": 11, "state": "absent"}),
        ("ip -n a nexthop del id 11", {"id": 11, "group": [{"id": 1}]}),
    ],
    ids=str,
)
def test_what_others_do_meanwhile_is_seen(theirs, params):
    witness.sh(*GIVEN)
    kernel = Kernel()
    real, came = kernel.apply, []

    def apply(step):
        if not came:
            came.append(witness.sh(theirs))
        real(step)

    kernel.apply = apply
    result = modules.run("netns_nexthop", kernel=kernel, netns="a", **params)
    kernel.close()
    found = {each["id"]: each for each in result["nexthops"]}
    if "state" in params:
        assert params["id"] not in found
    else:
        assert nexthops()[params["id"]]["id"] in found
    assert not modules.run("netns_nexthop", netns="a", **params)["changed"]


def test_a_namespace_that_is_yet_to_be_made():
    result = modules.run("netns_nexthop", check=True, netns="b", id=1, dev="v0")
    assert result["nexthops"][0]["dev"] == "v0"
    assert len(result["warnings"]) == 3  # namespace, link, that is up


def test_what_leads_by_a_link_that_is_made_again_by_force_comes_back():
    witness.sh(
        *GIVEN,
        "ip -n a link add vx type vxlan id 7 dstport 4789; ip -n a link set vx up",
        "ip -n a address add 10.0.9.1/24 dev vx",
        "ip -n a nexthop add id 21 via 10.0.9.2 dev vx proto 77",
        "ip -n a nexthop add id 22 group 21,4/3; ip -n a nexthop add id 23 group 21",
        "ip -n a route add 10.41.0.0/16 nhid 21; ip -n a route add 10.42.0.0/16 nhid 22 proto 78",
        "ip -n a route add 10.43.0.0/16 nhid 23",
    )
    was = seen()
    params = {"netns": "a", "name": "vx", "type": "vxlan", "vxlan": {"id": 8}, "force": True}
    counting = Faults()
    with counting.at_work():
        real = modules.run("netns_link", **params)
    assert any("link del" in line for line in real["commands"])
    assert seen() == was
    modules.run("netns_link", **{**params, "vxlan": {"id": 7}})
    for number in range(1, len(counting.writes) + 1):
        faults = Faults(number.__eq__)
        with faults.at_work(), pytest.raises(NetnsError, match=f"{INJECTED}|not permitted"):
            modules.run("netns_link", **params)
        assert seen() == was


def test_forwarding_entries_that_use_it_go_with_force_alone():
    witness.sh(
        *GIVEN,
        "ip -n a link add vx type vxlan id 7 dstport 4789; ip -n a link set vx up",
        "bridge -n a fdb add 02:00:00:00:00:01 dev vx nhid 7 self",
    )
    was = seen(), witness.sh("bridge -n a fdb show dev vx")
    assert "nhid 7" in was[1]
    for check in (True, False):
        with pytest.raises(
            NetnsError, match="forwarding entry 02:00:00:00:00:01 of link vx uses it"
        ):
            modules.run("netns_nexthop", check=check, netns="a", id=7, state="absent")
    counting = Faults()
    with counting.at_work():
        modules.run("netns_nexthop", netns="a", id=7, state="absent", force=True)
    assert witness.sh("bridge -n a fdb show dev vx") == ""
    witness.sh("ip -n a nexthop add id 7 group 6 fdb proto static")
    witness.sh("bridge -n a fdb add 02:00:00:00:00:01 dev vx nhid 7 self")
    for number in range(1, len(counting.writes) + 1):
        faults = Faults(number.__eq__)
        with faults.at_work(), pytest.raises(NetnsError, match=f"{INJECTED}|not permitted"):
            modules.run("netns_nexthop", netns="a", id=7, state="absent", force=True)
        assert (seen(), witness.sh("bridge -n a fdb show dev vx")) == was
