# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands that tasks with odd names return, typed on the live kernel."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)

pytestmark = pytest.mark.makes_machines


def by_modules(name, link):
    """Run tasks with an odd name; return the commands that they tell, and the machine."""
    said = []
    for module, params in (
        ("netns", {"name": [name], "lo_up": True}),
        (
            "veth",
            {
                "name": link,
                "netns": name,
                "alias": name,
                "up": True,
                "mac": "02:00:00:00:00:01",
                "peer": {"name": link, "mac": "02:00:00:00:00:02"},
            },
        ),
        ("netns_addr", {"netns": name, "link": link, "address": ["192.0.2.1/24"]}),
        ("netns_link", {"netns": name, "name": link, "new_name": f"{link}x", "mtu": 1400}),
    ):
        said += modules.run(module, **params)["commands"]
    return said, witness.state()


def by_commands(said, wanted):
    witness.sh(*said)
    return witness.becomes(wanted)


@pytest.mark.parametrize("name", ["with space", "it's", 'a"b', "$(x)", "a;b", "é", "*"])
def test_commands_with_odd_names_do_the_same(name):
    said, made = machine.run(by_modules, name, name.replace(" ", "_"))
    assert made["names"] == {name: "namespace"}
    assert witness.differences(made, machine.run(by_commands, said, made)) == []
