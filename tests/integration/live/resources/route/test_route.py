# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes on the live kernel; `ip` is the witness."""

from __future__ import annotations

import functools
import json

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
    kernel_tentative as tentative,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
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
    "for link in v w; do ip link add ${link}1 netns a type veth peer name ${link}2 netns a;"
    " ip -n a link set ${link}1 up; ip -n a link set ${link}2 up; done",
    "ip -n a addr add 10.0.0.1/24 dev v1; ip -n a addr add 10.0.1.1/24 dev w1",
    "ip -n a addr add 2001:db8::1/64 dev v1 nodad; ip -n a addr add 2001:db8:1::1/64 dev w1 nodad",
    "ip -n a route add 10.1.0.0/16 via 10.0.0.9 proto static mtu 1300 src 10.0.1.1",
    "ip -n a route add 10.2.0.0/16 proto static"
    " nexthop via 10.0.0.9 weight 2 nexthop via 10.0.1.9 dev w1 onlink",
    "ip -n a route add blackhole 10.3.0.0/16 proto static",
    "ip -n a route add 10.4.0.0/16 dev v1",
    "ip -n a route add 10.5.0.0/16 via 10.0.0.9 table 70000 metric 7 proto static",
    "ip -n a -6 route add 2001:db8:2::/48 via 2001:db8::9 proto static",
    "ip -n a -6 route add 2001:db8:3::/48 proto static"
    " nexthop via 2001:db8::9 nexthop via 2001:db8:1::9 weight 3",
    "ip -n a -6 route add unreachable 2001:db8:4::/48 proto static",
    "ip -n a -6 route add 2001:db8:5::/48 via fe80::1 dev v1 proto static metric 5",
)
LISTED = ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.9.0.0/16", "default"]
LISTED6 = ["2001:db8:2::/48", "2001:db8:3::/48", "2001:db8:4::/48", "::/0"]
WAYS = [{"via": "10.0.0.8"}, {"via": "10.0.1.8", "weight": 256}]
WAYS6 = [{"via": "2001:db8::8"}, {"via": "2001:db8:1::8", "dev": "w1", "weight": 2}]


def routes():
    return witness.routes("a")


@pytest.mark.parametrize(
    "params",
    [
        {"dst": LISTED, "via": "10.0.1.7"},
        {"dst": LISTED, "via": "10.0.1.7", "purge": True},
        {"dst": LISTED, "nexthops": WAYS},
        {"dst": LISTED6, "via": "2001:db8:1::7", "mtu": 1290},
        {"dst": LISTED6, "nexthops": WAYS6, "purge": True},
        {"dst": LISTED6, "type": "prohibit"},
        {"dst": LISTED, "via": "2001:db8::7", "proto": "unspec", "metric": 9},
        {"dst": "10.1.0.0/16", "mtu": 0, "dev": "v1"},
        {"dst": "10.9.0.0/16", "via": "192.0.2.1", "dev": "w1", "onlink": True, "src": "10.0.0.1"},
        {"dst": "10.9.0.0/16", "type": "local", "dev": "lo", "table": "local"},
        {"dst": ["10.5.0.0/16"], "table": "70000", "state": "absent"},
        {"dst": [*LISTED, *LISTED6], "state": "absent"},
        {"dst": [], "purge": True},
    ],
    ids=str,
)
def test_check_mode_predicts_the_real_run_and_a_second_one_writes_nothing(params):
    witness.sh(*GIVEN)
    was = routes()
    with Faults().at_work() as quiet:
        check = modules.run("netns_route", check=True, netns="a", **params)
    assert (quiet.writes, routes()) == ([], was)
    real = modules.run("netns_route", netns="a", **params)
    assert real == check
    assert real["changed"]
    after = routes()
    assert after != was
    again = modules.run("netns_route", netns="a", **params)
    assert (again["changed"], again["routes"], routes()) == (False, real["routes"], after)
    witness.sh("ip netns del a")
    witness.sh(*GIVEN, *real["commands"])
    assert routes() == after


