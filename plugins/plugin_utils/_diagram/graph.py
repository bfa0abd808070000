# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The graph that all diagrams are written from: boxes with links, and cables."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

Spot = tuple[int, int]  # the number of a box, and of a link in it

# Health, the worst last.
FINE, DOWN, BROKEN = "fine", "down", "broken"
ORDER = (FINE, DOWN, BROKEN)

# Limits of what is readable in full detail.
FULL_BOXES, FULL_LINKS = 30, 120


@dataclass(frozen=True)
class End:
    """A link in a box, as displayed."""

    name: str
    kind: str = ""  # empty for veths, hardware and lo
    state: str = ""  # empty if unknown
    health: str = FINE
    addresses: tuple[str, ...] = ()
    mtu: int | None = None  # None for the default one
    depth: int = 0  # of a port, one more than its master's, which precedes it
    leads: bool = False  # whether it is a master, or could be one

    @property
    def description(self) -> str:
        """Return all attributes in one line."""
        mtu = f"MTU {self.mtu}" if self.mtu else ""
        words = (self.name, self.kind, self.state, *self.addresses, mtu)
        return " ".join(filter(None, words))


@dataclass(frozen=True)
class Box:
    """A namespace."""

    name: str
    here: bool = False
    ends: tuple[End, ...] = ()

    @property
    def description(self) -> str:
        """Return the name and all links, in one line each."""
        return "\n".join([self.name, *("  " * end.depth + end.description for end in self.ends)])

    @property
    def health(self) -> str:
        return worst(end.health for end in self.ends)

    @property
    def wrong(self) -> list[str]:
        """Return what is not healthy, in at most one line."""
        found = [end for end in self.ends if end.health != FINE]
        who = found[0].name if len(found) == 1 else f"{len(found)} links"
        states = " / ".join(dict.fromkeys(end.state for end in found))
        return [f"{who} {states}"] if found else []


@dataclass(frozen=True)
class Cable:
    """A veth between two links, or a link on top of another one."""

    near: Spot
    far: Spot | str  # a text if it leads out of the diagram
    health: str = FINE
    lies: str = ""  # near or far: the one on top


@dataclass(frozen=True)
class Bundle:
    """All cables from one box to another, or to a place outside of the diagram."""

    near: int
    far: int | str
    cables: tuple[Cable, ...]

    @property
    def health(self) -> str:
        return worst(cable.health for cable in self.cables)

    @property
    def lies(self) -> bool:
        return all(bool(cable.lies) for cable in self.cables)


@dataclass(frozen=True)
class Graph:
    """The boxes and cables to draw."""

    boxes: tuple[Box, ...]
    cables: tuple[Cable, ...]

    @property
    def small(self) -> bool:
        """Return whether all details can be shown."""
        links = sum(len(box.ends) for box in self.boxes)
        return len(self.boxes) <= FULL_BOXES and links <= FULL_LINKS

    @property
    def length(self) -> int:
        """Return the length of the longest path from earlier boxes to later ones, in boxes."""
        lengths = [1] * len(self.boxes)
        for cable in self.cables:  # sorted by box
            if not isinstance(cable.far, str) and cable.near[0] < cable.far[0]:
                lengths[cable.far[0]] = max(lengths[cable.far[0]], lengths[cable.near[0]] + 1)
        return max(lengths, default=0)

    def at(self, spot: Spot) -> End:
        return self.boxes[spot[0]].ends[spot[1]]

    def bundles(self) -> list[Bundle]:
        """Return the cables by the boxes that they connect, without those within a box."""
        found: dict[tuple[int, int | str], list[Cable]] = {}
        for cable in self.cables:
            far = cable.far if isinstance(cable.far, str) else cable.far[0]
            if cable.near[0] != far:
                found.setdefault((cable.near[0], far), []).append(cable)
        return [Bundle(*pair, tuple(cables)) for pair, cables in found.items()]

    def within(self, number: int) -> dict[int, str]:
        """Return descriptions of the connections within a box, by number of the link."""
        texts = {}
        for cable in self.cables:
            if not isinstance(cable.far, str) and cable.near[0] == cable.far[0] == number:
                word = "on" if cable.lies else "to"
                if cable.lies != "far":
                    texts[cable.near[1]] = f"{word} {self.at(cable.far).name}"
                if cable.lies != "near":
                    texts[cable.far[1]] = f"{word} {self.at(cable.near).name}"
        return texts

    def describe(self, cable: Cable) -> str:
        """Return a description of what a cable connects."""
        far = cable.far if isinstance(cable.far, str) else self._named(cable.far)
        if cable.lies == "far":
            return f"{far} on {self._named(cable.near)}"
        return f"{self._named(cable.near)} {'on' if cable.lies else 'to'} {far}"

    def summary(self) -> list[tuple[str, str]]:
        """Return the counts of namespaces, cables and unhealthy links, each with its health."""
        ends = [end for box in self.boxes for end in box.ends]
        cables = sum(not cable.lies for cable in self.cables)
        counts = [
            (FINE, _count(len(self.boxes), "namespace")),
            (FINE, _count(cables, "cable")),
        ]
        for health, words in ((DOWN, "down"), (BROKEN, "broken")):
            if number := sum(end.health == health for end in ends):
                counts.append((health, f"{_count(number, 'link')} {words}"))
        return counts

    def _named(self, spot: Spot) -> str:
        return f"{self.at(spot).name} in {self.boxes[spot[0]].name}"


def worst(health: t.Iterable[str]) -> str:
    """Return the worst health."""
    return max(health, key=ORDER.index, default=FINE)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
