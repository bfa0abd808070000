# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Back to what links were as the kind that they are, and as ports of their bridges.

A request to change a kind is taken in parts, as one to change a link is: the part that was taken is
found by comparing. What others changed meanwhile is theirs.
"""

from __future__ import annotations

import typing as t

from .._model import kind_ops as op
from .._model.link_ops import ChangeLink
from .._model.operation import Operation
from .._model.world import Link, World, phrase
from .draft import Draft


def plan(draft: Draft, was: World, steps: t.Iterable[Operation]) -> None:
    """Plan what brings back what the steps dealt with."""
    for step in steps:
        both = _both(was, draft.world, step)
        if both is None:
            continue
        then, now = both
        if isinstance(step, op.ChangeKind):
            new, old = _differing(then.options, now.options, step.new)
            if new:
                draft.add(op.ChangeKind(step.netns, step.name, step.kind, new, old))
        elif isinstance(step, op.ChangePort):
            new, old = _differing(then.port, now.port, step.new)
            if new:
                draft.add(op.ChangePort(step.netns, step.name, new, old))


def differences(was: World, now: World, steps: t.Iterable[Operation]) -> list[str]:
    """Return a phrase for each thing that the steps dealt with and that is not as it was."""
    told: dict[str, None] = {}
    for step in steps:
        if isinstance(step, op.CreateLink):
            there = [step.name in world.spaces[step.netns].links for world in (was, now)]
            if there == [False, True]:
                told[f"link {step.name} {phrase(step.netns)} is there"] = None
        elif isinstance(step, ChangeLink) and "master" in dict(step.new):
            told.update(dict.fromkeys(_masters(was, now, step)))
        both = _both(was, now, step)
        if both is not None:
            told.update(dict.fromkeys(_differences(*both, step)))
    return list(told)


def _both(was: World, now: World, step: Operation) -> tuple[Link, Link] | None:
    """Return the link of a step as it was and as it is, None if it is not in both."""
    if not isinstance(step, (op.ChangeKind, op.ChangePort, op.AddVlan, op.DeleteVlan)):
        return None
    links = [world.spaces[step.netns].links.get(step.name) for world in (was, now)]
    return None if links[0] is None or links[1] is None else (links[0], links[1])


def _differing(then: op.Pairs, now: op.Pairs, said: op.Pairs) -> tuple[op.Pairs, op.Pairs]:
    """Return how what was said was, and how it is, where that differs and can be said."""
    was, has = dict(then), dict(now)
    names = [name for name, _value in said if was.get(name) not in (None, has.get(name))]
    return (
        tuple((name, was[name]) for name in names),
        tuple((name, has.get(name)) for name in names),
    )


def _differences(then: Link, now: Link, step: Operation) -> t.Iterator[str]:
    where = f"of link {then.name} {phrase(getattr(step, 'netns', ''))}"
    if isinstance(step, (op.ChangeKind, op.ChangePort)):
        pairs = "options" if isinstance(step, op.ChangeKind) else "port"
        was, has = dict(getattr(then, pairs)), dict(getattr(now, pairs))
        for name, _value in step.new:
            if was.get(name) != has.get(name):
                yield f"{name} {where} is {has.get(name)!r}, was {was.get(name)!r}"
    elif then.vlans != now.vlans and then.master == now.master:
        yield f"the VLANs {where} are not what they were"


def _masters(was: World, now: World, step: ChangeLink) -> t.Iterator[str]:
    """A bridge that was given no MAC has that of a port, and none once the last port is gone."""
    for name in {str(dict(values)["master"] or "") for values in (step.new, step.old)}:
        links = [world.spaces[step.netns].links.get(name) for world in (was, now)]
        if links[0] and links[1] and links[0].mac != links[1].mac:
            where = f"of link {name} {phrase(step.netns)}"
            yield f"mac {where} is {links[1].mac!r}, was {links[0].mac!r}"
