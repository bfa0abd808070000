# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Remove neighbours from the kernel's table, which holds 1024 entries for all namespaces together.

net.ipv4.neigh.default.gc_thresh3 is the limit, of the whole machine; what was learned less than
five seconds ago is not given up for others (neigh_forced_gc() of net/core/neighbour.c).
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import typing as t

from ..._core.host_state import HERE
from ..._netlink import syscalls as system
from ..._netlink.socket import REQUEST
from .kernel import RTM_DELNEIGH

MESSAGE = struct.Struct("=IHHIIB3xiHBB")  # struct nlmsghdr, struct ndmsg
ATTRIBUTE = struct.Struct("=HH")
NDA_DST = 1  # linux/neighbour.h
AT_ONCE = 64  # messages in a datagram

Entry = tuple[int, str]  # ifindex and address


def forget(entries: t.Mapping[str, t.Collection[Entry]], open_at: t.Callable[[str], int]) -> None:
    """Remove neighbours, given by namespace; failures are ignored."""

    def work() -> None:
        for key in sorted(entries, key=lambda key: key != HERE):
            with contextlib.suppress(OSError):  # removed meanwhile
                if key != HERE:
                    fd = open_at(key)
                    try:
                        system.setns(fd)
                    finally:
                        os.close(fd)
                _forget(sorted(entries[key]))

    system.in_thread(work)


def _forget(entries: t.Sequence[Entry]) -> None:
    with socket.socket(
        socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE
    ) as sock:
        for start in range(0, len(entries), AT_ONCE):
            # The kernel handles all messages before send() returns.
            sock.send(b"".join(message(*each) for each in entries[start : start + AT_ONCE]))


def message(index: int, address: str) -> bytes:
    """Return the message that deletes a neighbour of a link."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    packed = socket.inet_pton(family, address)
    attribute = ATTRIBUTE.pack(ATTRIBUTE.size + len(packed), NDA_DST) + packed
    size = MESSAGE.size + len(attribute)
    return MESSAGE.pack(size, RTM_DELNEIGH, REQUEST, 0, 0, family, index, 0, 0, 0) + attribute
