# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Which of the links that are there the listed ones are, and how each gets to its name.

A link is known by its mark, which keeps the name that it was listed by, then by where it is, then by
the other end of its pair. What has a name that is wanted is renamed aside: it comes to its own name
in its turn, or is removed when all else is done.
"""

from __future__ import annotations

import typing as t

from .._core.errors import Conflict
from .._core.host_state import Peer, phrase
from .._core.plan_builder import At, PlanBuilder
from .._core.record import dataclass, field
from .._resources.link.steps import delete, location, move_or_rename, rename
from .._resources.veth.topology import VETHS
from .dependencies import Needs
from .ownership import Owned
from .spec import Entry, TopologySpec

# The kernel moves no link of these kinds: they are made where they are (netns_immutable).
IMMOVABLE = frozenset(["bond", "bridge", "team", "vrf"])


@dataclass
class Found:
    """A listed link: where it is to be, and where it is now; of a veth both ends."""

    entry: Entry
    to: list[At]
    at: list[At] = field(default_factory=list)  # nothing: there is none yet


class Links:
    """The links of a task, matched with those that are there."""

    def __init__(
        self, builder: PlanBuilder, desired: TopologySpec, owned: Owned, needs: Needs
    ) -> None:
        self.builder, self.owned, self.needs = builder, owned, needs
        self.found: dict[str, Found] = {}
        self.taken: dict[At, tuple[Found, int]] = {}  # by where they are now
        self.leaving: list[At] = []  # what was renamed aside and is not wanted
        there = [entry for entry in (*desired["veths"], *desired["links"]) if entry.desired.present]
        veths = [self._listed(entry) for entry in there if entry.list is VETHS]
        typed = [self._listed(entry) for entry in there if getattr(entry.desired, "kind", None)]
        if any(len(namespace.links) > 1 for namespace in builder.host.namespaces.values()):
            self._match(veths, (self._both, self._renamed, self._moved, self._misplaced))
            self._match(typed, (self._marked, self._old_name, self._in_place, self._elsewhere))

    def _listed(self, entry: Entry) -> Found:
        at = self.builder.host.at
        to = [(at(place).key, name) for place, name in entry.list.ends(entry.desired)]
        found = self.found[entry.at] = Found(entry, to)
        return found

    # --- which is which ------------------------------------------------------------------------

    def _match(self, listed: list[Found], tiers: t.Iterable[t.Callable[[Found], list[At]]]) -> None:
        """Match all by the surest sign first; no link is matched twice."""
        for tier in tiers:
            for found in listed:
                if found.at:
                    continue
                at = tier(found)
                if at and not any(each in self.taken for each in at):
                    found.at = at
                    self.taken.update((each, (found, number)) for number, each in enumerate(at))

    def _who(self, at: At) -> At | None:
        """Return where the veth is that bears the mark of a place, or that is in it."""
        by_mark = self.owned.renamed.get(at)
        if by_mark is not None and by_mark not in self.taken and self._kind(by_mark) == "veth":
            return by_mark
        return at if self._kind(at) == "veth" and at not in self.taken else None

    def _kind(self, at: At) -> str | None:
        link = self.owned.link(*at)
        return None if link is None else link.kind

    def _both(self, found: Found) -> list[At]:
        if len(found.to) < 2:
            return []
        near, far = (self._who(at) for at in found.to)
        if near is not None and far is not None and self._other(near) == far:
            return [near, far]
        return []

    def _renamed(self, found: Found) -> list[At]:
        """Look for a pair with one end, the other of which has another name where it is to be."""
        return self._one_end(found, lambda far, to: far[0] == to[0])

    def _moved(self, found: Found) -> list[At]:
        """Look for a pair with one end, the other of which is somewhere else."""
        return self._one_end(found, lambda far, to: True)

    def _one_end(self, found: Found, fits: t.Callable[[At, At], bool]) -> list[At]:
        if len(found.to) < 2:
            return []
        for number in (0, 1):
            this = self._who(found.to[number])
            other = None if this is None else self._other(this)
            if this is None or other is None or not fits(other, found.to[1 - number]):
                continue
            if other not in self.taken and self.owned.owns(*this, found.to):
                return [this, other] if number == 0 else [other, this]
        return []

    def _misplaced(self, found: Found) -> list[At]:
        """Look for a pair by both its names, as the veth module does."""
        if len(found.to) < 2:
            return []
        from .._resources.veth.plan import misplaced

        pair = misplaced(self.builder.host, found.to[0], found.to[1])
        if pair is not None and self.owned.owns(*pair.near, found.to):
            return [pair.near, pair.far]
        return []

    def _other(self, at: At) -> At | None:
        return location(self.builder.host, *at)

    def _marked(self, found: Found) -> list[At]:
        at = self.owned.renamed.get(found.to[0])
        return [at] if at is not None and self._is_meant(found, at) else []

    def _in_place(self, found: Found) -> list[At]:
        return [found.to[0]] if self._is_meant(found, found.to[0]) else []

    def _old_name(self, found: Found) -> list[At]:
        """Look for a link that the task renames, where it has not been renamed yet."""
        if self.owned.link(*found.to[0]) is not None:
            return []
        at = (found.to[0][0], found.entry.desired.name)
        return [at] if self._is_meant(found, at) and self.owned.owns(*at, [at]) else []

    def _elsewhere(self, found: Found) -> list[At]:
        """Look for a link that was moved to another namespace: it lies on the same link still."""
        desired = found.entry.desired
        if desired.kind.parent is None or desired.kind.kind in IMMOVABLE:
            return []
        source = desired.place if desired.kind.source is None else desired.kind.source
        parent = Peer(desired.kind.parent, self.builder.host.at(source).key)
        mark = self.owned.topology_mark.link(found.to[0][1])
        for namespace in self.builder.host.namespaces.values():
            for link in namespace.links.values():
                if (
                    link.parent == parent
                    and link.kind == desired.kind.kind
                    and mark in link.altnames
                ):
                    return [(namespace.key, link.name)]
        return []

    def _is_meant(self, found: Found, at: At) -> bool:
        kind: str = found.entry.desired.kind.kind
        return self._kind(at) == kind

    # --- how each gets to its name -------------------------------------------------------------

    def normalise(self, entry: Entry) -> None:
        """Plan that the links of an entry have their names, and that nothing else has."""
        found = self.found[entry.at]
        for number, to in enumerate(found.to):
            if not found.at:
                self.free(to)
            elif found.at[number] != to:
                self.free(to)  # which may be the other end, and renames it aside
                at = found.at[number]
                self._make_way(at, to[0])
                move_or_rename(self.builder, at, to)
                self._note(at, to)

    def _note(self, at: At, to: At) -> None:
        """Keep in mind where a link is from now on."""
        known = self.taken.pop(at, None)
        if known is not None:
            self.taken[to] = known
            known[0].at[known[1]] = to
        self.owned.note(at, to)

    def _make_way(self, at: At, key: str) -> None:
        """Take marks that a link has from those that have them where it comes: the kernel lets
        nothing in with a name that is there."""
        link = self.owned.link(*at)
        if link is None or at[0] == key:
            return
        for mark in link.altnames:
            self.owned.take(key, mark)

    def free(self, at: At) -> None:
        """Plan that a name is free: what has it is renamed, or removed if that frees more than a name."""
        link = self.owned.link(*at)
        if link is None:
            return
        if link.kind is None:
            what = "a hardware device" if link.hardware else "the loopback"
            raise Conflict(
                f"link {at[1]} {phrase(at[0])} cannot be moved out of the way: it is {what}. Use"
                " another name for the listed link"
            )
        wanted = at in self.taken
        if not wanted and self.needs.are_held(self.builder.host.namespaces[at[0]], link):
            delete(self.builder, *at)
            return
        spare = self._spare(at[0])
        rename(self.builder, *at, spare)
        self._note(at, (at[0], spare))
        if not wanted:
            self.leaving.append((at[0], spare))

    def _spare(self, key: str) -> str:
        """Return a name that nothing has."""
        links = self.builder.host.namespaces[key].links
        known = {*links, *(name for link in links.values() for name in link.altnames)}
        number = 0
        while f"netns-aside{number}" in known:
            number += 1
        return f"netns-aside{number}"
