# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Hold many namespaces without a descriptor each, by mounts that nobody else sees.

They are mounted in a private mount namespace, which one descriptor keeps and which ends with this
process in any case.
"""

from __future__ import annotations

import errno
import os
import typing as t

from .._core.errors import KernelError
from . import netns_files, syscalls

T = t.TypeVar("T")


class HeldNamespaces:
    """A private mount namespace with a file for each namespace that it holds."""

    def __init__(self, count: int) -> None:
        self.paths: dict[str, str] = {}
        self.number = 0
        try:
            self.mounts = _open_mount_namespace()
        except OSError as error:
            reason = (
                f"for rollback, {count} namespaces need as many open files, more than this"
                " process may have (RLIMIT_NOFILE). Raise the limit (ulimit -n, or LimitNOFILE= of a"
                " systemd unit), or delete fewer namespaces at a time"
            )
            what = "hold namespaces that are deleted"
            raise KernelError(error.errno or errno.EIO, what, reason) from error

    def put(self, key: str, fd: int) -> None:
        """Hold the namespace behind a descriptor; the caller may close the descriptor then."""
        self.number += 1
        path = netns_files.path(str(self.number))

        def work() -> None:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0))
            syscalls.mount(f"/proc/thread-self/fd/{fd}", path, syscalls.MS_BIND)

        _with_kernel_errors(f"hold namespace {key}", lambda: self._inside(work))
        self.paths[key] = path

    def open(self, key: str) -> int:
        """Return a descriptor of a held namespace; the caller closes it."""
        flags = os.O_RDONLY | os.O_CLOEXEC
        path = self.paths[key]
        return _with_kernel_errors(
            f"open held namespace {key}", lambda: self._inside(lambda: os.open(path, flags))
        )

    def drop(self, key: str) -> None:
        """Release one namespace."""
        path = self.paths.pop(key)
        _with_kernel_errors(
            f"release namespace {key}", lambda: self._inside(lambda: syscalls.umount(path))
        )

    def close(self) -> None:
        """Release all namespaces."""
        os.close(self.mounts)

    def _inside(self, work: t.Callable[[], T]) -> T:
        def run() -> T:
            syscalls.unshare(syscalls.CLONE_FS)  # a mount namespace requires an unshared fs_struct
            syscalls.setns(self.mounts, syscalls.CLONE_NEWNS)
            return work()

        return syscalls.in_thread(run)


def _open_mount_namespace() -> int:
    def run() -> int:
        syscalls.unshare(syscalls.CLONE_FS | syscalls.CLONE_NEWNS)
        syscalls.mount("", "/", syscalls.MS_PRIVATE | syscalls.MS_REC)
        syscalls.mount("none", netns_files.RUN, 0, "tmpfs")
        return os.open("/proc/thread-self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)

    return syscalls.in_thread(run)


def _with_kernel_errors(what: str, work: t.Callable[[], T]) -> T:
    try:
        return work()
    except OSError as error:
        raise KernelError(error.errno or errno.EIO, what) from error
