# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Keys, port and peers of a WireGuard link (linux/wireguard.h).

Secrets never appear in a repr, a result, a diff, an error or a command.
"""

from __future__ import annotations

import base64
import binascii
import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.record import dataclass, field

Options = t.Mapping[str, t.Any]
KEY_LENGTH = 32  # WG_KEY_LEN
NO_KEY = base64.b64encode(bytes(KEY_LENGTH)).decode()  # what the kernel shows for a missing key


@dataclass(frozen=True)
class WgPeer:
    """A peer; ``endpoint`` is ADDRESS:PORT, with brackets around an IPv6 address."""

    public_key: str
    preshared_key: str = field(default=NO_KEY, repr=False)
    endpoint: str | None = None
    allowed_ips: tuple[str, ...] = ()
    keepalive: int = 0


@dataclass(frozen=True)
class WgDevice:
    """The configuration of a WireGuard link; for ``listen_port`` 0 the kernel chooses one."""

    private_key: str = field(default=NO_KEY, repr=False)
    public_key: str = NO_KEY
    listen_port: int = 0
    fwmark: int = 0
    peers: tuple[WgPeer, ...] = ()


@dataclass(frozen=True)
class WgPeerSpec:
    """The desired configuration of a peer; None means not stated: leave as it is."""

    public_key: str
    preshared_key: str | None = field(default=None, repr=False)
    endpoint: str | None = None
    allowed_ips: tuple[str, ...] | None = None
    keepalive: int | None = None


@dataclass(frozen=True)
class WgSpec:
    """The desired configuration of a WireGuard link; None means not stated: leave as it is."""

    private_key: str | None = field(default=None, repr=False)
    listen_port: int | None = None
    fwmark: int | None = None
    peers: tuple[WgPeerSpec, ...] = ()
    purge_peers: bool = False

    @classmethod
    def of(cls, options: Options) -> WgSpec:
        """Read the option that describes a WireGuard link."""
        peers = tuple(_peer(each) for each in options["peers"] or ())
        keys = [peer.public_key for peer in peers]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise BadInput(f"wireguard.peers lists {twice[0]} twice; list it once")
        networks = [each for peer in peers for each in peer.allowed_ips or ()]
        if shared := next((each for each in networks if networks.count(each) > 1), None):
            raise BadInput(
                f"wireguard.peers: {shared} is in allowed_ips of two peers, but WireGuard sends"
                " packets for a network to one peer only; list it once"
            )
        private = options["private_key"]
        return cls(
            None if private is None else private_key(private),
            parse.number("wireguard.listen_port", options["listen_port"], 0, 0xFFFF),
            parse.number("wireguard.fwmark", options["fwmark"], 0, 0xFFFFFFFF),
            peers,
            options["purge_peers"],
        )


def key(name: str, text: str, secret: bool = False) -> str:
    """Return a key as `wg` writes it; errors do not repeat a secret."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_LENGTH:
        shown = "" if secret else f": {text!r}"
        raise BadInput(
            f"{name} must be {KEY_LENGTH} bytes in base64, as `wg genkey` writes them{shown}"
        )
    return base64.b64encode(raw).decode()


def private_key(text: str) -> str:
    """Return a private key as the kernel stores it, clamped for Curve25519.

    `wg genkey` writes no others. See curve25519_clamp_secret() and RFC 7748, section 5.
    """
    stated = key("wireguard.private_key", text, secret=True)
    if stated == NO_KEY:
        return stated
    raw = bytearray(base64.b64decode(stated))
    raw[0] &= 0b11111000
    raw[31] = raw[31] & 0b01111111 | 0b01000000
    return base64.b64encode(raw).decode()


def _peer(options: Options) -> WgPeerSpec:
    preshared, allowed = options["preshared_key"], options["allowed_ips"]
    return WgPeerSpec(
        key("wireguard.peers.public_key", options["public_key"]),
        None if preshared is None else key("wireguard.peers.preshared_key", preshared, secret=True),
        None if options["endpoint"] is None else endpoint(options["endpoint"]),
        None if allowed is None else tuple(sorted({_network(text) for text in allowed})),
        parse.number(
            "wireguard.peers.persistent_keepalive", options["persistent_keepalive"], 0, 0xFFFF
        ),
    )


def endpoint(text: str) -> str:
    """Return ADDRESS:PORT; host names are not resolved, as the result could change between runs."""
    host, _colon, port = text.rpartition(":")
    bare = host[1:-1] if host[:1] + host[-1:] == "[]" else host
    address, number = inet.plain(bare), parse.whole(port, 1, 0xFFFF)
    if address is None or number is None or (":" in address) != (bare != host):
        raise BadInput(
            "wireguard.peers.endpoint must be ADDRESS:PORT, [ADDRESS]:PORT for IPv6:"
            f" {text!r}{inet.hint(bare)}"
        )
    return f"[{address}]:{number}" if ":" in address else f"{address}:{number}"


def _network(text: str) -> str:
    found = inet.network(text)
    if found is None:
        raise BadInput(f"wireguard.peers.allowed_ips {text!r} must be a network{inet.hint(text)}")
    if not found[1]:
        raise BadInput(
            f"wireguard.peers.allowed_ips {text} has host bits set; write it as {found[0]}"
        )
    return found[0]
