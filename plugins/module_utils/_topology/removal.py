# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What of a topology's own is not listed any more, and is removed."""

from __future__ import annotations

import typing as t

from .._core.errors import Conflict
from .._core.host_state import Space
from .._core.plan_builder import Draft
from .._resources.link.fallback import FALLBACK
from .._resources.link.steps import delete
from .._resources.mark.operations import DeleteMark
from .._resources.namespace.spec import NetnsSpec
from . import registry
from .declared import Listed
from .dependencies import Needs
from .ownership import Owned
from .spec import TopologyWant

# Links that come with a namespace.
BORN = frozenset(("lo", *FALLBACK))

At = tuple[str, str]

# Of links that have gone, veths alone can be brought back: these go last, when all else has. They
# lie on no other link, with which they would go.
LAST = frozenset(["bond", "bridge", "dummy", "ifb", "team", "vrf"])


def remove(draft: Draft, want: TopologyWant, listed: Listed, owned: Owned) -> None:
    """Plan that all is removed that bears the mark."""
    going = namespaces(draft, want, listed, owned)
    doomed = things(draft, going, Listed(), owned, listed)
    links(draft, doomed, going, lambda: leave(draft, want, going))


def namespaces(draft: Draft, want: TopologyWant, listed: Listed, owned: Owned) -> dict[str, str]:
    """Return the namespaces that the topology made and that are to go, with their states. Refuse to
    take along what others put there."""
    going: dict[str, str] = {}
    if want.present and not want.purge:
        return going
    keep = listed.namespaces if want.present else {}
    for space in draft.world.spaces.values():
        named = not want.present and space.key in listed.namespaces
        made = owned.topology_mark.made_namespace(space) and space.key not in keep
        if space.state == "present" and owned.made(space.key) and space.key not in keep:
            _check_inside(space, want, listed, owned)
            going[space.key] = "present"
        elif space.state == "stale" and (named or made):
            going[space.key] = "stale"
    return going


def things(
    draft: Draft, going: t.Collection[str], keep: Listed, owned: Owned, listed: Listed
) -> list[At]:
    """Plan that what can be made again is removed from the namespaces that stay, unless it is to be kept;
    return the links that are to go from there."""
    doomed: list[At] = []
    for space in list(draft.world.spaces.values()):
        if space.state == "present" and space.key not in going:
            doomed += _from_space(draft, space, keep, owned, listed)
    doomed.sort(key=lambda at: draft.world.spaces[at[0]].links[at[1]].kind == "veth")
    return doomed


def those_needed(draft: Draft, doomed: t.Iterable[At], needs: Needs) -> list[At]:
    """Plan that links go that hold what something else needs; return the others."""
    left = []
    for at in doomed:
        space = draft.world.spaces[at[0]]
        if at[1] in space.links and needs.are_held(space, space.links[at[1]]):
            delete(draft, *at)
        else:
            left.append(at)
    return left


def free_ports(
    draft: Draft, going: t.Collection[str], needs: Needs, taken: t.Collection[At]
) -> None:
    """Plan that ports go whose other end is in a namespace that is removed, where the MAC or MTU that is
    stated of their bridge would change with them in the end."""
    for space in list(draft.world.spaces.values()) if needs.bridges and going else ():
        for link in list(space.links.values()) if space.key not in going else ():
            peer = None if link.peer is None else link.peer.netns
            at = (space.key, link.name)
            if peer in going and (space.key, link.master) in needs.bridges and at not in taken:
                delete(draft, *at)


def links(
    draft: Draft, doomed: t.Sequence[At], going: t.Collection[str], leave: t.Callable[[], None]
) -> None:
    """Plan that links go, and amid them the namespaces: those last that are hardest to bring back."""
    spaces = draft.world.spaces
    draft.leaving = frozenset((*doomed, *going))
    kinds = {at: spaces[at[0]].links[at[1]].kind for at in doomed if at[1] in spaces[at[0]].links}
    for at, kind in kinds.items():
        if kind not in LAST:
            _link(draft, at, going)
    leave()
    for at, kind in kinds.items():
        if kind in LAST:
            delete(draft, *at)


def leave(draft: Draft, want: TopologyWant, going: t.Mapping[str, str]) -> None:
    """Plan that namespaces go, dead files last."""
    for state in ("present", "stale"):
        for key in [key for key, was in going.items() if was == state]:
            if draft.world.spaces[key].state == state:
                _namespace(draft, key, want)


def unmark_work(draft: Draft, owned: Owned) -> None:
    """Plan that notes of work go."""
    for space in draft.world.spaces.values():
        if space.state == "present" and "lo" in space.links:
            for note in [mark for mark in space.links["lo"].altnames if owned.is_note(mark)]:
                draft.add(DeleteMark(space.key, "lo", note))


def unmark_guests(draft: Draft, owned: Owned) -> None:
    """Plan that marks go from namespaces of others in which nothing is left."""
    for space in draft.world.spaces.values():
        if space.state != "present" or "lo" not in space.links:
            continue
        if owned.topology_mark.guest in space.links["lo"].altnames and not _is_lived_in(
            space, owned
        ):
            draft.add(DeleteMark(space.key, "lo", owned.topology_mark.guest))


def _is_lived_in(space: Space, owned: Owned) -> bool:
    return any(each.own(space, owned.topology_mark) for each in registry.LISTS)


def _namespace(draft: Draft, key: str, want: TopologyWant) -> None:
    from .._resources.namespace.plan import plan

    with draft.about(f"namespace {key}"):
        plan(draft, NetnsSpec((key,), present=False, force=want.force))


def _check_inside(space: Space, want: TopologyWant, listed: Listed, owned: Owned) -> None:
    """Refuse to take along what others put into a namespace."""
    if want.force:
        return
    others = [
        link.name
        for link in space.links.values()
        if link.name not in BORN
        and not link.hardware  # which the netns module reports
        and not owned.cut_short
        and not owned.owns(space.key, link.name, list(listed.links))
    ]
    if others:
        raise Conflict(
            f"Namespace {space.key} holds links that the topology {owned.topology_mark.owner} did not make"
            f" ({', '.join(others)}): remove them or move them out, or set force=true"
        )


def _from_space(draft: Draft, space: Space, keep: Listed, owned: Owned, listed: Listed) -> list[At]:
    """Plan that things go from a namespace that stays; return the links that are to go from there,
    each before the one that it lies on, which came earlier."""
    doomed: list[At] = []
    for link in sorted(space.links.values(), key=lambda each: (each.kind == "veth", -each.index)):
        at = (space.key, link.name)
        cut_short = owned.unfinished(*at) or (owned.cut_short and at in listed.links)
        ours = owned.topology_mark.is_on(link) or cut_short
        # Where the other end is listed, this one will be brought back.
        stays = link.peer is not None and (link.peer.netns, link.peer.name) in keep.links
        if ours and at not in keep.links and not stays:
            doomed.append(at)
    for each in reversed(registry.LISTS):
        each.removals(draft, space, owned.topology_mark, keep.things.get(space.key, ()), doomed)
    return doomed


def _link(draft: Draft, at: At, going: t.Collection[str]) -> None:
    """Plan that a link is removed, unless it is removed with its peer."""
    link = draft.world.spaces[at[0]].links.get(at[1])
    if link is None or (link.peer is not None and link.peer.netns in going):
        return  # which is free, while to remove it takes a grace period of the kernel
    delete(draft, *at)
