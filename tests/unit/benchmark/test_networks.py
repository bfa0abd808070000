# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress

import pytest

from ansible_collections.linuxnet.netns.tests.benchmark import iproute2, networks

ALL = [
    networks.ring(3),
    networks.ring(200),
    networks.tree(3, 4),
    networks.fat_tree(4),
    networks.fat_tree(8),
    networks.backbone(197, 245),
]
IDS = [network.name for network in ALL]


@pytest.mark.parametrize(
    "network, nodes, links",
    [
        (networks.ring(200), 200, 200),
        (networks.tree(3, 4), 121, 120),
        (networks.fat_tree(4), 4 + 16 + 16, 48),
        (networks.fat_tree(8), 16 + 64 + 128, 384),
        (networks.backbone(197, 245), 197, 245),
    ],
)
def test_size(network, nodes, links):
    assert (network.nodes, len(network.links)) == (nodes, links)
    assert len({frozenset(link) for link in network.links}) == links


@pytest.mark.parametrize("network", ALL, ids=IDS)
def test_nobody_is_alone(network):
    reached, waiting = {0}, [0]
    while waiting:
        node = waiting.pop()
        for link in network.links:
            if node in link:
                other = link[1 - link.index(node)]
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)
    assert reached == set(range(network.nodes))


@pytest.mark.parametrize("network", ALL[2:], ids=IDS[2:])
def test_ways_lead_to_the_root(network):
    assert network.ways[0] is None
    for node in range(1, network.nodes):
        hops = 0
        while node:
            link = network.links[network.ways[node]]
            node = link[1 - link.index(node)]
            hops += 1
            assert hops < network.nodes


def test_every_switch_of_a_fat_tree_uses_all_its_ports():
    network = networks.fat_tree(8)
    degrees = [sum(node in link for link in network.links) for node in range(network.nodes)]
    assert degrees == [8] * (16 + 64) + [1] * 128


def test_the_same_backbone_every_time():
    assert networks.backbone(60, 75) == networks.backbone(60, 75)
    assert networks.backbone(60, 75).links != networks.backbone(60, 75, seed=2).links


def test_a_drawing_in_parts():
    network = networks.drawn("parts", 4, [(0, 1), (2, 3)])
    assert network.ways == (None, 0, None, None)
    assert network.objects() == 4 + 2 + 4 + 1


@pytest.mark.parametrize("network", ALL, ids=IDS)
def test_lists_hold_together(network):
    lists = networks.lists(network)
    assert network.objects() == sum(map(len, lists.values()))
    ends = {}
    for veth in lists["veths"]:
        ends[veth["netns"], veth["name"]] = (veth["peer"]["netns"], veth["peer"]["name"])
        ends[veth["peer"]["netns"], veth["peer"]["name"]] = (veth["netns"], veth["name"])
    assert len(ends) == 2 * len(network.links)
    addresses = {(each["netns"], each["link"]): each["address"][0] for each in lists["addresses"]}
    assert addresses.keys() == ends.keys()
    assert len(set(addresses.values())) == len(addresses)
    for one, other in ends.items():
        subnets = {ipaddress.ip_interface(addresses[end]).network for end in (one, other)}
        assert len(subnets) == 1
    for route in lists["routes"]:
        beside = {
            addresses[other].partition("/")[0]
            for end, other in ends.items()
            if end[0] == route["netns"]
        }
        assert route["via"] in beside


def test_scripts_of_ip():
    lists = networks.lists(networks.ring(3))
    assert iproute2.together(lists)[::4] == [
        "netns add bench-0",
        "link add name l1 netns bench-1 up type veth peer name r1 netns bench-2",
    ]
    assert iproute2.apart(lists)["bench-1"] == [
        "link set lo up",
        "link set r0 up",
        "address add 10.0.0.1/31 dev r0",
        "address add 10.0.0.2/31 dev l1",
        "route add default via 10.0.0.3",
    ]
    assert iproute2.removing(lists, "last") == (
        "netns del bench-0\nnetns del bench-1\nnetns del bench-2\nnetns del last\n"
    )


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("enter", iproute2.ENTER)
def test_a_script_goes_into_each_namespace_once(tmp_path, enter, jobs):
    script = iproute2.building(networks.lists(networks.ring(5)), tmp_path, enter, jobs)
    assert [script.count(f"{tmp_path}/bench-{number}") for number in range(5)] == [1] * 5
    assert (tmp_path / "together").read_text().count("\n") == 5 + 5
