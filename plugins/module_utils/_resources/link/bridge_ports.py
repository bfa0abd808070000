# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a link is as a port that has just been given to its bridge: new_nbp(), nbp_vlan_init()."""

from __future__ import annotations

from ..._core.host_state import Link
from ..._core.record import replace
from ..._core.wire import number_of

DEFAULT_PVID = 39  # IFLA_BR_VLAN_DEFAULT_PVID: shown by kernels with VLAN support in bridges
FIRST = 1  # the default of the default
SWITCHES = (("isolated", False), ("learning", True), ("hairpin", False))


def joined(link: Link, master: Link, vlans: bool) -> Link:
    """Return a link that the plan has just given to a bridge. ``vlans``: VLANs of it are stated."""
    first = number_of(master.kind_wire, DEFAULT_PVID)
    if not master.index:
        # The bridge is made by the same plan: that the kernel has VLANs is known if they are stated,
        # or else it refuses them.
        if not vlans:
            return replace(link, port=SWITCHES, unknown=link.unknown | {"vlans"})
        first = FIRST
    return replace(link, port=SWITCHES, vlans=((first, True, True),) if first else ())
