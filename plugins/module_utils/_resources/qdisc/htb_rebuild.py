# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Rebuild a htb of which something cannot be changed in place."""

from __future__ import annotations

from ..._core.host_state import NamespaceState
from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from .htb_class import check_depth, own_quantum, there
from .operations import PutClass, PutQdisc
from .spec import QdiscSpec
from .state import Qdisc, in_order, tree
from .steps import filters_at, put, refuse_in_use, refuse_losses


def set_up_anew(
    builder: PlanBuilder, namespace: NamespaceState, desired: QdiscSpec, same: Qdisc, new: Qdisc
) -> None:
    """Put a htb in the place of one that is there, with the classes that stay as they were.

    Under another handle none stays: all of them had the old one in their names.
    """
    if new.number != same.number:
        refuse_losses(builder, namespace.key, same, False, below=True, or_force="")
    wanted = {each.classid: each.stated.get("parent") for each in desired.classes or ()}
    whole = tree(namespace.qdiscs, same)
    below, filters = whole[1:], tuple(filters_at(builder, namespace.key, whole))
    for each in same.classes if desired.purge and new.number == same.number else ():
        if each.classid not in wanted:
            refuse_in_use(builder, namespace.key, same, each)
    put(builder, namespace.key, replace(new, classes=(), wire=b""), same)
    if new.number != same.number:
        return
    kept = [
        replace(each, parent=wanted.get(each.classid) or each.parent)
        for each in same.classes
        if not desired.purge or each.classid in wanted
    ]
    for each in in_order(kept):
        check_depth(there(namespace, desired), each)
        builder.add(
            PutClass(namespace.key, there(namespace, desired), each, own_quantum(each, new.options))
        )
    places = {each.classid for each in kept} - {each.parent for each in kept}
    for top in below:
        if top.parent in places:
            rebuild(builder, namespace, top, below, top.parent)
    if filters:
        from ..rebuild.operations import CarryFilters

        numbers = tuple(each.number for each in whole)
        builder.add(CarryFilters(namespace.key, same.link, numbers, filters))


def rebuild(
    builder: PlanBuilder,
    namespace: NamespaceState,
    top: Qdisc,
    below: tuple[Qdisc, ...],
    parent: int,
) -> None:
    """Plan the queueing disciplines at a class again."""
    for each in tree(below, top):
        at = parent if each is top else each.parent
        builder.add(PutQdisc(namespace.key, replace(each, classes=(), parent=at)))
        for one in in_order(each.classes):
            builder.add(PutClass(namespace.key, each, one, one.quantum))
