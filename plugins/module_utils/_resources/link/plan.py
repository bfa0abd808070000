# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From a link as it is to the link that is wanted: moved, renamed, changed or gone."""

from __future__ import annotations

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import phrase
from ..._core.plan_builder import Draft
from .fallback import is_fallback
from .spec import MoveWant
from .steps import bring, delete


def plan(draft: Draft, want: MoveWant) -> None:
    """Plan one link that exists."""
    if draft.taking is None:
        draft.taking = lambda thing: want.force
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
    from .kinds.plan import ensure

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
        from .change_master import change

        if stated["master"]:
            draft.link(want.place, str(stated["master"]), "master")
        change(draft, *final, stated)
    else:
        draft.change_link(*final, stated)
    if want.port is not None:
        from .kinds.plan import ensure_port

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


def _absent(draft: Draft, want: MoveWant) -> None:
    space = draft.world.at(want.place)
    names = dict.fromkeys((want.name, want.final_name))
    if not names.keys() & space.links.keys():
        draft.refuse_altname(want.place, want.name)
    for name in names:
        found = space.links.get(name)
        if found is not None and found.kind is None:
            what = "a hardware device" if found.hardware else "the loopback"
            raise Conflict(f"{name} {phrase(space.key)} is {what}: the kernel does not remove it")
        if found is not None and is_fallback(found):
            raise Conflict(
                f"{name} {phrase(space.key)} comes with each namespace, as the module of its kind is"
                " loaded: the kernel does not remove it"
            )
        delete(draft, space.key, name)
