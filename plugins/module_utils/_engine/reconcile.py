# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The one loop that every module runs: read, plan, apply, read again, result."""

from __future__ import annotations

import typing as t

from .._core.errors import ConcurrentChange, NetnsError, VerificationFailed
from .._core.link_table import CHOSEN
from .._core.operation import Operation
from .._core.plan_builder import PlanBuilder
from .._core.record import replace
from . import signals as stops
from .job import Outcome, Reconciliation, wide
from .kernel import Kernel

TRIES = 4  # how often a plan is drawn up anew when others change the same things meanwhile


def reconcile(kernel: Kernel, job: Reconciliation, check_mode: bool) -> Outcome:
    """Bring the system to what the job wants, or in check mode say what that would come to.

    Raises NetnsError with what was asked, the kernel's words, and what could not be rolled back.
    """
    looks_alone = check_mode  # that waits for nobody
    last = ""  # the planner's error of the last time
    race: NetnsError | None = None  # what went wrong with an earlier plan, by other hands
    left = TRIES
    while True:
        left -= 1
        try:
            builder = PlanBuilder(
                kernel.survey(job.scope),
                check_mode,
                kernel=kernel,
            )
            job.plan(builder)
            _reserve(kernel, builder)
        except NetnsError as error:
            if check_mode or not left or str(error) == last:
                if race is not None:
                    raise _others_came(error, race) from race
                raise
            last = str(error)
            # What was read may be half of what another program was doing.
            if not looks_alone:
                looks_alone = True
                kernel.acquire_writer_lock()
            job = _anew(job)
            continue
        outcome = Outcome(job, builder, job.render(builder.host, {}))
        _note_losses(kernel, outcome)
        if check_mode or not builder.steps:
            return outcome
        if not looks_alone:
            looks_alone = True
            if kernel.acquire_writer_lock():
                job = _anew(job)
                continue  # what another run has done meanwhile is to be seen
        try:
            _apply(kernel, job, builder, outcome)
        except ConcurrentChange as error:
            if not left:
                raise _others_came(error, error) from error
            race = error
            job = _anew(job)
            continue
        _await_ends(kernel, job)
        return outcome


def _others_came(error: NetnsError, race: NetnsError) -> NetnsError:
    """Return the error of a task that others have disturbed: what it met first, and in the end."""
    met = "" if error is race else f" first met: {race}. Now:"
    return NetnsError(
        f"Other programs have changed the same things while this task was at work;{met} {error}."
        " What it had done is undone; run the task again"
    )


def _reserve(kernel: Kernel, builder: PlanBuilder) -> None:
    """Have what the way back takes: a descriptor for each namespace that is deleted."""
    deleted = sum(step.deletes_namespace() is not None for step in builder.steps)
    if deleted:
        kernel.reserve(deleted)


def _note_losses(kernel: Kernel, outcome: Outcome) -> None:
    """Note for the diff what the kernel drops with what a plan removes, as long as it is there."""
    if outcome.job.scope.neighbours is None:
        return  # all was read, and is compared
    dropping = [step for step in outcome.steps if step.drops()]
    if dropping:
        links = [at for step in dropping for at in step.drops()]
        outcome.shared["losses"] = dropping[0].resource.losses(kernel, outcome.builder, links)


def _anew(job: Reconciliation) -> Reconciliation:
    return job if job.rebuild is None else job.rebuild()


def _apply(kernel: Kernel, job: Reconciliation, builder: PlanBuilder, outcome: Outcome) -> None:
    """Apply a plan and verify it, and only then release the deleted namespaces.

    Up to there all can be rolled back, and is if anything fails. Raises NetnsError.
    """
    if job.wait is not None:
        kernel.watch_deletions()
    done: list[Operation] = []
    with stops.waiting() as signals:
        try:
            if job.undo:
                kernel.take_snapshot(builder.steps, builder.before)
            for number, step in enumerate(builder.steps, 1):
                kernel.upcoming = builder.steps, number
                kernel.apply(step)
                done.append(step)
                # Some steps are irreversible: finish instead of half-reverting.
                if signals.came and all(each.inverse() is not None for each in done):
                    raise signals.stopped()
            _verify(kernel, job, builder, outcome)
        except BaseException as error:
            from .failure import failed

            kernel.stop_watching()
            if isinstance(error, NetnsError):
                raise failed(kernel, job, builder, done, error) from error
            failed(kernel, job, builder, done, NetnsError(repr(error)))
            raise
        kernel.release_held()


def _await_ends(kernel: Kernel, job: Reconciliation) -> None:
    """Wait until deleted namespaces are gone, where the job waits: nothing else can fail by now."""
    try:
        if job.wait is not None:
            kernel.wait_for_deletions(job.wait)
    except NetnsError as error:
        raise NetnsError(f"All was done for {job.header}, and verified. {error}") from error
    finally:
        kernel.stop_watching()


def _verify(kernel: Kernel, job: Reconciliation, builder: PlanBuilder, outcome: Outcome) -> None:
    """Read again and compare with the plan, before deleted namespaces are released.

    Links whose other end is in one of these are still there, and are taken for gone.
    """
    going = builder.host.unreleased()
    try:
        now = kernel.survey(replace(wide(job, builder.host), going=frozenset(going)))
    except NetnsError as error:
        raise VerificationFailed(
            f"All was done for {job.header}, but it could not be verified: {error}"
        ) from error
    followers = (each for namespace in now.namespaces.values() for each in namespace.followers)
    for resource in dict.fromkeys((*(step.resource for step in builder.steps), *followers)):
        resource.release(now, builder)
    job.normalise(now)
    if job.verification_errors is not None:
        errors = list(job.verification_errors(outcome, now))
    else:
        errors = list(_verification_errors(outcome.after, job.render(now, {})))
    if errors:
        raise VerificationFailed(
            f"All was done for {job.header}, but what is there now is not what was promised: "
            + "; ".join(errors)
        )


# What a promise leaves open with None, for the kernel to choose, in a link that is made.
OPEN = (*CHOSEN, "options", "bridge_port")


# Whether another host has an address is seen after it was added, now or in a second.
OTHERS_SAY = frozenset({"dadfailed"})


def _verification_errors(
    promised: t.Any, real: t.Any, at: str = "", chosen: bool = False
) -> t.Iterator[str]:
    """Yield where what is there is not what was promised."""
    if chosen and promised is None:
        return
    if isinstance(promised, dict) and isinstance(real, dict):
        for key in (promised.keys() | real.keys()) - OTHERS_SAY:
            path = f"{at}.{key}".lstrip(".")
            yield from _verification_errors(
                promised.get(key), real.get(key), path, chosen or key in OPEN
            )
    elif promised != real:
        yield f"{at} is {real!r}, not {promised!r}"
