# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Nexthop objects that fall with a link or its carrier: what comes back, and what only goes later."""

from __future__ import annotations

from ..._core.host_state import HostState, NamespaceState
from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from .operations import AddNexthop, DeleteNexthop, ReplaceNexthop
from .simulate import lose
from .state import find, held


def deleted(builder: PlanBuilder, key: str) -> set[int]:
    """Return the IDs of the nexthop objects of a namespace that a plan deletes itself."""
    return {
        step.nexthop.id
        for step in builder.steps
        if isinstance(step, DeleteNexthop) and step.netns == key
    }


def fell(builder: PlanBuilder, key: str, number: int) -> bool:
    """Return whether a nexthop object was there and falls with a link that the plan changes.

    With a carrier that comes back at once the kernel may keep it: it looks a little later.
    """
    was = builder.before.namespaces.get(key)
    return was is not None and find(was, number) is not None and number not in deleted(builder, key)


def put_back(
    builder: PlanBuilder, netns: str, name: str, had: NamespaceState, old_name: str
) -> None:
    """Plan that the nexthop objects of a link come back, and the groups that they were in."""
    namespace = builder.host.namespaces[netns]
    for each in held(had):
        if each.dev == old_name and find(namespace, each.id) is None:
            builder.add(AddNexthop(netns, replace(each, dev=name), again=True))
    for each in held(had):
        there = find(namespace, each.id)
        if (
            not each.group
            or there == each
            or any(find(namespace, member) is None for member in each.members)
        ):
            continue
        if there is None:
            builder.add(AddNexthop(netns, each, again=True))
        else:
            builder.add(ReplaceNexthop(netns, each, there))


def release(now: HostState, builder: PlanBuilder) -> None:
    """Take out of a state that was read what goes only once the kernel has seen a carrier go."""
    for key, namespace in now.namespaces.items():
        expected = builder.host.namespaces.get(key)
        if expected is None or not held(namespace):
            continue
        ids = {each.id for each in held(expected)}
        late = {
            each.id
            for each in held(namespace)
            if each.id not in ids and fell(builder, key, each.id)
        }
        lose(namespace, lambda nexthop, late=late: nexthop.id in late)  # type: ignore[misc]
