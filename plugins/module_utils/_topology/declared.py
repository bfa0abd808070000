# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a topology lists, by where it is: nothing twice, nothing that refers to nothing, no cycles."""

from __future__ import annotations

import typing as t

from .._core.errors import BadInput
from .._core.host_state import World, phrase
from .._core.record import dataclass, field
from .spec import Entry, TopologyWant

At = tuple[str, str]  # the key of a namespace, and the name of a link


@dataclass
class Listed:
    """Which entry lists a thing, as its place in its list."""

    namespaces: dict[str, str] = field(default_factory=dict)
    links: dict[At, str] = field(default_factory=dict)  # that are made
    changed: dict[At, str] = field(default_factory=dict)  # that are there, and stated otherwise
    away: dict[At, str] = field(default_factory=dict)  # that get another name or place
    typed: dict[At, Entry] = field(default_factory=dict)
    typed_in_order: list[Entry] = field(default_factory=list)
    refers: list[tuple[str, str, str]] = field(default_factory=list)  # entry, namespace, link
    others: dict[tuple[t.Any, ...], str] = field(default_factory=dict)
    things: dict[str, set[tuple[t.Any, ...]]] = field(default_factory=dict)  # by namespace

    @classmethod
    def of(cls, world: World, want: TopologyWant) -> Listed:
        """Return what is listed to be there. Raises BadInput where a thing is listed twice."""
        listed, gone = cls(), cls()
        for name, entries in want.lists():
            for entry in entries:
                (listed if getattr(entry.want, "present", True) else gone)._add(world, name, entry)
        for table in ("namespaces", "links", "others"):
            there, absent = listed._table(table), gone._table(table)
            for key in there.keys() & absent.keys() if absent else ():
                raise BadInput(
                    f"{there[key]} is to be there, and {absent[key]} is the same, absent"
                )
        return listed

    def _table(self, name: str) -> dict[t.Any, str]:
        table: dict[t.Any, str] = getattr(self, name)
        return {**self.changed, **table} if name == "links" else table

    def _once(self, table: dict[t.Any, str], key: t.Any, at: str, what: str) -> None:
        other = table.setdefault(key, at)
        if other is not at:
            raise BadInput(f"{other} and {at} are both {what}")

    def _add(self, world: World, name: str, entry: Entry) -> None:
        want, at = entry.want, entry.at
        if name == "namespaces":
            for each in want.names:
                self._once(self.namespaces, each, at, f"namespace {each}")
        elif name == "veths":
            for end in (want.near, want.far) if want.far else (want.near,):
                key = world.at(end.place).key
                self._once(self.links, (key, end.name), at, f"link {end.name} {phrase(key)}")
        elif name == "links":
            self._link(world, entry)
        else:
            self._other(world.at(want.place).key, name, entry)

    def _link(self, world: World, entry: Entry) -> None:
        want, at = entry.want, entry.at
        key = world.at(want.place).key
        what = f"link {want.final_name} {phrase(key)}"
        if want.kind is None:
            self._once(self.changed, (key, want.final_name), at, what)
            source = key if want.move_from is None else world.at(want.move_from).key
            if (source, want.name) == (key, want.final_name):
                self.refers.append((at, key, want.name))
            else:
                self.away[source, want.name] = at
        else:
            self._once(self.links, (key, want.final_name), at, what)
            self.typed[key, want.final_name] = entry
        for where, link in _below(world, want):
            self.refers.append((at, where, link))

    def _other(self, key: str, name: str, entry: Entry) -> None:
        """Note what is neither a namespace nor a link: by all that tells two such things apart."""
        for thing, what in _things(name, entry.want):
            self._once(self.others, (key, *thing), entry.at, f"{what} {phrase(key)}")
            self.things.setdefault(key, set()).add(thing)
        for link in links_of(name, entry.want):
            self.refers.append((entry.at, key, link))

    def check(self, world: World) -> None:
        """Refuse what refers to a link that is neither listed nor there, and cycles of links."""
        if self.away:
            self._check_away()
        for at, key, link in self.refers:
            if key not in self.namespaces or link == "lo":
                continue  # of namespaces that are not listed, the planners of the entries say it
            known = (key, link) in self.links or (key, link) in self.changed
            if not known and link not in world.spaces[key].links:
                raise BadInput(f"{at}: there is no link {link} {phrase(key)}, and none is listed")
        if self.typed:
            self._sort(world)

    def _check_away(self) -> None:
        """Refuse entries about a link that another entry takes elsewhere: no second run could tell
        what is the link itself, and what has its name."""
        about = {**self.changed, **self.links}
        entries = [(at, other) for at in self.away if (other := about.get(at))]
        entries += [((key, link), at) for at, key, link in self.refers if (key, link) not in about]
        for (key, link), at in entries:
            taker = self.away.get((key, link), at)
            if taker != at:
                raise BadInput(
                    f"{at}: link {link} {phrase(key)} gets another name or place by {taker}. State"
                    " it as it is called, and where it is, then; or leave out one of the two"
                )

    def check_places(self, world: World, want: TopologyWant, going: t.Collection[str]) -> None:
        """Refuse entries in namespaces that the same task removes."""
        if not going:
            return
        for name, entries in want.lists():
            for entry in entries if name != "namespaces" else ():
                for place in _places(entry.want) if getattr(entry.want, "present", True) else ():
                    key = world.at(place).key
                    if key in going:
                        raise BadInput(
                            f"{entry.at}: namespace {key} is removed by the same task: list it in"
                            " namespaces, or leave out what is to be there"
                        )

    def check_links(self, doomed: t.Collection[At]) -> None:
        """Refuse entries on links that the same task removes."""
        for at, key, link in self.refers if doomed else ():
            if (key, link) in doomed and (key, link) not in self.links:
                raise BadInput(
                    f"{at}: link {link} {phrase(key)} is of this topology, and removed as it is not"
                    " listed any more: list it in veths or links, or leave out what is on it"
                )

    def _sort(self, world: World) -> None:
        import graphlib

        sorter: graphlib.TopologicalSorter[At] = graphlib.TopologicalSorter()
        for at, entry in self.typed.items():
            sorter.add(at, *(below for below in _below(world, entry.want) if below in self.typed))
        try:
            order = list(sorter.static_order())
        except graphlib.CycleError as error:
            names = [self.typed[at].at for at in error.args[1]]
            raise BadInput(f"These links lie on each other: {', '.join(names[:-1])}") from None
        self.typed_in_order = [self.typed[at] for at in order]


