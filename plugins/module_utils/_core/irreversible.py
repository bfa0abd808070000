# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Steps that nothing takes back: they wait until all that can fail is done."""

from __future__ import annotations

import typing as t

from .operation import Operation
from .plan_builder import PlanBuilder

Steps = t.Sequence[Operation]


def put_last(builder: PlanBuilder) -> None:
    """Move the irreversible steps of a plan to its end, where no other step builds on them."""
    order = sorted(
        range(len(builder.steps)), key=lambda number: builder.steps[number].waits(builder.steps)
    )
    builder.steps[:] = [builder.steps[number] for number in order]
    builder.entries[:] = [builder.entries[number] for number in order]


def goes_along(step: Operation, done: Steps) -> bool:
    """Return whether a step is taken back by removing the namespace or the link that it is about."""
    name = getattr(step, "netns", None)
    made = (each.creates_namespace() for each in done)
    return (name is not None and name in made) or step.goes_with(done)
