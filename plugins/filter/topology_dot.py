# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: topology_dot
short_description: Draw network namespaces as a Graphviz graph
version_added: 0.1.0
author:
  - The linuxnet.netns authors (@linuxnet)
description:
  - Write a Graphviz graph for the program C(dot), with a layout that fits its size.
    P(linuxnet.netns.topology_svg#filter) runs C(dot) itself, for light and dark pages.
extends_documentation_fragment:
  - linuxnet.netns._diagram
positional: _input, only
seealso:
  - module: linuxnet.netns.netns_info
  - module: linuxnet.netns.netns_topology
  - plugin: linuxnet.netns.topology_mermaid
    plugin_type: filter
  - plugin: linuxnet.netns.topology_svg
    plugin_type: filter
  - plugin: linuxnet.netns.topology_text
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read what is there
  linuxnet.netns.netns_info:
    gather: [links, addresses]
  register: net

- name: Write it as a graph
  ansible.builtin.copy:
    content: "{{ net | linuxnet.netns.topology_dot }}"
    dest: /tmp/lab.dot
    mode: "0644"
  delegate_to: localhost

# dot -Tpdf -O /tmp/lab.dot
"""

RETURN = r"""
_value:
  description: The text of the graph.
  type: str
"""

import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram import dot
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.choices import draw


def topology_dot(
    given: t.Any, only: t.Any = None, here: str = "the host", detail: str = "auto"
) -> str:
    """Return the diagram of a result of netns_info or netns_topology, or of a document."""
    return draw("topology_dot", dot.write, given, only, here, detail)


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, t.Callable[..., str]]:
        """Return the filter by name."""
        return {"topology_dot": topology_dot}
