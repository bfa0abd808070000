# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Write a graph in Graphviz's DOT language."""

from __future__ import annotations

import typing as t
from html import escape

from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.colours import LIGHT
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.graph import (
    BROKEN,
    DOWN,
    FINE,
    Box,
    Cable,
    End,
    Graph,
)

FONT = "Helvetica,Arial,sans-serif"
DASHED = {FINE: "solid", DOWN: "dashed", BROKEN: "dashed"}
# Layouts: columns from left to right, boxes spread out if there would be too many columns, or a
# cloud.
COLUMNS = 'layout="dot" rankdir="LR" nodesep="0.3" ranksep="1.1"'
SPREAD = 'layout="neato" overlap="prism" overlap_scaling="-1.3" sep="+24" splines="true" start="1"'
CLOUD = (
    'layout="sfdp" overlap="prism" overlap_scaling="-3" sep="+6" splines="line" start="1"'
    ' outputorder="edgesfirst" K="0.6" repulsiveforce="1.5" labelloc="b" fontsize="16"'
)
WIDE = 6  # columns that fit on a screen


def write(graph: Graph, small: bool) -> str:
    """Return the diagram, with all details if ``small``."""
    columns = graph.length <= WIDE
    layout = f"{CLOUD} label=<{_summary(graph)}>"
    if small:
        layout = COLUMNS if columns else SPREAD
    lines = [
        "graph netns {",
        f'  graph [{layout} bgcolor="{LIGHT.paper}" pad="0.25" fontname="{FONT}"]',
        f'  node [shape="plain" fontname="{FONT}" fontsize="12" fontcolor="{LIGHT.ink}"]',
        f'  edge [fontname="{FONT}" fontsize="10" fontcolor="{LIGHT.faint}"'
        f' color="{LIGHT.cable}" penwidth="1.4"]',
    ]
    lines += _full(graph, columns) if small else _compact(graph)
    return "\n".join([*lines, "}\n"])


def _full(graph: Graph, columns: bool) -> t.Iterator[str]:
    for number, box in enumerate(graph.boxes):
        yield f'  n{number} [id="n{number}" label=<{_table(box, graph.within(number))}>]'
    for number, cable in enumerate(graph.cables):
        if isinstance(cable.far, str):
            yield _stub(number, cable.far)
        elif cable.far[0] == cable.near[0]:
            continue  # the line would run through other rows; the text of the rows shows it
        ends = (
            _from_row_to_row(number, cable) if columns else _from_box_to_box(number, cable, graph)
        )
        yield f'  {ends}id="c{number}"{_line(cable.health, bool(cable.lies))}]'


def _from_row_to_row(number: int, cable: Cable) -> str:
    """Return the ends of a cable whose near box is left of the far one."""
    box, row = cable.near
    far = cable.far
    head = f"s{number}" if isinstance(far, str) else f"n{far[0]}:l{far[1]}:w"
    return f"n{box}:r{row}:e -- {head} ["


def _from_box_to_box(number: int, cable: Cable, graph: Graph) -> str:
    """Return the ends of a cable, with the names of the links beside it."""
    far = cable.far
    tail = f'labeldistance="2.2" taillabel=<{_text(graph.at(cable.near).name)}>'
    if isinstance(far, str):
        return f"n{cable.near[0]} -- s{number} [{tail} "
    return f"n{cable.near[0]} -- n{far[0]} [{tail} headlabel=<{_text(graph.at(far).name)}> "


def _table(box: Box, within: t.Mapping[int, str]) -> str:
    """Return the table of a box: its name, and a row for each link."""
    title = LIGHT.here if box.here else LIGHT.title
    rows = [
        f'<TR><TD COLSPAN="3" BGCOLOR="{title}" CELLPADDING="5"><B>{_text(box.name)}</B></TD></TR>'
    ]
    rows += [_row(number, end, within.get(number, "")) for number, end in enumerate(box.ends)]
    return (
        f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4" COLOR="{LIGHT.frame}"'
        f' BGCOLOR="{LIGHT.box}">{"".join(rows)}</TABLE>'
    )


