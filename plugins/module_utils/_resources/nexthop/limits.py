# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What the kernel refuses of nexthop objects, alone and in place of one that is there."""

from __future__ import annotations

import typing as t

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import NamespaceState, phrase
from ..._core.plan_builder import PlanBuilder
from ..route.operations import AddRoute
from .removal import groups_of, routes_by
from .state import NexthopObject, find


def check(builder: PlanBuilder, namespace: NamespaceState, nexthop: NexthopObject) -> None:
    """Refuse a group that nh_check_attr_group() refuses; the members have to be there."""
    if nexthop.fdb and nexthop.dev:
        raise Conflict(
            f"nexthop object {nexthop.id} cannot have both fdb and dev; leave out one of them"
        )
    for number in nexthop.members:
        member = find(namespace, number)
        if member is None:
            where = phrase(namespace.key)
            if not builder.assume_exists:
                raise BadInput(
                    f"nexthop object {number}, a member of group {nexthop.id}, not found {where}; list it"
                    " too, or add it first (netns_nexthop)"
                )
            builder.suppose(f"nexthop object {number} does not exist {where} yet")
            continue
        if reason := _unfit(nexthop, member):
            raise BadInput(
                f"nexthop object {number} {phrase(namespace.key)} cannot be a member of group"
                f" {nexthop.id}: {reason}"
            )


def _unfit(group: NexthopObject, member: NexthopObject) -> str:
    if member.group:
        return "it is a group itself"
    if member.blackhole and len(group.group) > 1:
        return "a blackhole can only be the single member of a group"
    if member.fdb and not group.fdb:
        return "it is for forwarding entries (fdb=true), and the group is not"
    if group.fdb and not member.fdb:
        return "the group is for forwarding entries (fdb=true), and it is not"
    return ""


def refused_in_place(
    builder: PlanBuilder, namespace: NamespaceState, old: NexthopObject, new: NexthopObject
) -> str:
    """Return why the kernel replaces one nexthop object by another only if it is removed first, ''
    if it does: replace_nexthop()."""
    if bool(old.group) != bool(new.group):
        return "the kernel makes no group of a single one, nor the other way round"
    if old.group and old.proto != new.proto:
        return "the kernel keeps the protocol of a group"  # replace_nexthop_grp()
    if old.group and old.fdb != new.fdb:
        return "the kernel keeps what a group is for"
    groups = groups_of(namespace, old.id)
    if old.fdb != new.fdb and (groups or routes_by(builder, namespace, {old.id})):
        return "the kernel does not change fdb of one that is in use"
    if new.blackhole and any(len(group.group) > 1 for group in groups):
        return "a blackhole can only be the single member of a group"
    if old.version == 6 and new.version == 4:
        ids = {old.id, *(group.id for group in groups)}
        if any(route.version == 6 for route in routes_by(builder, namespace, ids)):
            return "IPv6 routes use it"
    return ""


def usable(routes: t.Iterable[AddRoute], nexthop: NexthopObject) -> list[AddRoute]:
    """Return the routes that can use a nexthop object: fib_check_nexthop(), fib6_check_nexthop()."""
    if nexthop.fdb:
        return []
    return [each for each in routes if each.route.version == 4 or nexthop.version != 4]
