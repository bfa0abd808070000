# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The routes and neighbours that the kernel drops with what a task removes or changes, for its diff."""

from __future__ import annotations

import typing as t

from ..._core import render
from ..._core.host_state import HostState, NamespaceState, shown
from ..._core.plan_builder import At, PlanBuilder
from ..._core.record import replace
from ..._core.simulate import simulate
from ..neighbour import RESOURCE as NEIGHBOUR
from ..neighbour import state as neighbour
from .simulate import rerouted

Shown = dict[str, t.Any]


def losses(kernel: t.Any, builder: PlanBuilder, links: t.Iterable[At]) -> tuple[Shown, Shown]:
    """Return before and after of the routes and lasting neighbours that differ after a plan.

    Those of the links with which some may fall are read now: few tasks need them.
    """
    before = builder.before.copy()
    for key, name in dict.fromkeys(_origin(builder, at) for at in links):
        namespace = before.namespaces.get(key)
        if namespace is not None and name in namespace.links and namespace.links[name].index:
            others = [each for each in namespace.neighbours if each.link != name]
            namespace.neighbours = others + kernel.details(NEIGHBOUR, key, namespace.links[name])
    after = before.copy()
    for step in builder.steps:
        simulate(after, step)
    return _differing(builder, before, after)


def _origin(builder: PlanBuilder, at: At) -> At:
    """Return where a link is that a plan gives another name or place first."""
    here = at[1] in builder.before.namespaces[at[0]].links
    return at if here else builder.origins.get(at, at)


def _differing(builder: PlanBuilder, before: HostState, after: HostState) -> tuple[Shown, Shown]:
    rendered: tuple[Shown, Shown] = ({}, {})
    for key, namespace in before.namespaces.items():
        renamed = {
            old: new for (at, new), (source, old) in builder.origins.items() if at == source == key
        }
        sides = _things(namespace, renamed), _things(after.namespaces[key], {})
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


def _things(
    namespace: NamespaceState, renamed: t.Mapping[str, str]
) -> dict[str, list[tuple[t.Any, Shown]]]:
    """Return what somebody put there, as it is after links got other names, and as it is shown."""
    routes: list[tuple[t.Any, Shown]] = []
    for route in namespace.routes:
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
        for each in namespace.neighbours
        if not each.kernel_made and (each.nud != neighbour.DYNAMIC or any(each.flags))
    ]
    return {"routes": routes, "neighbours": neighbours}
