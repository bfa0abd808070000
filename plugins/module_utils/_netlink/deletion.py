# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""When a namespace is really gone.

Taking its name away returns at once; the kernel tears it down later (cleanup_net() of
net/core/net_namespace.c), and until then a peer of one of its veths still has its name elsewhere.

Two things tell. A number that we give it (nsid), in a namespace of our own, goes when its teardown
begins: until then somebody holds it. And teardowns are done in the order in which namespaces were
let go: so when one is gone that was let go after it, with a veth in it whose end we can see, all is
done. Our own namespace has no name and ends with this process, whatever happens.
"""

from __future__ import annotations

import errno
import os
import time
import typing as t

from .._core.errors import KernelError, NetnsError
from .._resources.link.kernel_codec import LinkRequest, veth
from . import codec, read
from . import syscalls as system
from .socket import CREATE, EXCL, Socket

RTM_NEWLINK, RTM_NEWNSID = 16, 88
POLL = 0.002  # seconds; a namespace takes 2 to 80 ms to go
# The second one is for what others still hold when the first one goes.
SENTINELS = ("witness1", "witness2")
FIRST = 1 << 16  # of our numbers; the kernel itself gives low ones
UNWATCHED = " (wait=false does without)"


class NumberRequest(codec.NetlinkMessage):
    """RTM_NEWNSID; numbers from linux/net_namespace.h."""

    fields = codec.NsidMessage.fields
    nla_map = ((1, "NETNSA_NSID", "int32"), (3, "NETNSA_FD", "uint32"))


class DeletionWatch:
    """Namespaces that are about to be deleted, each with its number in one of our own."""

    def __init__(self) -> None:
        self.sock: Socket | None = None
        # Each in a namespace that is let go after all others.
        self.sentinels: dict[str, Socket] = {}
        self.numbers: dict[int, str] = {}

    def add(self, key: str, fd: int) -> None:
        """Give a namespace a number by which its end can be seen.

        All that waiting takes is made ready now, when nothing is deleted yet.
        """
        if self.sock is None:
            self.sock = _with_kernel_errors(_open_in_new_namespace)
            for name in SENTINELS:
                self.sentinels[name] = _with_kernel_errors(_open_in_new_namespace)
                _tie(self.sock, self.sentinels[name], name)
        number = FIRST + len(self.numbers)
        what = f"watch namespace {key} until it is gone{UNWATCHED}"
        attrs = [("NETNSA_NSID", number), ("NETNSA_FD", fd)]
        self.sock.request(what, NumberRequest, RTM_NEWNSID, {}, attrs)
        self.numbers[number] = key

    def wait(self, timeout: float) -> None:
        """Return when all are gone; raise NetnsError with those that are not in time."""
        left = set(self.numbers)
        if self.sock is None or not left:
            return
        deadline = time.monotonic() + timeout

        def sleep_or_fail() -> None:
            if time.monotonic() > deadline:
                names = sorted({self.numbers[number] for number in left})
                raise NetnsError(
                    f"The names are taken away, but after {timeout:g} s the kernel still keeps"
                    f" {', '.join(names)}: a process or an open descriptor holds on"
                )
            time.sleep(POLL)

        self._await(SENTINELS[0], sleep_or_fail)
        left &= read.nsids(self.sock)
        if not left:
            return
        while left:
            sleep_or_fail()
            left &= read.nsids(self.sock)
        self._await(SENTINELS[1], sleep_or_fail)  # the last of them had only begun to go

    def release(self, sentinel: str = SENTINELS[0]) -> None:
        """Let a sentinel go after all others, whose end tells of theirs: the sooner, the better."""
        if sentinel in self.sentinels:
            self.sentinels.pop(sentinel).close()

    def _await(self, sentinel: str, sleep_or_fail: t.Callable[[], None]) -> None:
        """Return when a sentinel is gone, and so all that were let go before."""
        self.release(sentinel)
        while self.sock is not None and _is_there(self.sock, sentinel):
            sleep_or_fail()

    def close(self) -> None:
        """Let our own namespaces end, and with them all numbers."""
        for sentinel in SENTINELS:
            self.release(sentinel)
        if self.sock is not None:
            self.sock.close()
            self.sock = None


def _open_in_new_namespace() -> Socket:
    system.unshare()
    return Socket.open()


def _with_kernel_errors(work: t.Callable[[], Socket]) -> Socket:
    try:
        return system.in_thread(work)
    except OSError as error:
        what = f"make a namespace to watch the others from{UNWATCHED}"
        raise KernelError(error.errno or errno.EIO, what) from error


def _tie(sock: Socket, last: Socket, name: str) -> None:
    """Put one end of a sentinel into a namespace, and the other one where it can be seen."""
    fd = last.namespace()
    try:
        attrs = [
            ("IFLA_IFNAME", name),
            veth([("IFLA_IFNAME", name), ("IFLA_NET_NS_FD", fd)]),
        ]
        what = f"watch namespaces until they are gone{UNWATCHED}"
        sock.request(what, LinkRequest, RTM_NEWLINK, {}, attrs, CREATE | EXCL)
    finally:
        os.close(fd)


def _is_there(sock: Socket, sentinel: str) -> bool:
    try:
        read.index_of(sock, sentinel, "look for a sentinel")
    except KernelError as error:
        if error.errno == errno.ENODEV:
            return False
        raise
    return True
