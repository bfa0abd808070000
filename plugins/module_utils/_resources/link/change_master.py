# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Change the master of a link, for which it may have to be set down."""

from __future__ import annotations

import typing as t

from ..._core.host_state import NamespaceState
from ..._core.operation import Value
from ..._core.plan_builder import PlanBuilder

# drivers/net/vrf.c: cycle_netdev() sets a port down and up, so that its routes change tables; its
# IPv6 addresses fall with that. drivers/net/bonding/bond_main.c and drivers/net/team: a port that
# is up is refused; it is opened by its master, and closed when it is released.
VRF, BONDS = "vrf", ("bond", "team")


def change(builder: PlanBuilder, key: str, name: str, stated: t.Mapping[str, Value]) -> None:
    """Set what is stated of a link, its master among it, and keep what is not."""
    namespace = builder.host.namespaces[key]
    link = namespace.links[name]
    old, new = link.master or "", stated.get("master")
    kinds = [_kind(namespace, old), _kind(namespace, new)]
    if new is None or new == old or not {VRF, *BONDS} & set(kinds):
        builder.change_link(key, name, stated)
        return
    had = namespace.copy()
    had.routes = []  # they were in the tables that the link leaves
    if link.up:
        builder.change_link(key, name, {"up": False})
    builder.change_link(key, name, {"master": new})
    # A separate request: before Linux 6.1 a link is set up before it gets its master, and a bond
    # gives its ports an MTU and a MAC of its choice.
    up = stated.get("up")
    rest = {**stated, "master": None, "up": (link.up or None) if up is None else up}
    builder.change_link(key, name, rest)
    # A port of a bond has no IPv6 (IFF_NO_ADDRCONF).
    if namespace.links[name].up and kinds[1] not in BONDS:
        builder.put_back(key, name, had)


def _kind(namespace: NamespaceState, name: Value) -> str | None:
    master = namespace.links.get(str(name or ""))
    return None if master is None else master.kind
