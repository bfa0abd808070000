# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What happens to queueing disciplines of every kind: one is put in a place, or goes."""

from __future__ import annotations

from .._model.qdisc import Qdisc, tree
from .._model.qdisc_want import QdiscWant
from .._model.world import Space
from .draft import Draft


def find(space: Space, want: QdiscWant) -> Qdisc | None:
    """Return what was set up at the place that a task is about."""
    for each in space.qdiscs:
        if (each.link, each.parent) == (want.link, want.parent):
            return each
    return None


def put(draft: Draft, netns: str, new: Qdisc, have: Qdisc | None) -> None:
    """Set up a queueing discipline where another one may be."""
    from .._model.qdisc_ops import DeleteQdisc, PutQdisc

    old = tree(draft.world.spaces[netns].qdiscs, have) if have else ()
    # Under a handle that is taken the kernel would change what has it, not replace it.
    if have is not None and (have.kind == new.kind or have.number == new.handle):
        draft.add(DeleteQdisc(netns, old))
        old = ()
    draft.add(PutQdisc(netns, new, old))


def delete(draft: Draft, space: Space, have: Qdisc) -> None:
    """Take a queueing discipline away, with all below it."""
    from .._model.qdisc_ops import DeleteQdisc

    draft.add(DeleteQdisc(space.key, tree(space.qdiscs, have)))
