# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The floor: a network from messages that struct packs, on bare sockets, and not a check anywhere.

It asks nothing: in a namespace that is new, it knows what number the next link gets.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import typing as t

if t.TYPE_CHECKING:
    from networks import Lists

CLONE_NEWNET = 0x40000000  # linux/sched.h
MS_BIND, MS_REC, MS_SHARED = 0x1000, 0x4000, 1 << 20  # linux/mount.h
NEWLINK, NEWADDR, NEWROUTE, NEWLINKPROP = 16, 20, 24, 108  # linux/rtnetlink.h, from here on
REQUEST, ACK, EXCL, CREATE = 0x1, 0x4, 0x200, 0x400
IFNAME, LINKINFO, NET_NS_FD, PROP_LIST, ALT_IFNAME, NESTED = 3, 18, 28, 52, 53, 0x8000
SIOCGSKNS = 0x894C
UP = 1
OWNER = b"netns:bench"  # as long as the marks of a topology that is called so
PROTO = 121

libc = ctypes.CDLL(None, use_errno=True)


def attribute(kind: int, value: bytes) -> bytes:
    """Pack a struct nlattr with what it holds."""
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def link(index: int = 0, up: bool = False) -> bytes:
    """Pack a struct ifinfomsg."""
    return struct.pack("=BxHiII", 0, 0, index, UP * up, UP * up)


def send(sock: socket.socket, kind: int, body: bytes, flags: int = 0) -> None:
    """Send a message, and raise what the kernel has against it."""
    sock.send(struct.pack("=IHHII", 16 + len(body), kind, REQUEST | ACK | flags, 1, 0) + body)
    error = -struct.unpack_from("=i", sock.recv(4096), 16)[0]
    if error:
        raise OSError(error, os.strerror(error))


def opened() -> socket.socket:
    """Open a socket where we are."""
    kind = socket.SOCK_RAW | socket.SOCK_CLOEXEC
    return socket.socket(socket.AF_NETLINK, kind, socket.NETLINK_ROUTE)


def call(name: str, *arguments: t.Any) -> None:
    """Call a function of the C library that tells errors by errno."""
    if getattr(libc, name)(*arguments):
        raise OSError(ctypes.get_errno(), name)


def namespace(name: str) -> socket.socket:
    """Make a namespace of a name, and leave us in it; return a socket there."""
    call("unshare", CLONE_NEWNET)
    path = f"/run/netns/{name}"
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0))
    call("mount", b"/proc/thread-self/ns/net", path.encode(), None, MS_BIND, None)
    return opened()


def prepare() -> None:
    """Let /run/netns be a mount of its own that is shared, as ip does when it is first used."""
    os.makedirs("/run/netns", exist_ok=True)
    if call_fails("mount", b"", b"/run/netns", None, MS_SHARED | MS_REC, None):
        call("mount", b"/run/netns", b"/run/netns", None, MS_BIND | MS_REC, None)
        call("mount", b"", b"/run/netns", None, MS_SHARED | MS_REC, None)


def call_fails(name: str, *arguments: t.Any) -> bool:
    """Return whether a call fails."""
    return bool(getattr(libc, name)(*arguments))


def build(lists: Lists, marks: bool = True) -> None:
    """Build a network: one message for each thing, and one for each mark."""
    prepare()
    host = opened()
    back = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    sockets = {entry["name"]: namespace(entry["name"]) for entry in lists["namespaces"]}
    call("setns", back, CLONE_NEWNET)
    for sock in sockets.values():
        if marks:
            send(sock, NEWLINKPROP, link(1) + altname(OWNER))
        send(sock, NEWLINK, link(1, up=True))
    files = {name: ioctl(sock) for name, sock in sockets.items()}
    indexes: dict[tuple[str, str], int] = {}
    last = dict.fromkeys(sockets, 1)
    for veth in lists["veths"]:
        ends = ((veth["netns"], veth["name"]), (veth["peer"]["netns"], veth["peer"]["name"]))
        near, far = (
            attribute(IFNAME, name.encode() + b"\0")
            + attribute(NET_NS_FD, struct.pack("=i", files[where]))
            for where, name in ends
        )
        data = attribute(2 | NESTED, attribute(1, link() + far))  # VETH_INFO_PEER in IFLA_INFO_DATA
        info = attribute(LINKINFO | NESTED, attribute(1, b"veth\0") + data)
        send(host, NEWLINK, link(up=True) + near + info, CREATE | EXCL)
        for end in ends:
            last[end[0]] += 1
            indexes[end] = last[end[0]]
            if marks:
                mark = altname(OWNER + b":" + end[1].encode())
                send(sockets[end[0]], NEWLINKPROP, link(indexes[end]) + mark)
        send(sockets[ends[1][0]], NEWLINK, link(indexes[ends[1]], up=True))
    for entry in lists["addresses"]:
        index = indexes[entry["netns"], entry["link"]]
        for address in entry["address"]:
            host_part, length = address.split("/")
            body = struct.pack("=BBBBI", socket.AF_INET, int(length), 0, 0, index)
            packed = socket.inet_aton(host_part)
            body += attribute(1, packed) + attribute(2, packed)  # IFA_ADDRESS, IFA_LOCAL
            if marks:
                body += attribute(11, bytes([PROTO]))  # IFA_PROTO
            send(sockets[entry["netns"]], NEWADDR, body, CREATE | EXCL)
    for entry in lists["routes"]:
        body = struct.pack("=BBBBBBBBI", socket.AF_INET, 0, 0, 0, 254, PROTO, 0, 1, 0)
        body += attribute(5, socket.inet_aton(entry["via"]))  # RTA_GATEWAY
        send(sockets[entry["netns"]], NEWROUTE, body, CREATE | EXCL)


def altname(name: bytes) -> bytes:
    """Pack another name for a link."""
    return attribute(PROP_LIST | NESTED, attribute(ALT_IFNAME, name + b"\0"))


def ioctl(sock: socket.socket) -> int:
    """Return a descriptor of the namespace that a socket is in."""
    return fcntl.ioctl(sock.fileno(), SIOCGSKNS)
