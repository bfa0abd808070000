# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The names of doc fragments are private to this collection: they may change without notice.

from __future__ import annotations


class ModuleDocFragment:
    """Where an object lives, and what every module that works over netlink needs and keeps to."""

    DOCUMENTATION = r"""
options:
  netns:
    description:
      - "The namespace: a name under C(/run/netns), else a PID, else an absolute path, as in iproute2."
      - Left out, the namespace that the module runs in.
    type: str
"""

    REQUIREMENTS = r"""
options: {}
requirements:
  - python >= 3.9
  - pyroute2 >= 0.7.2
notes:
  - Needs root on the managed host.
  - Blanks and line breaks around a text are not part of it, also in the parts of a list that is written with commas.
  - "Quote what YAML takes for something else: V(no), V(on) and V(null), a MAC address such as V('52:54:00:12:34:56') and the
    classes of C(tc)."
  - In check mode, a named namespace or a link that is not there yet is taken as one that an earlier task would have
    made, and a warning says so. In a real run it is an error.
"""
