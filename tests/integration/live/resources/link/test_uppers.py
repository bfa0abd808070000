# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links that lie on one which is moved or removed: told, and kept where no task names them."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.reconcile import reconcile
from ansible_collections.linuxnet.netns.tests.integration.live.topology import lab
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.proof import (
    refused,
)

GIVEN = (
    "ip netns add a",
    "ip netns add b",
    "ip netns add c",
    "ip link add e1 type veth peer name e2",
    "ip link add mv0 link e1 type macvlan",
    "ip link add mv1 link e1 netns a type macvlan",
    "ip link add vx0 type vxlan id 5 dev e1 group 239.1.1.1 dstport 4789",
    # Of the same number as e1, in another namespace, with a macvlan elsewhere: not on e1.
    "ip -n b link add e1 index 3 type veth peer name e2 index 2",
    "ip -n b link add mv2 link e1 netns c type macvlan",
)
ALL = {"e1", "e2", "mv0", "vx0"}


def names(netns=""):
    return {each["ifname"] for each in witness.ip("link", netns=netns)} - {"lo"}


def forced(module_name, /, **params):
    predicted = modules.run(module_name, check=True, force=True, **params)
    real = modules.run(module_name, force=True, **params)
    assert real == predicted
    return real


@pytest.mark.parametrize(
    ("module_name", "params"),
    [
        ("netns_link", {"name": "e1"}),
        ("netns_link", {"name": "e2"}),  # its peer goes with it, and what lies on that
        ("veth", {"name": "e1", "peer": {"name": "e2"}}),
    ],
)
def test_removed(module_name, params):
    witness.sh(*GIVEN)
    refused("macvlan mv1 in namespace a", module_name, state="absent", **params)
    real = forced(module_name, state="absent", **params)
    assert any("mv1 in namespace a" in warning for warning in real["warnings"])
    assert names() == set()
    assert names("a") == set()
    assert names("c") == {"mv2"}


def test_the_diff_tells():
    witness.sh(*GIVEN)
    job = modules.job("netns_link", name="e2", state="absent", force=True)
    kernel = Kernel()
    diff = reconcile(kernel, job, True).result(True)["diff"]
    kernel.close()
    assert [(each["name"], each["netns"]) for each in diff["before"]["along"]] == [
        ("mv0", None),
        ("vx0", None),
        ("mv1", "a"),
    ]
    assert {each["state"] for each in diff["after"]["along"]} == {"absent"}


def test_moved():
    witness.sh(*GIVEN)
    move = {"name": "e1", "netns": "c", "move_from": "", "new_name": "port"}
    refused("vxlan vx0 .*would be removed", "netns_link", **move)
    real = forced("netns_link", **move)
    assert any("vx0" in warning and "mv0" not in warning for warning in real["warnings"])
    assert names() == {"e2", "mv0"}
    assert names("a") == {"mv1"}


def test_what_stays_does_not_hinder():
    witness.sh(*GIVEN, "ip link del vx0")
    assert modules.run("netns_link", name="e1", netns="c", move_from="", new_name="port")["changed"]
    assert names() == {"e2", "mv0"}


def test_a_namespace_removed():
    witness.sh(*GIVEN)
    refused("macvlan mv2 in namespace c", "netns", name=["b"], state="absent")
    assert modules.run("netns", name=["b", "c"], state="absent", check=True)["changed"]
    real = forced("netns", name=["b"], state="absent")
    assert any("mv2 in namespace c" in warning for warning in real["warnings"])
    assert names("c") == set()


def test_the_ports_of_a_bridge_are_told():
    witness.sh(
        "ip link add br0 type bridge",
        "ip link add p1 type veth peer name p2",
        "ip link set p1 master br0",
    )
    job = modules.job("netns_link", name="br0", state="absent")
    kernel = Kernel()
    told = reconcile(kernel, job, False).result(True)
    kernel.close()
    sides = [told["diff"][side]["along"][0]["master"] for side in ("before", "after")]
    assert sides == ["br0", None]
    assert "master" not in witness.namespace()["links"]["p1"]


def test_a_topology_takes_what_bears_its_mark_and_no_more():
    links = [
        {"name": "br0", "netns": "n1", "type": "bridge"},
        {"name": "mv0", "netns": "n1", "type": "macvlan", "parent": "br0"},
    ]
    study = {"name": "study", "namespaces": [{"name": ["n1"]}]}
    lab.run(**study, **{"links": links})
    witness.sh("ip -n n1 link add mine link br0 type macvlan")
    before = witness.state()
    for check in (True, False):
        with pytest.raises(NetnsError, match="macvlan mine in namespace n1 on it"):
            lab.run(**study, **{"purge": True}, check=check)
    assert witness.differences(before, witness.state()) == []
    witness.sh("ip -n n1 link del mine")
    lab.run(**study, **{"purge": True})
    assert names("n1") == set()
