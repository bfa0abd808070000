# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Restore what belongs to links, in order of dependence."""

from __future__ import annotations

import contextlib
import time
import typing as t

from ..._core import operation as parts
from ..._core.errors import KernelError
from ..socket import CREATE, REPLACE, Socket
from . import bridges, qdiscs, things
from .parameters import ROOT, write
from .take import DUMPS, TC, NamespaceSnapshot, dump, read, send
from .things import Address, Numbers, SnapshotItem

if t.TYPE_CHECKING:
    from ..handles import Handles
    from .restore_place import NamespaceRestore

Parse = t.Callable[[bytes, Numbers], t.Optional[SnapshotItem]]
# In order of dependence; queueing disciplines and addresses have rules of their own.
KINDS: dict[str, Parse] = {
    "forwarding": things.forward,
    "neighbours": things.neighbour,
    "proxies": things.neighbour,
    "nexthops": things.nexthop,
    "routes": things.route,
    "rules": things.rule,
}
TICK = 2.5  # seconds of tolerance for lifetimes
LATER = 3  # rounds for items that depend on others


def restore(kernel: Handles, place: NamespaceRestore, loose: int) -> None:
    """Restore what belonged to the links in scope of a namespace.

    ``loose`` are the parts in which new items that belong to no link are ours.
    """
    sock = kernel.socket(place.key)
    if "addresses" in place.taken.messages:
        restore_addresses(sock, place)
    if "ports" in place.taken.messages:
        bridges.restore(sock, place, read(kernel, place.key, place.taken.parts))
    for name, parse in KINDS.items():
        if name in place.taken.messages:
            some = bool(DUMPS[name][0] & loose)
            _restore(sock, place, *both(place, name, parse, _now(sock, name)), some)
    if "qdiscs" in place.taken.messages:
        _restore_queues(sock, place, read(kernel, place.key, parts.QDISCS))


def _now(sock: Socket, name: str) -> NamespaceSnapshot:
    """Return the current items of one kind."""
    _part, kind, payload = DUMPS[name]
    return NamespaceSnapshot(
        0, time.monotonic(), {name: dump(sock, f"read the {name}", kind, payload)}
    )


Groups = dict[tuple[t.Any, ...], list[SnapshotItem]]


def both(
    place: NamespaceRestore, name: str, parse: Parse, there: NamespaceSnapshot
) -> tuple[Groups, Groups]:
    """Return the old and the current items of the links in scope, by key."""
    numbers = {0, *place.numbers} if place.linkless else place.numbers
    was: Groups = {}
    has: Groups = {}
    for message in place.taken.messages.get(name, ()):
        each = parse(message, place.at)
        if each is not None and (
            things.links_of(each) & numbers or things.source_of(each) in place.sources
        ):
            was.setdefault(each.key, []).append(each)
    for message in there.messages.get(name, ()):
        each = parse(message, {})
        if each is not None and (each.key in was or things.links_of(each) & numbers):
            has.setdefault(each.key, []).append(each)
    return was, has


def _restore(sock: Socket, place: NamespaceRestore, was: Groups, has: Groups, loose: bool) -> None:
    missing: list[SnapshotItem] = []
    for key in {**was, **has}:
        old, new = was.get(key, []), has.get(key, [])
        if [each.content for each in old] == [each.content for each in new]:
            continue
        for each in new if key[0] != "nexthop" else ():  # deleting it would delete its routes
            if old or each.link in place.numbers or (loose and not each.link):
                _try(sock, each.new + 1, each.deletion)
        missing += old
    missing.sort(key=lambda each: each.rank)
    for _unused in range(LATER):
        missing = [each for each in missing if not _try(sock, each.new, each.payload, each.flags)]


# --- addresses -----------------------------------------------------------------------------------


def addresses(
    place: NamespaceRestore, taken: NamespaceSnapshot, at: Numbers
) -> dict[tuple[int, int], list[Address]]:
    """Return the addresses of the links in scope, by family and link, in the order of their
    creation."""
    found: dict[tuple[int, int], list[Address]] = {}
    numbers = place.numbers
    for message in taken.messages["addresses"]:
        each = things.address(message, at, taken.at)
        if each is not None and each.thing.link in numbers:
            found.setdefault((each.thing.payload[0], each.thing.link), []).append(each)
    # The kernel lists the IPv6 addresses of a scope with the last one first.
    return {at: each if at[0] == 2 else each[::-1] for at, each in found.items()}


