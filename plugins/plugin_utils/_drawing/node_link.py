# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read a drawing from the node-link format of networkx."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    Drawing,
    DrawingError,
    shown,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.graph import Line, draw

Mapping = t.Mapping[str, t.Any]


def read(data: t.Any, label: str, cost: str | None) -> Drawing:
    """Return the drawing that networkx's node_link_data() wrote, given as data or as JSON text."""
    whole = _document(data)
    nodes = [
        (_key(node, "id", f"nodes[{place}]"), node)
        for place, node in enumerate(_entries(whole, "nodes"))
    ]
    directed = _boolean(whole, "directed", default=False)
    key = _edges(whole)
    lines = [
        Line(
            _key(edge, "source", f"{key}[{place}]"),
            _key(edge, "target", f"{key}[{place}]"),
            edge,
            directed,
        )
        for place, edge in enumerate(_entries(whole, key))
    ]
    if key == "links":
        lines = _by_id(lines, [node for node, attributes in nodes], whole.get("graph"))
    if not _boolean(whole, "multigraph", default=True):
        _check_no_parallel_edges(lines)
    return draw(nodes, lines, label, cost)


def _document(data: t.Any) -> Mapping:
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise DrawingError(f"this is not valid JSON: {error}. Correct it") from error
    if not isinstance(data, t.Mapping):
        raise DrawingError(
            f"the input must be a dictionary, or its JSON, not {type(data).__name__}"
        )
    return data


def _edges(whole: Mapping) -> str:
    """Return the key of the edges: `links` up to networkx 3.3, `edges` later."""
    found = [key for key in ("links", "edges") if key in whole]
    if len(found) != 1:
        raise DrawingError(f"the graph must have one of links and edges, not {found or 'neither'}")
    return found[0]


def _boolean(whole: Mapping, key: str, default: bool) -> bool:
    value = whole.get(key, default)
    if not isinstance(value, bool):
        raise DrawingError(f"{key} must be true or false, not {shown(value)}")
    return value


def _by_id(lines: list[Line], ids: t.Sequence[t.Hashable], graph_attributes: t.Any) -> list[Line]:
    """Return the edges with node ids, if networkx 1 wrote list indexes instead.

    Such a file is recognised by edges to unknown ids, or (up to 1.9) by a list of graph attributes.
    """
    ends = [end for line in lines for end in (line.source, line.target)]
    if any(isinstance(end, bool) for end in ends):
        return lines
    known = set(ids)
    if all(end in known for end in ends) and not isinstance(graph_attributes, list):
        return lines
    if not all(isinstance(end, int) and 0 <= end < len(ids) for end in ends):
        return lines
    return [
        line._replace(source=ids[t.cast(int, line.source)], target=ids[t.cast(int, line.target)])
        for line in lines
    ]


def _entries(whole: Mapping, key: str) -> t.Iterator[Mapping]:
    entries = whole.get(key)
    if not isinstance(entries, t.Sequence) or isinstance(entries, str):
        raise DrawingError(f"{key} must be a list, not {type(entries).__name__}")
    for place, entry in enumerate(entries):
        if not isinstance(entry, t.Mapping):
            raise DrawingError(f"{key}[{place}] must be a dictionary, not {shown(entry)}")
        yield entry


def _key(entry: Mapping, name: str, where: str) -> t.Hashable:
    if entry.get(name) is None:
        raise DrawingError(f"{where}: {name} is required in {shown(dict(entry))}")
    try:
        return _hashable(entry[name])
    except (TypeError, RecursionError) as error:
        raise DrawingError(
            f"{where}: {shown(entry[name])} cannot be the id of a node; use a text or a number"
        ) from error


def _hashable(value: t.Any) -> t.Hashable:
    """Return an id like networkx does: a list stands for a tuple, which JSON lacks."""
    if isinstance(value, list):
        return tuple(map(_hashable, value))
    hash(value)
    return t.cast(t.Hashable, value)


def _check_no_parallel_edges(lines: t.Iterable[Line]) -> None:
    """Raise DrawingError if a graph that is declared simple has parallel edges."""
    seen: set[t.Any] = set()
    for line in lines:
        ends = (line.source, line.target)
        pair = ends if line.directed else frozenset(ends)
        if pair in seen:
            raise DrawingError(
                f"multigraph is false, but {shown(ends[0])} and {shown(ends[1])} have several edges; set it to true, or remove them"
            )
        seen.add(pair)
