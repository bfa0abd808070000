# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Neighbours and forwarding entries that have more than a task can state, on the live kernel."""

from __future__ import annotations

import json
import subprocess

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)

M = "02:00:00:00:00:0"
ZERO = "00:00:00:00:00:00"
GIVEN = (
    "ip netns add a",
    "ip -n a link add e1 type veth peer name e2; ip -n a link set e1 up; ip -n a link set e2 up",
    "ip -n a addr add 10.0.0.1/24 dev e1",
    "ip -n a link add name br type bridge",
    "ip -n a link set dev br up; ip -n a link set e2 master br",
    "ip -n a link add vx type vxlan id 10 dstport 4789 dev e1; ip -n a link set vx up",
    "ip -n a nexthop add id 20 via 10.0.0.3 fdb; ip -n a nexthop add id 21 group 20 fdb",
)


def neighbour(address, *more):
    (told,) = witness.ip("neigh", "show", *more, "to", address, netns="a")
    return told


def fdb(dev):
    words = ["bridge", "-n", "a", "-j", "-d", "fdb", "show", "dev", dev]
    told = json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout)
    return [each for each in told if each["mac"].startswith((M[:-1], ZERO))]


def state():
    return sorted(
        json.dumps(each)
        for each in (
            *witness.ip("neigh", netns="a"),
            *witness.ip("neigh", "show", "proxy", netns="a"),
            *fdb("e2"),
            *fdb("vx"),
        )
        if not str(each.get("dst")).startswith("fe80")
    )


def run(**params):
    was = state()
    check = modules.run("netns_neigh", check=True, netns="a", **params)
    assert state() == was
    real = modules.run("netns_neigh", netns="a", **params)
    assert real == check
    after = state()
    again = modules.run("netns_neigh", netns="a", **params)
    assert (again["changed"], state()) == (False, after)
    return real


@pytest.mark.parametrize(
    ("old", "params"),
    [
        ("nud permanent", {"mac": f"{M}8"}),
        ("nud stale", {"mac": f"{M}8"}),
        ("nud stale", {"nud": "permanent"}),
        ("nud permanent router", {"mac": f"{M}8", "nud": "noarp"}),
        ("nud noarp protocol 77", {"proto": "boot"}),
    ],
)
def test_what_is_learned_elsewhere_stays_so(old, params):
    given = (*GIVEN, f"ip -n a neigh add 10.0.0.9 lladdr {M}9 dev e1 extern_learn {old}")
    witness.sh(*given)
    real = run(link="e1", address="10.0.0.9", **params)
    assert real["changed"]
    told = neighbour("10.0.0.9")
    assert "extern_learn" in told
    assert told["lladdr"] == params.get("mac", f"{M}9")
    assert ("router" in told) == ("router" in old)
    if "mac" in params and "nud" not in params:
        assert told["state"] == [old.split()[1].upper()]
    witness.sh("ip netns del a", *given, *real["commands"])
    assert neighbour("10.0.0.9") == told


def test_as_stated_it_is_left_alone_and_not_purged():
    witness.sh(
        *GIVEN,
        f"ip -n a neigh add 10.0.0.9 lladdr {M}9 dev e1 extern_learn nud stale protocol static",
        "ip -n a neigh add 10.0.0.50 dev e1 managed protocol static",
    )
    assert not run(link="e1", address="10.0.0.9", mac=f"{M}9")["changed"]
    assert not run(link="e1", entries=[], purge=True)["changed"]
    assert neighbour("10.0.0.9")["state"] == ["STALE"]


def test_a_proxy_keeps_its_flags():
    witness.sh(*GIVEN, "ip -n a neigh add proxy 10.0.0.7 dev e1 router extern_learn")
    assert run(link="e1", address="10.0.0.7", proxy=True, proto="static")["changed"]
    told = neighbour("10.0.0.7", "proxy")
    assert {"extern_learn", "router"} <= told.keys()


def test_what_is_managed_is_named():
    witness.sh(*GIVEN, "ip -n a neigh add 10.0.0.50 dev e1 managed")
    for check in (True, False):
        with pytest.raises(NetnsError, match=r"neighbour 10.0.0.50 of link e1 .* is managed"):
            modules.run(
                "netns_neigh", check=check, netns="a", link="e1", address="10.0.0.50", mac=f"{M}8"
            )
    assert "managed" in neighbour("10.0.0.50")
    assert run(link="e1", address="10.0.0.50", state="absent")["changed"]
    assert run(link="e1", address="10.0.0.50", mac=f"{M}8")["changed"]


@pytest.mark.parametrize("flag", ["sticky", "extern_learn"])
@pytest.mark.parametrize("link", ["e2", "vx"])
def test_a_forwarding_entry_keeps_its_flags(link, flag):
    where = "e2 master" if link == "e2" else "vx dst 192.0.2.1 self"
    kind = "static" if (link, flag) != ("e2", "extern_learn") else ""
    given = (*GIVEN, f"bridge -n a fdb add {M}1 dev {where} {kind} {flag}")
    witness.sh(*given)
    (was,) = fdb(link)
    params = {"dst": "192.0.2.9"} if link == "vx" else {"nud": "permanent"}
    if link == "e2":
        for check in (True, False):
            with pytest.raises(NetnsError, match=f"it has {flag}, which this collection"):
                modules.run(
                    "netns_neigh",
                    check=check,
                    kind="fdb",
                    netns="a",
                    link=link,
                    mac=f"{M}1",
                    **params,
                )
        params = {"nud": "dynamic"} if flag == "sticky" else {}
    real = run(kind="fdb", link=link, mac=f"{M}1", **params)
    assert real["changed"] == bool(params)
    (now,) = fdb(link)
    assert now["flags"] == was["flags"]
    assert now.get("dst") == params.get("dst")
    assert not run(kind="fdb", link=link, entries=[], purge=True)["changed"]
    witness.sh("ip netns del a", *given, *real["commands"])
    assert fdb(link) == [now]


NHID = f"bridge -n a fdb add {M}1 dev vx nhid 21 self"


def test_a_forwarding_entry_by_a_nexthop_object_is_left_alone():
    witness.sh(*GIVEN, NHID)
    (was,) = fdb("vx")
    assert was["nhid"] == 21
    for params in ({"dst": "192.0.2.1"}, {"dst": "192.0.2.1", "vni": 5}):
        for check in (True, False):
            with pytest.raises(NetnsError, match="cannot be replaced: it has nhid 21"):
                modules.run(
                    "netns_neigh",
                    check=check,
                    kind="fdb",
                    netns="a",
                    link="vx",
                    mac=f"{M}1",
                    **params,
                )
    real = run(kind="fdb", link="vx", mac=f"{M}1", state="absent")
    assert not real["changed"]
    assert "nhid 21" in real["warnings"][0]
    assert not run(kind="fdb", link="vx", entries=[], purge=True)["changed"]
    assert fdb("vx") == [was]
    assert run(kind="fdb", link="vx", mac=f"{M}2", dst="192.0.2.1")["changed"]
