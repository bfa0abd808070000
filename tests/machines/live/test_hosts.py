# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several machines on one network, managed by Ansible over ssh as a user's hosts are."""

from __future__ import annotations

from guest import Machine
from network import SUBNET, Network

# A VLAN on a cable between two namespaces: user-mode Linux has it, this machine's kernel may not.
TOPOLOGY = {
    "name": "lab",
    "namespaces": [{"name": ["red", "blue"], "lo_up": True}],
    "veths": [
        {
            "name": "lan",
            "netns": "red",
            "up": True,
            "peer": {"name": "lan", "netns": "blue", "up": True},
        }
    ],
    "links": [
        {
            "name": "lan.7",
            "netns": name,
            "type": "vlan",
            "parent": "lan",
            "vlan": {"id": 7},
            "up": True,
        }
        for name in ("red", "blue")
    ],
    "addresses": [
        {"netns": "red", "link": "lan.7", "address": "192.0.2.1/24"},
        {"netns": "blue", "link": "lan.7", "address": "192.0.2.2/24"},
    ],
}
PING = {"from": ["red", "blue"], "to": ["red", "blue"]}
BUILD = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {"linuxnet.netns.netns_topology": TOPOLOGY},
            {"linuxnet.netns.netns_ping": PING},
        ],
    }
]


def test_a_topology_is_built_over_ssh_and_again_after_a_reboot(debian12):
    with Network() as network, Machine(network.plug(debian12, "alpha"), 512) as alpha:
        version = alpha.check("dpkg-query -W -f '${Version}' python3-pyroute2")
        assert version.startswith("0.7.2")  # Debian's own, the oldest that is to work

        assert changes(network.playbook(BUILD)) == {"alpha": 1}
        assert changes(network.playbook(BUILD)) == {"alpha": 0}
        assert sorted(names(alpha)) == ["blue", "red"]

        alpha.reboot()

        assert names(alpha) == []
        assert changes(network.playbook(BUILD)) == {"alpha": 1}
        assert sorted(names(alpha)) == ["blue", "red"]


def test_machines_reach_each_other(debian12, debian13):
    with (
        Network() as network,
        Machine(network.plug(debian12, "alpha"), 512) as alpha,
        Machine(network.plug(debian13, "beta"), 512) as beta,
    ):
        assert alpha.check("hostname") == "alpha\n"
        assert beta.check("hostname") == "beta\n"
        alpha.check(f"ping -c 1 -w 30 {network.hosts['beta']}")
        beta.check(f"ping -c 1 -w 30 {network.hosts['alpha']}")
        done = network.ssh("beta", "ip -br address show vec0")
        assert done.status == 0 and f"{SUBNET}.3/24" in done.output


def test_machines_of_one_disk_are_two(debian12):
    with (
        Network() as network,
        Machine(network.plug(debian12, "alpha"), 512) as alpha,
        Machine(network.plug(debian12, "beta"), 512) as beta,
    ):
        mac = "cat /sys/class/net/vec0/address /etc/machine-id"
        assert not {*alpha.check(mac).split()} & {*beta.check(mac).split()}
        alpha.check("touch /root/here")
        assert beta.run("test -e /root/here").status == 1
        alpha.check(f"ping -c 1 -w 30 {network.hosts['beta']}")


def changes(played):
    """How many tasks have changed each host, of a playbook that has not failed."""
    assert played.status == 0, played.output
    return {name: counts["changed"] for name, counts in played.counts.items()}


def names(guest):
    """The network namespaces of a machine, as iproute2 sees them."""
    return [line.split()[0] for line in guest.check("ip netns").splitlines()]
