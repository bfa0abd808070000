# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Steps that nothing takes back: they wait until all that can fail is done."""

from __future__ import annotations

import typing as t

from .._resources.link.kinds.operations import CreateLink
from .._resources.link.operations import CreateVeth, DeleteLink, MoveLink
from .._resources.namespace.operations import CreateNamespace, SetNsid
from .._resources.sysctl import state as sysctl
from .._resources.sysctl.operations import WriteSysctl
from .host_state import HERE
from .operation import Operation
from .plan_builder import Draft

Steps = t.Sequence[Operation]


def put_last(draft: Draft) -> None:
    """Move the irreversible steps of a plan to its end, where no other step builds on them."""
    order = sorted(range(len(draft.steps)), key=lambda number: _is_late(draft.steps, number))
    draft.steps[:] = [draft.steps[number] for number in order]
    draft.entries[:] = [draft.entries[number] for number in order]


def _is_late(steps: Steps, number: int) -> bool:
    step = steps[number]
    can_last = isinstance(step, (SetNsid, WriteSysctl)) and step.inverse() is None
    return can_last and _can_wait(steps, step)


def goes_along(step: Operation, done: Steps) -> bool:
    """Return whether a step is taken back by removing the namespace or the link that it is about."""
    name = getattr(step, "netns", None)
    if any(isinstance(each, CreateNamespace) and each.netns == name for each in done):
        return True
    found = sysctl.of(step.key) if isinstance(step, WriteSysctl) else None
    if found is None or found.link is None:
        return False
    makers = (each for each in done if isinstance(each, (CreateVeth, CreateLink)))
    return any((name, found.link) in each.puts() for each in makers)


def places(step: Operation) -> tuple[str | None, ...]:
    """Return the namespaces that an operation deals with; None stands for something else."""
    if isinstance(step, CreateVeth):
        return step.near.netns, step.far.netns
    if isinstance(step, MoveLink):
        return step.netns, step.to
    if isinstance(step, DeleteLink):
        peer = step.link.peer
        return (step.netns, peer.netns) if peer is not None else (step.netns,)
    if isinstance(step, CreateLink):
        return (step.netns, step.source) if step.source is not None else (step.netns,)
    return (getattr(step, "netns", None),)


def _can_wait(steps: Steps, step: Operation) -> bool:
    around = [each for each in steps if each.family in ("link", "kind")]
    if not isinstance(step, WriteSysctl):
        # The kernel numbers a namespace by itself once a link leads there: peernet2id_alloc().
        return not any(HERE in places(each) for each in around)
    # A link is made with the secret of new links, and goes up with its own: addrconf_dev_config().
    found = sysctl.of(step.key)
    link = None if found is None else found.link
    return not any(
        netns == step.netns and (names is None or link is None or link in names)
        for each in around
        for netns, _parts, names in each.touches()
    )
