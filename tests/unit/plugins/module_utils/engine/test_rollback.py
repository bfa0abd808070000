# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back of much: what goes with a namespace that was made is not taken back one by one."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HERE,
    Address,
    Link,
    Peer,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._engine import rollback as _undo
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address.operations import (
    AddAddress,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns.operations import (
    WriteFile,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns.state import File
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds.operations import (
    CreateLink,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.operations import (
    ChangeLink,
    CreateVeth,
    DeleteLink,
    MoveLink,
    VethEnd,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace.operations import (
    CreateNamespace,
)

MADE = [CreateNamespace(name) for name in "abc"]


def veth(near, far):
    return CreateVeth(VethEnd(near, f"to-{far}"), VethEnd(far, f"to-{near}"))


@pytest.mark.parametrize(
    ("steps", "closed"),
    [
        ([], "abc"),
        ([veth("a", "b"), AddAddress("c", Address("v", "10.0.0.1/24"))], "abc"),
        ([veth("a", "b"), veth("b", HERE)], "ac"),
        ([MoveLink(HERE, "eth0", "a", "eth0")], "bc"),
        ([MoveLink("a", "v", "b", "w")], "abc"),
        ([CreateLink("a", "m", "macvlan", parent="eth0", source=HERE)], "bc"),
        ([CreateLink("a", "m", "macvlan", parent="v", source="b")], "abc"),
        ([DeleteLink("a", Link("v", kind="veth", peer=Peer("w", "there")))], "bc"),
        ([DeleteLink("a", Link("v", kind="veth"))], "abc"),
        ([CreateNamespace("d", again=True), ChangeLink("d", "lo", (), ())], "abc"),
        ([ChangeLink("other", "lo", (), ())], "abc"),
        ([WriteFile("a", "resolv.conf", File(""), None)], "abc"),
    ],
    ids=str,
)
def test_what_a_namespace_has_to_do_with_others(steps, closed):
    assert _undo.closed([*MADE, *steps]) == set(closed)
