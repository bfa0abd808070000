# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on nexthop objects: net/ipv4/nexthop.c."""

from __future__ import annotations

import typing as t

from ..._core.host_state import HostState, NamespaceState
from ..._core.record import replace
from ..._core.resource import Handlers
from . import operations as op
from .state import NexthopObject, held, ways


def _put(namespace: NamespaceState, things: t.Iterable[NexthopObject]) -> None:
    namespace.others["nexthop"] = tuple(sorted(things, key=lambda each: each.id))


def _add_nexthop(host: HostState, step: op.AddNexthop) -> None:
    namespace = host.namespaces[step.netns]
    _put(namespace, (*held(namespace), step.nexthop))


def _delete_nexthop(host: HostState, step: op.DeleteNexthop) -> None:
    lose(host.namespaces[step.netns], lambda nexthop: nexthop.id == step.nexthop.id)


def _replace_nexthop(host: HostState, step: op.ReplaceNexthop) -> None:
    namespace = host.namespaces[step.netns]
    _put(namespace, (step.new if each.id == step.new.id else each for each in held(namespace)))
    _follow(namespace)


def _follow(namespace: NamespaceState) -> None:
    """Note where routes lead now that use nexthop objects."""
    by_id = {each.id: each for each in held(namespace)}
    namespace.routes = [
        replace(route, ways=ways(namespace, by_id[route.nhid])) if route.nhid in by_id else route
        for route in namespace.routes
    ]


def lose(namespace: NamespaceState, is_lost: t.Callable[[NexthopObject], bool]) -> None:
    """Remove nexthop objects as remove_nexthop() does: from their groups too, with groups that are
    left empty, and with the routes that use them."""
    things = held(namespace)
    lost = {each.id for each in things if is_lost(each)}
    if not lost:
        return
    left = []
    for each in things:
        group = tuple(member for member in each.group if member[0] not in lost)
        if each.group and not group:
            lost.add(each.id)
        elif each.id not in lost:
            left.append(each if group == each.group else replace(each, group=group))
    _put(namespace, left)
    namespace.routes = [route for route in namespace.routes if route.nhid not in lost]


def rename(namespace: NamespaceState, old: str, new: str) -> None:
    """Give the link of nexthop objects its new name."""
    _put(
        namespace,
        (replace(each, dev=new) if each.dev == old else each for each in held(namespace)),
    )


SIMULATE: Handlers = {
    op.AddNexthop: _add_nexthop,
    op.DeleteNexthop: _delete_nexthop,
    op.ReplaceNexthop: _replace_nexthop,
}
