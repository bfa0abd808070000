# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of links that lie on others, without looking at all links each time."""

from __future__ import annotations

from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HostState,
    Link,
    NamespaceState,
    Peer,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds.operations import (
    CreateLink,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.operations import (
    MoveLink,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.uppers import (
    directly_on,
)


def host():
    namespaces = {
        key: NamespaceState(key, links={"eth0": Link("eth0", index=2)}) for key in ("a", "b", "c")
    }
    return HostState(namespaces, {key: key for key in namespaces})


def test_where_nothing_lies_on_anything_no_links_are_looked_at():
    there = host()
    assert directly_on(there, ("a", "eth0")) == []
    there.namespaces["b"].links = None  # it would not go unnoticed
    assert directly_on(there, ("a", "eth0")) == []


def test_what_is_made_and_moved_is_known():
    builder = PlanBuilder(host())
    assert directly_on(builder.host, ("a", "eth0")) == []
    builder.add(CreateLink("a", "m0", "macvlan", parent="eth0"))
    assert directly_on(builder.host, ("a", "eth0")) == [("a", "m0")]
    assert builder.before.namespaces["a"].links.keys() == {"eth0"}
    builder.add(MoveLink("a", "m0", "b", "m1"))
    assert directly_on(builder.host, ("a", "eth0")) == [("b", "m1")]


def test_what_was_found_is_known():
    there = host()
    there.namespaces["c"].links["v7"] = Link("v7", kind="vlan", lower=Peer("eth0", "c"))
    assert directly_on(there, ("c", "eth0")) == [("c", "v7")]
    assert directly_on(there.copy(), ("c", "eth0")) == [("c", "v7")]
    assert there.layered() == ["c"]
