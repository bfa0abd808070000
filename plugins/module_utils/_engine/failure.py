# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What follows when a plan fails: roll it back, see whether others changed the same, and say so."""

from __future__ import annotations

import errno
import typing as t

from .._core.errors import ConcurrentChange, KernelError, NetnsError, VerificationFailed
from .._core.host_state import HERE, HostState
from .._core.operation import Operation
from .._core.plan_builder import PlanBuilder
from .job import Reconciliation, wide
from .kernel import Kernel
from .rollback import undo
from .signals import Stopped

# Errors of the kernel when a thing came or went between our look and our request.
RACES = (
    *(errno.EEXIST, errno.ENOENT, errno.ENODEV, errno.EADDRNOTAVAIL, errno.EBUSY),
    errno.ESRCH,  # of a route that is not there any more
)


def failed(
    kernel: Kernel,
    job: Reconciliation,
    builder: PlanBuilder,
    done: t.Sequence[Operation],
    error: NetnsError,
) -> NetnsError:
    """Roll back what was done before a failure, unless the job keeps it; return what to raise."""
    whole = len(done) == len(builder.steps)  # and what failed was to verify it
    entry = "" if whole else builder.entries[len(done)]
    what = f"{entry}: {error}" if entry else str(error)
    if not job.undo:
        kernel.release_held()
        if whole:
            return NetnsError(f"{what}. It stays as it is")
        return NetnsError(
            f"{what}. {len(done)} of {len(builder.steps)} steps were done before it, and stay"
        )
    going_on = None if whole or isinstance(error, Stopped) else builder.steps[len(done)]
    refused_by_race = isinstance(error, KernelError) and error.errno in RACES
    lost = _lost(kernel, builder.before, builder.steps[: len(done) + 1])
    kernel.deleted_by_others = frozenset(lost)
    kernel.keep_deleted = False  # what is made is deleted for good
    left = undo(kernel, wide(job, builder.before), builder.before, done, going_on, refused_by_race)
    kernel.keep_deleted, kernel.deleted_by_others = True, frozenset()
    if isinstance(error, Stopped):
        return Stopped(f"{what}. {_rollback_outcome(left)}")
    if lost:
        return ConcurrentChange(f"namespace {', '.join(lost)} was deleted, or made again")
    raced = isinstance(error, VerificationFailed) or refused_by_race
    if not left and raced and _differ(kernel, job, builder.before):
        return ConcurrentChange(what)
    if left or done:
        what = f"{what}. {_rollback_outcome(left)}"
    return NetnsError(what)


def _rollback_outcome(left: t.Sequence[str]) -> str:
    """Return how the roll back went."""
    if left:
        return f"This could not be undone: {'; '.join(left)}"
    return "What had been done before it is undone"


def _lost(kernel: Kernel, was: HostState, tried: t.Sequence[Operation]) -> list[str]:
    """Return the namespaces that others deleted meanwhile, whether or not they made them again.

    What was done in one was done elsewhere: nothing may be rolled back in what has its name now.
    """
    ours = {step.deletes_namespace() for step in tried}
    known = {
        key: namespace.identity for key, namespace in was.namespaces.items() if namespace.identity
    }
    made = {name for step in tried if (name := step.creates_namespace()) is not None}
    return sorted(
        key
        for key in {*known, *made} - ours - {HERE}
        if not kernel.is_same_namespace(key, known.get(key, 0))
    )


def _differ(kernel: Kernel, job: Reconciliation, was: HostState) -> bool:
    """Return whether what the job is about has changed since, by other hands than ours."""
    now = kernel.survey(job.scope)
    job.normalise(now)
    job.normalise(was)
    if job.has_changed is not None and job.has_changed(was, now):
        return True
    return job.render(now, {}) != job.render(was, {}) or set(now.namespaces) != set(was.namespaces)
