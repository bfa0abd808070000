# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of configuring a WireGuard link: drivers/net/wireguard/netlink.c."""

from __future__ import annotations

from ..._core.host_state import HostState
from ..._core.record import replace
from ..._core.resource import Handlers
from . import operations as op
from .state import WgDevice


def _change(host: HostState, step: op.ChangeWireguard) -> None:
    devices = host.namespaces[step.netns].wireguards
    device = devices.get(step.name, WgDevice())
    peers = {peer.public_key: peer for peer in device.peers}
    for peer in step.gone:
        peers.pop(peer.public_key, None)
    for peer in step.peers:
        # An address is allowed to one peer at a time: the last one has it.
        for key, other in list(peers.items()):
            left = tuple(each for each in other.allowed_ips if each not in peer.allowed_ips)
            peers[key] = replace(other, allowed_ips=left)
        peers[peer.public_key] = peer
    stated = {
        name: getattr(step, name)
        for name in ("private_key", "listen_port", "fwmark")
        if getattr(step, name) is not None
    }
    if "private_key" in stated:
        stated["public_key"] = ""  # the kernel computes it
    ordered = tuple(sorted(peers.values(), key=lambda peer: peer.public_key))
    devices[step.name] = replace(device, **stated, peers=ordered)


SIMULATE: Handlers = {op.ChangeWireguard: _change}
