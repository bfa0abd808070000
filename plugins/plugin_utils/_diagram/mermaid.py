# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Write a graph in the Mermaid language, which many sites render within Markdown."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.graph import (
    BROKEN,
    DOWN,
    FINE,
    Box,
    End,
    Graph,
)

# Do not wrap the lines of a box.
HEAD = '%%{init: {"flowchart": {"wrappingWidth": 600}}}%%\nflowchart LR'
# Pages choose light or dark themselves: these colours are readable on both.
COLOURS = {DOWN: "#c2750c", BROKEN: "#e5484d"}
STYLES = (
    f"  classDef down stroke:{COLOURS[DOWN]},stroke-width:2px,stroke-dasharray:5 3",
    f"  classDef broken stroke:{COLOURS[BROKEN]},stroke-width:3px,stroke-dasharray:5 3",
    "  classDef out fill:none,stroke-dasharray:2 3",
)
# A full stop or hyphen within a word is harmless; at its edge it may begin a list.
PLAIN = re.compile(r"[A-Za-z0-9 /:_@]|(?<=[A-Za-z0-9])[.-](?=[A-Za-z0-9])")


def write(graph: Graph, small: bool) -> str:
    """Return the diagram, with all details if ``small``."""
    boxes = _boxes(graph) if small else _badges(graph)
    cables, healths = _cables(graph) if small else _bundles(graph)
    return "\n".join([HEAD, *boxes, *cables, *STYLES, *_colours(healths), ""])


def _boxes(graph: Graph) -> t.Iterator[str]:
    """Yield a node with its links for each namespace."""
    for number, box in enumerate(graph.boxes):
        within = graph.within(number)
        links = (_row(end, within.get(place, "")) for place, end in enumerate(box.ends))
        yield _node(number, box, links)


def _row(end: End, within: str) -> str:
    mtu = f"MTU {end.mtu}" if end.mtu else ""
    texts = ("└" * bool(end.depth), end.name, end.kind, end.state, *end.addresses, within, mtu)
    return " ".join(filter(None, texts))


def _node(number: int, box: Box, rows: t.Iterable[str]) -> str:
    style = "" if box.health == FINE else f":::{box.health}"
    label = "<br>".join([f"<b>{_text(box.name)}</b>", *map(_text, rows)])
    return f'  n{number}["{label}"]{style}'


def _cables(graph: Graph) -> tuple[list[str], list[str]]:
    """Return the lines, and the health of each."""
    lines, healths = [], []
    for number, cable in enumerate(graph.cables):
        near, far = cable.near, cable.far
        if isinstance(far, str):
            label, head = graph.at(near).name, f's{number}["{_text(far)}"]:::out'
        elif near[0] == far[0]:
            continue  # shown in the rows of the box
        else:
            label, head = f"{graph.at(near).name} ↔ {graph.at(far).name}", f"n{far[0]}"
        lines.append(f'  n{near[0]} {_line(bool(cable.lies))}|"{_text(label)}"| {head}')
        healths.append(cable.health)
    return lines, healths


def _badges(graph: Graph) -> t.Iterator[str]:
    """Yield a node for each namespace, with its bridges and what is not healthy."""
    for number, box in enumerate(graph.boxes):
        yield _node(number, box, [end.name for end in box.ends if end.leads] + box.wrong)


def _bundles(graph: Graph) -> tuple[list[str], list[str]]:
    """Return the lines between namespaces, and the health of each."""
    lines, healths = [], []
    for number, bundle in enumerate(graph.bundles()):
        head = f"n{bundle.far}" if isinstance(bundle.far, int) else f's{number}["…"]:::out'
        more = f'|"{len(bundle.cables)}"|' if len(bundle.cables) > 1 else ""
        lines.append(f"  n{bundle.near} {_line(bundle.lies)}{more} {head}")
        healths.append(bundle.health)
    return lines, healths


def _line(lies: bool) -> str:
    return "-.-" if lies else "---"


def _colours(healths: t.Sequence[str]) -> t.Iterator[str]:
    """Yield the style of unhealthy lines, which are referred to by number."""
    for health, colour in COLOURS.items():
        numbers = ",".join(str(n) for n, each in enumerate(healths) if each == health)
        if numbers:
            yield f"  linkStyle {numbers} stroke:{colour},stroke-width:2px,stroke-dasharray:6 4"


def _text(text: str) -> str:
    """Return text escaped for Mermaid, HTML and Markdown."""
    plain = {found.start() for found in PLAIN.finditer(text)}
    return "".join(c if n in plain else f"#{ord(c)};" for n, c in enumerate(text)) or " "
