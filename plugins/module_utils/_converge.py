# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The one loop that every module runs: read, plan, apply, read again, result."""

from __future__ import annotations

import errno
import typing as t

from ._kernel import stops
from ._kernel.kernel import Kernel
from ._kernel.scope import Scope
from ._model.errors import KernelError, NetnsError
from ._model.operation import Operation, commands
from ._model.record import dataclass, field, replace
from ._model.world import World
from ._plan.draft import At, Draft

TRIES = 4  # how often a plan is drawn up anew when others change the same things meanwhile
# What the kernel says when a thing came or went between our look and our request.
RACES = (errno.EEXIST, errno.ENOENT, errno.ENODEV, errno.EADDRNOTAVAIL, errno.EBUSY)

Shown = dict[str, t.Any]
Origins = t.Mapping[At, At]


@dataclass(frozen=True)
class Job:
    """What a module asks of the loop.

    ``plan`` draws up the operations; ``render`` shows what the task is about, for result and diff,
    a link that comes from elsewhere where it was;
    ``settle`` reads a world the way the task states it. ``wait`` is how many seconds to wait for
    deleted namespaces to vanish, None for not at all. ``undo``: what was done is taken back when
    something fails. Of much, it would be dear to render all: ``tell`` returns the result then,
    ``diff`` what differs, ``unkept`` says in words where a promise is not kept, and ``differ``
    whether two worlds do. ``anew`` makes the job again where what there is to look at changed.
    """

    header: str
    scope: Scope
    plan: t.Callable[[Draft], None]
    render: t.Callable[[World, Origins], Shown]
    settle: t.Callable[[World], None] = lambda world: None
    wait: float | None = None
    undo: bool = True
    tell: t.Callable[[Outcome], Shown] | None = None
    diff: t.Callable[[Outcome], tuple[Shown, Shown]] | None = None
    unkept: t.Callable[[Outcome, World], t.Iterable[str]] | None = None
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
        """Return what a task tells of it, with before and after if they are asked for."""
        job = self.job
        told = {
            **(self.after if job.tell is None else job.tell(self)),
            "changed": bool(self.steps),
            "commands": self.commands,
        }
        if diff:
            before, after = (self.before, self.after) if job.diff is None else job.diff(self)
            told["diff"] = {
                "before_header": job.header,
                "after_header": job.header,
                "before": before,
                "after": after,
            }
        return told


def converge(kernel: Kernel, job: Job, check_mode: bool) -> Outcome:
    """Bring the system to what the job wants, or in check mode say what that would come to.

    Raises NetnsError with what was asked, the kernel's words, and what could not be undone.
    """
    looks_alone = check_mode  # that waits for nobody
    for attempt in range(TRIES):
        if attempt and job.anew is not None:
            job = job.anew()
        try:
            draft = Draft(kernel.survey(job.scope), supposing=check_mode)
            job.plan(draft)
        except NetnsError:
            if looks_alone:
                raise
            looks_alone = True
            kernel.take_turn()  # what was read may be half of what another run was doing
            continue
        outcome = Outcome(job, draft, job.render(draft.world, {}))
        if check_mode or not draft.steps:
            return outcome
        if not looks_alone:
            looks_alone = True
            if kernel.take_turn():
                continue  # what another run has done meanwhile is to be seen
        try:
            _carry_out(kernel, job, draft)
        except _Meddled:
            if attempt + 1 == TRIES:
                raise
            continue
        _conclude(kernel, job, draft, outcome)
        return outcome
    raise NetnsError("unreachable")  # the last attempt raises


class _Meddled(NetnsError):
    """An operation failed, all was undone, and what is there is no longer what was planned on."""


def _carry_out(kernel: Kernel, job: Job, draft: Draft) -> None:
    if job.wait is not None:
        kernel.watch_ends()
    done: list[Operation] = []
    with stops.waiting() as told:
        try:
            for number, step in enumerate(draft.steps, 1):
                kernel.coming = draft.steps, number
                kernel.apply(step)
                done.append(step)
                if told.came and all(each.inverse() is not None for each in done):
                    told.answer()  # otherwise the way on is better than half of one back
        except BaseException as error:
            kernel.unwatch()
            if isinstance(error, NetnsError):
                raise _failed(kernel, job, draft, done, error) from error
            if job.undo:  # told to stop: by Ctrl-C, or the task's timeout
                _take_back(kernel, job, draft, done)
            raise


