# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses that have more than a task can state, and what goes with them, on the live kernel."""

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
    "ip -n a link add e1 type veth peer name e2; ip -n a link set e1 address 02:00:00:00:01:01 up",
    "ip -n a link set e2 address 02:00:00:00:01:02 up",
    "ip -n a addr add 10.0.0.1/24 dev e1; ip -n a addr add 2001:db8:1::2/64 dev e1 nodad",
)
# What the kernel drops with the last IPv4 address of a link: fib_disable_ip().
AROUND = (
    "ip -n a neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev e1 nud permanent",
    "ip -n a neigh add 10.0.0.8 lladdr 02:00:00:00:00:08 dev e1 extern_learn",
    "ip -n a neigh add proxy 10.0.0.7 dev e1",
    "ip -n a neigh add 2001:db8:1::9 lladdr 02:00:00:00:00:09 dev e1 nud permanent",
    "ip -n a route add default via 10.0.0.9",
    "ip -n a route add 10.7.0.0/16 nexthop via 10.0.0.8 nexthop via 10.0.0.9 dev e1",
    "ip -n a route add 10.8.0.0/16 via 10.0.0.9 src 10.0.0.1 initcwnd 20",
    "ip -n a route add 10.8.0.0/16 via 10.0.0.9 src 10.0.0.1 tos 0x10",
    "ip -n a route add 10.6.0.0/16 dev e2 src 10.0.0.1 table 7",
    "ip -n a nexthop add id 5 via 10.0.0.3 dev e1; ip -n a route add 10.9.0.0/16 nhid 5",
    "ip -n a rule add from 10.0.0.1 table 7",
)


def state():
    """Return all around addresses, without what the kernel learns."""
    around = {
        word: witness.ip(*line, netns="a")
        for word, line in {
            "neighbours": ("neigh", "show", "nud", "permanent"),
            "proxies": ("neigh", "show", "proxy"),
            "rules": ("rule",),
            "nexthops": ("nexthop",),
        }.items()
    }
    told = {word: sorted(json.dumps(each) for each in things) for word, things in around.items()}
    namespace = witness.namespace("a")
    namespace["routes"] = [re.sub('"expires": -?[0-9]+', "", each) for each in namespace["routes"]]
    return {**namespace, **told}


def addresses(link="e1"):
    (told,) = witness.ip("-d", "addr", "show", "dev", link, netns="a")
    return {f"{each['local']}/{each['prefixlen']}": each for each in told["addr_info"]}


def run(**params):
    """Run a task three times: in check mode, for real, and again; return what it really did."""
    was = state()
    check = modules.run("netns_addr", check=True, netns="a", **params)
    assert witness.differences(was, state()) == []
    real = modules.run("netns_addr", netns="a", **params)
    assert real == check
    after = state()
    again = modules.run("netns_addr", netns="a", **params)
    assert (again["changed"], witness.differences(after, state())) == (False, [])
    return real


@pytest.mark.parametrize(
    ("flags", "params"),
    [
        ("home mngtmpaddr", {"metric": 77}),
        ("home mngtmpaddr", {"valid_lft": "1000"}),
        ("home mngtmpaddr", {"noprefixroute": True}),
        ("home", {"nodad": True}),
    ],
)
def test_flags_of_ipv6_that_no_task_can_state_are_kept(flags, params):
    witness.sh(*GIVEN, f"ip -n a addr add 2001:db8:1::5/64 dev e1 nodad {flags}")
    real = run(link="e1", address="2001:db8:1::5/64", **params)
    assert real["changed"] == (params != {"nodad": True})
    now = addresses()["2001:db8:1::5/64"]
    assert dict.fromkeys(flags.split(), True).items() <= now.items()


@pytest.mark.parametrize(
    "params",
    [{"valid_lft": "1000"}, {"metric": 77}, {"label": "e1:y"}, {"noprefixroute": True}],
    ids=str,
)
def test_autojoin_is_kept(params):
    given = (*GIVEN, "ip -n a addr add 239.1.1.1/24 dev e1 autojoin")
    witness.sh(*given)
    real = run(link="e1", address="239.1.1.1/24", **params)
    assert real["changed"]
    assert addresses()["239.1.1.1/24"]["autojoin"] is True
    (groups,) = (each for each in witness.ip("maddr", netns="a") if each["ifname"] == "e1")
    assert any(each.get("address") == "239.1.1.1" for each in groups["maddr"])
    after = witness.namespace("a")
    witness.sh("ip netns del a", *given, *real["commands"])
    found = addresses()["239.1.1.1/24"]
    assert found["autojoin"] is True
    assert found["label"] == params.get("label", "e1")
    assert after["routes"] == witness.namespace("a")["routes"]


