# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The options that the diagram filters share."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram import reading
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.found import DiagramError
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.graph import Graph

DETAILS = ("auto", "full", "compact")


def draw(
    name: str,
    write: t.Callable[[Graph, bool], str],
    given: t.Any,
    only: t.Any,
    here: t.Any,
    detail: t.Any,
) -> str:
    """Return the diagram that a filter writes for its input; ``name`` is the filter."""
    if only is not None and (isinstance(only, str) or not isinstance(only, t.Collection)):
        raise AnsibleFilterError(f"{name}: only must be a list of names, not {only!r}")
    if detail not in DETAILS:
        raise AnsibleFilterError(
            f"{name}: detail must be one of {', '.join(DETAILS)}, not {detail!r}"
        )
    try:
        graph = reading.read(given, str(here), only)
        return write(graph, graph.small if detail == "auto" else detail == "full")
    except DiagramError as error:
        raise AnsibleFilterError(f"{name} {error}") from error