def _places(want: t.Any) -> list[str]:
    """Return the namespaces that something is to be in, as the task says them."""
    if hasattr(want, "far"):
        return [end.place for end in (want.near, want.far) if end is not None]
    source = getattr(getattr(want, "kind", None), "source", None)  # the kind of a qdisc is a word
    return [want.place] if source is None else [want.place, source]


def _below(world: World, want: t.Any) -> list[At]:
    """Return the links that a link lies on, or is a port of."""
    key = world.at(want.place).key
    found = [(key, want.link.master)] if want.link.master else []
    if want.kind is not None:
        source = key if want.kind.source is None else world.at(want.kind.source).key
        device = dict(want.kind.options).get("device")
        found += [(source, name) for name in (want.kind.parent, device) if name]
    return found


def links_of(name: str, want: t.Any) -> set[str]:
    """Return the links that an entry of another list is about."""
    if name == "routes":
        ways = {way.dev for route in want.routes for way in route.nexthops or ()}
        return {dev for dev in {route.dev for route in want.routes} | ways if dev is not None}
    if name in ("addresses", "neighbours", "qdiscs"):
        return {want.link}
    return set()


def _things(name: str, want: t.Any) -> t.Iterator[tuple[tuple[t.Any, ...], str]]:
    """Yield what the kernel has room for once in a namespace, and how it is told."""
    if name == "addresses":
        for each in want.addresses:
            one = each.cidr if each.version == 4 else each.local
            yield ("address", want.link, one, each.peer), f"address {each.cidr} of {want.link}"
    elif name == "routes":
        for route in want.routes:
            thing = ("route", route.dst, route.version, route.table, route.metric)
            yield thing, f"the route to {route.dst}"
    elif name == "rules":
        for rule in want.rules:
            yield ("rule", rule), "a rule"
    elif name == "sysctls":
        for key, _value in want.values:
            yield ("sysctl", key), f"parameter {key}"
    elif name == "qdiscs":
        yield ("qdisc", want.link, want.parent), f"the queueing discipline of {want.link}"
    else:
        for entry in want.entries:
            yield ("neighbour", entry), f"the same neighbour of {want.link}"