def test_autojoin_is_kept_with_another_prefix_of_ipv6():
    witness.sh(*GIVEN, "ip -n a addr add ff05::7/64 dev e1 autojoin nodad")
    assert run(link="e1", address="ff05::7/80")["changed"]
    assert addresses()["ff05::7/80"]["autojoin"] is True


def test_temporary_addresses_are_the_kernels():
    witness.sh(
        *GIVEN,
        "ip netns exec a sysctl -qw net.ipv6.conf.e1.use_tempaddr=2",
        "ip -n a addr add 2001:db8:2::5/64 dev e1 mngtmpaddr valid_lft 1000 preferred_lft 500",
    )
    temporary = [each for each in addresses().values() if each.get("temporary")]
    assert temporary
    real = run(link="e1", address=[], purge=True)
    assert real["changed"]
    assert not any(
        f"del {each['local']}" in line for each in temporary for line in real["commands"]
    )


@pytest.mark.parametrize(
    "params",
    [
        {"address": "10.0.0.1/24", "label": "e1:y"},
        {"address": "10.0.0.1/24", "broadcast": "10.0.0.7"},
        {"address": "10.0.0.1/24", "noprefixroute": True},
        {"address": "10.0.0.1/24", "peer": "10.0.0.99"},
        {"address": "10.0.0.1/24", "scope": "site"},
    ],
    ids=str,
)
def test_a_link_that_gets_its_only_address_anew_loses_nothing(params):
    given = (*GIVEN, *AROUND)
    witness.sh(*given)
    was = state()
    real = run(link="e1", **params)
    assert real["changed"]
    now = state()
    differing = witness.differences(was, now)
    assert all(".addr_info" in each or "prefsrc" in each for each in differing if differing)
    lost = [each for each in differing if "lost" in each and ".routes" in each]
    assert all('"protocol": "kernel"' in each for each in lost)
    assert len(addresses()) == 3  # with one of the kernel's
    witness.sh("ip netns del a", *given, *real["commands"])
    assert witness.differences(now, state()) == []


@pytest.mark.parametrize(
    ("address", "params"),
    [
        ("10.0.1.1/24", {"purge": True}),
        ("10.0.0.1/25", {"purge": True}),
        ("10.0.0.1/32", {"purge": True}),
        ("10.0.0.2/24", {"purge": True}),
    ],
)
def test_a_link_that_gets_another_address_loses_no_neighbours(address, params):
    witness.sh(*GIVEN, *AROUND)
    was = state()
    assert run(link="e1", address=[address, "2001:db8:1::2/64"], **params)["changed"]
    now = state()
    assert {*addresses()} - {"fe80"} >= {address}
    for word in ("neighbours", "proxies", "nexthops"):
        assert now[word] == was[word]


def test_what_held_the_place_goes_by_itself_if_the_run_was_cut_short():
    witness.sh(*GIVEN)
    draft_of = modules.run(
        "netns_addr", check=True, netns="a", link="e1", address="10.0.0.1/24", label="e1:y"
    )
    first, *_rest, last = draft_of["commands"]
    assert first == (
        "ip -n a address add 10.0.0.1/32 dev e1 valid_lft 60 preferred_lft 60 noprefixroute"
    )
    assert last == "ip -n a address del 10.0.0.1/32 dev e1"


@pytest.mark.parametrize("write", range(2, 7))
def test_whatever_write_fails_all_is_as_it_was(write):
    witness.sh(*GIVEN, *AROUND, "ip -n a addr add 239.1.1.1/24 dev e2 autojoin")
    was = state()
    faults = Faults(lambda number: number == write)
    with faults.at_work():
        try:
            modules.run("netns_addr", netns="a", link="e1", address="10.0.0.1/24", label="e1:y")
        except (NetnsError, OSError) as error:
            assert INJECTED in str(error)
            assert rolled_back(str(error)), str(error)
    if faults.failed:
        assert witness.differences(was, state()) == []


