# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on namespaces: net/core/net_namespace.c."""

from __future__ import annotations

from ..._core.host_state import World, fresh
from ..._core.resource import Handlers
from ..link.simulate import forget_peer, remove
from ..link.uppers import going_along
from . import operations as op


def _create_namespace(world: World, step: op.CreateNamespace) -> None:
    before = world.spaces.get(step.netns)
    space = world.spaces[step.netns] = fresh(step.netns, mark=step.mark)
    if before is not None:  # of a missing namespace, the survey noted what a new one has
        space.sysctls, space.rules, space.others = before.sysctls, before.rules, before.others


def _delete_namespace(world: World, step: op.DeleteNamespace) -> None:
    for link in list(world.spaces[step.netns].links.values()):
        for at in going_along(world, (step.netns, link.name)):
            if at[0] != step.netns:
                remove(world, at)
        if link.kind == "veth":
            peer = link.peer
            if peer is not None and peer.netns in world.spaces and peer.netns != step.netns:
                world.going.add((peer.netns, peer.name))
            forget_peer(world, link)
    world.spaces[step.netns] = fresh(step.netns, "absent")


def _remove_stale(world: World, step: op.RemoveStale) -> None:
    world.spaces[step.netns].state = "absent"


def _put_stale(world: World, step: op.PutStale) -> None:
    world.spaces[step.netns].state = "stale"


def _set_nsid(world: World, step: op.SetNsid) -> None:
    world.spaces[step.netns].nsid = step.nsid


EFFECTS: Handlers = {
    op.CreateNamespace: _create_namespace,
    op.DeleteNamespace: _delete_namespace,
    op.RemoveStale: _remove_stale,
    op.PutStale: _put_stale,
    op.SetNsid: _set_nsid,
}
