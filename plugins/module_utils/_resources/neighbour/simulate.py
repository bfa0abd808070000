# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on neighbours."""

from __future__ import annotations

from ..._core.host_state import HostState
from ..._core.resource import Handlers
from . import operations as op


def _set(host: HostState, step: op.SetNeighbour) -> None:
    namespace = host.namespaces[step.netns]
    others = [each for each in namespace.neighbours if each.key != step.new.key]
    namespace.neighbours = [*others, step.new]


def _delete(host: HostState, step: op.DeleteNeighbour) -> None:
    namespace = host.namespaces[step.netns]
    namespace.neighbours = [each for each in namespace.neighbours if each.key != step.neighbour.key]


SIMULATE: Handlers = {
    op.SetNeighbour: _set,
    op.DeleteNeighbour: _delete,
}
