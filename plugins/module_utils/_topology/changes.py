# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What differs between two worlds, thing by thing: for summary, diff, and to hold a promise against."""

from __future__ import annotations

import operator
import typing as t

from .._core.host_state import Link, Space, World
from .._core.record import dataclass, replace
from .._resources.link.fallback import is_fallback
from .._resources.qdisc.state import Qdisc

Thing = t.Any
Key = tuple[t.Any, ...]

ATTRIBUTES = (
    "kind",
    "mac",
    "mtu",
    "up",
    "alias",
    "txqueuelen",
    "group",
    "master",
    "arp",
    "multicast",
    "promisc",
    "altnames",
    "parent",
    "options",
    "port",
    "vlans",
)
# What a plan leaves to the kernel, with None or nothing.
CHOSEN = ("mac", "mtu", "txqueuelen", "arp", "multicast", "options", "port", "parent", "vlans")
_attributes = operator.attrgetter(*ATTRIBUTES)


@dataclass(frozen=True)
class Change:
    """A thing of a ``sort`` (a list of the task) that is otherwise in the second world, or not there."""

    sort: str
    key: Key  # the namespace's, and what tells the thing from others there
    old: Thing
    new: Thing


def changes(one: World, other: World) -> list[Change]:
    """Return what differs between two worlds, namespaces first."""
    found: list[Change] = []
    for key in dict.fromkeys((*one.spaces, *other.spaces)):
        old, new = one.spaces.get(key), other.spaces.get(key)
        if old is not None and new is not None:
            found += _of_space(key, old, new)
    return found


def _of_space(key: str, old: Space, new: Space) -> t.Iterator[Change]:
    was, is_there = old.state == "present", new.state == "present"
    if (old.state, _loopback(old)) != (new.state, _loopback(new)):
        yield Change("namespaces", (key,), old if was else None, new if is_there else None)
    if was and not is_there:  # all that is in it goes with it; of links, others have the peers
        for each, link in _links(old).items():
            if not _is_born(link):
                yield Change("links", (key, *each), link, None)
        return
    for sort, (names, things_of) in THINGS.items():
        if not any(getattr(old, name) or getattr(new, name) for name in names):
            continue
        before = things_of(old) if was else {}
        after = things_of(new) if is_there else {}
        for each in before.keys() | after.keys():
            one, other = before.get(each), after.get(each)
            if one is other or (None in (one, other) and _is_born(one or other)):
                continue
            if differ(one, other):
                yield Change(sort, (key, *each), one, other)


def _is_born(thing: Thing) -> bool:
    """Return whether a thing comes and goes with its namespace, by itself."""
    return isinstance(thing, Link) and is_fallback(thing)


def _loopback(space: Space) -> tuple[t.Any, ...]:
    lo = space.links.get("lo")
    return (None,) if lo is None or space.state != "present" else (lo.up, lo.mtu)


def differ(one: Thing, other: Thing) -> bool:
    """Return whether two things are not the same, but for what one leaves to the kernel."""
    if isinstance(one, Qdisc) and isinstance(other, Qdisc):
        return bool(one != _as_planned(one, other))
    if not isinstance(one, Link) or not isinstance(other, Link):
        return bool(one != other)
    if _peer(one) not in (None, _peer(other)):
        return True
    pairs = zip(ATTRIBUTES, _attributes(one), _attributes(other))
    return any(
        value != real and not (name in CHOSEN and _is_open(one, name, value, real))
        for name, value, real in pairs
    )


def _as_planned(one: Qdisc, other: Qdisc) -> Qdisc:
    """Return a queueing discipline without the attributes that a plan leaves to the kernel: a
    netem tells its seed since Linux 6.6, a fq_codel what its memory is limited to."""
    options: t.Any = other.options
    if one.options is None or type(one.options) is not type(options) or one.options.extra:
        return other
    return replace(other, options=replace(options, extra=b""))


def _is_open(link: Link, name: str, value: t.Any, real: t.Any) -> bool:
    """Return whether a plan leaves an attribute to the kernel, or the parts of it that differ."""
    if name in ("options", "port"):
        said = dict(value)
        return all(said.get(key) is None or said[key] == each for key, each in real)
    return value in (None, ()) or name in link.unknown


def _peer(link: Link) -> tuple[t.Any, ...] | None:
    """Return the other end of a pair, None where nobody has looked for it."""
    if link.peer is None or link.peer.netns is None:
        return None
    return link.peer.name, link.peer.netns


def _links(space: Space) -> dict[Key, Thing]:
    return {(name,): link for name, link in space.links.items() if name != "lo"}


def _addresses(space: Space) -> dict[Key, Thing]:
    return {
        (each.link, each.cidr, each.peer): each for each in space.addresses if not each.kernel_made
    }


def _routes(space: Space) -> dict[Key, Thing]:
    return {
        (each.dst, each.version, each.table, each.metric, each.foreign): each
        for each in space.routes
        if each.proto not in ("kernel", "ra")
    }


def _rules(space: Space) -> dict[Key, Thing]:
    return {(rule,): rule for rule in space.rules if rule.proto != "kernel"}


def _neighbours(space: Space) -> dict[Key, Thing]:
    every: list[Thing] = [*space.neighbours, *space.fdb]
    lasting = [each for each in every if each.nud != "dynamic"]
    return {each.key: each for each in lasting if not each.kernel_made}


# Where things are in a space, and how they are told apart.
THINGS: dict[str, tuple[tuple[str, ...], t.Callable[[Space], dict[Key, Thing]]]] = {
    "links": (("links",), _links),
    "addresses": (("addresses",), _addresses),
    "routes": (("routes",), _routes),
    "rules": (("rules",), _rules),
    "neighbours": (("neighbours", "fdb"), _neighbours),
    "sysctls": (("sysctls",), lambda space: {(key,): each for key, each in space.sysctls.items()}),
    "qdiscs": (
        ("qdiscs",),
        lambda space: {(each.link, each.parent): each for each in space.qdiscs},
    ),
}
