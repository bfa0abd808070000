# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters that make a diagram: what they are called, and what they say to what cannot be."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.linuxnet.netns.plugins.filter import (
    topology_dot,
    topology_mermaid,
    topology_svg,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.plugin_utils.diagram.networks import (
    STUDY,
    ring,
)

FILTERS = {
    name: draw
    for each in (topology_dot, topology_mermaid, topology_svg)
    for name, draw in each.FilterModule().filters().items()
}


def test_their_names():
    assert list(FILTERS) == ["topology_dot", "topology_mermaid", "topology_svg"]


@pytest.mark.parametrize("draw", FILTERS.values(), ids=FILTERS)
def test_they_draw(draw):
    whole, short = draw(STUDY), draw(STUDY, detail="compact")
    assert whole.count("172.16.1.101/24") == short.count("172.16.1.101/24") + 1
    assert "n39" in draw(ring(40), ["n0"], detail="full")
    assert "n20" not in draw(ring(40), ["n0"], detail="full")
    here = [{"name": None, "links": []}]
    assert ("the host" in draw(here), "bench" in draw(here, here="bench")) == (True, True)


@pytest.mark.parametrize(("name", "draw"), FILTERS.items(), ids=FILTERS)
def test_what_cannot_be(name, draw):
    with pytest.raises(AnsibleFilterError, match=f"{name} needs namespaces with their links"):
        draw("study01")
    with pytest.raises(
        AnsibleFilterError, match=f"{name}: only must be a list of names, not 'study01'"
    ):
        draw(STUDY, "study01")
    with pytest.raises(AnsibleFilterError, match=f"{name}: detail must be one of .*, not 'more'"):
        draw(STUDY, detail="more")
