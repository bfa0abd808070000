# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of restoring what a rebuilt link or qdisc had."""

from __future__ import annotations

from ..._core.host_state import HostState
from ..._core.resource import Handlers
from . import operations as op


def _nothing(host: HostState, step: op.CarrySettings | op.CarryFilters) -> None:
    """None of that is part of the host state."""


def _things(host: HostState, step: op.CarryThings) -> None:
    namespace = host.namespaces[step.netns]
    namespace.neighbours += [each for each in step.neighbours if each not in namespace.neighbours]
    namespace.fdb += [each for each in step.fdb if each not in namespace.fdb]
    namespace.qdiscs += [each for each in step.qdiscs if each not in namespace.qdiscs]


SIMULATE: Handlers = {
    op.CarrySettings: _nothing,
    op.CarryThings: _things,
    op.CarryFilters: _nothing,
}
