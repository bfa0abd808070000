# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a module asks of the loop, and what comes of it."""

from __future__ import annotations

import typing as t

from .._core.host_state import World
from .._core.operation import Operation, commands
from .._core.plan_builder import At, Draft
from .._core.record import dataclass, field, replace
from .._core.scope import Scope

Shown = dict[str, t.Any]
Origins = t.Mapping[At, At]


@dataclass(frozen=True)
class Job:
    """What a module asks of the loop.

    ``plan`` draws up the operations; ``render`` shows what the task is about, for result and diff,
    a link that comes from elsewhere where it was;
    ``settle`` reads a world the way the task states it. ``wait`` is how many seconds to wait for
    deleted namespaces to vanish, None for not at all. ``undo``: what was done is taken back when
    something fails. Of much, it would be dear to render all: ``result_of`` returns the result then,
    ``diff`` what differs, ``verification_errors`` returns in words where a promise is not kept, and ``differ``
    whether two worlds do. ``anew`` makes the job again where what there is to look at changed.
    """

    header: str
    scope: Scope
    plan: t.Callable[[Draft], None]
    render: t.Callable[[World, Origins], Shown]
    settle: t.Callable[[World], None] = lambda world: None
    wait: float | None = None
    undo: bool = True
    result_of: t.Callable[[Outcome], Shown] | None = None
    diff: t.Callable[[Outcome], tuple[Shown, Shown]] | None = None
    verification_errors: t.Callable[[Outcome, World], t.Iterable[str]] | None = None
    differ: t.Callable[[World, World], bool] | None = None
    anew: t.Callable[[], Job] | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of it: the same in check mode, but for the world."""

    job: Job
    draft: Draft
    after: Shown

    shared: dict[str, t.Any] = field(default_factory=dict)  # what its job has worked out of it

    @property
    def before(self) -> Shown:
        """Return what was there, which few ask for."""
        return self.job.render(self.draft.before, self.draft.origins)

    @property
    def steps(self) -> t.Sequence[Operation]:
        """Return what was done."""
        return self.draft.steps

    @property
    def warnings(self) -> t.Sequence[str]:
        """Return what the user should know."""
        return self.draft.warnings

    @property
    def commands(self) -> list[str]:
        """Return the iproute2 commands that would have done the same."""
        return commands(self.steps)

    def result(self, diff: bool) -> Shown:
        """Return the result of the task, with before and after if they are asked for."""
        job = self.job
        result = {
            **(self.after if job.result_of is None else job.result_of(self)),
            "changed": bool(self.steps),
            "commands": self.commands,
        }
        if diff:
            before, after = (self.before, self.after) if job.diff is None else job.diff(self)
            if self.draft.along and job.diff is None:
                from .._core.render import along

                links = self.draft.along
                before = {**before, "along": along(self.draft.before, links)}
                after = {**after, "along": along(self.draft.world, links)}
            if "losses" in self.shared:
                lost, got = self.shared["losses"]
                before, after = {**before, **lost}, {**after, **got}
            result["diff"] = {
                "before_header": job.header,
                "after_header": job.header,
                "before": before,
                "after": after,
            }
        return result


def wide(job: Job, world: World) -> Scope:
    """Return the job's scope and what a plan dealt with beyond it."""
    return replace(job.scope, places=tuple(dict.fromkeys((*job.scope.places, *world.spaces))))
