# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Wait until the kernel has torn down deleted namespaces.

Removing the name returns at once; the kernel tears the namespace down later (cleanup_net() of
net/core/net_namespace.c), and until then a peer of one of its veths still occupies its name
elsewhere.

Two signals are used. The nsid that the namespace has in a private namespace of ours disappears when
its teardown begins. Teardowns run in the order in which namespaces were released: so once a
sentinel has disappeared, a namespace released after all others with one end of a veth in it, the
others are gone as well. The private namespace has no name and ends with this process.
"""

from __future__ import annotations

import errno
import os
import time
import typing as t

from .._core.errors import KernelError, NetnsError
from .._resources.link.kernel_codec import LinkRequest, veth
from . import codec, read, syscalls
from .socket import CREATE, EXCL, Socket

RTM_NEWLINK, RTM_NEWNSID = 16, 88
POLL = 0.002  # seconds; a teardown takes 2 to 80 ms
# The second sentinel is for namespaces that are still in use when the first one disappears.
SENTINELS = ("witness1", "witness2")
FIRST = 1 << 16  # our nsids; the kernel assigns low ones itself
AVOIDABLE = " (not needed with wait=false)"


class NumberRequest(codec.NetlinkMessage):
    """RTM_NEWNSID; numbers from linux/net_namespace.h."""

    fields = codec.NsidMessage.fields
    nla_map = ((1, "NETNSA_NSID", "int32"), (3, "NETNSA_FD", "uint32"))


class DeletionWatch:
    """Namespaces that are about to be deleted, each with an nsid in a private namespace."""

    def __init__(self) -> None:
        self.sock: Socket | None = None
        # Each in a namespace that is released after all others.
        self.sentinels: dict[str, Socket] = {}
        self.numbers: dict[int, str] = {}

    def add(self, key: str, fd: int) -> None:
        """Assign an nsid to a namespace so that its teardown can be seen.

        Everything needed for waiting is prepared here, before anything is deleted.
        """
        if self.sock is None:
            self.sock = _with_kernel_errors(_open_in_new_namespace)
            for name in SENTINELS:
                self.sentinels[name] = _with_kernel_errors(_open_in_new_namespace)
                _connect_sentinel(self.sock, self.sentinels[name], name)
        number = FIRST + len(self.numbers)
        what = f"watch namespace {key} until it is gone{AVOIDABLE}"
        attrs = [("NETNSA_NSID", number), ("NETNSA_FD", fd)]
        self.sock.request(what, NumberRequest, RTM_NEWNSID, {}, attrs)
        self.numbers[number] = key

    def wait(self, timeout: float) -> None:
        """Return when all namespaces are gone; raise NetnsError that names those which are not in
        time."""
        left = set(self.numbers)
        if self.sock is None or not left:
            return
        deadline = time.monotonic() + timeout

        def sleep_or_fail() -> None:
            if time.monotonic() > deadline:
                names = sorted({self.numbers[number] for number in left})
                raise NetnsError(
                    f"The names are removed, but after {timeout:g} s these namespaces still exist:"
                    f" {', '.join(names)}. A process or an open descriptor keeps them; end it, or"
                    " state wait=false"
                )
            time.sleep(POLL)

        self._await(SENTINELS[0], sleep_or_fail)
        left &= read.nsids(self.sock)
        if not left:
            return
        while left:
            sleep_or_fail()
            left &= read.nsids(self.sock)
        self._await(SENTINELS[1], sleep_or_fail)  # the teardown of the last of them has only begun

    def release(self, sentinel: str = SENTINELS[0]) -> None:
        """Release a sentinel after all other namespaces: its end shows theirs, so release it early."""
        if sentinel in self.sentinels:
            self.sentinels.pop(sentinel).close()

    def _await(self, sentinel: str, sleep_or_fail: t.Callable[[], None]) -> None:
        """Return when a sentinel is gone, and with it all namespaces released before."""
        self.release(sentinel)
        while self.sock is not None and _exists(self.sock, sentinel):
            sleep_or_fail()

    def close(self) -> None:
        """Release the private namespaces, and with them all nsids."""
        for sentinel in SENTINELS:
            self.release(sentinel)
        if self.sock is not None:
            self.sock.close()
            self.sock = None


def _open_in_new_namespace() -> Socket:
    syscalls.unshare()
    return Socket.open()


def _with_kernel_errors(work: t.Callable[[], Socket]) -> Socket:
    try:
        return syscalls.in_thread(work)
    except OSError as error:
        what = f"make a namespace to watch the others from{AVOIDABLE}"
        raise KernelError(error.errno or errno.EIO, what) from error


def _connect_sentinel(sock: Socket, last: Socket, name: str) -> None:
    """Put one end of a sentinel into its namespace, and the other one where we can see it."""
    fd = last.namespace()
    try:
        attrs = [
            ("IFLA_IFNAME", name),
            veth([("IFLA_IFNAME", name), ("IFLA_NET_NS_FD", fd)]),
        ]
        what = f"watch namespaces until they are gone{AVOIDABLE}"
        sock.request(what, LinkRequest, RTM_NEWLINK, {}, attrs, CREATE | EXCL)
    finally:
        os.close(fd)


def _exists(sock: Socket, sentinel: str) -> bool:
    try:
        read.index_of(sock, sentinel, "look for the sentinel")
    except KernelError as error:
        if error.errno == errno.ENODEV:
            return False
        raise
    return True
