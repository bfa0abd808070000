# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""When a namespace is really gone.

Taking its name away returns at once; the kernel tears its links down later (cleanup_net() of
net/core/net_namespace.c), and until then a peer of one of them still has its name in another
namespace. Nothing tells when that is done, but the end of a veth: one of its ends is put into the
namespace, the other into one of our own, where it vanishes with the first. Ours has no name and
ends with this process, whatever happens.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time

from .._model.errors import KernelError, NetnsError
from . import read, system
from .link_codec import LinkRequest, veth
from .netlink import CREATE, EXCL, Socket

RTM_NEWLINK, RTM_DELLINK = 16, 17
POLL = 0.002  # seconds; a namespace takes 2 to 80 ms to go


class Watch:
    """Witnesses in namespaces that are about to be deleted."""

    def __init__(self) -> None:
        self.sock: Socket | None = None
        self.witnesses: dict[str, str] = {}

    def plant(self, key: str, fd: int) -> None:
        """Put one end of a witness into a namespace."""
        if self.sock is None:
            self.sock = system.in_thread(_apart)
        ours, theirs = f"w{len(self.witnesses)}", f"gone-{os.urandom(4).hex()}"
        attrs = [("IFLA_IFNAME", ours), veth([("IFLA_IFNAME", theirs), ("IFLA_NET_NS_FD", fd)])]
        what = f"watch namespace {key} until it is gone (wait=false does without)"
        self.sock.request(what, LinkRequest, RTM_NEWLINK, {}, attrs, CREATE | EXCL)
        self.witnesses[key] = ours

    def wait(self, timeout: float) -> None:
        """Return when all are gone; raise NetnsError with those that are not in time."""
        deadline = time.monotonic() + timeout
        left = dict(self.witnesses)
        while left:
            left = {key: name for key, name in left.items() if self._is_there(name)}
            if left and time.monotonic() > deadline:
                raise NetnsError(
                    f"The names are taken away, but after {timeout:g} s the kernel still keeps"
                    f" {', '.join(sorted(left))}: a process or an open descriptor holds on"
                )
            if left:
                time.sleep(POLL)

    def _is_there(self, name: str) -> bool:
        if self.sock is None:
            return False
        try:
            read.index_of(self.sock, name, f"look for {name}")
        except KernelError as error:
            if error.errno == errno.ENODEV:
                return False
            raise
        return True

    def close(self) -> None:
        """Take back the witnesses in namespaces that stayed, and let our own namespace end."""
        if self.sock is None:
            return
        for name in self.witnesses.values():
            with contextlib.suppress(NetnsError):  # gone, or going with our own namespace
                index = read.index_of(self.sock, name, f"look for {name}")
                self.sock.request(f"remove {name}", LinkRequest, RTM_DELLINK, {"index": index})
        self.witnesses.clear()
        self.sock.close()
        self.sock = None


def _apart() -> Socket:
    system.unshare()
    return Socket.open()
