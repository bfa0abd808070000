# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The names of doc fragments are private to this collection: they may change without notice.

from __future__ import annotations


class ModuleDocFragment:
    """The attributes of all modules; each module adds its C(support)."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description:
      - Runs in C(check_mode) and predicts the result without changing anything on the host.
  diff_mode:
    description:
      - Returns what has changed, or in C(check_mode) what would change, when in diff mode.
  idempotent:
    description:
      - A second run with the same arguments changes nothing and reports no change, as long as nothing else has
        changed the host in between.
  platform:
    description:
      - The operating systems of managed hosts that are supported.
    support: full
    platforms: linux
"""

    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This module changes nothing.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    support: full
    details:
      - This module changes nothing.
"""

    ACTIONGROUP_ALL = r"""
options: {}
attributes:
  action_group:
    description:
      - Use C(group/linuxnet.netns.all) in C(module_defaults) to set defaults for all modules of this collection.
    support: full
    membership:
      - linuxnet.netns.all
"""
