# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What becomes of the links that lie on one which is changed, and of the ports of a bond."""

from __future__ import annotations

import typing as t

from ..._core.host_state import HostState, Link
from ..._core.operation import Value
from ..._core.record import replace
from ..._core.wire import number_of
from .mtu import followers
from .operations import ChangeLink
from .uppers import HSR, directly_on

Change = t.Callable[[HostState, ChangeLink], None]

BONDS = ("bond", "team")
IPVLANS = ("ipvlan", "ipvtap")
VLAN_FLAGS, LOOSE_BINDING = 2, 0x4  # IFLA_VLAN_FLAGS, VLAN_FLAG_LOOSE_BINDING


def follow_change(host: HostState, key: str, old: Link, new: Link, change: Change) -> None:
    """Play through what a change of a link does to others; ``change`` plays one of those through."""

    def play(at: tuple[str, str], name: str, value: Value) -> None:
        change(host, ChangeLink(at[0], at[1], ((name, value),), ()))

    if new.mtu != old.mtu:
        for at, mtu in followers(host, (key, new.name), new.mtu).items():
            if host.namespaces[at[0]].links[at[1]].mtu != mtu:  # with another, perhaps
                play(at, "mtu", mtu)
        if new.kind in BONDS:  # bond_change_mtu(), team_change_mtu()
            for port in [each.name for each in host.namespaces[key].links.values()]:
                if host.namespaces[key].links[port].master == new.name:
                    play((key, port), "mtu", new.mtu)
    if new.up == old.up and new.mac == old.mac:
        return
    for at in directly_on(host, (key, new.name)):
        upper = host.namespaces[at[0]].links[at[1]]
        if new.up != old.up and upper.up != new.up and _is_bound(upper):
            play(at, "up", new.up)
        if new.mac != old.mac and new.mac is not None:
            _follow_mac(host, at, old, new, play)


def _is_bound(upper: Link) -> bool:
    """Return whether a link is set up and down with its lower link: vlan_device_event()."""
    flags = number_of(upper.kind_wire, VLAN_FLAGS) & 0xFFFFFFFF
    return upper.kind == "vlan" and not flags & LOOSE_BINDING


def _follow_mac(
    host: HostState,
    at: tuple[str, str],
    old: Link,
    new: Link,
    play: t.Callable[[tuple[str, str], str, Value], None],
) -> None:
    upper = host.namespaces[at[0]].links[at[1]]
    if upper.kind == HSR and upper.lower is not None and upper.lower.name != new.name:
        return  # it has the MAC address of the first of its links
    if upper.kind in (*IPVLANS, HSR) or dict(upper.options).get("mode") == "passthru":
        play(at, "mac", new.mac)  # ipvlan_device_event(), macvlan_device_event()
    elif upper.kind == "vlan" and upper.mac == old.mac:
        # Only one that was not given a MAC takes the new one: vlan_dev_inherit_address().
        links = host.namespaces[at[0]].links
        links[at[1]] = replace(upper, unknown=upper.unknown | {"mac"})
