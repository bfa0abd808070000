# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes that have more than a task can state, on the live kernel: nothing of it may be lost."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.integration.live.topology import lab
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    INJECTED,
    Faults,
    rolled_back,
)

GIVEN = (
    "ip netns add a",
    "ip -n a link set lo up",
    "ip -n a link add e1 type veth peer name e2; ip -n a link set e1 up; ip -n a link set e2 up",
    "ip -n a addr add 10.0.0.1/24 dev e1; ip -n a addr add 2001:db8:1::2/64 dev e1 nodad",
)
FROM = "ip -n a -6 route add default from 2001:db8:1::/64 via 2001:db8:1::1 dev e1"
TOS = "ip -n a route add default via 10.0.0.2 tos 0x10"
NHID = "ip -n a nexthop add id 5 via 10.0.0.3 dev e1; ip -n a route add 10.9.0.0/16 nhid 5"
NHID6 = (
    "ip -n a nexthop add id 6 via 2001:db8:1::3 dev e1; ip -n a -6 route add 2001:db8:9::/48 nhid 6"
)
ENCAP = "ip -n a route add 10.9.0.0/16 encap ip id 5 dst 192.0.2.9 via 10.0.0.4 dev e1"
FOREIGN = (FROM, TOS, NHID, NHID6)


def routes():
    return witness.routes("a")


def timeless(result):
    """Return a result without how long its routes are to live, which counts down meanwhile."""
    return re.sub(r"expires \d+", "expires", json.dumps(result))


def run(module="netns_route", **params):
    """Run a task three times: in check mode, for real, and again; return what it really did."""
    was = routes()
    check = modules.run(module, check=True, netns="a", **params)
    assert routes() == was
    real = modules.run(module, netns="a", **params)
    assert timeless(real) == timeless(check)
    after = routes()
    again = modules.run(module, netns="a", **params)
    assert (again["changed"], routes()) == (False, after)
    return real


def refused(words, module="netns_route", **params):
    was = routes()
    for check in (True, False):
        with pytest.raises(NetnsError, match=words):
            modules.run(module, check=check, netns="a", **params)
    assert routes() == was


@pytest.mark.parametrize(
    ("foreign", "params"),
    [
        (FROM, {"dst": "::/0", "via": "2001:db8:1::1"}),
        (TOS, {"dst": "default", "via": "10.0.0.2"}),
    ],
)
def test_one_that_tells_packets_by_more_is_another_route(foreign, params):
    witness.sh(*GIVEN, foreign)
    was = routes()
    real = run(**params)
    assert real["changed"]
    (new,) = [json.loads(each) for each in routes() if each not in was]
    assert (new["dst"], new["gateway"]) == ("default", params["via"])
    assert not {"from", "tos"} & new.keys()
    assert set(was) < set(routes())
    changed = run(**{**params, "mtu": 1400})
    assert changed["changed"]
    assert len(routes()) == len(was) + 1
    gone = run(dst=params["dst"], state="absent")
    assert gone["changed"]
    assert any("is kept" in each for each in gone["warnings"])
    assert routes() == was
    (left,) = modules.run("netns_route", netns="a", dst=params["dst"], state="absent")["warnings"]
    assert ("from 2001:db8:1::/64" if foreign == FROM else "tos 0x10") in left


def test_purge_and_absent_leave_them():
    witness.sh(*GIVEN, FROM, TOS, ENCAP)
    was = routes()
    real = run(dst=[], purge=True, proto="boot")
    assert (real["changed"], routes()) == (False, was)
    for dst in ("10.9.0.0/16", "default", "::/0"):
        real = run(dst=dst, state="absent")
        assert (real["changed"], routes()) == (False, was)
        assert "is kept" in real["warnings"][0]


@pytest.mark.parametrize(
    ("foreign", "words"),
    [
        (ENCAP, "it has encap ip, which this collection cannot set"),
    ],
)
def test_what_is_in_the_way_is_named(foreign, words):
    witness.sh(*GIVEN, foreign)
    refused(words, dst="10.9.0.0/16", via="10.0.0.8")
    refused(words, dst="10.9.0.0/16", type="blackhole")
    beside = run(dst="10.9.0.0/16", via="10.0.0.8", metric=7)
    assert beside["changed"]


