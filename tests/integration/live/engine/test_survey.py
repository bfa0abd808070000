# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What netns_info tells, against what iproute2 does."""

from __future__ import annotations

import os
import subprocess
import time

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._info.job import facts, survey
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.tasks import (
    BRIDGE,
    LAB,
)

ALL = ("links", "addresses", "routes", "processes")


def told(netns=None, gather=ALL):
    kernel = Kernel()
    try:
        return {each["name"]: each for each in survey(kernel, netns, gather)}
    finally:
        kernel.close()


def test_it_tells_what_iproute2_tells():
    witness.sh(*LAB, *BRIDGE, "ip netns set b 33", "ip -n b link set v2 netns a name w")
    witness.sh("ip -n a link set w master bridge0", "touch /run/netns/dead")
    namespaces = told()
    assert list(namespaces) == [None, "a", "b"]
    assert namespaces["b"]["nsid"] == 33
    for name, namespace in namespaces.items():
        links = witness.ip("-d", "addr", netns=name or "")
        for ours, theirs in zip(namespace["links"], links):
            assert ours["name"] == theirs["ifname"]
            assert ours["index"] == theirs["ifindex"]
            assert ours["mac"] == theirs["address"]
            assert ours["mtu"] == theirs["mtu"]
            assert ours["up"] == ("UP" in theirs["flags"])
            assert ours["master"] == theirs.get("master")
            assert ours["kind"] == theirs.get("linkinfo", {}).get("info_kind")
            cidrs = [f"{each['local']}/{each['prefixlen']}" for each in theirs["addr_info"]]
            assert ours["addresses"] == cidrs
        assert len(namespace["links"]) == len(links)
    assert {link["name"] for link in namespaces["a"]["links"]} == {"lo", "v1", "w", "bridge0"}


def test_peers_are_told_with_their_namespace():
    witness.sh(*LAB, "ip link add hier type veth peer name far netns b")
    witness.sh("ip link add x type veth peer name y", "ip netns add hidden")
    witness.sh("ip link add z type veth peer name deep netns hidden")
    namespaces = told()
    peers = {
        (name, link["name"]): link["peer"]
        for name, namespace in namespaces.items()
        for link in namespace["links"]
        if link["peer"]
    }
    assert peers["a", "v1"] == {"name": "v2", "netns": "b", "nsid": None}
    assert peers["b", "v2"] == {"name": "v1", "netns": "a", "nsid": None}
    assert peers[None, "hier"]["netns"] == "b"
    assert peers["b", "far"] == {"name": "hier", "netns": None, "nsid": None}
    assert peers[None, "x"] == {"name": "y", "netns": None, "nsid": None}
    assert peers["hidden", "deep"]["name"] == "z"


def test_routes_are_told():
    witness.sh(*LAB)
    routes = told(["a"])["a"]["routes"]
    found = {(each["dst"], each["via"], each["metric"], each["table"]) for each in routes}
    assert {
        ("default", "10.0.0.9", 7, 254),
        ("198.51.100.0/24", "10.0.0.8", 0, 254),
        ("198.51.101.0/24", None, 0, 100),
        ("default", "2001:db8::9", 1024, 254),
    } <= found


def test_processes_are_told():
    witness.sh("ip netns add a")
    with subprocess.Popen(["ip", "netns", "exec", "a", "sleep", "60"]) as process:
        while os.readlink(f"/proc/{process.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            time.sleep(0.01)
        namespaces = told()
        by_pid = told([str(process.pid)])
        process.kill()
    assert namespaces["a"]["pids"] == [process.pid]
    assert os.getpid() in namespaces[None]["pids"]
    assert [each["pids"] for each in by_pid.values()] == [[process.pid]]


def test_only_what_is_asked_for_is_gathered():
    witness.sh(*LAB)
    only = told(["a"], ("links",))["a"]
    assert {link["name"] for link in only["links"]} == {"lo", "v1"}
    assert [link["addresses"] for link in only["links"]] == [[], []]
    assert (only["routes"], only["pids"]) == ([], [])
    assert told(["a"], ())["a"]["links"] == []


def test_asking_makes_nothing():
    for name in ("none", "/run/netns/none", "/nowhere", "99999999"):
        with pytest.raises(BadInput, match="not found"):
            told([name])
    assert not os.path.exists("/run/netns")
    assert list(told()) == [None]
    assert not os.path.exists("/run/netns")


def test_as_facts_all_has_a_name():
    witness.sh(*LAB)
    namespaces = told()
    shown = facts(list(namespaces.values()))
    assert list(shown) == [".", "a", "b"]
    assert shown["a"]["links"]["v1"] == namespaces["a"]["links"][1]
    assert set(shown["."]["links"]) == {"lo"}
    assert shown["b"]["routes"] == namespaces["b"]["routes"]
    with pytest.raises(
        BadInput, match="cannot be the name of a namespace: it is a directory; choose another"
    ):
        told(["."])
