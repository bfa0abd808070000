# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What hung on links is there again: what needs another thing comes after that."""

from __future__ import annotations

import contextlib
import time
import typing as t

from ..._core import operation as parts
from ..._core.errors import KernelError
from ..socket import CREATE, REPLACE, Socket
from . import bridges as bridge_things
from . import qdiscs as queue_things
from . import things
from .parameters import ROOT, write
from .take import DUMPS, TC, Taken, dump, read, send
from .things import Address, Numbers, Thing

if t.TYPE_CHECKING:
    from ..handles import Handles
    from .restore_place import Place

Parse = t.Callable[[bytes, Numbers], t.Optional[Thing]]
# In the order in which they need each other; queueing disciplines and addresses have rules of their own.
KINDS: dict[str, Parse] = {
    "forwarding": things.forward,
    "neighbours": things.neighbour,
    "proxies": things.neighbour,
    "nexthops": things.nexthop,
    "routes": things.route,
    "rules": things.rule,
}
TICK = 2.5  # seconds by which lifetimes may be off
LATER = 3  # how often what was refused is tried again


def restore(kernel: Handles, place: Place, loose: int) -> None:
    """Put back what hung on the links of a place that matter.

    ``loose`` are the parts of which what is on no link, and was not there, is of ours.
    """
    sock = kernel.socket(place.key)
    if "addresses" in place.taken.messages:
        restore_addresses(sock, place)
    if "ports" in place.taken.messages:
        bridge_things.restore(sock, place, read(kernel, place.key, place.taken.parts))
    for name, parse in KINDS.items():
        if name in place.taken.messages:
            some = bool(DUMPS[name][0] & loose)
            _restore(sock, place, *both(place, name, parse, _now(sock, name)), some)
    if "qdiscs" in place.taken.messages:
        _restore_queues(sock, place, read(kernel, place.key, parts.QDISCS))


def _now(sock: Socket, name: str) -> Taken:
    """Return what there is of one kind of things."""
    _part, kind, payload = DUMPS[name]
    return Taken(0, time.monotonic(), {name: dump(sock, f"read the {name}", kind, payload)})


Groups = dict[tuple[t.Any, ...], list[Thing]]


def both(place: Place, name: str, parse: Parse, there: Taken) -> tuple[Groups, Groups]:
    """Return what there was of the links that matter and what there is, by what identifies it."""
    numbers = {0, *place.numbers}
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


def _restore(sock: Socket, place: Place, was: Groups, has: Groups, loose: bool) -> None:
    missing: list[Thing] = []
    for key in {**was, **has}:
        old, new = was.get(key, []), has.get(key, [])
        if [each.said for each in old] == [each.said for each in new]:
            continue
        for each in new if key[0] != "nexthop" else ():  # with it its routes would go
            if old or each.link in place.numbers or (loose and not each.link):
                _try(sock, each.new + 1, each.deletion)
        missing += old
    missing.sort(key=lambda each: each.rank)
    for _unused in range(LATER):
        missing = [each for each in missing if not _try(sock, each.new, each.payload, each.flags)]


# --- addresses -----------------------------------------------------------------------------------


def addresses(place: Place, taken: Taken, at: Numbers) -> dict[tuple[int, int], list[Address]]:
    """Return the addresses of the links that matter, by family and link, as they were added."""
    found: dict[tuple[int, int], list[Address]] = {}
    numbers = place.numbers
    for message in taken.messages["addresses"]:
        each = things.address(message, at, taken.at)
        if each is not None and each.thing.link in numbers:
            found.setdefault((each.thing.payload[0], each.thing.link), []).append(each)
    # The kernel lists the IPv6 addresses of a scope with the last one first.
    return {at: each if at[0] == 2 else each[::-1] for at, each in found.items()}


def same_life(one: Address, other: Address) -> bool:
    """Return whether two addresses end at the same time."""
    pairs = ((one.preferred, other.preferred), (one.valid, other.valid))
    return all(was == now or abs(was - now) <= TICK for was, now in pairs)


