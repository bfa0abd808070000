# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The names of doc fragments are private to this collection: they may change without notice.

from __future__ import annotations


class ModuleDocFragment:
    """The option `netns`, and the requirements and notes of every module that works over netlink."""

    DOCUMENTATION = r"""
options:
  netns:
    description:
      - Network namespace to work in, as a name under C(/run/netns), else the PID of a process, else an absolute path, as in
        iproute2.
      - Default is the namespace that the module runs in.
    type: str
"""

    REQUIREMENTS = r"""
options: {}
requirements:
  - python >= 3.9
  - pyroute2 >= 0.7.2
notes:
  - Requires root on the managed host.
  - Spaces and line breaks around a value are removed, also around the items of a list that is written with commas.
  - "Quote values that YAML would convert: V(no), V(on) and V(null), a MAC address such as V('52:54:00:12:34:56') and the
    classes of C(tc)."
  - In check mode, a named namespace or a link that does not exist is assumed to be created by an earlier task, and a warning
    says so. In a real run it is an error.
  - On the controller itself, the module runs in a child process of Ansible's worker instead of being sent, unless the
    variable C(ansible_netns_import_modules) is V(false).
"""