def _conclude(kernel: Kernel, job: Job, draft: Draft, outcome: Outcome) -> None:
    """Let deleted namespaces go, wait for their end and verify: that at once where no link hangs on it."""
    try:
        kernel.let_go()
        hangs = _loses_links(draft)
        if not hangs:
            _verify(kernel, job, draft, outcome)  # while the kernel is still busy
        if job.wait is not None:
            kernel.wait_for_ends(job.wait)
        if hangs:
            _verify(kernel, job, draft, outcome)
    finally:
        kernel.unwatch()


def _loses_links(draft: Draft) -> bool:
    """Return whether a namespace that stays has fewer links afterwards."""
    spaces = draft.world.spaces
    return any(
        spaces[key].state == "present" and not was.links.keys() <= spaces[key].links.keys()
        for key, was in draft.before.spaces.items()
    )


def _failed(
    kernel: Kernel, job: Job, draft: Draft, done: list[Operation], error: NetnsError
) -> NetnsError:
    """Take back what was done before an operation failed; return what to say of it."""
    entry = draft.entries[len(done)]
    what = f"{entry}: {error}" if entry else str(error)
    if not job.undo:
        kernel.let_go()
        kept = f". {len(done)} of {len(draft.steps)} steps were done before it, and stay"
        return NetnsError(what + kept)
    left = _take_back(kernel, job, draft, done)
    if left:
        return NetnsError(f"{what}. This could not be undone: {'; '.join(left)}")
    raced = isinstance(error, KernelError) and error.errno in RACES
    if raced and _differ(kernel, job, draft.before):
        return _Meddled(what)
    undone = ". What had been done before it is undone" if done else ""
    return NetnsError(f"{what}{undone}")


def _take_back(kernel: Kernel, job: Job, draft: Draft, done: list[Operation]) -> list[str]:
    """Undo what was done, and what of the next step was; return what could not be."""
    from ._undo import undo

    failed = draft.steps[len(done)] if len(done) < len(draft.steps) else None
    return undo(kernel, _wide(job, draft.before), draft.before, done, failed)


def _wide(job: Job, world: World) -> Scope:
    """Return the job's scope and what a plan dealt with beyond it."""
    return replace(job.scope, places=tuple(dict.fromkeys((*job.scope.places, *world.spaces))))


def _differ(kernel: Kernel, job: Job, was: World) -> bool:
    """Return whether what the job is about has changed since, by other hands than ours."""
    now = kernel.survey(job.scope)
    job.settle(now)
    job.settle(was)
    if job.differ is not None and job.differ(was, now):
        return True
    return job.render(now, {}) != job.render(was, {}) or set(now.spaces) != set(was.spaces)


def _verify(kernel: Kernel, job: Job, draft: Draft, outcome: Outcome) -> None:
    """Read again, and hold what is there against what was promised."""
    now = kernel.survey(_wide(job, draft.world))
    job.settle(now)
    if job.unkept is not None:
        told = list(job.unkept(outcome, now))
    else:
        told = list(_unkept(outcome.after, job.render(now, {})))
    if told:
        raise NetnsError(
            f"All was done for {job.header}, but what is there now is not what was promised: "
            + "; ".join(told)
        )


# What a promise leaves open with None, for the kernel to choose, in a link that is made.
CHOSEN = ("mac", "mtu", "txqueuelen", "arp", "multicast", "options", "bridge_port")


def _unkept(promised: t.Any, real: t.Any, at: str = "", chosen: bool = False) -> t.Iterator[str]:
    """Yield where what is there is not what was promised."""
    if chosen and promised is None:
        return
    if isinstance(promised, dict) and isinstance(real, dict):
        for key in promised.keys() | real.keys():
            path = f"{at}.{key}".lstrip(".")
            yield from _unkept(promised.get(key), real.get(key), path, chosen or key in CHOSEN)
    elif promised != real:
        yield f"{at} is {real!r}, not {promised!r}"
