# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan steps for queueing disciplines of every kind: replacement and deletion."""

from __future__ import annotations

import typing as t

from ..._core.errors import Conflict
from ..._core.host_state import NamespaceState, phrase
from ..._core.plan_builder import PlanBuilder
from . import RESOURCE
from .spec import QdiscSpec
from .state import Filter, HtbClass, Qdisc, class_name, tree

OR_FORCE = ", or set force=true to lose it"


def find(namespace: NamespaceState, desired: QdiscSpec) -> Qdisc | None:
    """Return the current queueing discipline at the place that a task names."""
    for each in namespace.qdiscs:
        if (each.link, each.parent) == (desired.link, desired.parent):
            return each
    return None


def filters_at(builder: PlanBuilder, key: str, qdiscs: t.Iterable[Qdisc]) -> list[Filter]:
    """Return the filters at queueing disciplines and their classes."""
    found: list[Filter] = []
    for each in qdiscs:
        link = builder.host.namespaces[key].links.get(each.link)
        if builder.kernel is not None and link is not None and each.number:
            parents = (each.number, *(one.classid for one in each.classes))
            found += builder.kernel.details(RESOURCE, key, link, *parents)
    return found


def shown_filters(found: t.Iterable[Filter]) -> str:
    """Return the number of filters of each kind, for messages."""
    kinds = [each.kind for each in found]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))


def refuse_losses(
    builder: PlanBuilder, key: str, old: Qdisc, force: bool, below: bool, or_force: str = OR_FORCE
) -> None:
    """Refuse to lose filters, and with ``below`` unmanaged queueing disciplines, in a replacement."""
    whole = tree(builder.host.namespaces[key].qdiscs, old)
    lost = (
        [f"the filters ({text})"]
        if (text := shown_filters(filters_at(builder, key, whole)))
        else []
    )
    theirs = [each for each in whole[1:] if below and each.options is None]
    lost += [f"{each.kind} at {class_name(each.parent)}" for each in theirs]
    if not lost:
        return
    what = f"{old.kind} on link {old.link} {phrase(key)}"
    if not force:
        raise Conflict(
            f"{what} cannot be replaced or deleted: {', '.join(lost)} would be lost. Remove that"
            f" first{or_force}"
        )
    builder.warn(f"{', '.join(lost)} of the {what} will be lost")


def refuse_in_use(builder: PlanBuilder, key: str, qdisc: Qdisc, gone: HtbClass) -> None:
    """Refuse to remove a class to which filters refer: the kernel would answer that it is in use."""
    found = [
        each
        for each in filters_at(builder, key, [qdisc])
        if gone.classid in (each.classid, each.parent)
    ]
    if found:
        raise Conflict(
            f"purge would remove class {class_name(gone.classid)} of link {qdisc.link} {phrase(key)},"
            f" to which filters refer ({shown_filters(found)}). Remove these first, or list the class"
        )


def put(builder: PlanBuilder, netns: str, new: Qdisc, have: Qdisc | None) -> None:
    """Plan a queueing discipline at a place where another one may be."""
    from .operations import DeleteQdisc, PutQdisc

    old = tree(builder.host.namespaces[netns].qdiscs, have) if have else ()
    # With a handle in use the kernel would change its owner instead of replacing it.
    if have is not None and (have.kind == new.kind or have.number == new.handle):
        builder.add(DeleteQdisc(netns, old))
        old = ()
    builder.add(PutQdisc(netns, new, old))


def delete(builder: PlanBuilder, namespace: NamespaceState, have: Qdisc) -> None:
    """Plan the deletion of a queueing discipline with all below it."""
    from .operations import DeleteQdisc

    builder.add(DeleteQdisc(namespace.key, tree(namespace.qdiscs, have)))
