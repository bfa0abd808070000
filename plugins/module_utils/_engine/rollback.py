# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The way back when an operation failed: what was done is undone, last first."""

from __future__ import annotations

import typing as t

from .._core.errors import NetnsError
from .._core.host_state import World
from .._core.irreversible import goes_along, places
from .._core.operation import Operation
from .._core.scope import Scope
from .._resources.link.kinds.operations import CreateLink
from .._resources.link.operations import ChangeLink, DeleteLink
from .._resources.namespace.operations import CreateNamespace, DeleteNamespace
from . import leftovers as settings
from .kernel import Kernel

# What the comparison below does not look at: there a step back that failed tells by itself.
UNSEEN = ("wireguard", "masquerade")


def undo(
    kernel: Kernel,
    scope: Scope,
    was: World,
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
    if not raced and getattr(failed, "netns", None) not in kernel.lost:
        _free_name(kernel, done, failed)
    for step in reversed(done):
        if not isinstance(step, CreateNamespace) and going.issuperset(places(step)):
            continue  # with its namespace; alone, a link takes a grace period of the kernel to go
        inverse = step.inverse()
        if inverse is None:
            if not goes_along(step, done):
                final.append(f"{step.phrase()}: this has no way back")
        elif not kernel.lost.isdisjoint(places(step)):
            if getattr(inverse, "netns", None) not in kernel.lost:
                _try(kernel, inverse)  # half of it is gone with a namespace that others deleted
        else:
            (final if step.family in UNSEEN else words).extend(_try(kernel, inverse))
    try:
        left = kernel.restore(done, failed, raced)
        now = kernel.survey(scope)
        half = [failed] if failed is not None and _is_half_done(failed, now) else []
        left += settings.differences(was, now, [*done, *half])
    except NetnsError as error:
        return [*final, *words, str(error)]
    return [*final, *dict.fromkeys(left), *words] if left else final


def _free_name(kernel: Kernel, done: t.Iterable[Operation], failed: Operation | None) -> None:
    """Take back what a step that failed may have done all the same: else what comes back finds its
    name taken. Where it was not done, the kernel refuses that."""
    if isinstance(failed, CreateLink):
        at = failed.netns, failed.name
        gone = (step for step in done if isinstance(step, DeleteLink))
        if any((step.netns, step.link.name) == at for step in gone):
            _try(kernel, failed.inverse())
    elif isinstance(failed, ChangeLink) and "name" in dict(failed.new):
        old, new = ("name", failed.name), ("name", dict(failed.new)["name"])
        _try(kernel, ChangeLink(failed.netns, str(new[1]), (old,), (new,)))


def _is_half_done(failed: Operation, now: World) -> bool:
    """Return whether a file was left, or a name lost."""
    named = isinstance(failed, (CreateNamespace, DeleteNamespace))
    return named and now.spaces[getattr(failed, "netns", "")].state == "stale"


def closed(done: t.Sequence[Operation]) -> set[str | None]:
    """Return the namespaces that were made where there was none of the name, and that nothing was
    done in which has to do with others than these."""
    made: set[str | None] = set()
    others: set[str | None] = set()
    for step in done:
        if isinstance(step, CreateNamespace) and not step.again:
            made.add(step.netns)
        elif isinstance(step, DeleteNamespace) or not made.issuperset(places(step)):
            others.update(places(step))
    return made - others


def _try(kernel: Kernel, step: Operation) -> list[str]:
    """Carry out a step of the way back, which goes on whatever happens; return what went wrong."""
    try:
        kernel.apply(step)
    except NetnsError as error:
        return [str(error)]
    return []
