# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The state of namespaces before it becomes a graph, from any source."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

Place = t.Optional[str]  # the name of a namespace, None for the current one, "" for an unnamed one
Port = tuple[Place, str]  # the place of a link, and its name


class DiagramError(Exception):
    """The input cannot be drawn."""


@dataclass
class Found:
    """A link; None stands for unknown attributes."""

    name: str
    kind: str | None = None
    up: bool | None = None
    operstate: str | None = None
    mtu: int | None = None
    master: str | None = None
    addresses: list[str] = field(default_factory=list)
    peer: Port | None = None
    parent: Port | None = None


Spaces = dict[Place, dict[str, Found]]  # links by name, by namespace, in order