def test_a_route_that_the_kernel_would_take_another_one_for_is_not_deleted():
    witness.sh(
        *GIVEN,
        NHID6,
        "ip -n a -6 route append 2001:db8:9::/48 via 2001:db8:1::8 dev e1",
    )
    refused(
        "cannot be deleted: the kernel would delete .* nhid 6 instead",
        dst="2001:db8:9::/48",
        via="2001:db8:1::8",
        state="absent",
    )


MORE = {
    "10.8.0.0/16": (
        "ip -n a route add 10.8.0.0/16 via 10.0.0.4 initcwnd 20 mtu lock 1400 advmss 1000"
        " congctl reno realm 5 quickack 1 features ecn",
        "10.0.0.4",
        "10.0.0.5",
    ),
    "2001:db8:8::/48": (
        "ip -n a -6 route add 2001:db8:8::/48 via 2001:db8:1::4 dev e1 expires 300 pref high"
        " initrwnd 9 hoplimit 7",
        "2001:db8:1::4",
        "2001:db8:1::5",
    ),
}


@pytest.mark.parametrize("dst", MORE)
@pytest.mark.parametrize("change", ["proto", "via", "mtu", "src"])
def test_what_no_task_can_state_is_kept(dst, change):
    line, via, other = MORE[dst]
    witness.sh(*GIVEN, line)
    (was,) = witness.ip("-d", *(["-6"] if ":" in dst else []), "route", "show", dst, netns="a")
    params = {"dst": dst, "via": via, "dev": "e1"}
    params |= {
        "proto": {"proto": "77"},
        "via": {"via": other},
        "mtu": {"mtu": 1350},
        "src": {"src": "2001:db8:1::2" if ":" in dst else "10.0.0.1"},
    }[change]
    real = run(**params)
    assert real["changed"]
    (now,) = witness.ip("-d", *(["-6"] if ":" in dst else []), "route", "show", dst, netns="a")
    stated = {"proto": "protocol", "via": "gateway", "mtu": "metrics", "src": "prefsrc"}[change]
    kept = was.keys() - {stated, "expires"}
    assert {key: now[key] for key in kept} == {key: was[key] for key in kept}
    assert ("expires" in now) == ("expires" in was)
    if change == "mtu":
        assert now["metrics"] == [{**was.get("metrics", [{}])[0], "mtu": 1350}]
    after = routes()
    witness.sh("ip netns del a", *GIVEN, line, *real["commands"])
    assert routes() == after


def test_realms_go_along_where_ways_come_and_go():
    witness.sh(*GIVEN, "ip -n a route add 10.7.0.0/16 via 10.0.0.4 realm 5")
    real = run(dst="10.7.0.0/16", nexthops=[{"via": "10.0.0.4"}, {"via": "10.0.0.5", "weight": 2}])
    (now,) = witness.ip("route", "show", "10.7.0.0/16", netns="a")
    assert [each["flow"] for each in now["nexthops"]] == [{"to": "5"}, {"to": "5"}]
    assert "realms 5" in real["commands"][0]
    run(dst="10.7.0.0/16", via="10.0.0.5")
    (now,) = witness.ip("route", "show", "10.7.0.0/16", netns="a")
    assert (now["gateway"], now["flow"]) == ("10.0.0.5", {"to": "5"})


@pytest.mark.parametrize("write", [2, 3])
def test_what_failed_is_undone_with_all_that_no_task_can_state(write):
    witness.sh(*GIVEN, *FOREIGN, *(line for line, _via, _other in MORE.values()))
    was = routes()
    dst = ["10.8.0.0/16", "10.77.0.0/16", "10.78.0.0/16"]
    faults = Faults(lambda number: number == write)
    with faults.at_work(), pytest.raises((NetnsError, OSError), match=INJECTED):
        modules.run("netns_route", netns="a", dst=dst, via="10.0.0.77")
    assert faults.failed
    assert routes() == was


