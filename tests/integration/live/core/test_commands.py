# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that mean something to a shell, to `ip` or to `nft`: the commands that a task returns do
the same as the task, and nothing else."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import time

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import netns_files as files
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)

SPACES = [
    *("$$", "a b", "it's", 'x"y', "$(touch hit)", "`touch hit`", ";touch hit", "é", "my ip x"),
    *("*", "~", "#a", "a=b", "!", "\\", "a\\nb", "&", "|cat", "16", "-n"),
]
LINKS = [
    *("$$", "it's", 'a"b', "$(touch${IFS}b", "`id`", "a;b", "é", "*", "~", "#a", "a=b", "!", "\\"),
    *("up", "dev", "type", "peer", "name", "lo0", "&x", "v.1", "{a,b}", "<x"),
]


def tasks(namespace, link):
    """Return tasks that name a namespace and a link wherever they can be named."""
    at = {"netns": namespace}
    yield "netns", {"name": [namespace, "other"], "lo_up": True}
    peer = {"name": link, "netns": "other", "up": True, "alias": f"{link}'"}
    yield "veth", {**at, "name": link, "up": True, "alias": namespace, "peer": peer}
    yield "netns_link", {"name": "br0", **at, "type": "bridge", "up": True}
    yield "netns_link", {"name": "here", "type": "bridge"}
    yield "netns_link", {"name": "moved", **at, "type": "bridge"}
    yield "veth", {**at, "name": "to.here", "peer": {"name": link}}
    yield "netns_link", {**at, "name": link, "master": "br0", "bridge_port": {"isolated": True}}
    yield (
        "netns_addr",
        {**at, "link": link, "address": ["10.1.0.1/24", "2001:db8:1::1/64"], "nodad": True},
    )
    yield "netns_route", {**at, "dst": ["192.0.2.0/24"], "via": "10.1.0.9", "dev": link}
    yield "netns_rule", {**at, "priority": 7, "iif": link, "table": "7"}
    yield "netns_nexthop", {**at, "id": 1, "via": "10.1.0.9", "dev": link}
    yield "netns_neigh", {**at, "link": link, "address": "10.1.0.8", "mac": "02:00:00:00:00:08"}
    yield (
        "netns_neigh",
        {**at, "link": link, "kind": "fdb", "mac": "02:00:00:00:00:09", "master": True},
    )
    yield (
        "netns_qdisc",
        {**at, "link": link, "kind": "tbf", "rate": "1mbit", "burst": "2000", "limit": "4000"},
    )
    yield "netns_sysctl", {**at, "name": f"net/ipv4/conf/{link}/forwarding", "value": 1}
    yield "netns_dns", {**at, "search": ["$(touch${IFS}hit)", "it's"], "options": ["`id`"]}
    yield "netns_link", {"name": link, "netns": "other", "new_name": "renamed"}
    yield "netns_link", {"name": "renamed", "netns": "other", "new_name": link}


def clean():
    for name in files.names():
        files.remove(name, "clean up")
    witness.sh("rm -rf /etc/netns", "ip link del here")
    end = time.monotonic() + 5  # a namespace takes its time to go, and its ends of veths with it
    while len(witness.ip("link")) > 1 and time.monotonic() < end:
        time.sleep(0.02)


def dns():
    return witness.sh("cd /etc; find netns | sort; find netns -type f | sort | xargs -d '\\n' cat")


def settled():
    """Return what there is, without what the kernel chooses for links that are made anew."""
    found = witness.state()
    for namespace in found.values():
        for link in namespace.get("links", {}).values() if isinstance(namespace, dict) else ():
            for name in ("address", "ifindex", "link_index", "linkinfo", "alias_address"):
                link.pop(name, None)
    return found


@pytest.mark.parametrize(
    ("namespace", "link"), [*itertools.zip_longest(SPACES, LINKS, fillvalue="v1")]
)
def test_commands_with_such_names_come_to_the_same(namespace, link, tmp_path):
    os.chdir(tmp_path)
    witness.sh("mount -t tmpfs etc /etc")
    said = []
    for module, params in tasks(namespace, link):
        said += modules.run(module, **params)["commands"]
    made, files_made = settled(), dns()
    clean()
    lines = "\n".join(said)
    done = subprocess.run(
        ["sh", "-e"],
        input=lines.encode(errors="surrogateescape"),
        capture_output=True,
        check=False,
    )
    assert not done.returncode, (lines, done.stderr)
    found = settled()
    assert not witness.differences(made, found)
    assert dns() == files_made
    assert os.listdir(tmp_path) == []


def test_a_namespace_called_as_the_shell_calls_itself():
    witness.sh("ip netns add '$$'", "ip netns add a", "ip -n a link add v1 type veth peer name v2")
    link = {"name": "v1", "move_from": "a"}
    there = modules.run("netns_link", check=True, netns="$$", **link)["commands"]
    here = modules.run("netns_link", check=True, **link)["commands"]
    assert "ip -n a link set dev v1 netns '$$'" in there
    assert "ip -n a link set dev v1 netns $$" in here
    vxlan = {"name": "x1", "type": "vxlan", "vxlan": {"id": 7, "dstport": 4789}}
    there = modules.run("netns_link", check=True, netns="$$", socket_netns="a", **vxlan)["commands"]
    here = modules.run("netns_link", check=True, socket_netns="a", **vxlan)["commands"]
    assert there[0].startswith("ip -n a link add name x1 netns '$$' ")
    assert here[0].startswith("ip -n a link add name x1 netns $$ ")


@pytest.mark.parametrize("out", ['a"drop;oif"lo', "v*", "*", "a\\b", 'x"', "\x01", "\udcff"])
def test_nft_is_told_no_name_that_it_reads_more_into(out):
    witness.sh("ip netns add a")
    with pytest.raises(
        BadInput, match=r"^out .* is not possible: nft cannot match link names with "
    ):
        modules.run("netns_masquerade", netns="a", name="x", source=["10.0.0.0/24"], out=out)


@pytest.mark.parametrize("out", ["v1", "$$", "é", "it's", "a;b", "#a", "a=b", "{a,b}", "v.1", "@x"])
def test_nft_reads_the_name_that_it_is_told(out, tmp_path):
    if shutil.which("nft") is None:
        pytest.skip("there is no nft on this machine: install the package nftables")
    os.chdir(tmp_path)

    def run_command(command, environ_update):
        done = subprocess.run(
            command, check=False, capture_output=True, errors="surrogateescape", encoding="utf-8"
        )
        return done.returncode, done.stdout, done.stderr

    witness.sh("ip netns add a")
    kernel = Kernel()
    kernel.run_command = run_command
    params = {"netns": "a", "name": "x", "source": ["10.0.0.0/24"], "out": out}
    try:
        done = modules.run("netns_masquerade", kernel=kernel, **params)
        assert modules.run("netns_masquerade", kernel=kernel, **params)["commands"] == []
    finally:
        kernel.close()
    assert done["masquerade"]["out"] == out
    listed = subprocess.check_output(["ip", "netns", "exec", "a", "nft", "list", "ruleset"])
    assert listed.count(b"masquerade") == 1
    witness.sh("ip netns exec a nft flush ruleset")
    subprocess.run(["sh", "-e", "-c", "\n".join(done["commands"])], check=True)
    assert subprocess.check_output(["ip", "netns", "exec", "a", "nft", "list", "ruleset"]) == listed
