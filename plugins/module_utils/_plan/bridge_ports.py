# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a link is as a port that has just been given to its bridge: new_nbp(), nbp_vlan_init()."""

from __future__ import annotations

import typing as t

from .._model.record import replace
from .._model.wire import number_of
from .._model.world import Link

DEFAULT_PVID = 39  # IFLA_BR_VLAN_DEFAULT_PVID: told by kernels that have VLANs on bridges
FIRST = 1  # the default of the default
SWITCHES = (("isolated", False), ("learning", True), ("hairpin", False))


def joined(master: Link | None) -> dict[str, t.Any]:
    """Return what a port has from its bridge, and with nothing from what is none."""
    if master is None or master.kind != "bridge":
        return {"port": (), "vlans": ()}
    first = number_of(master.kind_wire, DEFAULT_PVID)
    return {"port": SWITCHES, "vlans": ((first, True, True),) if first else ()}


def with_vlans(link: Link) -> Link:
    """Return a port of a bridge that is made by the same plan, and that is to have VLANs: the kernel
    has them then, or refuses."""
    if "vlans" not in link.unknown:
        return link
    return replace(link, vlans=((FIRST, True, True),), unknown=link.unknown - {"vlans"})