@pytest.mark.parametrize(
    "params",
    [
        {"dst": "10.0.0.0/24", "state": "absent"},
        {"dst": "10.0.0.0/24", "via": "10.0.0.9", "dev": "e1"},
        {"dst": "10.0.0.0/24", "dev": "e1", "proto": "static"},
        {"dst": "10.0.0.0/24", "type": "blackhole"},
        {"dst": "10.0.0.0/24", "dev": "e1", "mtu": 1300},
        {"dst": "2001:db8:1::/64", "state": "absent"},
        {"dst": "2001:db8:1::/64", "dev": "e2", "metric": 256},
        {"dst": "10.0.0.1/32", "table": "local", "state": "absent"},
    ],
    ids=str,
)
def test_the_kernels_own_are_neither_replaced_nor_deleted(params):
    witness.sh(*GIVEN)
    refused("cannot be replaced or deleted: the kernel itself made it", **params)


def test_beside_the_kernels_own_there_is_room():
    witness.sh(*GIVEN)
    assert not run(dst="10.0.0.0/24", dev="e1")["changed"]
    assert run(dst="10.0.0.0/24", via="10.0.0.9", metric=5)["changed"]
    assert run(dst="10.0.0.0/24", metric=5, state="absent")["changed"]


def test_a_topology_sees_the_kernels_own_too():
    witness.sh(*GIVEN)
    entry = {"netns": "a", "dst": ["10.0.0.0/24"]}
    for check in (True, False):
        same = lab.run(check=check, name="lab", routes=[{**entry, "dev": "e1"}])
        assert not same["changed"]
        for wrong in ({"via": "10.0.0.9"}, {"state": "absent"}, {"type": "blackhole"}):
            with pytest.raises(NetnsError, match="the kernel itself made it"):
                lab.run(check=check, name="lab", routes=[{**entry, **wrong}])


def test_a_purge_of_a_topology_leaves_what_it_cannot_have_made():
    witness.sh(*GIVEN)
    lab.run(
        name="lab",
        routes=[{"netns": "a", "dst": ["10.66.0.0/16"], "via": "10.0.0.9"}],
    )
    (ours,) = witness.ip("route", "show", "10.66.0.0/16", netns="a")
    proto = ours["protocol"]
    witness.sh(f"ip -n a route add 10.67.0.0/16 via 10.0.0.9 tos 0x10 proto {proto}")
    lab.run(name="lab", purge=True)
    assert witness.ip("route", "show", "10.66.0.0/16", netns="a") == []
    (left,) = witness.ip("route", "show", "10.67.0.0/16", netns="a")
    assert left["tos"] == "0x10"


def test_a_gateway_that_two_links_reach_alike_is_not_guessed():
    witness.sh(*GIVEN, "ip -n a addr add 10.0.0.2/24 dev e2")
    refused("reached through several links, e1, e2", dst="10.77.0.0/16", via="10.0.0.9")
    assert run(dst="10.77.0.0/16", via="10.0.0.9", dev="e2")["changed"]


def test_an_address_is_relabelled_beside_a_route_by_a_nexthop_object():
    witness.sh(*GIVEN, *FOREIGN, "ip -n a route add 10.66.0.0/16 via 10.0.0.9 initcwnd 20")
    was = routes()
    real = run("netns_addr", link="e1", address="10.0.0.1/24", label="e1:y")
    assert real["changed"]
    assert routes() == was


@pytest.mark.parametrize("write", [3, 4, 5])
def test_a_move_that_fails_brings_back_what_no_task_can_state(write):
    witness.sh(*GIVEN, *FOREIGN, *(line for line, _via, _other in MORE.values()))
    witness.sh("ip netns add b")
    was = routes()
    faults = Faults(lambda number: number == write)
    said = ""
    with faults.at_work():
        try:
            modules.run("netns_link", netns="b", name="e1", move_from="a", mtu=1400, up=True)
        except (NetnsError, OSError) as error:
            said = str(error)
    if faults.failed and said:
        assert INJECTED in said
        assert rolled_back(said), said
        assert routes() == was


def test_results_tell_them_from_others():
    witness.sh(*GIVEN, TOS, NHID)
    found = modules.run("netns_route", netns="a", dst="10.77.0.0/16", via="10.0.0.9")["routes"]
    told = {each["dst"]: each.get("others") for each in found}
    assert told == {"default": ["tos 0x10"], "10.9.0.0/16": None, "10.77.0.0/16": None}
    assert [each.get("nhid") for each in found if each["dst"] == "10.9.0.0/16"] == [5]
