# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The routes and neighbours that the kernel drops with what a task removes or changes, for its diff."""

from __future__ import annotations

import typing as t

from ..._core import render
from ..._core.host_state import Space, World, shown
from ..._core.plan_builder import At, Draft
from ..._core.record import replace
from ..._core.simulate import simulate
from ..neighbour import RESOURCE as NEIGHBOUR
from ..neighbour import state as neighbour
from .simulate import rerouted

Shown = dict[str, t.Any]


def losses(kernel: t.Any, draft: Draft, links: t.Iterable[At]) -> tuple[Shown, Shown]:
    """Return before and after of the routes and lasting neighbours that differ after a plan.

    Those of the links with which some may fall are read now: few tasks need them.
    """
    before = draft.before.copy()
    for key, name in dict.fromkeys(_origin(draft, at) for at in links):
        space = before.spaces.get(key)
        if space is not None and name in space.links and space.links[name].index:
            others = [each for each in space.neighbours if each.link != name]
            space.neighbours = others + kernel.details(NEIGHBOUR, key, space.links[name])
    after = before.copy()
    for step in draft.steps:
        simulate(after, step)
    return _differing(draft, before, after)


def _origin(draft: Draft, at: At) -> At:
    """Return where a link is that a plan gives another name or place first."""
    here = at[1] in draft.before.spaces[at[0]].links
    return at if here else draft.origins.get(at, at)


def _differing(draft: Draft, before: World, after: World) -> tuple[Shown, Shown]:
    rendered: tuple[Shown, Shown] = ({}, {})
    for key, space in before.spaces.items():
        renamed = {
            old: new for (at, new), (source, old) in draft.origins.items() if at == source == key
        }
        sides = _things(space, renamed), _things(after.spaces[key], {})
        for side, this, other in ((rendered[0], *sides), (rendered[1], *reversed(sides))):
            for sort, things in this.items():
                there = {thing for thing, _each in other[sort]}
                gone = [each for thing, each in things if thing not in there]
                side.setdefault(sort, []).extend({"netns": shown(key), **each} for each in gone)
    for sort in ("routes", "neighbours"):
        if not any(side.get(sort) for side in rendered):
            for side in rendered:
                side.pop(sort, None)
    return rendered


def _things(space: Space, renamed: t.Mapping[str, str]) -> dict[str, list[tuple[t.Any, Shown]]]:
    """Return what somebody put there, as it is after links got other names, and as it is shown."""
    routes: list[tuple[t.Any, Shown]] = []
    for route in space.routes:
        if route.proto not in ("kernel", "ra"):
            moved = route
            for old, new in renamed.items():
                moved = rerouted(moved, old, new)
            routes.append((moved, render.route(route)))
    neighbours: list[tuple[t.Any, Shown]] = [
        (
            replace(each, link=renamed.get(each.link, each.link)),
            {"link": each.link, **neighbour.shown(each)},
        )
        for each in space.neighbours
        if not each.kernel_made and (each.nud != neighbour.DYNAMIC or any(each.flags))
    ]
    return {"routes": routes, "neighbours": neighbours}
