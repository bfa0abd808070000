# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From a link as it is to the link that is wanted: moved, renamed, changed or gone."""

from __future__ import annotations

from .._model.errors import BadInput, Conflict
from .._model.link_want import MoveWant
from .._model.world import World, phrase
from .draft import Draft


def plan(draft: Draft, want: MoveWant) -> None:
    """Plan one link that exists."""
    if not want.present:
        _absent(draft, want)
        return
    key = draft.space(want.place).key
    if want.kind is not None:
        _make(draft, want, key)
        return
    if want.move_from is not None:
        source = draft.space(want.move_from).key
        at = _where(draft, want, source, key)
    else:
        at = key, _named(draft, want, key)
    final = (key, want.final_name)
    bring(draft, at, final)
    _set(draft, want, final)


def _make(draft: Draft, want: MoveWant, key: str) -> None:
    from .kinds import ensure

    links = draft.world.spaces[key].links
    final = (key, want.final_name)
    if want.kind is not None:
        if want.name in links:
            bring(draft, (key, _named(draft, want, key)), final)
        ensure(draft, key, want.final_name, want.kind, want.link)
    _set(draft, want, final)


def _set(draft: Draft, want: MoveWant, final: tuple[str, str]) -> None:
    stated = want.link.stated()
    if "master" in stated:
        from .enslave import change

        if stated["master"]:
            draft.link(want.place, str(stated["master"]), "master")
        change(draft, *final, stated)
    else:
        draft.change_link(*final, stated)
    if want.port is not None:
        from .kinds import ensure_port

        ensure_port(draft, *final, want.port)


def _named(draft: Draft, want: MoveWant, key: str) -> str:
    """Return what the link is called now: it may have its new name already."""
    links = draft.world.spaces[key].links
    if want.new_name is None or want.new_name == want.name:
        return draft.link(want.place, want.name).name
    old, new = want.name in links, want.new_name in links
    if old and new:
        raise Conflict(
            f"{want.name} cannot be renamed: there is a link {want.new_name} {phrase(key)}"
        )
    return want.new_name if new else draft.link(want.place, want.name).name


def _where(draft: Draft, want: MoveWant, source: str, target: str) -> tuple[str, str]:
    """Return where the link is: still in the source, or already in the destination."""
    if source == target:
        raise BadInput(f"move_from is where the link is to be: it cannot move {phrase(target)}")
    in_source = want.name in draft.world.spaces[source].links
    moved = [
        name
        for name in dict.fromkeys((want.final_name, want.name))
        if name in draft.world.spaces[target].links
    ]
    if in_source and moved:
        raise Conflict(
            f"There is a link {want.name} {phrase(source)} and a link {moved[0]} {phrase(target)};"
            " which one is meant cannot be told"
        )
    if moved:
        return target, moved[0]
    if not in_source and not draft.supposing:
        raise BadInput(
            f"There is no link {want.name} {phrase(source)}, and none {phrase(target)} either"
        )
    return source, draft.link(want.move_from or "", want.name).name


def bring(draft: Draft, at: tuple[str, str], to: tuple[str, str]) -> None:
    """Plan that a link gets to its namespace and its name, if it is not there."""
    (key, name), (to_key, new_name) = at, to
    if at != to:
        draft.origins[to] = at
    if key != to_key:
        from .._model.link_ops import MoveLink

        index = draft.world.spaces[key].links[name].index
        draft.add(MoveLink(key, name, to_key, new_name, old_index=index))
    elif name != new_name:
        rename(draft, key, name, new_name)


def rename(draft: Draft, key: str, name: str, new_name: str) -> None:
    """Plan a rename. Kernels before 6.2 refuse it while the link is up: then it goes down for it,
    and what falls with that is put back."""
    had = draft.world.spaces[key].copy()
    was_up = had.links[name].up and not draft.world.live_rename
    if was_up:
        draft.change_link(key, name, {"up": False})
    draft.change_link(key, name, {"name": new_name})
    if was_up:
        draft.change_link(key, new_name, {"up": True})
        draft.put_back(key, new_name, had, name)


def _absent(draft: Draft, want: MoveWant) -> None:
    space = draft.world.at(want.place)
    names = dict.fromkeys((want.name, want.final_name))
    for name in names:
        found = space.links.get(name)
        if found is not None and found.kind is None:
            what = "a hardware device" if found.hardware else "the loopback"
            raise Conflict(f"{name} {phrase(space.key)} is {what}: the kernel does not remove it")
        delete(draft, space.key, name)


def delete(draft: Draft, key: str, name: str) -> None:
    """Plan that a link goes; the peer of a veth is noted for the way back."""
    found = draft.world.spaces[key].links.get(name)
    if found is None:
        return  # it went with its peer
    from .._model.link_ops import DeleteLink

    at = location(draft.world, key, name)
    peer = None if at is None else draft.world.spaces[at[0]].links.get(at[1])
    draft.add(DeleteLink(key, found, peer))


def location(world: World, key: str, name: str) -> tuple[str, str] | None:
    """Return where the other end of a veth is, None if that is not known."""
    space = world.spaces.get(key)
    found = None if space is None else space.links.get(name)
    if found is None or found.peer is None or found.peer.netns is None:
        return None
    return found.peer.netns, found.peer.name
