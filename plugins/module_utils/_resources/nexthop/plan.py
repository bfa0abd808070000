# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn the nexthop objects of a namespace into the desired ones."""

from __future__ import annotations

import typing as t

from ..._core.errors import BadInput
from ..._core.host_state import NamespaceState, phrase
from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from . import limits
from .operations import AddNexthop, ReplaceNexthop
from .removal import remove, remove_users
from .restore import fell
from .spec import KINDS, NexthopSpec, NexthopsSpec
from .state import NexthopObject, find, held


def plan(builder: PlanBuilder, desired: NexthopsSpec) -> None:
    """Plan the listed nexthop objects, and with purge the removal of all others."""
    if not desired.present:
        namespace = builder.host.at(desired.place)
        matching = [
            each
            for each in held(namespace)
            if any(each.id == one.id and _has(each, one.stated()) for one in desired.nexthops)
        ]
        remove(builder, namespace, matching, desired.force)
        return
    namespace = builder.namespace(desired.place)
    # Groups after their members.
    for each in sorted(desired.nexthops, key=lambda one: bool(one.group)):
        _present(builder, namespace, each, desired)
    if desired.purge:
        listed = {each.id for each in desired.nexthops}
        others = [
            each
            for each in held(namespace)
            if each.id not in listed and each.proto == desired.proto
        ]
        remove(builder, namespace, others, desired.force)


def is_as_desired(nexthop: NexthopObject, desired: NexthopSpec) -> bool:
    """Return whether a nexthop object has all that is stated, and leads nowhere else."""
    return _has(nexthop, _whole(desired))


def _whole(desired: NexthopSpec) -> dict[str, t.Any]:
    """Return what is stated; of what belongs together, what is not stated is not to be there."""
    stated = desired.stated()
    if desired.leads:
        empty = NexthopObject(desired.id)
        stated = {**{name: getattr(empty, name) for name in KINDS}, **stated}
    return stated


def _has(nexthop: NexthopObject, stated: t.Mapping[str, t.Any]) -> bool:
    return all(
        sorted(nexthop.group) == sorted(value)
        if name == "group"
        else getattr(nexthop, name) == value
        for name, value in stated.items()
    )


def _present(
    builder: PlanBuilder, namespace: NamespaceState, desired: NexthopSpec, task: NexthopsSpec
) -> None:
    if desired.dev is not None:
        builder.link(task.place, desired.dev)
    old = find(namespace, desired.id)
    if old is not None and is_as_desired(old, desired):
        return
    if old is None and not desired.leads:
        raise BadInput(
            f"nexthop object {desired.id} not found {phrase(namespace.key)}; to add it, via, dev,"
            " blackhole or group is required"
        )
    new = _new(old, desired)
    limits.check(builder, namespace, new)
    if old is None:
        builder.add(AddNexthop(namespace.key, new, again=fell(builder, namespace.key, new.id)))
    elif reason := limits.refused_in_place(builder, namespace, old, new):
        back = remove_users(builder, namespace, [old], task.force, f"be changed: {reason}")
        remove(builder, namespace, [old], task.force)
        builder.add(AddNexthop(namespace.key, new))
        builder.add(*limits.usable(back, new))
    else:
        builder.add(ReplaceNexthop(namespace.key, new, old))
    if builder.assume_exists or builder.strict:
        _assume_preconditions(builder, namespace, new)


def _new(old: NexthopObject | None, desired: NexthopSpec) -> NexthopObject:
    """Return a nexthop object as the kernel will show it."""
    stated = _whole(desired)
    if old is not None:
        same_kind = bool(old.group) == bool(stated.get("group", old.group))
        new = replace(old, extras=old.extras if same_kind else (), **stated)
        if desired.leads and desired.onlink is None:
            new = replace(
                new, onlink=old.onlink and old.via is not None and bool(new.via and new.dev)
            )
    else:
        stated.setdefault("proto", "static")
        new = NexthopObject(desired.id, **stated)
    if new.group:
        return replace(new, version=0)
    return replace(
        new, version=desired.version or (new.version if not new.via else 0) or _of(new.via)
    )


def _of(via: str | None) -> int:
    return 6 if via is not None and ":" in via else 4


def _assume_preconditions(
    builder: PlanBuilder, namespace: NamespaceState, nexthop: NexthopObject
) -> None:
    """Note the missing preconditions of a nexthop object in check mode; else the kernel decides."""
    dev = "lo" if nexthop.blackhole else nexthop.dev
    link = namespace.links.get(dev or "")
    if link is not None and not link.up:
        builder.suppose(f"Link {dev} {phrase(namespace.key)} is not up yet")
