# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a module asks of the loop, and what comes of it."""

from __future__ import annotations

import typing as t

from .._core.host_state import HostState
from .._core.operation import Operation, commands
from .._core.plan_builder import At, PlanBuilder
from .._core.record import dataclass, field, replace
from .._core.scope import Scope

Shown = dict[str, t.Any]
Origins = t.Mapping[At, At]


@dataclass(frozen=True)
class Reconciliation:
    """What a module asks of the engine.

    ``plan`` adds the operations to a plan builder; ``render`` returns what results and diffs show
    of a host state. ``normalise`` writes the current state the way the task states it. ``wait`` is
    how many seconds to wait for deleted namespaces to be released, None: do not wait. ``undo``: roll
    back when an operation fails. Topologies are too large to render whole: ``result_of`` returns
    the result, ``diff`` the two sides of what changes, ``verification_errors`` what is not as
    planned after a run, ``has_changed`` whether two host states differ. ``rebuild`` returns a new
    reconciliation after another process changed what this one looks at.
    """

    header: str
    scope: Scope
    plan: t.Callable[[PlanBuilder], None]
    render: t.Callable[[HostState, Origins], Shown]
    normalise: t.Callable[[HostState], None] = lambda host: None
    wait: float | None = None
    undo: bool = True
    result_of: t.Callable[[Outcome], Shown] | None = None
    diff: t.Callable[[Outcome], tuple[Shown, Shown]] | None = None
    verification_errors: t.Callable[[Outcome, HostState], t.Iterable[str]] | None = None
    has_changed: t.Callable[[HostState, HostState], bool] | None = None
    rebuild: t.Callable[[], Reconciliation] | None = None


@dataclass(frozen=True)
class Outcome:
    """What a task did, or would do in check mode."""

    job: Reconciliation
    builder: PlanBuilder
    after: Shown

    shared: dict[str, t.Any] = field(default_factory=dict)  # what its job has worked out of it

    @property
    def before(self) -> Shown:
        """Return what was there, which few ask for."""
        return self.job.render(self.builder.before, self.builder.origins)

    @property
    def steps(self) -> t.Sequence[Operation]:
        """Return what was done."""
        return self.builder.steps

    @property
    def warnings(self) -> t.Sequence[str]:
        """Return what the user should know."""
        return self.builder.warnings

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
            if self.builder.along and job.diff is None:
                from .._core.render import along

                links = self.builder.along
                before = {**before, "along": along(self.builder.before, links)}
                after = {**after, "along": along(self.builder.host, links)}
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


def wide(job: Reconciliation, host: HostState) -> Scope:
    """Return the job's scope and what a plan dealt with beyond it."""
    return replace(job.scope, places=tuple(dict.fromkeys((*job.scope.places, *host.namespaces))))
