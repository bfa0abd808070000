# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter: what it is called, and what it says to what it cannot draw."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.linuxnet.netns.plugins.filter.topology_text import FilterModule

topology_text = FilterModule().filters()["topology_text"]


def test_it_draws():
    namespaces = [{"name": None, "links": []}, {"name": "a", "links": []}]
    assert topology_text(namespaces, here="here") == "┌ here ┐\n└──────┘\n┌ a ───┐\n└──────┘"
    assert topology_text(namespaces, ["a"], ascii=True) == "+ a +\n+---+"


@pytest.mark.parametrize(
    "given", [None, 1, ["study01"], [{"name": "a"}], [{"name": "a", "links": [{"name": "lo"}]}]]
)
def test_what_is_no_answer_of_netns_info(given):
    with pytest.raises(
        AnsibleFilterError, match="needs namespaces with links and addresses, as netns_info returns"
    ):
        topology_text(given)


@pytest.mark.parametrize("only", ["study01", 7])
def test_only_is_a_list(only):
    with pytest.raises(AnsibleFilterError, match=f"only must be a list of names, not {only!r}"):
        topology_text([], only)