@pytest.mark.parametrize(
    "params",
    [
        {"address": "127.0.0.1/8", "state": "absent"},
        {"address": "::1/128", "state": "absent"},
        {"address": ["127.0.0.2/8", "127.0.0.1/8"], "state": "absent"},
        {"address": "127.0.0.1/8", "label": "lo:x"},
        {"address": "127.0.0.1/8", "scope": "global"},
        {"address": "127.0.0.1/8", "valid_lft": "100"},
        {"address": "::1/64"},
    ],
    ids=str,
)
def test_those_of_the_loopback_stay(params):
    witness.sh(*GIVEN, "ip -n a addr add 127.0.0.2/8 dev lo")
    was = state()
    for check in (True, False):
        with pytest.raises(
            NetnsError, match=r"on link lo in namespace a cannot be .*: the kernel itself made it"
        ):
            modules.run("netns_addr", check=check, netns="a", link="lo", **params)
        with pytest.raises(
            NetnsError, match=r"on link lo in namespace a cannot be .*: the kernel itself made it"
        ):
            lab.run(
                check=check,
                name="lab",
                addresses=[
                    {"netns": "a", "link": "lo", **params, "address": [params["address"]]}
                    if isinstance(params["address"], str)
                    else {"netns": "a", "link": "lo", **params}
                ],
            )
    assert witness.differences(was, state()) == []


def test_link_local_ones_of_the_kernel_stay():
    witness.sh(*GIVEN, "ip -n a addr add fe80::7/64 dev e1 nodad")
    (own,) = (each for each in addresses() if each.startswith("fe80::") and each != "fe80::7/64")
    for check in (True, False):
        for params in ({"address": own, "state": "absent"}, {"address": own.replace("/64", "/80")}):
            with pytest.raises(NetnsError, match=r"the kernel itself made it.*addr_gen_mode=1"):
                modules.run("netns_addr", check=check, netns="a", link="e1", **params)
    assert not run(link="e1", address=own)["changed"]
    assert run(link="e1", address="fe80::7/64", state="absent")["changed"]
    assert own in addresses()


def test_beside_those_of_the_loopback_there_is_room():
    witness.sh(*GIVEN)
    assert not run(link="lo", address=["127.0.0.1/8", "::1/128"])["changed"]
    assert run(link="lo", address=["127.0.0.1/8", "192.0.2.1/32"], purge=True)["changed"]
    assert run(link="lo", address=[], purge=True)["changed"]
    assert {*addresses("lo")} == {"127.0.0.1/8", "::1/128"}


LABELLED = (
    ["10.0.1.1/24"],
    ["10.0.1.1/24", "10.0.1.2/24"],
    ["10.0.1.1/24 label e1", "10.0.2.1/24 label e1:web", "10.0.1.2/24"],
    ["10.0.1.1/24 label e1:a", "10.0.2.1/24 scope host", "10.0.3.1/24 scope site label e1:s"],
    ["10.0.1.1/24 label e1:a-long-one-1", "10.0.2.1/24 label e1:a-long-one-2"],
)


@pytest.mark.parametrize("labelled", LABELLED, ids=str)
@pytest.mark.parametrize("new_name", ["b", "fifteen-letters"])
def test_labels_after_a_rename_are_those_of_the_kernel(labelled, new_name):
    witness.sh(
        "ip netns add a; ip -n a link add e1 type veth peer name e2",
        *(f"ip -n a addr add {each} dev e1" for each in labelled),
    )
    check = lab.run(
        check=True, name="lab", links=[{"netns": "a", "name": "e1", "new_name": new_name}]
    )
    # All is read again, and labels are among what was promised.
    real = lab.run(name="lab", links=[{"netns": "a", "name": "e1", "new_name": new_name}])
    assert real == check
    after = modules.run("netns_addr", check=True, netns="a", link=new_name, address=[], purge=True)
    told = {each["address"]: each["label"] for each in after["diff"]["before"]["addresses"]}
    assert told == {
        cidr: each["label"] for cidr, each in addresses(new_name).items() if "label" in each
    }
    assert set(told.values()) <= {each.get("label") for each in addresses(new_name).values()}
