# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operation that turns the configuration of a WireGuard link into the desired one."""

from __future__ import annotations

import typing as t

from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from .operations import ChangeWireguard
from .state import WgDevice, WgPeer, WgPeerSpec, WgSpec


def ensure(builder: PlanBuilder, key: str, name: str, desired: WgSpec) -> None:
    """Plan what differs, in one operation: the kernel takes it whole or not at all."""
    device = builder.host.namespaces[key].wireguards.get(name, WgDevice())
    stated = ("private_key", "listen_port", "fwmark")
    new = {
        field: getattr(desired, field)
        for field in stated
        if getattr(desired, field) not in (None, getattr(device, field))
    }
    has = {peer.public_key: peer for peer in device.peers}
    listed = {each.public_key for each in desired.peers}
    peers = tuple(
        peer
        for each in desired.peers
        if (peer := _peer(has.get(each.public_key), each)) != has.get(each.public_key)
    )
    gone = tuple(
        peer for peer in device.peers if desired.purge_peers and peer.public_key not in listed
    )
    if not (new or peers or gone):
        return
    back = _back(key, name, device, new, peers, gone)
    builder.add(ChangeWireguard(key, name, **new, peers=peers, gone=gone, old=back))


def _back(
    key: str,
    name: str,
    device: WgDevice,
    new: t.Mapping[str, t.Any],
    peers: t.Sequence[WgPeer],
    gone: t.Sequence[WgPeer],
) -> ChangeWireguard:
    """Return the operation that restores the current configuration."""
    has = {peer.public_key: peer for peer in device.peers}
    changed = {peer.public_key: peer for peer in peers}
    taken = {network for peer in peers for network in peer.allowed_ips}
    return ChangeWireguard(
        key,
        name,
        **{field: getattr(device, field) for field in new},
        # Also those that lose an allowed network, which only one peer can have at a time.
        peers=tuple(
            peer
            for peer in device.peers
            if peer.public_key in changed or peer in gone or not taken.isdisjoint(peer.allowed_ips)
        ),
        # The kernel cannot remove an endpoint from a peer, so the peer is removed and added.
        gone=tuple(
            peer
            for peer in peers
            if (before := has.get(peer.public_key)) is None
            or (peer.endpoint and not before.endpoint)
        ),
    )


def _peer(has: WgPeer | None, desired: WgPeerSpec) -> WgPeer:
    stated = {
        name: getattr(desired, name)
        for name in ("preshared_key", "endpoint", "allowed_ips", "keepalive")
        if getattr(desired, name) is not None
    }
    return replace(has or WgPeer(desired.public_key), **stated)
