# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Draw namespaces as plain text: boxes one below the other, with cables on their right.

A cable leaves its box with a label that names its other end, and runs down a lane.
"""

from __future__ import annotations

import ipaddress
import typing as t
import unicodedata
from dataclasses import dataclass, replace

Mapping = t.Mapping[str, t.Any]
# the namespace of a veth's end, None for the current one, and the end's name
Port = tuple[t.Optional[str], str]

LANES = 12  # more cables side by side cannot be followed: the others have only labels
ASCII = str.maketrans("─│┌┐└┘├┼", "-|++++++")


@dataclass(frozen=True)
class Row:
    """A line in a box, and the end of the cable that leaves it there, if any."""

    cells: tuple[str, ...] = ("", "", "")
    label: str = ""
    port: Port | None = None
    peer: Port | None = None


@dataclass(frozen=True)
class Cable:
    """A cable between two lines of the picture; the innermost lane is 0."""

    top: int
    bottom: int
    lane: int = 0

    def passes(self, line: int) -> bool:
        """Return whether the cable crosses this line in its lane."""
        return self.top < line < self.bottom

    def meets(self, other: Cable) -> bool:
        """Return whether two cables need different lanes."""
        return self.top < other.bottom and other.top < self.bottom


def draw(
    namespaces: t.Sequence[Mapping], here: str, only: t.Collection[str] | None, ascii: bool
) -> str:
    """Return the picture of a result of netns_info; ``here`` is the name of the current namespace.

    With ``only``, show these namespaces, and the links of others that are wired to them.
    """
    namespaces = list(namespaces if only is None else _restrict(namespaces, only))
    boxes = [
        (_clean(namespace["name"] or here), _rows(namespace, here)) for namespace in namespaces
    ]
    if not boxes:
        return "(no namespaces)" if only is None else f"(nothing named {' or '.join(only)})"
    lines, ends = _stack(boxes)
    picture = "\n".join(_wire(lines, ends))
    return picture.translate(ASCII) if ascii else picture


def _restrict(namespaces: t.Iterable[Mapping], only: t.Collection[str]) -> t.Iterator[Mapping]:
    for namespace in namespaces:
        if namespace["name"] in only:
            yield namespace
            continue
        links = [
            link for link in namespace["links"] if link["peer"] and _far(link["peer"])[0] in only
        ]
        if links:
            yield {**namespace, "links": links}


def _far(peer: Mapping) -> Port:
    """Return the other end; an unnamed namespace has no name to match."""
    return (peer["netns"] if peer["nsid"] is None else ""), peer["name"]


def _rows(namespace: Mapping, here: str) -> list[Row]:
    """Return the lines of a box: one for each link, and one for each further attribute."""
    rows = []
    for link in namespace["links"]:
        texts = [*_attributes(link), ""]
        row = Row((_clean(link["name"]), _state(link), texts[0]))
        if link["peer"]:
            far = _far(link["peer"])
            place = "a namespace without a name" if far[0] == "" else far[0] or here
            label = _clean(f"{far[1]} in {place}")
            row = replace(row, label=label, port=(namespace["name"], link["name"]), peer=far)
        rows += [row, *(Row(("", "", more)) for more in texts[1:-1])]
    return rows


def _attributes(link: Mapping) -> t.Iterator[str]:
    """Yield the attributes of a link, without the link-local IPv6 address that every link has."""
    if link["kind"] not in (None, "veth"):
        yield link["kind"]
    if link["master"]:
        yield f"port of {_clean(link['master'])}"
    for address in link["addresses"]:
        interface = ipaddress.ip_interface(address)
        if interface.version == 4 or not interface.is_link_local:
            yield address


def _state(link: Mapping) -> str:
    if not link["up"]:
        return "down"
    # lo and some drivers report "unknown".
    words = {"unknown": "up", "down": "no carrier", "lowerlayerdown": "no carrier"}
    return words.get(link["operstate"], str(link["operstate"]))


def _stack(boxes: t.Sequence[tuple[str, list[Row]]]) -> tuple[list[str], dict[int, Row]]:
    """Return the lines of all boxes, and by line number the cable that leaves there."""
    every = [Row(), *(row for _title, rows in boxes for row in rows)]
    columns = [max(_width(row.cells[i]) for row in every) for i in range(3)]
    texts = {row: "  ".join(map(_padded, row.cells, columns)).rstrip() for row in every}
    width = max(map(_width, [*texts.values(), *(title for title, _rows in boxes)]))
    lines: list[str] = []
    ends: dict[int, Row] = {}
    for title, rows in boxes:
        lines.append(f"┌ {title} {'─' * (width - _width(title))}┐")
        for row in rows:
            if row.label:
                ends[len(lines)] = row
            lines.append(f"│ {_padded(texts[row], width)} {'├' if row.label else '│'}")
        lines.append(f"└{'─' * (width + 2)}┘")
    return lines, ends


def _wire(lines: t.Iterable[str], ends: t.Mapping[int, Row]) -> t.Iterator[str]:
    """Yield the lines with labels and cables to their right."""
    labels = {line: f"── {row.label} " for line, row in ends.items()}
    column = max(map(_width, labels.values()), default=0)
    cables = _lanes(_cables(ends))
    for number, text in enumerate(lines):
        own = next((c for c in cables if number in (c.top, c.bottom)), None)
        label = _padded(labels.get(number, ""), column, " " if own is None else "─")
        yield (text + label + _crossing(number, own, cables)).rstrip()


def _cables(ends: t.Mapping[int, Row]) -> list[Cable]:
    """Return the cables that have both ends in the picture."""
    lines = {row.port: line for line, row in ends.items()}
    return [
        Cable(top, bottom)
        for top, row in ends.items()
        if (bottom := lines.get(row.peer, -1)) > top and ends[bottom].peer == row.port
    ]


def _lanes(cables: t.Iterable[Cable]) -> list[Cable]:
    """Assign the innermost free lane to each cable, the shortest first, to have few crossings."""
    laid: list[Cable] = []
    for cable in sorted(cables, key=lambda each: (each.bottom - each.top, each.top)):
        taken = {other.lane for other in laid if cable.meets(other)}
        free = (lane for lane in range(LANES) if lane not in taken)
        laid += [replace(cable, lane=lane) for lane in [*free][:1]]
    return laid


def _crossing(line: int, own: Cable | None, cables: t.Sequence[Cable]) -> str:
    """Return the lanes at a line, where a cable of this line may turn."""
    seen = ""
    passing = {cable.lane for cable in cables if cable.passes(line)}
    for lane in range(max((cable.lane for cable in cables), default=-1) + 1):
        if own is None or lane > own.lane:
            seen += " │" if lane in passing else "  "
        elif lane == own.lane:
            seen += "─┐" if line == own.top else "─┘"
        else:
            seen += "─┼" if lane in passing else "──"
    return seen


def _clean(text: str) -> str:
    """Return a name without control characters."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _width(text: str) -> int:
    """Return the number of terminal columns of a text."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def _padded(text: str, width: int, fill: str = " ") -> str:
    return text + fill * (width - _width(text))
