# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A raw socket that sends echo requests, and receives replies and errors."""

from __future__ import annotations

import socket
import struct

from . import icmp as echo

SO_RCVBUFFORCE, SO_SNDBUFFORCE, SO_TIMESTAMPNS = 33, 32, 35  # asm-generic/socket.h
SOL_RAW, ICMP_FILTER, ICMP6_FILTER = 255, 1, 1  # linux/icmp.h, linux/icmpv6.h
IP_RECVERR, IPV6_RECVERR = 11, 25  # linux/in.h, linux/in6.h
ROOM = 1 << 22


class PingSocket:
    """A raw socket in a namespace, for one IP version."""

    def __init__(self, version: int, first: int) -> None:
        """Open it in the namespace of the calling thread; ``first`` is its lowest request number."""
        self.version, self.first = version, first
        six = version == 6
        self.raw = raw = socket.socket(
            socket.AF_INET6 if six else socket.AF_INET,
            socket.SOCK_RAW | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK,
            socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP,
        )
        try:
            if six:
                blocked = bytearray(b"\xff" * 32)
                blocked[echo.REPLY[6] // 8] &= ~(1 << echo.REPLY[6] % 8) & 0xFF
                passed = b"".join(
                    struct.pack("=I", int.from_bytes(blocked[at : at + 4], "little"))
                    for at in range(0, 32, 4)
                )
                raw.setsockopt(socket.IPPROTO_ICMPV6, ICMP6_FILTER, passed)
                raw.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
            else:
                raw.setsockopt(SOL_RAW, ICMP_FILTER, struct.pack("=I", ~1 & 0xFFFFFFFF))
                raw.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
            raw.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            for option in (SO_RCVBUFFORCE, SO_SNDBUFFORCE):
                raw.setsockopt(socket.SOL_SOCKET, option, ROOM)
        except BaseException:
            raw.close()
            raise
