# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether anything changes in some namespaces, as the kernel tells those who listen: that costs
no process, where looking by ip(8) takes one a namespace, twice."""

from __future__ import annotations

import os
import socket
import struct

from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import syscalls as system

RUN = "/run/netns"
GROUPS = sum(1 << group - 1 for group in (1, 4, 5, 7, 8, 9, 11))  # links, qdiscs, IPv4, IPv6: …
HEADER = struct.Struct("=IHHII")
NEWLINK, ADDRESSES_AND_ROUTES = 16, (20, 21, 24, 25)
AF_INET6, SIZE = 10, 1 << 16
# What IPv6 makes of itself on a link that goes up, some time later: link-local, multicast.
OWN = (b"\xfe\x80" + bytes(6), b"\xff" + bytes(15))


class Ears:
    """Sockets that the kernel tells of changes: here, and in each namespace that has a name."""

    def __init__(self) -> None:
        self.names = names()
        self.sockets = [_listening()]
        for name in self.names:
            fd = os.open(f"{RUN}/{name}", os.O_RDONLY)
            self.sockets.append(system.inside(fd, _listening))
            os.close(fd)

    def heard(self) -> bool:
        """Return whether anything has changed since the last time; or may have."""
        told = [message for each in self.sockets for message in _told(each)]
        return names() != self.names or not all(_is_own(message) for message in told)


def names() -> list[str]:
    """Return the names of namespaces."""
    return sorted(os.listdir(RUN)) if os.path.isdir(RUN) else []


def _listening() -> socket.socket:
    listener = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    listener.bind((0, GROUPS))
    listener.setblocking(False)
    return listener


def _told(listener: socket.socket) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(listener.recv(SIZE))
        except BlockingIOError:
            return found


def _is_own(message: bytes) -> bool:
    kind = HEADER.unpack_from(message)[1]
    if kind in ADDRESSES_AND_ROUTES:
        return any(each in message for each in OWN)
    return kind == NEWLINK and message[HEADER.size] == AF_INET6
