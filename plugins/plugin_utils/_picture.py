# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A plain-text picture of namespaces: a box each, one below the other, with cables on their right.

A cable leaves its box with a label that says where it goes, and turns the corner in a lane.
"""

from __future__ import annotations

import ipaddress
import typing as t
import unicodedata
from dataclasses import dataclass, replace

Mapping = t.Mapping[str, t.Any]
Port = tuple[t.Optional[str], str]  # where an end of a veth is, None for here, and its name

LANES = 12  # nobody can follow more cables side by side: those left over have labels only
ASCII = str.maketrans("─│┌┐└┘├┼", "-|++++++")


@dataclass(frozen=True)
class Row:
    """A line inside of a box, and the end of a cable that leaves it there, if one does."""

    cells: tuple[str, ...] = ("", "", "")
    label: str = ""
    port: Port | None = None
    peer: Port | None = None


@dataclass(frozen=True)
class Cable:
    """A cable between two lines of the picture, in a lane; the innermost lane is 0."""

    top: int
    bottom: int
    lane: int = 0

    def passes(self, line: int) -> bool:
        """Return whether it runs down its lane at this line."""
        return self.top < line < self.bottom

    def meets(self, other: Cable) -> bool:
        """Return whether the two need different lanes."""
        return self.top < other.bottom and other.top < self.bottom


def draw(
    namespaces: t.Sequence[Mapping], here: str, only: t.Collection[str] | None, ascii: bool
) -> str:
    """Return the picture of what netns_info returned, where the current namespace is called here.

    With only, it shows these namespaces, and of those wired to them the links that are.
    """
    spaces = list(namespaces if only is None else _restrict(namespaces, only))
    boxes = [(_clean(space["name"] or here), _rows(space, here)) for space in spaces]
    if not boxes:
        return "(no namespaces)" if only is None else f"(nothing named {' or '.join(only)})"
    lines, ends = _stack(boxes)
    picture = "\n".join(_wire(lines, ends))
    return picture.translate(ASCII) if ascii else picture


def _restrict(namespaces: t.Iterable[Mapping], only: t.Collection[str]) -> t.Iterator[Mapping]:
    for space in namespaces:
        if space["name"] in only:
            yield space
            continue
        links = [link for link in space["links"] if link["peer"] and _far(link["peer"])[0] in only]
        if links:
            yield {**space, "links": links}


def _far(peer: Mapping) -> Port:
    """Return where the other end is; of a namespace without a name, nobody knows more."""
    return (peer["netns"] if peer["nsid"] is None else ""), peer["name"]


def _rows(space: Mapping, here: str) -> list[Row]:
    """Return the lines of a box: one a link, and one more for each further thing to say of it."""
    rows = []
    for link in space["links"]:
        said = [*_told(link), ""]
        row = Row((_clean(link["name"]), _state(link), said[0]))
        if link["peer"]:
            far = _far(link["peer"])
            place = "a namespace without a name" if far[0] == "" else far[0] or here
            label = _clean(f"{far[1]} in {place}")
            row = replace(row, label=label, port=(space["name"], link["name"]), peer=far)
        rows += [row, *(Row(("", "", more)) for more in said[1:-1])]
    return rows


def _told(link: Mapping) -> t.Iterator[str]:
    """Yield what there is to say of a link. Every link that is up has a link-local IPv6 address."""
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
    # The loopback's is unknown, as is that of whatever does not tell.
    words = {"unknown": "up", "down": "no carrier", "lowerlayerdown": "no carrier"}
    return words.get(link["operstate"], str(link["operstate"]))


def _stack(boxes: t.Sequence[tuple[str, list[Row]]]) -> tuple[list[str], dict[int, Row]]:
    """Return the boxes, all of a width, and by line what leaves them there."""
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
    """Yield the lines with the labels and the cables on their right."""
    labels = {line: f"── {row.label} " for line, row in ends.items()}
    column = max(map(_width, labels.values()), default=0)
    cables = _lanes(_cables(ends))
    for number, text in enumerate(lines):
        own = next((c for c in cables if number in (c.top, c.bottom)), None)
        label = _padded(labels.get(number, ""), column, " " if own is None else "─")
        yield (text + label + _crossing(number, own, cables)).rstrip()


def _cables(ends: t.Mapping[int, Row]) -> list[Cable]:
    """Return the cables of which both ends are in the picture."""
    lines = {row.port: line for line, row in ends.items()}
    return [
        Cable(top, bottom)
        for top, row in ends.items()
        if (bottom := lines.get(row.peer, -1)) > top and ends[bottom].peer == row.port
    ]


def _lanes(cables: t.Iterable[Cable]) -> list[Cable]:
    """Give each cable the innermost lane that is free, the shortest first: few lines cross then."""
    laid: list[Cable] = []
    for cable in sorted(cables, key=lambda each: (each.bottom - each.top, each.top)):
        taken = {other.lane for other in laid if cable.meets(other)}
        free = (lane for lane in range(LANES) if lane not in taken)
        laid += [replace(cable, lane=lane) for lane in [*free][:1]]
    return laid


def _crossing(line: int, own: Cable | None, cables: t.Sequence[Cable]) -> str:
    """Return what is seen of the lanes at a line, at which a cable of its own may turn."""
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
    """Return a name without what a terminal would obey."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _width(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def _padded(text: str, width: int, fill: str = " ") -> str:
    return text + fill * (width - _width(text))
