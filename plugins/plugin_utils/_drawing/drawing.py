# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A drawing of a network, from any source: nodes, and edges between them."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from fractions import Fraction

LONGEST = 80  # characters of a value in a message


class DrawingError(Exception):
    """A drawing, or an option, is invalid."""


def shown(value: t.Any) -> str:
    """Return a value for a message: shortened, and safe even if Python refuses its repr()."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # more than 4,300 digits, or recursive lists
        return f"something huge ({type(value).__name__})"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


@dataclass(frozen=True)
class Node:
    """A node; its name is the first label that is suitable."""

    labels: tuple[str, ...]
    bridge: bool = False


@dataclass(frozen=True)
class Edge:
    """A link between two nodes, by their numbers; both may be the same."""

    ends: tuple[int, int]
    cost: Fraction = Fraction(1)
    links: tuple[str, str] | None = None  # the names of its ends, if the drawing has them
    mtu: int | None = None


@dataclass(frozen=True)
class Drawing:
    """Nodes and edges in the order of the drawing, and what was ignored."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: tuple[str, ...] = ()
