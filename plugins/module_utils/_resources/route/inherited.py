# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a route that takes another one's place has of that one, without any task stating it."""

from __future__ import annotations

from ..._core.host_state import Nexthop, Route
from ..._core.record import replace
from .extras import FLOW, LOCK, MTU, Extras, number, packed


def with_inherited(old: Route, new: Route) -> Route:
    """Return a replacement of a route with the old one's attributes that tasks cannot set."""
    extras = old.extras
    attributes = dict(extras.attributes) if extras is not None else {}
    flow = attributes.get(FLOW)
    if new.nexthops:
        # Each of several nexthops has a realm of its own: fib_create_info(), net/ipv4/fib_semantics.c.
        attributes.pop(FLOW, None)
        new = replace(
            new, nexthops=tuple(_nexthop_with_inherited(old, each, flow) for each in new.nexthops)
        )
    elif new.nhid:
        attributes.pop(FLOW, None)  # which the nexthop object would have
    else:
        same = [each for each in old.nexthops if (each.via, each.dev) == (new.via, new.dev)]
        if same and FLOW in dict(same[0].extras):
            attributes[FLOW] = dict(same[0].extras)[FLOW]
    metrics = dict(extras.metrics) if extras is not None else {}
    if LOCK in metrics and not new.mtu:
        metrics[LOCK] = packed(number(metrics[LOCK]) & ~(1 << MTU))
        if not number(metrics[LOCK]):
            del metrics[LOCK]
    kept = Extras(
        attributes=tuple(attributes.items()),
        metrics=tuple(metrics.items()),
        lasting=extras is None or extras.lasting,
        expires=0 if extras is None else extras.expires,
    )
    return replace(new, extras=None if kept == Extras() else kept)


def _nexthop_with_inherited(old: Route, way: Nexthop, flow: bytes | None) -> Nexthop:
    same = [each for each in old.nexthops if (each.via, each.dev) == (way.via, way.dev)]
    if same:
        return replace(way, extras=same[0].extras)
    return replace(way, extras=((FLOW, flow),)) if flow is not None else way
