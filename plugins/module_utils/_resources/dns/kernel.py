# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""How files below /etc/netns are written and removed: each all at once, or not at all."""

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


def _told(what: str, work: t.Callable[[], None]) -> None:
    try:
        work()
    except OSError as error:
        raise KernelError(error.errno or errno.EIO, what) from error


def _owned(fd: int, wanted: File | Folder) -> None:
    """Give a new file or directory the owner, the mode and the attributes that it is to have."""
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
                _owned(fd, step.new)
            finally:
                os.close(fd)
        except BaseException:
            os.rmdir(step.path)
            raise

    _told(step.phrase(), work)


def _remove_folder(kernel: Handles, step: op.RemoveFolder) -> None:
    _told(step.phrase(), lambda: os.rmdir(step.path))


def _open(step: op.WriteFile | op.RemoveFile) -> int:
    """Return the directory of a file, which has to be what the plan was drawn up for."""
    folder = open_folder(f"{TOP}/{step.name}")
    if folder is None:
        raise KernelError(errno.ENOENT, step.phrase())
    try:
        there = read(folder, step.path, step.file)
        if (there and there.text) != (step.old and step.old.text):
            raise KernelError(errno.EBUSY, step.phrase(), "it was changed meanwhile")
    except BaseException:
        os.close(folder)
        raise
    return folder


def _write_file(kernel: Handles, step: op.WriteFile) -> None:
    folder = _open(step)
    try:
        _told(step.phrase(), lambda: _replace(folder, step.file, step.new))
    finally:
        os.close(folder)


def _replace(folder: int, name: str, new: File) -> None:
    """Write a file beside the one that it is to replace, and give it that one's name."""
    beside = f".{name}.{os.urandom(6).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(beside, flags, 0o600, dir_fd=folder)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(new.text.encode())
            file.flush()
            _owned(fd, new)
            os.fsync(fd)
        os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(beside, dir_fd=folder)
        raise
    _flush(folder)


def _flush(folder: int) -> None:
    # What was done is done, and seen by all; only a crash could still tell.
    with contextlib.suppress(OSError):
        os.fsync(folder)


def _remove_file(kernel: Handles, step: op.RemoveFile) -> None:
    folder = _open(step)
    try:
        _told(step.phrase(), lambda: os.unlink(step.file, dir_fd=folder))
        _flush(folder)
    finally:
        os.close(folder)


APPLY: Handlers = {
    op.MakeFolder: _make_folder,
    op.RemoveFolder: _remove_folder,
    op.WriteFile: _write_file,
    op.RemoveFile: _remove_file,
}
