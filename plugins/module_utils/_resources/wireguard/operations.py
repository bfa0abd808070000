# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The operation that configures a WireGuard link."""

from __future__ import annotations

import shlex

from ..._core.host_state import phrase
from ..._core.operation import Operation
from ..._core.record import dataclass, field
from . import RESOURCE
from .state import NO_KEY, WgPeer


@dataclass(frozen=True)
class ChangeWireguard(Operation):
    """Set what is not None; take the peers in ``gone`` away, then write ``peers`` whole.

    The command names files where keys belong: a key on a command line is there for all to see.
    """

    resource = RESOURCE

    netns: str
    name: str
    private_key: str | None = field(default=None, repr=False)
    listen_port: int | None = None
    fwmark: int | None = None
    peers: tuple[WgPeer, ...] = ()
    gone: tuple[WgPeer, ...] = ()
    old: ChangeWireguard | None = None

    def inverse(self) -> Operation | None:
        return self.old

    def command(self) -> str:
        words = ["wg", "set", self.name]
        if self.private_key is not None:
            none = self.private_key == NO_KEY
            words += ["private-key", "/dev/null" if none else "PRIVATE-KEY-FILE"]
        if self.listen_port is not None:
            words += ["listen-port", str(self.listen_port)]
        if self.fwmark is not None:
            words += ["fwmark", str(self.fwmark)]
        for peer in self.gone:
            words += ["peer", peer.public_key, "remove"]
        before = {peer.public_key: peer for peer in self.old.peers} if self.old else {}
        for peer in self.peers:
            words += ["peer", peer.public_key, *_words(before.get(peer.public_key), peer)]
        line = shlex.join(words)
        if not self.netns:
            return line
        if self.netns.startswith("/"):
            return f"nsenter --net={shlex.quote(self.netns)} {line}"
        return f"ip netns exec {shlex.quote(self.netns)} {line}"

    def phrase(self) -> str:
        return f"configure the WireGuard link {self.name} {phrase(self.netns)}"


def _words(had: WgPeer | None, peer: WgPeer) -> list[str]:
    """Return the changes of a peer in the words of `wg set`."""
    had = had or WgPeer(peer.public_key)
    words = []
    if peer.preshared_key != had.preshared_key:
        # An empty file removes the key (wg(8)).
        none = peer.preshared_key == NO_KEY
        words += ["preshared-key", "/dev/null" if none else "PRESHARED-KEY-FILE"]
    if peer.endpoint and peer.endpoint != had.endpoint:
        words += ["endpoint", peer.endpoint]
    if peer.keepalive != had.keepalive:
        words += ["persistent-keepalive", str(peer.keepalive)]
    if peer.allowed_ips != had.allowed_ips:
        words += ["allowed-ips", ",".join(peer.allowed_ips)]
    return words
