# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What follows from the value of an option: what else changes, and what the kernel does not change."""

from __future__ import annotations

import socket
import typing as t

from ...._core.wire import number_of
from .option import NOWHERE, Option, family, kept
from .table import KINDS

# Modes of a bond that need the state of its ports, and the default interval of their check in ms:
# bond_mode_uses_arp(), BOND_DEFAULT_MIIMON.
NO_ARP_MONITOR = ("802.3ad", "balance-tlb", "balance-alb")
DEFAULT_MIIMON = 100
ICV_LEN = 3  # IFLA_MACSEC_ICV_LEN
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


def local_mac(option: Option, address: str | None) -> str:
    """Return the address on the link of an IP tunnel, of which it has no other: __dev_addr_set() in
    ip_tunnel_update() and ip6_tnl_link_config()."""
    family_, none = (socket.AF_INET6, "::") if option.form == "ip6" else (socket.AF_INET, "0.0.0.0")
    return socket.inet_pton(family_, address or none).hex(":")


def receiver(kind: str | None) -> str:
    """Return what links of a kind share with others that take what a lower link receives, '' if none."""
    kind = {"ipvtap": "ipvlan"}.get(kind or "", kind)
    return KINDS[kind].receiver if kind in KINDS else ""


def reported(kind: str, options: dict[str, t.Any]) -> tuple[tuple[str, t.Any], ...]:
    """Return options as the kernel reports them once they are set."""
    forms = KINDS[kind].options
    return tuple(
        (
            name,
            None
            if name in forms and forms[name].needs and not options.get(forms[name].needs)
            else kept(forms[name], value)
            if name in forms
            else value,
        )
        for name, value in options.items()
    )


def headroom(link: t.Any) -> int:
    """Return the size of the headers that a link adds to what it is given."""
    if link.kind == "vxlan":  # VXLAN_HEADROOM, VXLAN6_HEADROOM
        ends = dict(link.options)
        six = any(":" in str(ends.get(each) or "") for each in ("local", "remote", "group"))
        return 70 if six else 50
    checked = 0
    if link.kind == "macsec":  # macsec_extra_len(), and the integrity check value
        checked = dict(link.options).get("icv_len") or number_of(link.kind_wire, ICV_LEN) or 16
    return KINDS[link.kind].headroom + int(checked)
