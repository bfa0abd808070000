# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: topology_svg
short_description: Draw network namespaces as an SVG picture
version_added: 0.1.0
author:
  - The linuxnet.netns authors (@linuxnet)
description:
  - Draw an SVG picture with Graphviz, for light and dark pages. In a browser, point at a namespace or a line to see
    all details.
  - Requires the program C(dot) on the controller. On Debian and Ubuntu, C(apt-get install graphviz) installs it.
extends_documentation_fragment:
  - linuxnet.netns._diagram
positional: _input, only
seealso:
  - module: linuxnet.netns.netns_info
  - module: linuxnet.netns.netns_topology
  - plugin: linuxnet.netns.topology_dot
    plugin_type: filter
  - plugin: linuxnet.netns.topology_mermaid
    plugin_type: filter
  - plugin: linuxnet.netns.topology_text
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read what is there
  linuxnet.netns.netns_info:
    gather: [links, addresses]
  register: net

- name: Draw it
  ansible.builtin.copy:
    content: "{{ net | linuxnet.netns.topology_svg }}"
    dest: /tmp/lab.svg
    mode: "0644"
  delegate_to: localhost

- name: Draw what a drawing would become, before it is built
  ansible.builtin.copy:
    content: >-
      {{ lookup('ansible.builtin.file', 'backbone.graphml')
         | linuxnet.netns.topology_from_graphml(link_prefix='10.0.0.0/16')
         | linuxnet.netns.topology_svg }}
    dest: /tmp/backbone.svg
    mode: "0644"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The picture, an SVG element that is also a valid file.
  type: str
"""

import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram import svg
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.choices import draw


def topology_svg(
    given: t.Any, only: t.Any = None, here: str = "the host", detail: str = "auto"
) -> str:
    """Return the diagram of a result of netns_info or netns_topology, or of a document."""
    return draw("topology_svg", svg.write, given, only, here, detail)


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, t.Callable[..., str]]:
        """Return the filter by name."""
        return {"topology_svg": topology_svg}