def test_the_kernels_own_stay():
    witness.sh(*GIVEN)
    modules.run("netns_route", netns="a", dst=[], purge=True)
    left = [json.loads(each) for each in routes()]
    assert {each["protocol"] for each in left if each.get("table") != "70000"} == {"boot", "kernel"}
    assert {"10.0.0.0/24", "10.4.0.0/16", "10.5.0.0/16"} <= {each["dst"] for each in left}


def attempt(params, number):
    witness.sh(*GIVEN)
    was = routes()
    with Faults(lambda n: n == number).at_work() as faults:
        try:
            modules.run("netns_route", netns="a", **params)
        except (NetnsError, OSError) as error:
            return str(error), was, routes(), faults.failed
    return None, was, routes(), faults.failed


@pytest.mark.makes_machines
@pytest.mark.parametrize(
    "params",
    [
        {"dst": LISTED, "via": "10.0.1.7", "purge": True},
        {"dst": LISTED6, "nexthops": WAYS6, "purge": True},
        {"dst": [], "purge": True},
    ],
    ids=str,
)
def test_whatever_write_fails_all_is_as_it_was(params):
    wrong = []
    for number in range(1, 99):
        said, was, now, failed = machine.run(functools.partial(attempt, params, number))
        if not failed:
            break
        if said is None:
            continue  # it got there another way: taking turns is not needed where nobody else is
        assert INJECTED in said
        wrong += [f"write {number} lost {each}" for each in was if each not in now]
        wrong += [f"write {number} left {each}" for each in now if each not in was]
    assert said is None
    assert number > 2
    assert not wrong


SIX = {"dst": "2001:db8:9::/48", "via": "2001:db8::9", "src": "2001:db8::1"}
CABLE = (
    "ip netns add a; ip netns add b",
    "ip link add v netns a type veth peer name w netns b",
    "ip -n a link set v up",
    "ip -n a addr add 2001:db8::1/64 dev v",
)


def test_a_source_that_is_still_checked_for_duplicates_is_waited_for():
    witness.sh(*CABLE, "ip -n b link set w up")
    real = modules.run("netns_route", netns="a", **SIX)
    assert real["changed"]
    (told,) = witness.ip("-6", "route", "show", "2001:db8:9::/48", netns="a")
    assert (told["gateway"], told["prefsrc"]) == ("2001:db8::9", "2001:db8::1")


def test_the_prefix_of_an_address_that_is_a_source_is_changed():
    witness.sh(*CABLE, "ip -n b link set w up")
    modules.run("netns_route", netns="a", **SIX)
    real = modules.run("netns_addr", netns="a", link="v", address="2001:db8::1/80")
    (told,) = witness.ip("-6", "route", "show", "2001:db8:9::/48", netns="a")
    assert (told["gateway"], told["prefsrc"]) == ("2001:db8::9", "2001:db8::1")
    modules.run("netns_addr", netns="a", link="v", address="2001:db8::1/64")
    witness.sh(*real["commands"])
    (told,) = witness.ip("-6", "route", "show", "2001:db8:9::/48", netns="a")
    assert told["prefsrc"] == "2001:db8::1"


def test_why_an_address_may_not_be_a_source(monkeypatch):
    monkeypatch.setattr(tentative, "MAX_WAIT", 0.1)
    witness.sh(*CABLE)
    refused = "Invalid argument: Invalid source address"
    with pytest.raises(NetnsError, match=f"{refused}. 2001:db8::1 is still tentative .* carrier"):
        modules.run("netns_route", netns="a", **SIX)
    with pytest.raises(NetnsError, match=f"{refused}$"):
        modules.run("netns_route", netns="a", **{**SIX, "src": "2001:db8::2"})


def test_a_duplicate_may_not_be_a_source():
    witness.sh(
        *CABLE[:2],
        "ip -n b link set w up; ip -n b addr add 2001:db8::1/64 dev w nodad",
        *CABLE[2:],
    )
    with pytest.raises(NetnsError, match="2001:db8::1 is a duplicate"):
        modules.run("netns_route", netns="a", **SIX)
