# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on queueing disciplines."""

from __future__ import annotations

from ..._core.host_state import Space, World
from ..._core.record import replace
from ..._core.resource import Handlers
from . import operations as op
from .state import NO_QUEUE, HtbClass, Qdisc


def _drop(space: Space, gone: tuple[Qdisc, ...]) -> None:
    places = {(each.link, each.parent) for each in gone}
    space.qdiscs = [each for each in space.qdiscs if (each.link, each.parent) not in places]


def _put(world: World, step: op.PutQdisc) -> None:
    space = world.spaces[step.netns]
    _drop(space, step.old)
    space.qdiscs.append(step.new)
    _queue(space, step.new.link)


def _queue(space: Space, name: str) -> None:
    """A link that queues nothing by itself gets a length for it: qdisc_create() of sch_api.c."""
    link = space.links.get(name)
    if link is None or link.txqueuelen or "txqueuelen" in link.unknown:
        return
    if link.kind in NO_QUEUE or (link.kind is None and not link.hardware):
        space.links[name] = replace(link, txqueuelen=1000)


def _change(world: World, step: op.ChangeQdisc) -> None:
    space = world.spaces[step.netns]
    space.qdiscs = [step.new if each == step.old else each for each in space.qdiscs]


def _delete(world: World, step: op.DeleteQdisc) -> None:
    _drop(world.spaces[step.netns], step.old)


def _restore(world: World, step: op.RestoreQdiscs) -> None:
    space = world.spaces[step.netns]
    _drop(space, (step.over,) if step.over else ())
    space.qdiscs += step.old
    for each in step.old:
        _queue(space, each.link)


def _put_class(world: World, step: op.PutClass) -> None:
    _classes(world, step, (step.new,))


def _delete_class(world: World, step: op.DeleteClass) -> None:
    _classes(world, step, ())


def _classes(world: World, step: op.PutClass | op.DeleteClass, new: tuple[HtbClass, ...]) -> None:
    space = world.spaces[step.netns]
    for number, each in enumerate(space.qdiscs):
        if (each.link, each.parent) == (step.qdisc.link, step.qdisc.parent):
            gone = step.old.classid if step.old else None
            left = [one for one in each.classes if one.classid != gone]
            classes = tuple(sorted([*left, *new], key=lambda one: one.classid))
            space.qdiscs[number] = replace(each, classes=classes)


EFFECTS: Handlers = {
    op.PutQdisc: _put,
    op.ChangeQdisc: _change,
    op.DeleteQdisc: _delete,
    op.RestoreQdiscs: _restore,
    op.PutClass: _put_class,
    op.DeleteClass: _delete_class,
}
