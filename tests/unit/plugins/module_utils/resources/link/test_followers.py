# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A resource whose things follow links is asked what becomes of them, whatever it is."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HostState,
    Link,
    NamespaceState,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.resource import Resource
from ansible_collections.linuxnet.netns.plugins.module_utils._core.simulate import simulate
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.operations import (
    ChangeLink,
    DeleteLink,
    MoveLink,
)


class Follower(Resource):
    name = "follower"

    def __init__(self):
        self.asked = []

    def link_fell(self, namespace, name):
        self.asked.append((namespace.key, "fell", name))

    def link_renamed(self, namespace, old, new):
        self.asked.append((namespace.key, "renamed", old, new))


@pytest.mark.parametrize(
    ("step", "asked"),
    [
        (ChangeLink("a", "v1", (("up", False),), (("up", True),)), [("a", "fell", "v1")]),
        (ChangeLink("a", "v1", (("name", "w"),), (("name", "v1"),)), [("a", "renamed", "v1", "w")]),
        (ChangeLink("a", "v1", (("mtu", 1400),), (("mtu", 1500),)), []),
        (DeleteLink("a", Link("v1", "bridge")), [("a", "fell", "v1")]),
        (MoveLink("a", "v1", "b", "v1"), [("a", "fell", "v1")]),
    ],
)
def test_what_it_is_asked(step, asked):
    follower = Follower()
    namespace = NamespaceState("a", links={"v1": Link("v1", up=True)}, followers=(follower,))
    state = HostState({"a": namespace, "b": NamespaceState("b")})
    assert state.copy().namespaces["a"].followers == (follower,)
    simulate(state, step)
    assert follower.asked == asked
