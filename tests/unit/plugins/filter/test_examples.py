# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the examples of filters say that comes out."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.linuxnet.netns.plugins.filter import (
    nth_host,
    topology_from_containerlab,
    topology_from_networkx,
)


def told(module):
    """Return the comment below the examples of a filter."""
    lines = module.EXAMPLES.splitlines()
    return "\n".join(line[2:] for line in lines if line.startswith("#"))


def test_nth_host():
    first, last = told(nth_host).split()
    assert nth_host.nth_host("172.16.1.0/24", 1) == first
    assert nth_host.nth_host("172.16.1.0/24", -1) == last


def test_a_ring_of_networkx():
    nodes = [{"id": each} for each in "abc"]
    edges = [{"source": a, "target": b} for a, b in ("ab", "bc", "ca")]
    found = topology_from_networkx.topology_from_networkx(
        {"nodes": nodes, "edges": edges},
        link_prefix=["10.0.0.0/24", "fd00::/64"],
        loopback_prefix="10.255.0.0/24",
        routes="loopbacks",
    )
    assert [each for each in found["routes"] if each["netns"] == "a"] == yaml.safe_load(
        told(topology_from_networkx)
    )


def test_a_file_of_containerlab():
    file, _line, found = told(topology_from_containerlab).partition("net.links is:\n")
    file = file.partition("\n")[2]
    net = topology_from_containerlab.topology_from_containerlab(
        file, link_prefix="10.0.0.0/24", routes="links"
    )
    assert net["links"] == yaml.safe_load(found)


@pytest.mark.parametrize("module", [nth_host, topology_from_containerlab, topology_from_networkx])
def test_examples_are_tasks(module):
    assert all("name" in task for task in yaml.safe_load(module.EXAMPLES))
