# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The names of doc fragments are private to this collection: they may change without notice.

from __future__ import annotations


class ModuleDocFragment:
    """What the filters that make a diagram have in common."""

    DOCUMENTATION = r"""
options:
  _input:
    description:
      - Result of M(linuxnet.netns.netns_info) or M(linuxnet.netns.netns_topology), or its C(namespaces).
      - Or the lists that M(linuxnet.netns.netns_topology) takes, as a dictionary. The diagram then shows what they
        create on a host without namespaces.
    type: raw
    required: true
  only:
    description:
      - Names of the namespaces to draw. Their neighbours are drawn with the connecting links only.
      - By default all are drawn.
    type: list
    elements: str
  here:
    description:
      - Label of the namespace that the module ran in.
    type: str
    default: the host
  detail:
    description:
      - With V(full), each namespace is a box with its links, their state, their addresses, and their MTU if it is not
        the default. Ports are below their bridge.
      - With V(compact), each is a small box with its name, the names of its bridges and what is wrong with its links,
        and all links between the same two namespaces are one line.
      - V(auto) is V(full) for up to 30 namespaces with up to 120 links, and V(compact) for more.
    type: str
    choices: [auto, full, compact]
    default: auto
notes:
  - Links that are down have one colour. Broken links have another one, which are links that are up but whose other end is not
    (C(no carrier)), and a veth without its other end (C(no peer)). Both are also written in words.
  - Link-local IPv6 addresses are left out, as are a loopback that is up and has no other addresses, and unused tunnels that
    the kernel creates in each namespace.
  - The result is always the same for the same input. Names may contain any character.
"""
