# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures on demand: the n-th write of the kernel floor, be it a message or a system call."""

from __future__ import annotations

import contextlib
import errno
import os
import signal

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import KernelError
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    netns_files as files,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    socket as netlink,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    syscalls as system,
)

INJECTED = "injected"
ROLLED_BACK = "is undone"  # how an error ends after which all is as it was


def rolled_back(message, words=INJECTED):
    """Return whether an error says that all is as it was: by itself, or because nothing was done.

    `words` are those of the kernel, with which the second kind ends; of a system call that fails
    on demand, only those of its number are told.
    """
    return message.endswith((ROLLED_BACK, words, os.strerror(errno.EPERM)))


class _Os:
    """The os module, as files.py sees it: what writes is counted."""

    def __init__(self, faults):
        self._faults = faults

    def __getattr__(self, name):
        return getattr(os, name)

    def open(self, path, flags, *mode):
        if not flags & os.O_CREAT:
            return os.open(path, flags, *mode)
        return self._faults.call("open", os.open, path, flags, *mode)

    def link(self, *arguments, **named):
        return self._faults.call("link", os.link, *arguments, **named)

    def unlink(self, path):
        return self._faults.call("unlink", os.unlink, path)

    def makedirs(self, path, mode=0o777, exist_ok=False):
        if os.path.isdir(path):
            return None
        return self._faults.call("makedirs", os.makedirs, path, mode=mode, exist_ok=exist_ok)


class Faults:
    """Counts the writes that are `counted`, and lets those fail for which `fails` is true.

    `after`: the write is done, and then said to have failed. `kill`: the process ends after it,
    as kill -9 would end it. `stop`: it is told to stop just
    before, as by Ctrl-C.
    """

    def __init__(
        self,
        fails=lambda number: False,
        after=False,
        counted=lambda what: True,
        kill=False,
        stop=False,
    ):
        self.fails, self.after, self.counted, self.kill = fails, after, counted, kill
        self.stop = stop
        self.writes = []
        self.failed = []

    def call(self, what, real, *arguments, **named):
        """Make a write, or let it fail."""
        return self._write(what, lambda: real(*arguments, **named), OSError(errno.EPERM, INJECTED))

    def _write(self, what, work, error):
        if not self.counted(what):
            return work()
        self.writes.append(what)
        if not self.fails(len(self.writes)):
            return work()
        self.failed.append(what)
        if self.kill:
            with contextlib.suppress(OSError):
                work()
            os.kill(os.getpid(), signal.SIGKILL)
        if self.stop:
            signal.raise_signal(signal.SIGINT)
            return work()
        if self.after:
            work()
        raise error

    @contextlib.contextmanager
    def at_work(self):
        """Stand between the kernel floor and the kernel."""
        exchange = netlink.Socket.exchange

        def counting_exchange(sock, what, data):
            what = what if isinstance(what, str) else what()
            error = KernelError(errno.EPERM, what, INJECTED)
            return self._write(what, lambda: exchange(sock, what, data), error)

        calls = {name: getattr(system, name) for name in ("mount", "umount", "unshare")}

        def counting(name):
            return lambda *arguments: self.call(name, calls[name], *arguments)

        netlink.Socket.exchange = counting_exchange
        files.os = _Os(self)
        for name in calls:
            setattr(system, name, counting(name))
        try:
            yield self
        finally:
            netlink.Socket.exchange = exchange
            files.os = os
            for name, call in calls.items():
                setattr(system, name, call)
