# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the kernel would refuse is refused before anything is touched, in check mode too."""

from __future__ import annotations

import pytest

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
    "ip link add eth0 type veth peer name eth1",
    "ip link property add dev eth0 altname enp3s0",
    "ip -n a link add x1 type veth peer name x2",
    "ip -n a link property add dev x1 altname ens7",
    "ip link add br0 type bridge",
    "ip link add mv0 link eth1 type macvlan mode bridge",
    "ip addr add 2001:db8::1/64 dev eth1",
    "ip -n a link add br1 type bridge",
    "ip -n a link add br2 type bridge",
    "ip -n a link set x1 master br1",
    "sysctl -qw net.ipv4.conf.eth0.rp_filter=2",
)


TAKEN = {
    "renamed onto an altname": (
        "netns_link",
        {"name": "eth1", "new_name": "enp3s0"},
        "enp3s0 in the current namespace is an altname of link eth0",
    ),
    "renamed onto its own altname": (
        "netns_link",
        {"name": "eth0", "new_name": "enp3s0"},
        "an altname of link eth0",
    ),
    "moved onto an altname": (
        "netns_link",
        {"name": "eth1", "netns": "a", "move_from": "", "new_name": "ens7"},
        "ens7 .*in namespace a,? .*is an altname of link x1",
    ),
    "moved onto its own altname": (
        "netns_link",
        {"name": "eth0", "netns": "a", "move_from": "", "new_name": "enp3s0"},
        "enp3s0 is an altname of eth0 itself",
    ),
    "a new pair": (
        "veth",
        {"name": "q1", "peer": {"name": "ens7", "netns": "a"}},
        "ens7 .*in namespace a,? .*is an altname of link x1",
    ),
    "a new link": (
        "netns_link",
        {"name": "enp3s0", "type": "bridge"},
        "an altname of link eth0",
    ),
    "a link named by its altname": (
        "netns_link",
        {"name": "enp3s0", "mtu": 1400},
        "an altname of link eth0; use eth0",
    ),
    "a link by its altname that is to go": (
        "netns_link",
        {"name": "enp3s0", "state": "absent"},
        "use eth0",
    ),
    "addresses": ("netns_addr", {"link": "enp3s0", "address": ["10.0.0.1/24"]}, "use eth0"),
    "addresses that are to go": (
        "netns_addr",
        {"link": "enp3s0", "address": ["10.0.0.1/24"], "state": "absent"},
        "use eth0",
    ),
    "a route": ("netns_route", {"dst": "10.9.0.0/16", "dev": "enp3s0"}, "use eth0"),
    "a route that is to go": (
        "netns_route",
        {"dst": "10.9.0.0/16", "dev": "enp3s0", "state": "absent"},
        "use eth0",
    ),
    "a qdisc": ("netns_qdisc", {"link": "enp3s0", "state": "absent"}, "use eth0"),
    "a master": ("netns_link", {"name": "br0", "master": "enp3s0"}, "use eth0"),
    "a parent": (
        "netns_link",
        {"name": "mv1", "type": "macvlan", "parent": "enp3s0"},
        "use eth0",
    ),
    "a neighbour": (
        "netns_neigh",
        {"link": "enp3s0", "address": "10.0.0.9", "mac": "02:00:00:00:00:09"},
        "use eth0",
    ),
    "a folder of parameters": ("netns_link", {"name": "eth1", "new_name": "default"}, "default"),
    "a pair with such a name": (
        "veth",
        {"name": "all", "peer": {"name": "q2"}},
        "the name all is reserved",
    ),
    "the loopback renamed": ("netns_link", {"name": "lo", "new_name": "loop"}, "the loopback"),
    "the loopback moved": (
        "netns_link",
        {"name": "lo", "netns": "a", "move_from": "", "new_name": "loop"},
        "cannot be moved",
    ),
    "the MAC of the loopback": (
        "netns_link",
        {"name": "lo", "mac": "02:00:00:00:00:01"},
        "mac of the loopback",
    ),
    "the loopback as a port": (
        "netns_link",
        {"name": "lo", "master": "br0"},
        "master of the loopback",
    ),
    "a bridge moved": (
        "netns_link",
        {"name": "br0", "netns": "a", "move_from": ""},
        "the kernel does not move a bridge",
    ),
    "an MTU too large": ("netns_link", {"name": "eth0", "mtu": 70000}, "device maximum, 65535"),
    "moved with an MTU too large": (
        "netns_link",
        {"name": "eth0", "netns": "a", "move_from": "", "mtu": 70000},
        "device maximum, 65535",
    ),
    "a pair moved whose peer has an MTU too small": (
        "veth",
        {"name": "eth0", "netns": "a", "peer": {"name": "eth1", "mtu": 10}},
        "device minimum, 68",
    ),
    "a bridge made with an MTU too large": (
        "netns_link",
        {"name": "br1", "type": "bridge", "mtu": 70000},
        "device maximum, 65535",
    ),
    "larger than the parent": ("netns_link", {"name": "mv0", "mtu": 1600}, "at most 1500"),
    "made larger than the parent": (
        "netns_link",
        {"name": "mv1", "type": "macvlan", "parent": "eth1", "mtu": 1600},
        "at most 1500",
    ),
    "a port of what takes none": (
        "netns_link",
        {"name": "eth0", "master": "eth1"},
        "eth1 is a veth, which has no ports",
    ),
    "a port that macvlans lie on": ("netns_link", {"name": "eth1", "master": "br0"}, "mv0 on eth1"),
    "a macvlan on a port": (
        "netns_link",
        {"name": "mv1", "netns": "a", "type": "macvlan", "parent": "x1"},
        "x1 is a port of br1",
    ),
    "a bridge in a bridge": (
        "netns_link",
        {"name": "br1", "netns": "a", "master": "br2"},
        "a bridge cannot be a port of a bridge",
    ),
    "a macvlan on the loopback": (
        "netns_link",
        {"name": "mv1", "type": "macvlan", "parent": "lo"},
        "cannot be the parent of a macvlan",
    ),
    "too small for IPv6": ("netns_link", {"name": "eth1", "mtu": 1000}, "2001:db8::1/64"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_refused_before_anything_is_touched(case):
    witness.sh(*GIVEN)
    module_name, params, words = TAKEN[case]
    refused(words, module_name, **params)


def test_a_move_keeps_clear_of_altnames_on_both_sides():
    witness.sh(*GIVEN, "ip -n a link property add dev x2 altname enp3s0")
    refused(
        "x2 in namespace a has the altname enp3s0",
        "netns_link",
        name="eth0",
        netns="a",
        move_from="",
    )


def test_ipv6_needs_room():
    witness.sh(*GIVEN, "ip link set eth0 mtu 1000")
    refused(
        "needs an MTU of at least 1280", "netns_addr", link="eth0", address=["2001:db8:1::1/64"]
    )


def test_with_force_ipv6_goes_and_that_is_told():
    witness.sh(*GIVEN)
    predicted = modules.run("netns_link", check=True, name="eth1", mtu=1000, force=True)
    real = modules.run("netns_link", name="eth1", mtu=1000, force=True)
    assert real == predicted
    assert real["link"]["addresses"] == []
    assert any("2001:db8::1/64" in warning for warning in real["warnings"])


def test_the_mtu_of_what_lies_on_a_link_follows():
    witness.sh(*GIVEN, "ip link add mv1 link eth1 netns a type macvlan")
    modules.run("netns_link", name="eth1", mtu=1400)
    assert witness.namespace()["links"]["mv0"]["mtu"] == 1400
    nothing = modules.run("netns_link", name="mv0", type="macvlan", parent="eth1", mtu=1400)
    assert not nothing["changed"]


def test_a_macvlan_on_a_macvlan_lies_on_what_that_lies_on():
    witness.sh(*GIVEN)
    params = {"name": "mv1", "type": "macvtap", "parent": "mv0"}
    predicted = modules.run("netns_link", check=True, **params)
    real = modules.run("netns_link", **params)
    assert real["link"]["parent"] == predicted["link"]["parent"] == {"name": "eth1", "netns": None}
    assert not modules.run("netns_link", **params)["changed"]
