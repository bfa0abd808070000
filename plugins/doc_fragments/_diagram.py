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
      - What M(linuxnet.netns.netns_info) or M(linuxnet.netns.netns_topology) returned, or C(namespaces) of it alone.
      - "Or the lists that M(linuxnet.netns.netns_topology) takes, as a dictionary: then the diagram shows what will be there
        once they are applied to a bare machine."
    type: raw
    required: true
  only:
    description:
      - The names of the namespaces to draw. Those that they are wired to are drawn with the links that lead to them only.
      - Left out, all are drawn.
    type: list
    elements: str
  here:
    description:
      - What to call the namespace that the module ran in.
    type: str
    default: the host
  detail:
    description:
      - With V(full), each namespace is a box with its links, their state, their addresses, and their MTU where it is not
        the usual one. Ports come after their bridge.
      - With V(compact), each is a small box with its name, the names of its bridges and what is wrong with its links, and
        what joins the same two namespaces is one line.
      - V(auto) is V(full) for up to 30 namespaces with up to 120 links, V(compact) for more.
    type: str
    choices: [auto, full, compact]
    default: auto
notes:
  - What is down has one colour. What is broken has another one, that is a link that is up but whose other end is not
    (C(no carrier)), and a veth without its other end (C(no peer)). Both have words, too.
  - Link-local IPv6 addresses are left out, as are a loopback that is up and has no other addresses, and tunnels that each
    namespace is born with and that nobody uses.
  - The result is always the same for the same input. Names may hold any character.
"""
