# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Write and remove files under /etc/netns, each atomically."""

from __future__ import annotations

import contextlib
import errno
import os
import typing as t

from ..._core.errors import KernelError
from ..._core.resource import Handlers
from ..._netlink.handles import Handles
from . import operations as op
from .kernel_read import open_folder, read, xattrs
from .state import TOP, File, Folder


def _report_as(what: str, work: t.Callable[[], None]) -> None:
    """Run a file operation and raise its OSError as a KernelError that names the operation."""
    try:
        work()
    except OSError as error:
        raise KernelError(error.errno or errno.EIO, what) from error


def _set_ownership(fd: int, wanted: File | Folder) -> None:
    """Set owner, mode and extended attributes of a new file or directory."""
    found = os.fstat(fd)
    if (found.st_uid, found.st_gid) != (wanted.uid, wanted.gid):
        os.fchown(fd, wanted.uid, wanted.gid)
    os.fchmod(fd, wanted.mode)
    have = dict(xattrs(fd))
    for name, value in wanted.xattrs:
        if have.get(name) != value:
            os.setxattr(fd, name, value)


def _make_folder(kernel: Handles, step: op.MakeFolder) -> None:
    def work() -> None:
        os.mkdir(step.path, 0o700)
        try:
            fd = os.open(step.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                _set_ownership(fd, step.new)
            finally:
                os.close(fd)
        except BaseException:
            os.rmdir(step.path)
            raise

    _report_as(step.phrase(), work)


def _remove_folder(kernel: Handles, step: op.RemoveFolder) -> None:
    _report_as(step.phrase(), lambda: os.rmdir(step.path))


def _open(step: op.WriteFile | op.RemoveFile) -> int:
    """Return the directory of a file; refuse if the file has changed since the plan was made."""
    folder = open_folder(f"{TOP}/{step.name}")
    if folder is None:
        raise KernelError(errno.ENOENT, step.phrase())
    try:
        there = read(folder, step.path, step.file)
        if (there and there.text) != (step.old and step.old.text):
            raise KernelError(errno.EBUSY, step.phrase(), "another program changed it meanwhile")
    except BaseException:
        os.close(folder)
        raise
    return folder


def _write_file(kernel: Handles, step: op.WriteFile) -> None:
    folder = _open(step)
    try:
        _report_as(step.phrase(), lambda: _replace(folder, step.file, step.new))
    finally:
        os.close(folder)


def _replace(folder: int, name: str, new: File) -> None:
    """Write a temporary file beside the old one and rename it, so that readers never see half a file."""
    beside = f".{name}.{os.urandom(6).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(beside, flags, 0o600, dir_fd=folder)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(new.text.encode())
            file.flush()
            _set_ownership(fd, new)
            os.fsync(fd)
        os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(beside, dir_fd=folder)
        raise
    _flush(folder)


def _flush(folder: int) -> None:
    # The change is visible already; a failed fsync matters only if the machine crashes.
    with contextlib.suppress(OSError):
        os.fsync(folder)


def _remove_file(kernel: Handles, step: op.RemoveFile) -> None:
    folder = _open(step)
    try:
        _report_as(step.phrase(), lambda: os.unlink(step.file, dir_fd=folder))
        _flush(folder)
    finally:
        os.close(folder)


APPLY: Handlers = {
    op.MakeFolder: _make_folder,
    op.RemoveFolder: _remove_folder,
    op.WriteFile: _write_file,
    op.RemoveFile: _remove_file,
}
