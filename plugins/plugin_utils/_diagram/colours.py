# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The colours of a diagram by purpose, on light and dark backgrounds.

All differ, and none has a name that Graphviz would write instead.
"""

from __future__ import annotations

import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.graph import (
    BROKEN,
    DOWN,
    FINE,
)


class Colours(t.NamedTuple):
    """A set of colours."""

    paper: str
    box: str
    title: str  # background of a namespace's name
    here: str  # background of the current namespace's name
    group: str  # background of a bridge and its ports
    frame: str
    ink: str
    faint: str  # text of less importance
    cable: str
    down: str
    broken: str

    def of(self, health: str, fine: str) -> str:
        """Return the colour of a health, ``fine`` if healthy."""
        return {FINE: fine, DOWN: self.down, BROKEN: self.broken}[health]


LIGHT = Colours(
    paper="#fcfcfd",
    box="#fefefe",
    title="#dbe7f5",
    here="#f3e6c4",
    group="#eef3f9",
    frame="#8495a8",
    ink="#1c2430",
    faint="#5a6878",
    cable="#46617f",
    down="#995400",
    broken="#c5221f",
)
DARK = Colours(
    paper="#0f141a",
    box="#181f28",
    title="#233a55",
    here="#3d3214",
    group="#202b38",
    frame="#5d6f83",
    ink="#e4eaf1",
    faint="#9fadbc",
    cable="#8fb3d9",
    down="#eba044",
    broken="#ff7b72",
)
