# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What is known of namespaces before it is a graph, wherever it was read."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

Place = t.Optional[str]  # the name of a namespace, None for the current one, "" for one without
Port = tuple[Place, str]  # where a link is, and its name


class DiagramError(Exception):
    """What was given cannot be drawn, and why."""


@dataclass
class Found:
    """A link. Of what is None, nothing is known."""

    name: str
    kind: str | None = None
    up: bool | None = None
    operstate: str | None = None
    mtu: int | None = None
    master: str | None = None
    addresses: list[str] = field(default_factory=list)
    peer: Port | None = None
    parent: Port | None = None


Spaces = dict[Place, dict[str, Found]]  # the links of each namespace by their names, all in order