def _row(number: int, end: End, within: str) -> str:
    tint = f' BGCOLOR="{LIGHT.group}"' if end.leads or end.depth else ""
    indent = "&#160;&#160;&#160;" * end.depth
    name = _text(end.name)
    if end.kind:
        name += f'&#160;<FONT COLOR="{LIGHT.faint}">{_text(end.kind)}</FONT>'
    state = f'<FONT COLOR="{LIGHT.of(end.health, LIGHT.faint)}">{_text(end.state)}</FONT>'
    texts = [*map(_text, end.addresses)]
    more = filter(None, (within, f"MTU {end.mtu}" if end.mtu else ""))
    texts += [f'<FONT COLOR="{LIGHT.faint}">{_text(text)}</FONT>' for text in more]
    lines = '<BR ALIGN="LEFT"/>'.join(texts)
    lines += '<BR ALIGN="LEFT"/>' if len(texts) > 1 else ""
    return (
        f'<TR><TD PORT="l{number}" ALIGN="LEFT"{tint}>{indent}{name}</TD>'
        f'<TD ALIGN="LEFT"{tint}>{state if end.state else ""}</TD>'
        f'<TD PORT="r{number}" ALIGN="LEFT" BALIGN="LEFT"{tint}>{lines}</TD></TR>'
    )


def _compact(graph: Graph) -> t.Iterator[str]:
    for number, box in enumerate(graph.boxes):
        yield f'  n{number} [id="n{number}" label=<{_badge(box)}>]'
    for number, bundle in enumerate(graph.bundles()):
        head = f"n{bundle.far}"
        if isinstance(bundle.far, str):
            yield _stub(number, "")
            head = f"s{number}"
        more = f' label="{len(bundle.cables)}"' if len(bundle.cables) > 1 else ""
        line = _line(bundle.health, bundle.lies)
        yield f'  n{bundle.near} -- {head} [id="c{number}"{line}{more}]'


def _badge(box: Box) -> str:
    """Return the table of a box: its name, its bridges, and what is not healthy."""
    title = LIGHT.here if box.here else LIGHT.title
    rows = [f"<B>{_text(box.name)}</B>"]
    if leads := [end.name for end in box.ends if end.leads]:
        rows.append(f'<FONT POINT-SIZE="10" COLOR="{LIGHT.faint}">{_text(" ".join(leads))}</FONT>')
    colour = LIGHT.of(box.health, LIGHT.ink)
    rows += [f'<FONT POINT-SIZE="10" COLOR="{colour}">{_text(text)}</FONT>' for text in box.wrong]
    frame = LIGHT.of(box.health, LIGHT.frame)
    return (
        f'<TABLE BORDER="{1 if box.health == FINE else 2}" CELLBORDER="0" CELLSPACING="0"'
        f' CELLPADDING="4" COLOR="{frame}" BGCOLOR="{title}"><TR><TD>{"<BR/>".join(rows)}</TD></TR></TABLE>'
    )


def _stub(number: int, label: str) -> str:
    """Return the node for a cable that leads out of the diagram."""
    text = f'<FONT COLOR="{LIGHT.faint}">&#160;<I>{_text(label or "…")}</I></FONT>'
    return f'  s{number} [id="s{number}" label=<{text}>]'


def _line(health: str, lies: bool) -> str:
    """Return the attributes of a line."""
    style = "dotted" if lies else DASHED[health]
    if health == FINE and not lies:
        return ""
    colour = LIGHT.of(health, LIGHT.faint)
    return f' color="{colour}" fontcolor="{colour}" style="{style}"'


def _summary(graph: Graph) -> str:
    return " · ".join(
        f'<FONT COLOR="{LIGHT.of(health, LIGHT.faint)}">{_text(words)}</FONT>'
        for health, words in graph.summary()
    )


def _text(text: str) -> str:
    """Return escaped text: Graphviz interprets backslashes even in HTML labels."""
    return escape(text).replace("\\", "<FONT>&#92;</FONT>")
