# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: topology_text
short_description: Draw network namespaces and their links as text
version_added: 0.1.0
author:
  - The linuxnet.netns authors (@linuxnet)
description:
  - Draw the result of M(linuxnet.netns.netns_info) as plain text. Each namespace is a box with its links, their state
    and their addresses; a line connects the two ends of a veth pair.
  - Link-local IPv6 addresses are left out. A link that is up, but whose other end is not, has C(no carrier).
  - If too many lines would run side by side, the longest are left out; the labels still name the other ends.
positional: _input, only
options:
  _input:
    description:
      - The RV(linuxnet.netns.netns_info#module:namespaces) of M(linuxnet.netns.netns_info), with its links and addresses.
    type: list
    elements: dict
    required: true
  only:
    description:
      - Names of the namespaces to draw. Their neighbours are drawn with the connecting links only.
      - By default all are drawn.
    type: list
    elements: str
  here:
    description:
      - Label of the namespace that M(linuxnet.netns.netns_info) ran in.
    type: str
    default: the host
  ascii:
    description:
      - Draw with ASCII characters, for a terminal without line characters.
    type: bool
    default: false
seealso:
  - module: linuxnet.netns.netns_info
"""

EXAMPLES = r"""
- name: Read what is there
  linuxnet.netns.netns_info:
    gather: [links, addresses]
  register: net

- name: Draw two namespaces, and what they are wired to
  ansible.builtin.debug:
    msg: "{{ (net.namespaces | linuxnet.netns.topology_text(['study01', 'study02'])).splitlines() }}"

# ┌ study01 ───────────────────┐
# │ lo      up  127.0.0.1/8    │
# │             ::1/128        │
# │ veth01  up  172.16.1.101/24├── veth02 in study02 ─┐
# └────────────────────────────┘                       │
"""

RETURN = r"""
_value:
  description: The drawing, lines without trailing spaces.
  type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.linuxnet.netns.plugins.plugin_utils._picture import draw


def topology_text(
    namespaces: t.Any,
    only: t.Any = None,
    here: str = "the host",
    ascii: bool = False,
) -> str:
    """Return the picture of a result of netns_info."""
    if only is not None and (isinstance(only, str) or not isinstance(only, t.Collection)):
        raise AnsibleFilterError(f"topology_text: only must be a list of names, not {only!r}")
    try:
        return draw(namespaces, here, only, ascii)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(
            "topology_text needs namespaces with links and addresses, as netns_info returns"
            f" them: {error!r}"
        ) from error


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, t.Callable[..., str]]:
        """Return the filter by name."""
        return {"topology_text": topology_text}
