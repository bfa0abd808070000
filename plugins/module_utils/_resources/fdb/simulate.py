# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What operations on forwarding tables do."""

from __future__ import annotations

from ..._core.host_state import World
from ..._core.record import replace
from ..._core.resource import Handlers
from . import operations as op
from .state import Forward


def _set(world: World, step: op.SetForward) -> None:
    space = world.spaces[step.netns]
    gone = {step.new.key} | ({step.old.key} if step.old is not None else set())
    others = [each for each in space.fdb if each.key not in gone]
    if step.new.many:
        others = [
            replace(each, nud=step.new.nud) if _is_beside(each, step.new) else each
            for each in others
        ]
    space.fdb = [*others, step.new]


def _is_beside(each: Forward, new: Forward) -> bool:
    return (each.link, each.mac, each.src_vni, each.master) == (
        new.link,
        new.mac,
        new.src_vni,
        new.master,
    )


def _delete(world: World, step: op.DeleteForward) -> None:
    space = world.spaces[step.netns]
    space.fdb = [each for each in space.fdb if not _falls(each, step.forward)]


def _falls(each: Forward, gone: Forward) -> bool:
    """Return whether an entry goes with another: in a bridge, no VLAN stands for all of them."""
    return each.key == gone.key or (
        gone.master
        and each.master
        and gone.vlan is None
        and (each.link, each.mac) == (gone.link, gone.mac)
    )


EFFECTS: Handlers = {
    op.SetForward: _set,
    op.DeleteForward: _delete,
}
