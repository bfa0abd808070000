# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on neighbours."""

from __future__ import annotations

from ..._core.host_state import World
from ..._core.resource import Handlers
from . import operations as op


def _set(world: World, step: op.SetNeighbour) -> None:
    space = world.spaces[step.netns]
    others = [each for each in space.neighbours if each.key != step.new.key]
    space.neighbours = [*others, step.new]


def _delete(world: World, step: op.DeleteNeighbour) -> None:
    space = world.spaces[step.netns]
    space.neighbours = [each for each in space.neighbours if each.key != step.neighbour.key]


EFFECTS: Handlers = {
    op.SetNeighbour: _set,
    op.DeleteNeighbour: _delete,
}
