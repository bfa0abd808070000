# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Single tasks beside what others have set, each operation failing before and after it was done.

All that iproute2, nft and /proc/sys tell is as before then.
"""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    KernelError,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._engine import kernel
from ansible_collections.linuxnet.netns.tests.integration.live.topology import lab
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    rolled_back,
)

PAIRS = [
    lab.end(near, "n1", up=True, peer=lab.end(far, "n2", up=True)) for near, far in ("ab", "cd")
]
SWAPPED = [
    lab.end(near, "n1", up=True, peer=lab.end(far, "n2", up=True)) for near, far in ("cb", "ad")
]
NETWORK = {"name": "swap", "namespaces": [{"name": ["n1", "n2"]}]}
LAB = """
ip netns add n
ip -n n link set lo up
ip -n n link add e1 address 02:00:00:00:00:e1 type veth peer name e2 address 02:00:00:00:00:e2
ip -n n link set e1 up
ip -n n link set e2 up
ip -n n addr add 10.0.0.1/24 dev e1
ip -n n addr add 2001:db8:1::2/64 dev e1 nodad
ip -n n neigh add 10.0.0.50 lladdr 02:00:00:00:00:50 dev e1
ip -n n -6 neigh add 2001:db8:1::77 lladdr 02:00:00:00:00:77 router dev e1
ip -n n -6 route add 2001:db8:5::/48 via 2001:db8:1::9
ip netns exec n sysctl -qw net.ipv4.conf.e1.forwarding=1 net.ipv6.conf.e1.forwarding=1 \\
  net.ipv4.conf.e2.rp_filter=2 net.ipv6.conf.e2.disable_ipv6=1
ip -n n link add x1 address 02:00:00:00:00:c0 type vxlan id 5 local 10.0.0.1 remote 10.0.0.2 \\
  dstport 4789 dev e1 ttl 7 ageing 77 maxaddress 44 gbp
ip -n n link set x1 up
ip -n n addr add 10.7.0.1/24 dev x1
ip -n n neigh add 10.7.0.50 lladdr 02:00:00:00:00:51 dev x1
"""
TASKS = {
    # What is for all links is written to each of them, also to those that others have set.
    "forwarding": (
        "netns_sysctl",
        {"sysctls": {"net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 1}},
    ),
    # Neighbours that others have set are there afterwards.
    "MAC": ("netns_link", {"name": "e1", "mac": "02:00:00:00:00:f1"}),
    "no ARP": ("netns_link", {"name": "e1", "arp": False, "new_name": "e9"}),
    # The kernel reckons some of its options anew with any change, and takes them for new ones only.
    "a VXLAN": (
        "netns_link",
        {"name": "x1", "type": "vxlan", "vxlan": {"id": 5, "remote": "10.0.0.3"}, "mtu": 1300},
    ),
    "a VXLAN, made anew": (
        "netns_link",
        {"name": "x1", "type": "vxlan", "vxlan": {"id": 6}, "force": True},
    ),
    # Names that are swapped are rolled back in the order in which they are free.
    "two names swapped": ("netns_topology", {**NETWORK, "veths": SWAPPED}),
    "no IPv6": ("netns_sysctl", {"sysctls": {"net.ipv6.conf.all.disable_ipv6": 1}}),
}


def attempt(name, number, done):
    """Return how a machine differs after an operation has failed, and what was said, if any did."""
    module, params = TASKS[name]
    witness.sh("ip link set lo up", LAB)
    if module == "netns_topology":
        lab.run(**NETWORK, veths=PAIRS)
    before, addresses = witness.whole(), witness.made_of_macs()
    apply, told = kernel.Kernel.apply, []

    def failing(self, step):
        told.append(step)
        if len(told) != number or done:
            apply(self, step)
        if len(told) == number:
            raise KernelError(1, step.phrase(), "injected")

    kernel.Kernel.apply = failing
    try:
        if module == "netns_topology":
            lab.run(**params)
        else:
            modules.run(module, netns="n", **params)
    except NetnsError as error:
        return str(error), witness.becomes_whole(before, addresses)
    return "", []


@pytest.mark.makes_machines
@pytest.mark.parametrize("done", [False, True], ids=["refused", "done, and then refused"])
@pytest.mark.parametrize("name", TASKS)
def test_all_is_as_it_was(name, done):
    for number in range(1, 20):
        said, found = machine.run(attempt, name, number, done)
        if not said:
            assert number > 1
            return
        assert found == [], (number, said)
        assert rolled_back(said), said
    pytest.fail("there was no end of operations")


KEPT = {
    "a MAC": ({"mac": "02:00:00:00:00:f1"}, "e1"),
    "a MAC and a name": ({"mac": "02:00:00:00:00:f1", "new_name": "e9"}, "e9"),
    "no ARP": ({"arp": False}, "e1"),
}


@pytest.mark.parametrize("name", KEPT)
def test_neighbours_outlive_what_the_kernel_drops_them_with(name):
    params, link = KEPT[name]
    witness.sh("ip link set lo up", LAB)
    promised = modules.run("netns_link", check=True, netns="n", name="e1", **params)
    assert modules.run("netns_link", netns="n", name="e1", **params) == promised
    lines = witness.sh(f"ip -n n neigh show dev {link} nud permanent").splitlines()
    told = {line.split()[0]: line.split()[2] for line in lines}
    assert told == {"10.0.0.50": "02:00:00:00:00:50", "2001:db8:1::77": "02:00:00:00:00:77"}
    assert any("2001:db8:1::77" in line and "router" in line for line in lines)
    again = {key: each for key, each in params.items() if key != "new_name"}
    assert not modules.run("netns_link", netns="n", name=link, **again)["changed"]


def test_neighbours_are_kept_by_commands_too():
    witness.sh("ip link set lo up", LAB)
    params = {"netns": "n", "name": "e1", "mac": "02:00:00:00:00:f1", "arp": False}
    commands = modules.run("netns_link", check=True, **params)["commands"]
    witness.sh(*commands)
    assert not modules.run("netns_link", **params)["changed"]
    assert len(witness.sh("ip -n n neigh show dev e1 nud permanent").splitlines()) == 2


def test_a_flag_that_an_address_keeps_may_not_go_with_another_prefix():
    witness.sh(
        "ip link set lo up", LAB, "ip -n n addr add 2001:db8:2::1/64 dev e1 nodad mngtmpaddr"
    )
    was = witness.whole()
    for check in (True, False):
        with pytest.raises(NetnsError, match="mngtmpaddr, which the address has and keeps"):
            modules.run("netns_addr", check, netns="n", link="e1", address=["2001:db8:2::1/72"])
    assert witness.differences(was, witness.whole()) == []
