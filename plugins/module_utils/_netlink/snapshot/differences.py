# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What is not as it was in a snapshot, in words."""

from __future__ import annotations

import socket
import typing as t

from ..._core.host_state import phrase
from .. import attributes as nla
from . import (
    bridges as bridge_things,
)
from . import (
    links as link_state,
)
from . import (
    parameters as link_parameters,
)
from . import (
    restore_things,
    things,
)
from .links import LinkState
from .qdiscs import ROOT
from .things import Address, Thing

if t.TYPE_CHECKING:
    from .restore_place import Place
    from .take import Taken


def differences(
    place: Place, there: Taken, touched: t.Mapping[str, t.Collection[str] | None]
) -> list[str]:
    """Return a phrase for each thing that is not as it was, of the links that matter."""
    where = phrase(place.key)
    links = link_state.states(there.messages.get("links", ()))
    told: list[str] = []
    for index in sorted(place.matters):
        old, new = place.links[index], links.get(place.at.get(index, index))
        name = f"{old.name} {where}"
        if new is None:
            told.append(f"link {name} is gone")
            continue
        if old.name != new.name:
            told += [f"link {name} is gone", f"link {new.name} {where} is there"]
        told += link_state.words(name, old, new, lambda number: _name(place, links, number))
        told += link_parameters.words(name, old, new)
    known = {*place.links, *place.at.values()}
    for link in links.values():
        if link.index not in known and link.name in (touched.get(place.key) or ()):
            told.append(f"link {link.name} {where} is there")
    links = {place.at.get(index, index): link for index, link in place.links.items()} | links
    told += _timers(place, there, where)
    if "addresses" in there.messages:
        told += _addresses(place, there, links, where)
    if "ports" in there.messages:
        told += _of_bridges(place, there, where)
    for name, parse in (*restore_things.KINDS.items(), *restore_things.QUEUES.items()):
        if name in there.messages:
            told += _things(*restore_things.both(place, name, parse, there), links, where)
    return told


def _name(place: Place, links: t.Mapping[int, LinkState], number: int) -> str:
    found = links.get(place.at.get(number, number)) or place.links.get(number)
    return "" if not number else str(number) if found is None else found.name


def _timers(place: Place, there: Taken, where: str) -> t.Iterator[str]:
    if "parameters" not in there.messages:
        return
    now = link_parameters.timers(there.messages["parameters"])
    for (table, index), old in link_parameters.timers(place.taken.messages["parameters"]).items():
        new = now.get((table, place.at.get(index, index)))
        if index in place.matters and new is not None and new.values != old.values:
            version = 4 if old.family == socket.AF_INET else 6
            yield f"net.ipv{version}.neigh.{place.links[index].name} {where} is not what it was"


def _addresses(
    place: Place, there: Taken, links: t.Mapping[int, LinkState], where: str
) -> t.Iterator[str]:
    was = restore_things.addresses(place, place.taken, place.at)
    has = restore_things.addresses(place, there, {})
    for at in {**was, **has}:
        of = f"of link {links[at[1]].name} {where}"
        old, new = ({each.thing.key: each for each in some.get(at, [])} for some in (was, has))
        for key, each in old.items():
            if key not in new:
                yield f"address {_cidr(each)} {of} is gone"
            elif each.thing.said != new[key].thing.said or not restore_things.same_life(
                each, new[key]
            ):
                yield f"address {_cidr(each)} {of} is not what it was"
        for key, each in new.items():
            if key not in old:
                yield f"address {_cidr(each)} {of} is there"
        if list(old) != list(new) and old.keys() == new.keys():
            yield f"the addresses {of} are in another order"


def _cidr(each: Address) -> str:
    return f"{nla.ip(each.thing.key[2])}/{each.thing.payload[1]}"


def _of_bridges(place: Place, there: Taken, where: str) -> t.Iterator[str]:
    numbers = place.numbers
    names = {place.at.get(index, index): link.name for index, link in place.links.items()}
    was = bridge_things.vlans(place.taken, place.at, numbers)
    has = bridge_things.vlans(there, {}, numbers)
    for number in was.keys() | has.keys():
        if was.get(number) != has.get(number):
            yield f"the VLANs of link {names[number]} {where} are not what they were"
    if bridge_things.groups(place.taken, place.at, numbers) != bridge_things.groups(
        there, {}, numbers
    ):
        yield f"the groups (mdb) of bridges {where} are not what they were"


def _things(
    was: restore_things.Groups,
    has: restore_things.Groups,
    links: t.Mapping[int, LinkState],
    where: str,
) -> t.Iterator[str]:
    for key in {**was, **has}:
        old, new = was.get(key, []), has.get(key, [])
        some, others = [each.said for each in old], [each.said for each in new]
        for each in old:
            if each.said not in others:
                yield f"{_said(each, links)} {where} is gone"
        for each in new:
            if each.said not in some:
                yield f"{_said(each, links)} {where} is there"
        if some != others and sorted(map(repr, some)) == sorted(map(repr, others)):
            yield f"{_said(old[0], links)} {where} is in another order"


def _said(thing: Thing, links: t.Mapping[int, LinkState]) -> str:
    """Return a thing as a part of a sentence."""
    sort, link = thing.key[0], links.get(thing.link)
    of = f" of link {link.name}" if link is not None else ""
    if sort == "route":
        _sort, _family, dst, length = thing.key[:4]
        by = f" by link {link.name}" if link is not None else ""
        return f"the route to {f'{nla.ip(dst)}/{length}' if dst else 'default'}{by}"
    if sort == "neighbour":
        return f"the {'proxy ' if thing.key[3] else ''}neighbour {nla.ip(thing.key[2])}{of}"
    if sort == "forward":
        told = dict(nla.attributes(thing.payload, things.NDMSG.size, len(thing.payload)))
        return f"the forwarding entry {nla.mac(told.get(things.NDA_LLADDR, b''))}{of}"
    if sort == "nexthop":
        return f"nexthop {nla.u32(thing.key[1])}"
    if sort == "rule":
        told = dict(nla.attributes(thing.payload, 12, len(thing.payload)))
        return f"the rule {nla.u32(told[6]) if 6 in told else 0}"
    if sort == "qdisc":
        place = (
            "root" if thing.key[2] == ROOT else f"{thing.key[2] >> 16:x}:{thing.key[2] & 0xFFFF:x}"
        )
        return f"the queueing discipline at {place}{of}"
    if sort == "class":
        return f"class {thing.key[2] >> 16:x}:{thing.key[2] & 0xFFFF:x}{of}"
    return f"a filter{of}"
