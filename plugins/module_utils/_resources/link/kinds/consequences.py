# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What follows from the value of an option: what else changes, and what the kernel does not change."""

from __future__ import annotations

import typing as t

from .option import NOWHERE, family
from .table import KINDS

# Modes of a bond that need the state of its ports, and the default interval of their check in ms:
# bond_mode_uses_arp(), BOND_DEFAULT_MIIMON.
NO_ARP_MONITOR = ("802.3ad", "balance-tlb", "balance-alb")
DEFAULT_MIIMON = 100
# One attribute of the kernel, with a word for each of what it can be.
ONE_OF = {"remote": "group", "group": "remote"}
# Of IPv4 or of IPv6, which is chosen when they are made: vxlan_nl2conf(), geneve_nl2info().
ONE_FAMILY = ("vxlan", "geneve")


def is_fixed(link: t.Any, name: str, value: t.Any) -> bool:
    """Return whether the kernel does not change an option of a link to a value."""
    option, has = KINDS[link.kind].options[name], dict(link.options)
    if option.fixed:
        return True
    if link.kind in ("macvlan", "macvtap") and name == "mode":  # macvlan_changelink()
        return bool((has.get(name) == "passthru") != (value == "passthru"))
    if link.kind == "vxlan" and name == "ttl" and link.index:  # that of the packet inside
        return has.get(name) is None
    if option.is_address and link.kind in ONE_FAMILY and value not in NOWHERE:
        ends = [has.get(each) for each in ("local", "remote", "group")]
        return family(value) != max((family(each) for each in ends if each), default=4)
    return False


def local_mac(address: str | None) -> str:
    """Return the address on the link of an IP tunnel, of which it has no other: __dev_addr_set() in
    ip_tunnel_update() and ipip6_tunnel_update()."""
    octets = (address or "0.0.0.0").split(".")
    return ":".join(f"{int(each):02x}" for each in octets)
