# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes that use nexthop objects, on the live kernel; `ip` is the witness."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
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
    "ip -n a address add 2001:db8:1::1/64 dev v0 nodad",
    "ip -n a nexthop add id 1 via 10.0.0.2 dev v0",
    "ip -n a nexthop add id 2 via 192.0.2.2 dev w0 onlink",
    "ip -n a nexthop add id 3 dev w0",
    "ip -n a nexthop add id 4 blackhole",
    "ip -n a nexthop add id 5 via fe80::1 dev v0",
    "ip -n a nexthop add id 6 via fe80::2 dev w0",
    "ip -n a nexthop add id 7 via 192.0.2.9 fdb",
    "ip -n a nexthop add id 10 group 1,3/2",
    "ip -n a nexthop add id 11 group 5/6,2",
    "ip -n a nexthop add id 12 group 5",
    "ip -n a nexthop add id 13 group 4",
    "ip -n a nexthop add id 14 group 1/5",
    "ip -n a route add 10.5.0.0/16 nhid 1 proto static",
    "ip -n a route add 10.6.0.0/16 nhid 4 proto static mtu 1300",
    "ip -n a route add 10.7.0.0/16 via 10.0.0.7 proto static",
    "ip -n a -6 route add 2001:db8:5::/48 nhid 5 proto static",
    "ip -n a -6 route add 2001:db8:7::/48 via 2001:db8:1::7 proto static",
)
FOUR, SIX = "10.9.0.0/16", "2001:db8:9::/48"


def routes():
    return witness.routes("a")


@pytest.mark.parametrize(
    "params",
    [
        *({"dst": FOUR, "nhid": number} for number in (1, 2, 3, 4, 5, 10, 12, 13, 14)),
        *({"dst": SIX, "nhid": number} for number in (5, 6, 11, 12)),
        {"dst": [FOUR, "default"], "nhid": 10, "metric": 9, "table": "100", "src": "10.0.0.1"},
        {"dst": FOUR, "nhid": 1, "proto": "77", "mtu": 1400},
        {"dst": "10.5.0.0/16", "nhid": 10},
        {"dst": "10.5.0.0/16", "via": "10.0.0.9"},
        {"dst": "10.5.0.0/16", "mtu": 1300, "nhid": 1},
        {"dst": "10.6.0.0/16", "mtu": 1400, "nhid": 4},
        {"dst": "10.6.0.0/16", "mtu": 0, "nhid": 4},
        {"dst": FOUR, "nhid": 4, "mtu": 1400, "metric": 5},
        {"dst": "10.6.0.0/16", "nhid": 1},
        {"dst": "10.7.0.0/16", "nhid": 1},
        {"dst": "10.7.0.0/16", "nhid": 4},
        {"dst": "2001:db8:5::/48", "nhid": 11},
        {"dst": "2001:db8:5::/48", "nhid": 12},
        {"dst": "2001:db8:7::/48", "nhid": 11},
        {"dst": "10.5.0.0/16", "state": "absent"},
        {"dst": "10.6.0.0/16", "nhid": 4, "state": "absent"},
        {"dst": "2001:db8:5::/48", "nhid": 5, "state": "absent"},
        {"dst": FOUR, "nhid": 10, "purge": True},
        {"dst": [], "purge": True},
    ],
    ids=str,
)
def test_check_mode_predicts_the_real_run_and_failures_leave_all_as_it_was(params):
    witness.sh(*GIVEN)
    was = routes()
    check = modules.run("netns_route", check=True, netns="a", **params)
    assert routes() == was
    counting = Faults()
    with counting.at_work():
        real = modules.run("netns_route", netns="a", **params)
    assert real == check
    assert real["changed"]
    after = routes()
    again = modules.run("netns_route", netns="a", **params)
    assert (again["changed"], routes()) == (False, after)
    witness.sh("ip netns del a", *GIVEN, *real["commands"])
    assert routes() == after
    for number in range(1, len(counting.writes) + 1):
        witness.sh("ip netns del a", *GIVEN)
        faults = Faults(number.__eq__)
        with faults.at_work(), pytest.raises(NetnsError, match=f"{INJECTED}|not permitted"):
            modules.run("netns_route", netns="a", **params)
        assert faults.failed
        assert routes() == was


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (
            {"dst": FOUR, "nhid": 99},
            r"nexthop object 99 of the route to \S+ not found in namespace a; add it first",
        ),
        ({"dst": FOUR, "nhid": 7}, "cannot use nexthop object 7: it is for forwarding entries"),
        ({"dst": SIX, "nhid": 1}, "an IPv6 route can use no IPv4 nexthop object"),
        ({"dst": SIX, "nhid": 14}, "an IPv6 route can use no IPv4 nexthop object"),
        ({"dst": FOUR, "nhid": 1, "via": "10.0.0.2"}, "nhid cannot be combined with via"),
        ({"dst": FOUR, "nhid": 1, "onlink": True}, "nhid cannot be combined with onlink"),
        (
            {"dst": FOUR, "nhid": 1, "type": "blackhole"},
            "state a nexthop object that is a blackhole",
        ),
        ({"dst": FOUR, "nhid": 4, "mtu": 1400}, "cannot have another MTU than the route 10.6"),
        ({"dst": FOUR}, "via, dev, nexthops or nhid is required"),
    ],
    ids=str,
)
def test_what_cannot_be_is_told(params, words):
    witness.sh(*GIVEN)
    was = routes()
    for check in (True, False):
        if not (check and "99" in words):  # check mode assumes that an earlier task would add it
            with pytest.raises(NetnsError, match=words):
                modules.run("netns_route", check=check, netns="a", **params)
    assert routes() == was


def test_of_two_routes_of_ipv6_that_go_the_one_by_an_object_goes_first():
    witness.sh(*GIVEN, "ip -n a -6 route append 2001:db8:5::/48 via 2001:db8:1::8 proto static")
    modules.run("netns_route", netns="a", dst="2001:db8:5::/48", state="absent")
    assert witness.ip("-6", "route", "show", "2001:db8:5::/48", netns="a") == []


def test_results_show_where_it_leads():
    witness.sh(*GIVEN)
    found = modules.run("netns_route", netns="a", dst=FOUR, nhid=10)["routes"]
    (route,) = [each for each in found if each["dst"] == FOUR]
    assert (route["nhid"], route["via"], route["dev"]) == (10, None, None)
    assert [(each["via"], each["dev"], each["weight"]) for each in route["nexthops"]] == [
        ("10.0.0.2", "v0", 3),
        ("192.0.2.2", "w0", 1),
    ]
