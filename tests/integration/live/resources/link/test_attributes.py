# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The attributes of the link table on this kernel, witnessed by ip-link(8)."""

from __future__ import annotations

import socket
import struct

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.proof import (
    proved,
    refused,
)

GIVEN = "ip link add v type veth peer name w"
SIZES = ("gso_max_size", "gso_ipv4_max_size", "gro_max_size", "gro_ipv4_max_size")


def link(name="v"):
    """Return all that `ip` reports of a link, and what older ones do not know from the raw reply."""
    (found,) = witness.ip("-d", "link", "show", "dev", name)
    for size, number in (("gso_ipv4_max_size", 63), ("gro_ipv4_max_size", 64)):
        found[size] = raw(found["ifindex"], number)
    return found


def raw(index, number):
    """Return a 32-bit attribute of RTM_NEWLINK by its number in linux/if_link.h."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
        kernel.send(struct.pack("=IHHIIBxHiII", 32, 18, 1, 1, 0, 0, 0, index, 0, 0))
        reply, start = kernel.recv(65536), 32
    while start < len(reply):
        length, kind = struct.unpack_from("=HH", reply, start)
        if kind == number:
            return struct.unpack_from("=I", reply, start + 4)[0]
        start += (length + 3) & ~3
    return None


def mode(name="v"):
    return link(name)["inet6_addr_gen_mode"]


@pytest.mark.parametrize("name", SIZES)
def test_a_size_is_changed_and_replayed(name):
    witness.sh(GIVEN)
    result = proved(name="v", **{name: 32768})
    assert result["link"][name] == link()[name] == 32768
    if name in witness.ip("-d", "link", "show", "dev", "v")[0]:  # `ip` knows it
        witness.sh("ip link del v", GIVEN, *result["commands"])
        assert link()[name] == 32768


@pytest.mark.parametrize("name", ["gso", "gro"])
def test_what_follows_a_size_is_foreseen_and_can_be_stated(name):
    witness.sh(GIVEN)
    result = proved(name="v", **{f"{name}_max_size": 40000})
    assert result["link"][f"{name}_ipv4_max_size"] == link()[f"{name}_ipv4_max_size"] == 40000
    proved(name="v", **{f"{name}_max_size": 100000})  # which IPv4 does not follow
    assert link()[f"{name}_ipv4_max_size"] == 40000
    proved(name="v", **{f"{name}_max_size": 30000, f"{name}_ipv4_max_size": 40000})
    assert [link()[f"{name}_{each}"] for each in ("max_size", "ipv4_max_size")] == [30000, 40000]


def test_more_than_the_driver_takes_is_refused():
    witness.sh(GIVEN)
    witness.sh("ip link add br7 type bridge")
    most = link("br7")["tso_max_size"]
    if most < 8 * 65535:
        refused(f"its driver takes at most tso_max_size, {most}", name="br7", gso_max_size=most + 1)
    refused("gso_max_size", name="v", gso_max_size=511)
    refused("gro_max_size", name="v", gro_max_size=524281)


def test_a_new_pair_has_its_queues_at_each_end():
    proved(
        "veth",
        name="v",
        numtxqueues=4,
        numrxqueues=2,
        gso_max_size=30000,
        peer={"name": "w", "numrxqueues": 3, "gro_max_size": 20000},
    )
    assert [link(name)["num_tx_queues"] for name in "vw"] == [4, link("w")["num_tx_queues"]]
    assert [link(name)["num_rx_queues"] for name in "vw"] == [2, 3]
    assert (link()["gso_max_size"], link("w")["gro_max_size"]) == (30000, 20000)


def test_the_queues_of_a_link_are_changed_by_making_it_again():
    witness.sh(GIVEN)
    words = "has numtxqueues .* and not 7, which the kernel sets when a link is made"
    refused(words, "veth", name="v", numtxqueues=7, peer={"name": "w"})
    witness.sh("ip link add br7 numtxqueues 3 type bridge ageing_time 9000", "ip link set br7 up")
    refused(f"{words}.*force=true", name="br7", numtxqueues=7)
    refused("set force=true to rebuild", name="br7", type="bridge", numtxqueues=7)
    proved(name="br7", type="bridge", numtxqueues=7, force=True)
    assert (link("br7")["num_tx_queues"], "UP" in link("br7")["flags"]) == (7, True)
    assert link("br7")["linkinfo"]["info_data"]["ageing_time"] == 9000
    proved(name="br7", type="bridge", numrxqueues=5, force=True)
    assert (link("br7")["num_tx_queues"], link("br7")["num_rx_queues"]) == (7, 5)


def test_a_tap_has_no_such_option():
    refused("a tap is made without it", name="t", type="tap", numtxqueues=4)


def test_addresses_are_generated_as_stated_from_the_start():
    proved("veth", name="v", up=True, addrgenmode="none", peer={"name": "w", "up": True})
    assert mode() == "none"
    assert witness.ip("-6", "addr", "show", "dev", "v") in ([], [{}])
    assert mode("w") == "eui64"
    proved(name="w", addrgenmode="random")
    assert mode("w") == "random"


def test_a_link_without_ipv6_has_none():
    witness.sh(GIVEN, "ip link set v mtu 1000")
    refused("the link has no IPv6, .* below an MTU of 1280", name="v", addrgenmode="none")


def test_a_move_forgets_it():
    witness.sh("ip netns add a", GIVEN, "ip link set v addrgenmode none")
    proved(name="v", netns="a", move_from="")
    (there,) = witness.ip("-n", "a", "-d", "link", "show", "dev", "v")
    assert there["inet6_addr_gen_mode"] == "eui64"
    proved(name="v", netns="a", addrgenmode="none")


@pytest.mark.parametrize(
    "stated",
    [
        {"gso_max_size": 30000},
        {"gso_ipv4_max_size": 30000, "gro_max_size": 50000},
        {"addrgenmode": "random"},
    ],
)
def test_a_failure_gives_back_what_there_was(stated):
    witness.sh(GIVEN, "ip link set v gso_max_size 60000 addrgenmode none")
    modules.run("netns_link", name="v", gso_ipv4_max_size=50000)
    before, sizes = witness.state(), [link()[name] for name in SIZES]
    for failing in (1, 2):
        faults = Faults(lambda number, failing=failing: number == failing)
        with faults.at_work(), pytest.raises(NetnsError):
            modules.run("netns_link", name="v", altnames=["x"], **stated)
        assert witness.differences(before, witness.state()) == []
        assert [link()[name] for name in SIZES] == sizes
