# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What differs between two states, thing by thing: for summary, diff and verification."""

from __future__ import annotations

import typing as t

from .._core.host_state import HostState, NamespaceState
from .._core.record import dataclass
from .._core.topology_list import Key, TopologyList
from .._resources.link.topology import LINKS
from .._resources.namespace.topology import NAMESPACES
from . import registry

Thing = t.Any


@dataclass(frozen=True)
class Change:
    """A thing of a ``list`` that is otherwise in the second state, or not there."""

    list: TopologyList
    key: Key  # the namespace's, and what distinguishes the thing there
    old: Thing
    new: Thing


def changes(one: HostState, other: HostState) -> list[Change]:
    """Return what differs between two states, namespaces first."""
    found: list[Change] = []
    for key in dict.fromkeys((*one.namespaces, *other.namespaces)):
        old, new = one.namespaces.get(key), other.namespaces.get(key)
        if old is not None and new is not None:
            found += _of_space(key, old, new)
    return found


def _of_space(key: str, old: NamespaceState, new: NamespaceState) -> t.Iterator[Change]:
    was, is_there = old.state == "present", new.state == "present"
    if (old.state, _loopback(old)) != (new.state, _loopback(new)):
        yield Change(NAMESPACES, (key,), old if was else None, new if is_there else None)
    if (
        was and not is_there
    ):  # all that is in it is removed with it; of links, others have the peers
        for each, link in LINKS.things(old).items():
            if LINKS.differs(link, None):
                yield Change(LINKS, (key, *each), link, None)
        return
    for known in registry.LISTS:
        if not any(getattr(old, name) or getattr(new, name) for name in known.fields):
            continue
        before = known.things(old) if was else {}
        after = known.things(new) if is_there else {}
        for each in before.keys() | after.keys():
            one, other = before.get(each), after.get(each)
            if one is not other and known.differs(one, other):
                yield Change(known, (key, *each), one, other)


def _loopback(namespace: NamespaceState) -> tuple[t.Any, ...]:
    lo = namespace.links.get("lo")
    return (None,) if lo is None or namespace.state != "present" else (lo.up, lo.mtu)