def restore_addresses(sock: Socket, place: Place) -> None:
    """Add addresses again in their order: which is the primary one, and comes first, hangs on that."""
    was = addresses(place, place.taken, place.at)
    names = {place.at.get(index, index): place.links[index].name for index in place.matters}
    has = addresses(place, _now(sock, "addresses"), {})
    # Nobody else has what was there before: it need not be looked for again.
    ready = {
        f"{ROOT}/net/ipv6/conf/{names[link]}/accept_dad": "0"
        for (family, link), each in was.items()
        if family != 2
        and _said(each) != _said(has.get((family, link), []))
        and all(one.decided for one in each)
    }
    if ready:
        write(sock, ready)
    for at in {**was, **has}:
        old, new = was.get(at, []), has.get(at, [])
        kept = _common(_said(old), _said(new))
        for each in reversed(new[kept:]):
            _try(sock, each.thing.new + 1, each.thing.deletion)
        now = time.monotonic()
        for each in old[kept:]:
            _try(sock, each.thing.new, each.request(now), CREATE)
        for each, other in zip(old[:kept], new):
            if not same_life(each, other):
                _try(sock, each.thing.new, each.request(now), CREATE | REPLACE)


def _common(some: t.Sequence[t.Any], others: t.Sequence[t.Any]) -> int:
    """Return how many things two lists have in common at their beginning."""
    pairs = enumerate(zip(some, others))
    return next((n for n, (a, b) in pairs if a != b), min(len(some), len(others)))


def _said(some: t.Iterable[Address]) -> list[t.Any]:
    return [each.thing.said for each in some]


# --- queueing disciplines --------------------------------------------------------------------------

QUEUES: dict[str, Parse] = {
    "qdiscs": queue_things.qdisc,
    "classes": queue_things.queue_class,
    "filters": queue_things.queue_filter,
}


def _restore_queues(sock: Socket, place: Place, there: Taken) -> None:
    """Set up again what queues on a link, all of it where any of it is not as it was."""
    found = {name: both(place, name, parse, there) for name, parse in QUEUES.items()}
    was, has = ({name: _flat(each[side]) for name, each in found.items()} for side in (0, 1))
    for link in place.numbers:
        for roots in (True, False):
            old, new = ([_of(each[name], link, roots) for name in QUEUES] for each in (was, has))
            if [_key(each) for each in old] == [_key(each) for each in new]:
                continue
            for each in new[0]:
                if each.key[2] in (queue_things.ROOT, queue_things.INGRESS):
                    _try(sock, each.new + 1, each.deletion)
            for each in [*queue_things.ordered(old[0], old[1]), *old[2]]:
                _try(sock, each.new, each.payload, each.flags)


def _flat(found: t.Mapping[t.Any, list[Thing]]) -> list[Thing]:
    return [thing for some in found.values() for thing in some]


def _of(some: t.Iterable[Thing], link: int, root: bool) -> list[Thing]:
    """Return what belongs to sending, or to what is received (and what clsact has)."""
    found = []
    for each in some:
        _family, _index, handle, parent, _info = TC.unpack_from(each.payload)
        top = parent if each.key[0] == "filter" or parent >= queue_things.INGRESS - 1 else handle
        sending = parent == queue_things.ROOT or top >> 16 != 0xFFFF
        if each.link == link and sending == root:
            found.append(each)
    return found


def _key(some: t.Iterable[Thing]) -> list[t.Any]:
    return sorted((repr(each.key), repr(each.said)) for each in some)


def _try(sock: Socket, kind: int, payload: bytes, flags: int = 0) -> bool:
    """Send a request; return whether the kernel took it. What is wrong is found by comparing."""
    with contextlib.suppress(KernelError):
        send(sock, "put back what was there", kind, payload, flags)
        return True
    return False
