# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Remove nexthop objects: what uses them would be lost along, without a word of the kernel."""

from __future__ import annotations

import typing as t

from ..._core.errors import Conflict
from ..._core.host_state import Link, NamespaceState, Route, phrase
from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from ..fdb.operations import DeleteForward
from ..fdb.state import Forward
from ..route.operations import AddRoute, DeleteRoute, description
from . import RESOURCE
from .operations import DeleteNexthop, ReplaceNexthop
from .state import NexthopObject, find, held


def groups_of(namespace: NamespaceState, number: int) -> list[NexthopObject]:
    """Return the groups that have a nexthop object as a member."""
    return [each for each in held(namespace) if number in each.members]


def routes_by(
    builder: PlanBuilder, namespace: NamespaceState, ids: t.Collection[int]
) -> list[Route]:
    """Return the routes that use nexthop objects, of all tables, as the plan leads to them.

    Most tasks need none of them, so they are read only here.
    """
    planned = [route for route in namespace.routes if route.nhid in ids]
    before = builder.before.namespaces.get(namespace.key)
    if builder.kernel is None or before is None or before.state != "present":
        return planned
    known = {*before.routes, *planned}
    deleted = {
        step.route
        for step in builder.steps
        if isinstance(step, DeleteRoute) and step.netns == namespace.key
    }
    there = builder.kernel.details(RESOURCE, namespace.key, Link("lo"))
    return planned + [
        route
        for route in there
        if route.nhid in ids and route not in known and route not in deleted
    ]


def remove(
    builder: PlanBuilder,
    namespace: NamespaceState,
    nexthops: t.Sequence[NexthopObject],
    force: bool,
) -> None:
    """Plan that nexthop objects are removed, with what uses them if that may go: groups first."""
    if not nexthops:
        return
    remove_users(builder, namespace, nexthops, force, "be removed")
    for each in sorted(nexthops, key=lambda one: not one.group):
        there = find(namespace, each.id)
        if there is not None:
            builder.add(DeleteNexthop(namespace.key, there))


def remove_users(
    builder: PlanBuilder,
    namespace: NamespaceState,
    nexthops: t.Sequence[NexthopObject],
    force: bool,
    verb: str,
) -> list[AddRoute]:
    """Plan that the routes and groups which use nexthop objects do so no longer; return how the
    routes come back that use the nexthop objects themselves."""
    ids = {each.id for each in nexthops}
    left: dict[int, NexthopObject] = {}
    emptied: list[NexthopObject] = []
    for group in held(namespace):
        members = tuple(each for each in group.group if each[0] not in ids)
        if group.id in ids or members == group.group:
            continue
        _check(builder, namespace, nexthops, group, force, verb)
        if members:
            left[group.id] = replace(group, group=members)
        else:
            emptied.append(group)
    gone = ids | {group.id for group in emptied}
    if builder.kernel is not None and any(each.fdb for each in (*nexthops, *emptied)):
        for forward in builder.kernel.details(RESOURCE, namespace.key, Link("lo"), 1):
            if forward.nhid in gone:
                _check(builder, namespace, nexthops, forward, force, verb)
                builder.add(DeleteForward(namespace.key, forward))
    routes = routes_by(builder, namespace, gone)
    for route in routes:
        _check(builder, namespace, nexthops, route, force, verb)
    builder.add(*(DeleteRoute(namespace.key, route) for route in routes))
    for number, new in left.items():
        old = find(namespace, number)
        if old is not None:
            builder.add(ReplaceNexthop(namespace.key, new, old))
    builder.add(*(DeleteNexthop(namespace.key, group) for group in emptied))
    return [
        AddRoute(namespace.key, replace(route, wire=b"")) for route in routes if route.nhid in ids
    ]


def _check(
    builder: PlanBuilder,
    namespace: NamespaceState,
    nexthops: t.Sequence[NexthopObject],
    user: NexthopObject | Route | Forward,
    force: bool,
    verb: str,
) -> None:
    """Refuse to take along what uses a nexthop object, unless that may go."""
    if force or builder.may_take(user):
        return
    if isinstance(user, Forward):
        number, what = user.nhid, f"the forwarding entry {user.mac} of link {user.link}"
    elif isinstance(user, Route):
        number, what = user.nhid, f"the route to {description(user)}"
    else:
        number = next(each.id for each in nexthops if each.id in user.members)
        what = f"the group {user.id}"
    raise Conflict(
        f"nexthop object {number} {phrase(namespace.key)} cannot {verb}: {what} uses it, and would be lost"
        " or changed. Remove that first, or set force=true"
    )