def same_life(one: Address, other: Address) -> bool:
    """Return whether two addresses expire at the same time."""
    pairs = ((one.preferred, other.preferred), (one.valid, other.valid))
    return all(was == now or abs(was - now) <= TICK for was, now in pairs)


def restore_addresses(sock: Socket, place: NamespaceRestore) -> None:
    """Add addresses again in their old order, which decides about primary addresses."""
    was = addresses(place, place.taken, place.at)
    names = {place.at.get(index, index): place.links[index].name for index in place.in_scope}
    has = addresses(place, _now(sock, "addresses"), {})
    # The addresses were free before, so skip duplicate address detection.
    ready = {
        f"{ROOT}/net/ipv6/conf/{names[link]}/accept_dad": "0"
        for (family, link), each in was.items()
        if family != 2
        and _contents(each) != _contents(has.get((family, link), []))
        and all(one.decided for one in each)
    }
    if ready:
        write(sock, ready)
    for at in {**was, **has}:
        old, new = was.get(at, []), has.get(at, [])
        kept = _common(_contents(old), _contents(new))
        for each in reversed(new[kept:]):
            _try(sock, each.thing.new + 1, each.thing.deletion)
        now = time.monotonic()
        for each in old[kept:]:
            _try(sock, each.thing.new, each.request(now), CREATE)
        for each, other in zip(old[:kept], new):
            if not same_life(each, other):
                _try(sock, each.thing.new, each.request(now), CREATE | REPLACE)


def _common(some: t.Sequence[t.Any], others: t.Sequence[t.Any]) -> int:
    """Return the length of the common prefix of two lists."""
    pairs = enumerate(zip(some, others))
    return next((n for n, (a, b) in pairs if a != b), min(len(some), len(others)))


def _contents(some: t.Iterable[Address]) -> list[t.Any]:
    return [each.thing.content for each in some]


# --- queueing disciplines --------------------------------------------------------------------------

QUEUES: dict[str, Parse] = {
    "qdiscs": qdiscs.qdisc,
    "classes": qdiscs.queue_class,
    "filters": qdiscs.queue_filter,
}


def _restore_queues(sock: Socket, place: NamespaceRestore, there: NamespaceSnapshot) -> None:
    """Replace everything queued on a link if any of it differs."""
    found = {name: both(place, name, parse, there) for name, parse in QUEUES.items()}
    was, has = ({name: _flat(each[side]) for name, each in found.items()} for side in (0, 1))
    for link in place.numbers:
        for roots in (True, False):
            old, new = ([_of(each[name], link, roots) for name in QUEUES] for each in (was, has))
            if [_key(each) for each in old] == [_key(each) for each in new]:
                continue
            for each in new[0]:
                if each.key[2] in (qdiscs.ROOT, qdiscs.INGRESS):
                    _try(sock, each.new + 1, each.deletion)
            for each in [*qdiscs.ordered(old[0], old[1]), *old[2]]:
                _try(sock, each.new, each.payload, each.flags)


def _flat(found: t.Mapping[t.Any, list[SnapshotItem]]) -> list[SnapshotItem]:
    return [thing for some in found.values() for thing in some]


def _of(some: t.Iterable[SnapshotItem], link: int, root: bool) -> list[SnapshotItem]:
    """Return the items of the sending side (``root``), or of the receiving side and clsact."""
    found = []
    for each in some:
        _family, _index, handle, parent, _info = TC.unpack_from(each.payload)
        top = parent if each.key[0] == "filter" or parent >= qdiscs.INGRESS - 1 else handle
        sending = parent == qdiscs.ROOT or top >> 16 != 0xFFFF
        if each.link == link and sending == root:
            found.append(each)
    return found


def _key(some: t.Iterable[SnapshotItem]) -> list[t.Any]:
    return sorted((repr(each.key), repr(each.content)) for each in some)


def _try(sock: Socket, kind: int, payload: bytes, flags: int = 0) -> bool:
    """Send a request; return whether the kernel accepted it. The comparison afterwards reports
    errors."""
    with contextlib.suppress(KernelError):
        send(sock, "put back what was there", kind, payload, flags)
        return True
    return False
