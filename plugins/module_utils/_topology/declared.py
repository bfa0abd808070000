# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a topology lists, by where it is: nothing twice, nothing that refers to nothing, no cycles."""

from __future__ import annotations

import typing as t

from .._core.errors import BadInput
from .._core.host_state import HostState, phrase
from .._core.record import dataclass, field
from .._resources.link.topology import LINKS
from .._resources.namespace.topology import NAMESPACES
from .spec import Entry, TopologySpec

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
    def of(cls, host: HostState, desired: TopologySpec) -> Listed:
        """Return what is listed to be there. Raises BadInput where a thing is listed twice."""
        listed, gone = cls(), cls()
        for entry in desired:
            (listed if entry.present else gone)._add(host, entry)
        for table in ("namespaces", "links", "others"):
            there, absent = listed._table(table), gone._table(table)
            for key in there.keys() & absent.keys() if absent else ():
                raise BadInput(
                    f"{there[key]} and {absent[key]} are the same, present and absent; leave out one of"
                    " them"
                )
        return listed

    def _table(self, name: str) -> dict[t.Any, str]:
        table: dict[t.Any, str] = getattr(self, name)
        return {**self.changed, **table} if name == "links" else table

    def _once(self, table: dict[t.Any, str], key: t.Any, at: str, what: str) -> None:
        other = table.setdefault(key, at)
        if other is not at:
            raise BadInput(f"{other} and {at} are both {what}; list it once")

    def _add(self, host: HostState, entry: Entry) -> None:
        at = entry.at
        if entry.list is NAMESPACES:
            for each in entry.desired.names:
                self._once(self.namespaces, each, at, f"namespace {each}")
        elif entry.list is LINKS:
            self._link(host, entry)
        else:
            for place, name in entry.list.ends(entry.desired):
                key = host.at(place).key
                self._once(self.links, (key, name), at, f"link {name} {phrase(key)}")
            self._other(host, entry)

    def _link(self, host: HostState, entry: Entry) -> None:
        desired, at = entry.desired, entry.at
        key = host.at(desired.place).key
        what = f"link {desired.final_name} {phrase(key)}"
        if desired.kind is None:
            self._once(self.changed, (key, desired.final_name), at, what)
            source = key if desired.move_from is None else host.at(desired.move_from).key
            if (source, desired.name) == (key, desired.final_name):
                self.refers.append((at, key, desired.name))
            else:
                self.away[source, desired.name] = at
        else:
            self._once(self.links, (key, desired.final_name), at, what)
            self.typed[key, desired.final_name] = entry
        for where, link in _below(host, entry):
            self.refers.append((at, where, link))

    def _other(self, host: HostState, entry: Entry) -> None:
        """Note what is neither a namespace nor a link: by all that distinguishes two such things."""
        place = entry.list.home(entry.desired)
        if place is None:
            return
        key = host.at(place).key
        for thing, what in entry.list.listed(entry.desired):
            self._once(self.others, (key, *thing), entry.at, f"{what} {phrase(key)}")
            self.things.setdefault(key, set()).add(thing)
        for link in entry.list.links(entry.desired):
            self.refers.append((entry.at, key, link))

    def check(self, host: HostState) -> None:
        """Refuse what refers to a link that is neither listed nor there, and cycles of links."""
        if self.away:
            self._check_away()
        for at, key, link in self.refers:
            if key not in self.namespaces or link == "lo":
                continue  # of namespaces that are not listed, the planners of the entries say it
            known = (key, link) in self.links or (key, link) in self.changed
            if not known and link not in host.namespaces[key].links:
                raise BadInput(
                    f"{at}: link {link} not found {phrase(key)}, nor listed; list it in veths or links"
                )
        if self.typed:
            self._sort(host)

    def _check_away(self) -> None:
        """Refuse entries about a link that another entry takes elsewhere: no second run could distinguish
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

    def check_places(
        self, host: HostState, desired: TopologySpec, going: t.Collection[str]
    ) -> None:
        """Refuse entries in namespaces that the same task removes."""
        if not going:
            return
        for entry in desired:
            if entry.list is NAMESPACES or not entry.present:
                continue
            for place in entry.list.places(entry.desired):
                key = host.at(place).key
                if key in going:
                    raise BadInput(
                        f"{entry.at}: namespace {key} is removed by the same task: list it in"
                        " namespaces, or leave out what is to be there"
                    )

    def check_links(self, to_delete: t.Collection[At]) -> None:
        """Refuse entries on links that the same task removes."""
        for at, key, link in self.refers if to_delete else ():
            if (key, link) in to_delete and (key, link) not in self.links:
                raise BadInput(
                    f"{at}: link {link} {phrase(key)} is of this topology, and removed as it is not"
                    " listed any more: list it in veths or links, or leave out what is on it"
                )

    def _sort(self, host: HostState) -> None:
        import graphlib

        sorter: graphlib.TopologicalSorter[At] = graphlib.TopologicalSorter()
        for at, entry in self.typed.items():
            sorter.add(at, *(below for below in _below(host, entry) if below in self.typed))
        try:
            order = list(sorter.static_order())
        except graphlib.CycleError as error:
            names = [self.typed[at].at for at in error.args[1]]
            raise BadInput(
                f"{', '.join(names[:-1])} are links that lie on each other; change the parent or the"
                " master of one of them"
            ) from None
        self.typed_in_order = [self.typed[at] for at in order]


def _below(host: HostState, entry: Entry) -> list[At]:
    """Return the links that a link lies on, or is a port of."""
    own = entry.desired.place
    return [
        (host.at(own if place is None else place).key, name)
        for place, name in entry.list.below(entry.desired)
    ]
