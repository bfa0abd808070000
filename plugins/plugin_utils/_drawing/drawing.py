# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A drawing of a network: nodes, and edges between them, whatever it was read from."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from fractions import Fraction

LONGEST = 80  # of a value in a message


class DrawingError(Exception):
    """What is wrong with a drawing, or with what is asked of it."""


def shown(value: t.Any) -> str:
    """Return how a message shows a value: cut, and without what Python would refuse to write."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # more than 4,300 digits, or lists within lists
        return f"something huge ({type(value).__name__})"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


@dataclass(frozen=True)
class Node:
    """A node, by the first of its labels that makes a name."""

    labels: tuple[str, ...]
    bridge: bool = False


@dataclass(frozen=True)
class Edge:
    """A link between two nodes, by their places in the drawing; both may be the same."""

    ends: tuple[int, int]
    cost: Fraction = Fraction(1)
    links: tuple[str, str] | None = None  # what its ends are called, where that is drawn
    mtu: int | None = None


@dataclass(frozen=True)
class Drawing:
    """Nodes and edges, in the order of the drawing, and what of it was left out."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: tuple[str, ...] = ()
