# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From the node-link form of networkx to a drawing."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    Drawing,
    DrawingError,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.graph import Line, draw

Mapping = t.Mapping[str, t.Any]


def read(data: t.Any, label: str, cost: str | None) -> Drawing:
    """Return the drawing that networkx's node_link_data() wrote, as data or as JSON."""
    whole = _whole(data)
    nodes = [(_key(node, "id"), node) for node in _entries(whole, "nodes")]
    directed = bool(whole.get("directed", False))
    lines = [
        Line(_key(edge, "source"), _key(edge, "target"), edge, directed)
        for edge in _entries(whole, _edges(whole))
    ]
    if not whole.get("multigraph", True):
        _once(lines)
    return draw(nodes, lines, label, cost)


def _whole(data: t.Any) -> Mapping:
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise DrawingError(f"this is no JSON: {error}") from error
    if not isinstance(data, t.Mapping):
        raise DrawingError(f"a dictionary is expected, or its JSON, not {type(data).__name__}")
    return data


def _edges(whole: Mapping) -> str:
    """Return the key of the edges: `links` up to networkx 3.3, `edges` later."""
    found = [key for key in ("links", "edges") if key in whole]
    if len(found) != 1:
        raise DrawingError(f"one of links and edges is expected, here is {found or 'neither'}")
    return found[0]


def _entries(whole: Mapping, key: str) -> t.Iterator[Mapping]:
    entries = whole.get(key)
    if not isinstance(entries, t.Sequence) or isinstance(entries, str):
        raise DrawingError(f"a list is expected as {key}, not {type(entries).__name__}")
    for place, entry in enumerate(entries):
        if not isinstance(entry, t.Mapping):
            raise DrawingError(f"{key}[{place}] is no dictionary: {entry!r}")
        yield entry


def _key(entry: Mapping, name: str) -> t.Hashable:
    if entry.get(name) is None:
        raise DrawingError(f"{name} is missing in {dict(entry)!r}")
    return _hashable(entry[name])


def _hashable(value: t.Any) -> t.Hashable:
    """Return an id as networkx does: a list stands for a tuple, which JSON lacks."""
    if isinstance(value, list):
        return tuple(map(_hashable, value))
    if isinstance(value, t.Hashable):
        return value
    raise DrawingError(f"{value!r} is no id of a node")


def _once(lines: t.Iterable[Line]) -> None:
    """See to it that a drawing that says so has no parallel edges: which one is meant?"""
    seen: set[t.Any] = set()
    for line in lines:
        ends = (line.source, line.target)
        pair = ends if line.directed else frozenset(ends)
        if pair in seen:
            raise DrawingError(
                f"multigraph is false, but {ends[0]!r} and {ends[1]!r} have several edges"
            )
        seen.add(pair)
