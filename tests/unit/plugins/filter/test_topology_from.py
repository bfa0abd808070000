# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three filters: what they are called, and that they say what is wrong in their name."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.linuxnet.netns.plugins.filter import (
    topology_from_containerlab,
    topology_from_graphml,
    topology_from_networkx,
)

FILTERS = {
    name: function
    for module in (topology_from_containerlab, topology_from_graphml, topology_from_networkx)
    for name, function in module.FilterModule().filters().items()
}
LAB = {
    "topology": {
        "nodes": {"a": {"kind": "linux", "exec": []}, "b": {"kind": "linux"}},
        "links": [{"endpoints": ["a:eth1", "b:eth1"]}],
    }
}
SAME = {
    "topology_from_graphml": '<graphml><graph><node id="a"/><node id="b"/>'
    '<edge source="a" target="b"/></graph></graphml>',
    "topology_from_networkx": {
        "nodes": [{"id": "a"}, {"id": "b"}],
        "edges": [{"source": "a", "target": "b"}],
    },
    "topology_from_containerlab": LAB,
}
OPTIONS = {
    "link_prefix": "10.0.0.0/24",
    "loopback_prefix": "10.255.0.0/24",
    "link_length": 30,
    "routes": ["loopbacks"],
    "name_prefix": "lab-",
}


@pytest.fixture
def warnings(monkeypatch):
    """What the filters warn of."""
    said = []
    monkeypatch.setattr(
        topology_from_containerlab.Display, "warning", lambda self, text: said.append(text)
    )
    return said


def test_all_draw_the_same(warnings):
    found = [FILTERS[name](drawn, **OPTIONS) for name, drawn in SAME.items()]
    assert found[0] == found[1] == found[2]
    assert [entry["name"] for entry in found[0]["namespaces"]] == ["lab-a", "lab-b"]


@pytest.mark.parametrize("name", FILTERS)
def test_what_is_wrong_is_said(name):
    with pytest.raises(AnsibleFilterError, match=rf"^{name}: .* not "):
        FILTERS[name](3)
    with pytest.raises(AnsibleFilterError, match=f"^{name}: unknown option 'speed'"):
        FILTERS[name](SAME[name], speed=1)


@pytest.mark.parametrize("name", ["topology_from_graphml", "topology_from_networkx"])
def test_graphs_have_labels_and_costs(name):
    with pytest.raises(AnsibleFilterError, match="no edge has the attribute 'price'"):
        FILTERS[name](SAME[name], label="name", cost="price")


@pytest.mark.parametrize("name", ["topology_from_graphml", "topology_from_networkx"])
@pytest.mark.parametrize("wrong", [["x"], None, 3])
def test_attributes_have_names(name, wrong):
    with pytest.raises(
        AnsibleFilterError, match=f"^{name}: label must be the name of an attribute"
    ):
        FILTERS[name](SAME[name], label=wrong)
    with pytest.raises(AnsibleFilterError, match=f"^{name}: cost must be the name of an attribute"):
        FILTERS[name](SAME[name], cost=wrong or 1)


def test_what_is_left_out_of_a_lab_is_warned_of(warnings):
    FILTERS["topology_from_containerlab"](LAB)
    assert warnings == ["topology_from_containerlab leaves out exec of a"]
