# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What happens to links, whatever kind they are and whichever task it is: moves, renames, ends."""

from __future__ import annotations

from ..._core.host_state import HostState
from ..._core.plan_builder import PlanBuilder


def move_or_rename(builder: PlanBuilder, at: tuple[str, str], to: tuple[str, str]) -> None:
    """Plan the move or the rename of a link to its desired place and name, if needed."""
    (key, name), (to_key, new_name) = at, to
    if at != to:
        builder.origins[to] = at
    if key != to_key:
        from .limits import check
        from .operations import MoveLink
        from .uppers import take_along

        step = MoveLink(key, name, to_key, new_name)
        check(builder, step)  # what cannot be moved takes nothing along
        take_along(builder, at, moved=True)
        index = builder.host.namespaces[key].links[name].index
        builder.add(MoveLink(key, name, to_key, new_name, old_index=index))
    elif name != new_name:
        rename(builder, key, name, new_name)


def rename(builder: PlanBuilder, key: str, name: str, new_name: str) -> None:
    """Plan a rename. Kernels before 6.2 require the link to be down for it; what is lost with that is
    restored."""
    had = builder.host.namespaces[key].copy()
    was_up = had.links[name].up and not builder.host.live_rename
    if was_up:
        builder.change_link(key, name, {"up": False})
    builder.change_link(key, name, {"name": new_name})
    if was_up:
        builder.change_link(key, new_name, {"up": True})
        builder.put_back(key, new_name, had, name)


def delete(builder: PlanBuilder, key: str, name: str) -> None:
    """Plan the deletion of a link; the peer of a veth is noted for rollback."""
    found = builder.host.namespaces[key].links.get(name)
    if found is None:
        return  # it is deleted with its peer
    from .operations import DeleteLink
    from .uppers import take_along

    at = location(builder.host, key, name)
    peer = None if at is None else builder.host.namespaces[at[0]].links.get(at[1])
    take_along(builder, (key, name), ends=[at] if peer is not None and at is not None else [])
    builder.add(DeleteLink(key, found, peer))


def location(host: HostState, key: str, name: str) -> tuple[str, str] | None:
    """Return where the other end of a veth is, None if that is not known."""
    namespace = host.namespaces.get(key)
    found = None if namespace is None else namespace.links.get(name)
    if found is None or found.peer is None or found.peer.netns is None:
        return None
    return found.peer.netns, found.peer.name
