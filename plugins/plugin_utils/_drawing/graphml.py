# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read a drawing from GraphML.

The reader of networkx is too lenient: it invents nodes, merges edges, takes the first of several
graphs, and loses the order of edges.
"""

from __future__ import annotations

import typing as t
from xml.etree import ElementTree

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    Drawing,
    DrawingError,
    shown,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.graph import Line, draw

Element = ElementTree.Element

BOOLEANS = {"true": True, "1": True, "false": False, "0": False}  # booleans of XML Schema
ARROWS = {"directed": True, "undirected": False}


class Key(t.NamedTuple):
    """A declared attribute: what has it, its name and its default."""

    scope: str
    name: str
    default: str | None


def read(text: t.Any, label: str, cost: str | None) -> Drawing:
    """Return the drawing of a GraphML file."""
    graph, keys = _graph(_root(text))
    nodes, lines = [], []
    arrows = _choice(graph, "edgedefault", ARROWS, default=False)
    for element in graph:
        tag = _tag(element)
        if tag == "node":
            if any(_tag(child) == "graph" for child in element):
                raise DrawingError(
                    f"node {shown(element.get('id'))} contains a graph, which is not supported; remove it"
                )
            nodes.append((_stated(element, "id"), _attributes(element, "node", keys)))
        elif tag == "edge":
            directed = _choice(element, "directed", BOOLEANS, default=arrows)
            ends = _stated(element, "source"), _stated(element, "target")
            lines.append(Line(*ends, _attributes(element, "edge", keys), directed))
        elif tag == "hyperedge":
            raise DrawingError(
                "a hyperedge joins more than two nodes, but a cable has two ends; use edges"
            )
        elif tag not in ("data", "desc"):
            raise DrawingError(
                f"a graph has nodes and edges; remove {shown(tag)}, which is not read"
            )
    return draw(nodes, lines, label, cost)


def _root(text: t.Any) -> Element:
    if not isinstance(text, str):
        raise DrawingError(
            f"the input must be the text of a GraphML file, not {type(text).__name__}"
        )
    # Only a DOCTYPE can declare entities, which may expand to gigabytes. GraphML needs none.
    if "<!DOCTYPE" in text:
        raise DrawingError("the file has a DOCTYPE, which is refused: GraphML needs none")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, UnicodeError) as error:
        raise DrawingError(f"this is not valid XML: {error}. Correct it") from error
    if _tag(root) != "graphml":
        raise DrawingError(
            f"this is not GraphML: its root must be graphml, not {shown(_tag(root))}"
        )
    return root


def _graph(root: Element) -> tuple[Element, dict[str, Key]]:
    """Return the only graph of a file, and the keys of its attributes."""
    graphs = [child for child in root if _tag(child) == "graph"]
    if len(graphs) != 1:
        raise DrawingError(f"the file must have one graph, not {len(graphs)}")
    keys = {}
    for child in root:
        if _tag(child) == "key":
            stated = [part.text or "" for part in child if _tag(part) == "default"]
            default = stated[0] if stated else None
            name = str(child.get("attr.name") or child.get("id"))
            identity = child.get("id", "")
            if identity in keys:
                raise DrawingError(f"two keys have the id {shown(identity)}; give each its own")
            keys[identity] = Key(child.get("for", "all"), name, default)
    return graphs[0], keys


def _attributes(element: Element, scope: str, keys: t.Mapping[str, Key]) -> dict[str, str]:
    found = {
        key.name: key.default
        for key in keys.values()
        if key.default is not None and key.scope in (scope, "all")
    }
    for data in element:
        if _tag(data) != "data":
            continue
        key = keys.get(data.get("key", ""))
        if key is None:
            raise DrawingError(
                f"{_describe(element)} has data of the key {shown(data.get('key'))}, which is not"
                " declared; add the key, or remove the data"
            )
        if len(data) == 0:
            found[key.name] = data.text or ""
        elif scope == "node":
            # yEd keeps the label in the graphics of the node.
            label = next((each for each in data.iter() if _tag(each) == "NodeLabel"), None)
            if label is not None and (label.text or "").strip():
                found.setdefault("label", label.text or "")
    return found


def _choice(element: Element, name: str, choices: t.Mapping[str, bool], default: bool) -> bool:
    value = element.get(name)
    if value is None:
        return default
    if value not in choices:
        raise DrawingError(
            f"{name} of {_describe(element)} must be one of {', '.join(choices)}, not {shown(value)}"
        )
    return choices[value]


def _describe(element: Element) -> str:
    identity_attributes = {
        name: element.get(name) for name in ("id", "source", "target") if name in element.attrib
    }
    return (
        f"a {_tag(element)} {shown(identity_attributes)}"
        if identity_attributes
        else f"a {_tag(element)}"
    )


def _stated(element: Element, name: str) -> str:
    value = element.get(name)
    if value is None:
        raise DrawingError(
            f"a {_tag(element)} must have the attribute {name}: {shown(dict(element.attrib))}"
        )
    return value


def _tag(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
