# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Namespaces that are held without a descriptor each: by mounts that nobody else sees.

They are mounted in a mount namespace of our own, which one descriptor keeps, and which goes with
this process, whatever happens.
"""

from __future__ import annotations

import errno
import os
import typing as t

from .._core.errors import KernelError
from . import netns_files as files
from . import syscalls as system

T = t.TypeVar("T")


class HeldNamespaces:
    """A mount namespace of our own, and a file in it for each namespace that it holds."""

    def __init__(self, count: int) -> None:
        self.paths: dict[str, str] = {}
        self.number = 0
        try:
            self.mounts = _open_mount_namespace()
        except OSError as error:
            words = (
                f"for the way back, {count} namespaces take as many open files, more than this"
                " process may have (RLIMIT_NOFILE). Raise the limit (ulimit -n, or LimitNOFILE= of a"
                " systemd unit), or delete fewer namespaces at a time"
            )
            what = "hold namespaces that are deleted"
            raise KernelError(error.errno or errno.EIO, what, words) from error

    def put(self, key: str, fd: int) -> None:
        """Hold the namespace behind a descriptor, which can be closed then."""
        self.number += 1
        path = files.path(str(self.number))

        def work() -> None:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0))
            system.mount(f"/proc/thread-self/fd/{fd}", path, system.MS_BIND)

        _with_kernel_errors(f"hold namespace {key}", lambda: self._inside(work))
        self.paths[key] = path

    def open(self, key: str) -> int:
        """Return a descriptor of a namespace that is held; the caller closes it."""
        flags = os.O_RDONLY | os.O_CLOEXEC
        path = self.paths[key]
        return _with_kernel_errors(
            f"reach namespace {key}", lambda: self._inside(lambda: os.open(path, flags))
        )

    def drop(self, key: str) -> None:
        """Let a namespace go."""
        path = self.paths.pop(key)
        _with_kernel_errors(
            f"let go of namespace {key}", lambda: self._inside(lambda: system.umount(path))
        )

    def close(self) -> None:
        """Let go of all of them."""
        os.close(self.mounts)

    def _inside(self, work: t.Callable[[], T]) -> T:
        def run() -> T:
            system.unshare(system.CLONE_FS)  # which a mount namespace is not shared with
            system.setns(self.mounts, system.CLONE_NEWNS)
            return work()

        return system.in_thread(run)


def _open_mount_namespace() -> int:
    def run() -> int:
        system.unshare(system.CLONE_FS | system.CLONE_NEWNS)
        system.mount("", "/", system.MS_PRIVATE | system.MS_REC)
        system.mount("none", files.RUN, 0, "tmpfs")
        return os.open("/proc/thread-self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)

    return system.in_thread(run)


def _with_kernel_errors(what: str, work: t.Callable[[], T]) -> T:
    try:
        return work()
    except OSError as error:
        raise KernelError(error.errno or errno.EIO, what) from error
