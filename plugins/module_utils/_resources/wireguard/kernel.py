# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read and configure WireGuard links over generic netlink (linux/wireguard.h)."""

from __future__ import annotations

import os
import socket
import typing as t

from ..._core.errors import NetnsError
from ..._core.host_state import phrase
from ..._core.resource import Handlers
from ..._netlink import codec, genetlink
from ..._netlink import syscalls as system
from ..._netlink.handles import Handles
from ..._netlink.messages import pyroute2_class
from ..._netlink.socket import Socket
from . import operations as op
from .state import NO_KEY, WgDevice, WgPeer

wgmsg = pyroute2_class("pyroute2.netlink.generic.wireguard", "wgmsg")

GET_DEVICE, SET_DEVICE = 0, 1  # WG_CMD_*
VERSION = 1
REPLACE_PEERS = 1  # WGDEVICE_F_REPLACE_PEERS
REMOVE_ME, REPLACE_ALLOWED_IPS = 1, 2  # WGPEER_F_*

Attrs = list[tuple[str, t.Any]]


class Message(wgmsg):  # type: ignore[misc,valid-type]
    """WG_CMD_GET_DEVICE and WG_CMD_SET_DEVICE with their attributes by name."""

    @classmethod
    def read(cls, data: bytes, start: int) -> t.Any:
        """Return the message at an offset of a datagram."""
        message = cls(data[start : start + codec.LENGTH.unpack_from(data, start)[0]])
        message.decode()
        return message


def _socket(kernel: Handles, netns: str) -> Socket:
    fd = kernel.socket(netns).namespace()
    try:
        return system.inside(fd, genetlink.open_socket)
    finally:
        os.close(fd)


def read(kernel: Handles, netns: str, name: str) -> WgDevice:
    """Return the configuration of a WireGuard link, secrets included."""
    what = f"read the WireGuard link {name} {phrase(netns)}"
    sock = _socket(kernel, netns)
    try:
        number = genetlink.family(sock, "wireguard", what)
        fields = {"cmd": GET_DEVICE, "version": VERSION, "reserved": 0}
        return device(sock.dump(what, Message, number, fields, [("WGDEVICE_A_IFNAME", name)]))
    finally:
        sock.close()


def device(messages: t.Iterable[t.Any]) -> WgDevice:
    """Return a device from the messages of a dump, of which many peers need several."""
    found: dict[str, t.Any] = {}
    peers: dict[str, WgPeer] = {}
    for message in messages:
        for name, value in ((slot[0], slot[1]) for slot in message["attrs"]):
            if name == "WGDEVICE_A_PEERS":
                for each in value:
                    peer = _peer(each)
                    before = peers.get(peer.public_key)
                    allowed = (before.allowed_ips if before else ()) + peer.allowed_ips
                    peers[peer.public_key] = WgPeer(
                        peer.public_key,
                        peer.preshared_key if before is None else before.preshared_key,
                        peer.endpoint if before is None else before.endpoint,
                        tuple(sorted(allowed)),
                        peer.keepalive if before is None else before.keepalive,
                    )
            else:
                found[name] = value
    return WgDevice(
        _text(found.get("WGDEVICE_A_PRIVATE_KEY")),
        _text(found.get("WGDEVICE_A_PUBLIC_KEY")),
        found.get("WGDEVICE_A_LISTEN_PORT", 0),
        found.get("WGDEVICE_A_FWMARK", 0),
        tuple(sorted(peers.values(), key=lambda peer: peer.public_key)),
    )


def _text(key: t.Any) -> str:
    if key is None:
        return NO_KEY
    value = key["value"] if isinstance(key, dict) else key
    return value.decode() if isinstance(value, bytes) else str(value)


def _peer(message: t.Any) -> WgPeer:
    found = {slot[0]: slot[1] for slot in message["attrs"]}
    end = found.get("WGPEER_A_ENDPOINT")
    if end is not None:
        host = f"[{end['addr']}]" if ":" in end["addr"] else end["addr"]
        end = f"{host}:{end['port']}"
    return WgPeer(
        _text(found.get("WGPEER_A_PUBLIC_KEY")),
        _text(found.get("WGPEER_A_PRESHARED_KEY")),
        end,
        tuple(sorted(each["addr"] for each in found.get("WGPEER_A_ALLOWEDIPS", ()))),
        found.get("WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL", 0),
    )


def attributes(step: op.ChangeWireguard) -> Attrs:
    """Return the attributes of WG_CMD_SET_DEVICE for an operation."""
    attrs: Attrs = [("WGDEVICE_A_IFNAME", step.name)]
    for name, value in (
        ("WGDEVICE_A_PRIVATE_KEY", step.private_key),
        ("WGDEVICE_A_LISTEN_PORT", step.listen_port),
        ("WGDEVICE_A_FWMARK", step.fwmark),
    ):
        attrs += [] if value is None else [(name, value)]
    peers = [_gone(peer) for peer in step.gone] + [_whole(peer) for peer in step.peers]
    if peers:
        attrs.append(("WGDEVICE_A_PEERS", [{"attrs": each} for each in peers]))
    return attrs


def _gone(peer: WgPeer) -> Attrs:
    return [("WGPEER_A_PUBLIC_KEY", peer.public_key), ("WGPEER_A_FLAGS", REMOVE_ME)]


def _whole(peer: WgPeer) -> Attrs:
    attrs: Attrs = [
        ("WGPEER_A_PUBLIC_KEY", peer.public_key),
        ("WGPEER_A_PRESHARED_KEY", peer.preshared_key),
        ("WGPEER_A_FLAGS", REPLACE_ALLOWED_IPS),
        ("WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL", peer.keepalive),
    ]
    if peer.endpoint:
        host, _colon, port = peer.endpoint.rpartition(":")
        attrs.append(("WGPEER_A_ENDPOINT", {"addr": host.strip("[]"), "port": int(port)}))
    attrs.append(("WGPEER_A_ALLOWEDIPS", [{"attrs": _allowed(text)} for text in peer.allowed_ips]))
    return attrs


def _allowed(text: str) -> Attrs:
    host, _slash, prefix = text.partition("/")
    number = socket.AF_INET6 if ":" in host else socket.AF_INET
    return [
        ("WGALLOWEDIP_A_FAMILY", int(number)),
        ("WGALLOWEDIP_A_IPADDR", socket.inet_pton(number, host)),
        ("WGALLOWEDIP_A_CIDR_MASK", int(prefix)),
    ]


def _change(kernel: Handles, step: op.ChangeWireguard) -> None:
    sock = _socket(kernel, step.netns)
    try:
        number = genetlink.family(sock, "wireguard", step.phrase())
        fields = {"cmd": SET_DEVICE, "version": VERSION, "reserved": 0}
        try:
            sock.request(step.phrase(), Message, number, fields, attributes(step))
        except NetnsError as refused:
            # The kernel has set everything before the part that it refused (wg_set_device()).
            if step.old is not None:
                try:
                    sock.request(
                        "restore the old configuration",
                        Message,
                        number,
                        fields,
                        attributes(step.old),
                    )
                except NetnsError as again:
                    raise NetnsError(f"{refused}; {again}") from None
            raise
    finally:
        sock.close()


APPLY: Handlers = {op.ChangeWireguard: _change}
