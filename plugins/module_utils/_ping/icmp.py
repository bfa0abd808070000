# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Encode echo requests and decode their replies: RFC 792 and RFC 4443.

A request carries a random token of this run, and its number in it: so replies cannot be confused
with each other, nor with other pings on the host.
"""

from __future__ import annotations

import os
import struct

REQUEST = {4: 8, 6: 128}  # ICMP_ECHO, ICMPV6_ECHO_REQUEST
REPLY = {4: 0, 6: 129}
HEADER = struct.Struct("!BBHHH")  # type, code, checksum, identifier, sequence
PAYLOAD = struct.Struct("!8sI")  # token, number
LEAST, MOST = PAYLOAD.size, 65507

# Meaning of the errors that a router, or the local kernel, sends back, by type and code.
WORDS = {
    4: {
        (3, 0): "network unreachable",
        (3, 1): "host unreachable",
        (3, 2): "protocol unreachable",
        (3, 3): "port unreachable",
        (3, 4): "packet too big",
        (3, 5): "source route failed",
        (3, 6): "network unknown",
        (3, 7): "host unknown",
        (3, 9): "network prohibited",
        (3, 10): "host prohibited",
        (3, 13): "administratively prohibited",
        (11, 0): "time to live exceeded",
        (12, 0): "parameter problem",
    },
    6: {
        (1, 0): "network unreachable",
        (1, 1): "administratively prohibited",
        (1, 2): "beyond scope of source address",
        (1, 3): "host unreachable",
        (1, 4): "port unreachable",
        (1, 5): "source address prohibited",
        (1, 6): "route rejected",
        (2, 0): "packet too big",
        (3, 0): "time to live exceeded",
        (4, 0): "parameter problem",
    },
}


class Packets:
    """The requests of one run."""

    def __init__(self, size: int, token: bytes = b"", identifier: int | None = None) -> None:
        self.token = token or os.urandom(8)
        self.identifier = int.from_bytes(os.urandom(2), "big") if identifier is None else identifier
        self.tail = bytes(0x20 + number % 64 for number in range(size - LEAST))
        constant = self.token + self.tail + bytes(len(self.tail) % 2)
        self._sum = self.identifier + sum(struct.unpack(f"!{len(constant) // 2}H", constant))

    def request(self, version: int, sequence: int, number: int) -> bytes:
        """Return an encoded request; the kernel adds the checksum of ICMPv6."""
        kind = REQUEST[version]
        total = self._sum + (kind << 8) + sequence + (number >> 16) + (number & 0xFFFF)
        total = (total & 0xFFFF) + (total >> 16)
        total = (total & 0xFFFF) + (total >> 16)
        head = HEADER.pack(kind, 0, ~total & 0xFFFF, self.identifier, sequence)
        return head + PAYLOAD.pack(self.token, number) + self.tail

    def answered(self, version: int, data: bytes) -> int | None:
        """Return the number of the request that a packet answers, None if it is not one of ours.

        An IPv4 packet includes its IP header, an IPv6 one does not.
        """
        start = (data[0] & 15) * 4 if version == 4 and data else 0
        if len(data) < start + HEADER.size + LEAST:
            return None
        kind, _code, _sum, identifier, _sequence = HEADER.unpack_from(data, start)
        token, number = PAYLOAD.unpack_from(data, start + HEADER.size)
        ours = (kind, identifier, token) == (REPLY[version], self.identifier, self.token)
        return int(number) if ours else None

    def quoted(self, version: int, data: bytes) -> tuple[int | None, int] | None:
        """Return number and sequence of a request that an error quotes, None if it is not one of
        ours.

        The number is None if the quote is too short to include it.
        """
        if len(data) < HEADER.size:
            return None
        kind, _code, _sum, identifier, sequence = HEADER.unpack_from(data)
        if (kind, identifier) != (REQUEST[version], self.identifier):
            return None
        if len(data) < HEADER.size + LEAST:
            return None, sequence
        token, number = PAYLOAD.unpack_from(data, HEADER.size)
        return (number, sequence) if token == self.token else None


def words(version: int, kind: int, code: int) -> str:
    """Return the meaning of an ICMP error."""
    return WORDS[version].get((kind, code), f"ICMP error {kind}, code {code}")
