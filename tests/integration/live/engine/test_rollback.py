# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links go with the namespaces that were made, on the live kernel."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.integration.live.topology import lab
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults


@pytest.mark.parametrize("far", ["b", ""])
def test_links_go_with_their_namespaces(far):
    before = witness.state()
    params = {
        "name": "n",
        "namespaces": [{"name": ["a", "b"]}],
        "veths": [{"name": "v", "netns": "a", "peer": {"name": "undone0", "netns": far or None}}],
        "addresses": [
            {"netns": "a", "link": "v", "address": ["10.0.0.1/24"]},
            {"netns": "a", "link": "v", "address": ["10.0.0.2/24"], "broadcast": "10.0.0.255"},
        ],
    }

    deleted = []

    def counted(what):
        deleted.extend([what] if what.startswith("delete link") else [])
        return "10.0.0.2" in what

    faults = Faults(lambda number: number == 1, counted=counted)
    with faults.at_work(), pytest.raises(NetnsError, match="is undone"):
        lab.run(**params)
    assert len(deleted) == (0 if far else 1)
    assert witness.differences(before, witness.becomes(before)) == []
