# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The way back when an operation failed: what was done is undone, last first."""

from __future__ import annotations

import typing as t

from .._core.errors import NetnsError
from .._core.host_state import HostState
from .._core.irreversible import goes_along
from .._core.operation import Operation
from .._core.scope import Scope
from . import leftovers
from .kernel import Kernel


def undo(
    kernel: Kernel,
    scope: Scope,
    was: HostState,
    done: t.Sequence[Operation],
    failed: Operation | None,
    raced: bool = False,
) -> list[str]:
    """Take back what was done; return what is not as it was, in words.

    The step that failed is not inverted: what it could not make may be there by other hands. But
    some are taken in parts: what it dealt with is compared with the rest, and put back.
    """
    final: list[str] = []
    words: list[str] = []
    going = closed(done)
    if not raced and getattr(failed, "netns", None) not in kernel.deleted_by_others:
        cleanup = None if failed is None else failed.cleanup(done)
        if cleanup is not None:
            _try(kernel, cleanup)
    for step in reversed(done):
        if step.creates_namespace() is None and going.issuperset(step.places()):
            continue  # with its namespace; alone, a link takes a grace period of the kernel to go
        inverse = step.inverse()
        if inverse is None:
            if not goes_along(step, done):
                final.append(f"{step.phrase()}: this has no way back")
        elif not kernel.deleted_by_others.isdisjoint(step.places()):
            if getattr(inverse, "netns", None) not in kernel.deleted_by_others:
                _try(kernel, inverse)  # half of it is gone with a namespace that others deleted
        else:
            (final if step.resource.unread else words).extend(_try(kernel, inverse))
    try:
        left = kernel.restore(done, failed, raced)
        now = kernel.survey(scope)
        half = [failed] if failed is not None and _is_half_done(failed, now) else []
        left += leftovers.differences(was, now, [*done, *half])
    except NetnsError as error:
        return [*final, *words, str(error)]
    return [*final, *dict.fromkeys(left), *words] if left else final


def _is_half_done(failed: Operation, now: HostState) -> bool:
    """Return whether a file was left, or a name lost."""
    name = failed.creates_namespace() or failed.deletes_namespace()
    return name is not None and now.namespaces[name].state == "stale"


def closed(done: t.Sequence[Operation]) -> set[str | None]:
    """Return the namespaces that were made where there was none of the name, and that nothing was
    done in which has to do with others than these."""
    made: set[str | None] = set()
    others: set[str | None] = set()
    for step in done:
        if step.creates_namespace() is not None:
            made.add(step.creates_namespace())
        elif step.deletes_namespace() is not None or not made.issuperset(step.places()):
            others.update(step.places())
    return made - others


def _try(kernel: Kernel, step: Operation) -> list[str]:
    """Carry out a step of the way back, which continues whatever happens; return what went wrong."""
    try:
        kernel.apply(step)
    except NetnsError as error:
        return [str(error)]
    return []
