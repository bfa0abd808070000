# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Describe the differences between a snapshot and the current state."""

from __future__ import annotations

import socket
import typing as t

from ..._core.host_state import phrase
from .. import attributes as nla
from . import (
    bridges,
    restore_things,
    things,
)
from . import (
    links as link_state,
)
from . import (
    parameters as link_parameters,
)
from .links import LinkState
from .qdiscs import ROOT
from .things import Address, SnapshotItem

if t.TYPE_CHECKING:
    from .restore_place import NamespaceRestore
    from .take import NamespaceSnapshot


def differences(
    place: NamespaceRestore,
    there: NamespaceSnapshot,
    touched: t.Mapping[str, t.Collection[str] | None],
) -> list[str]:
    """Return a phrase for each difference of the links in scope."""
    where = phrase(place.key)
    links = link_state.states(there.messages.get("links", ()))
    lines: list[str] = []
    for index in sorted(place.in_scope):
        old, new = place.links[index], links.get(place.at.get(index, index))
        name = f"{old.name} {where}"
        if new is None:
            lines.append(f"link {name} is gone")
            continue
        if old.name != new.name:
            lines += [f"link {name} is gone", f"link {new.name} {where} is there"]
        lines += link_state.describe_differences(
            name, old, new, lambda number: _name(place, links, number)
        )
        lines += link_parameters.describe_differences(name, old, new)
    known = {*place.links, *place.at.values()}
    for link in links.values():
        if link.index not in known and link.name in (touched.get(place.key) or ()):
            lines.append(f"link {link.name} {where} is there")
    links = {place.at.get(index, index): link for index, link in place.links.items()} | links
    lines += _timers(place, there, where)
    if "addresses" in there.messages:
        lines += _addresses(place, there, links, where)
    if "ports" in there.messages:
        lines += _of_bridges(place, there, where)
    for name, parse in (*restore_things.KINDS.items(), *restore_things.QUEUES.items()):
        if name in there.messages:
            lines += _things(*restore_things.both(place, name, parse, there), links, where)
    return lines


def _name(place: NamespaceRestore, links: t.Mapping[int, LinkState], number: int) -> str:
    found = links.get(place.at.get(number, number)) or place.links.get(number)
    return "" if not number else str(number) if found is None else found.name


def _timers(place: NamespaceRestore, there: NamespaceSnapshot, where: str) -> t.Iterator[str]:
    if "parameters" not in there.messages:
        return
    now = link_parameters.timers(there.messages["parameters"])
    for (table, index), old in link_parameters.timers(place.taken.messages["parameters"]).items():
        new = now.get((table, place.at.get(index, index)))
        if index in place.in_scope and new is not None and new.values != old.values:
            version = 4 if old.family == socket.AF_INET else 6
            yield f"net.ipv{version}.neigh.{place.links[index].name} {where} has changed"


def _addresses(
    place: NamespaceRestore, there: NamespaceSnapshot, links: t.Mapping[int, LinkState], where: str
) -> t.Iterator[str]:
    was = restore_things.addresses(place, place.taken, place.at)
    has = restore_things.addresses(place, there, {})
    for at in {**was, **has}:
        of = f"of link {links[at[1]].name} {where}"
        old, new = ({each.thing.key: each for each in some.get(at, [])} for some in (was, has))
        for key, each in old.items():
            if key not in new:
                yield f"address {_cidr(each)} {of} is gone"
            elif each.thing.content != new[key].thing.content or not restore_things.same_life(
                each, new[key]
            ):
                yield f"address {_cidr(each)} {of} has changed"
        for key, each in new.items():
            if key not in old:
                yield f"address {_cidr(each)} {of} is there"
        if list(old) != list(new) and old.keys() == new.keys():
            yield f"the addresses {of} are in another order"


def _cidr(each: Address) -> str:
    return f"{nla.ip(each.thing.key[2])}/{each.thing.payload[1]}"


def _of_bridges(place: NamespaceRestore, there: NamespaceSnapshot, where: str) -> t.Iterator[str]:
    numbers = place.numbers
    names = {place.at.get(index, index): link.name for index, link in place.links.items()}
    was = bridges.vlans(place.taken, place.at, numbers)
    has = bridges.vlans(there, {}, numbers)
    for number in was.keys() | has.keys():
        if was.get(number) != has.get(number):
            yield f"the VLANs of link {names[number]} {where} have changed"
    if bridges.groups(place.taken, place.at, numbers) != bridges.groups(there, {}, numbers):
        yield f"the groups (mdb) of bridges {where} have changed"


def _things(
    was: restore_things.Groups,
    has: restore_things.Groups,
    links: t.Mapping[int, LinkState],
    where: str,
) -> t.Iterator[str]:
    for key in {**was, **has}:
        old, new = was.get(key, []), has.get(key, [])
        some, others = [each.content for each in old], [each.content for each in new]
        for each in old:
            if each.content not in others:
                yield f"{_describe(each, links)} {where} is gone"
        for each in new:
            if each.content not in some:
                yield f"{_describe(each, links)} {where} is there"
        if some != others and sorted(map(repr, some)) == sorted(map(repr, others)):
            yield f"{_describe(old[0], links)} {where} is in another order"


def _describe(thing: SnapshotItem, links: t.Mapping[int, LinkState]) -> str:
    """Return a noun phrase for an item."""
    item_type, link = thing.key[0], links.get(thing.link)
    of = f" of link {link.name}" if link is not None else ""
    if item_type == "route":
        _item_type, _family, dst, length = thing.key[:4]
        by = f" by link {link.name}" if link is not None else ""
        return f"the route to {f'{nla.ip(dst)}/{length}' if dst else 'default'}{by}"
    if item_type == "neighbour":
        return f"the {'proxy ' if thing.key[3] else ''}neighbour {nla.ip(thing.key[2])}{of}"
    if item_type == "forward":
        lines = dict(nla.attributes(thing.payload, things.NDMSG.size, len(thing.payload)))
        return f"the forwarding entry {nla.mac(lines.get(things.NDA_LLADDR, b''))}{of}"
    if item_type == "nexthop":
        return f"nexthop {nla.u32(thing.key[1])}"
    if item_type == "rule":
        lines = dict(nla.attributes(thing.payload, 12, len(thing.payload)))
        return f"the rule {nla.u32(lines[6]) if 6 in lines else 0}"
    if item_type == "qdisc":
        place = (
            "root" if thing.key[2] == ROOT else f"{thing.key[2] >> 16:x}:{thing.key[2] & 0xFFFF:x}"
        )
        return f"the queueing discipline at {place}{of}"
    if item_type == "class":
        return f"class {thing.key[2] >> 16:x}:{thing.key[2] & 0xFFFF:x}{of}"
    return f"a filter{of}"
