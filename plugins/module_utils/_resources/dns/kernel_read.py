# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read the files under /etc/netns: regular files only, symbolic links are not followed."""

from __future__ import annotations

import contextlib
import errno
import os
import stat

from ..._core.errors import Conflict, KernelError
from .state import FILES, TOP, Etc, File, Folder, Xattrs

LARGEST = 1 << 20  # bytes; no sensible file is larger
# Attributes about access. Others, such as IMA's, belong to the contents or to the file system.
KEPT = ("security.selinux", "security.SMACK64", "system.posix_acl_access")

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def etc(name: str) -> Etc:
    """Return the files of a namespace; raise Conflict if they are not regular text files."""
    path = f"{TOP}/{name}"
    top = os.path.isdir(TOP)
    folder = open_folder(path)
    if folder is None:
        return Etc(name, top)
    try:
        there = sorted(os.listdir(folder))
        files = {file: read(folder, f"{path}/{file}", file) for file in FILES if file in there}
        found = os.fstat(folder)
        return Etc(
            name,
            top,
            Folder(stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid, xattrs(folder)),
            {file: each for file, each in files.items() if each is not None},
            tuple(file for file in there if file not in FILES),
        )
    finally:
        os.close(folder)


def open_folder(path: str) -> int | None:
    """Return a descriptor of a directory, None if nothing is there."""
    try:
        fd = os.open(path, FOLDER)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.ENOTDIR, errno.ELOOP):
            raise Conflict(
                f"{path} is not a directory and is left as it is; remove it or use another name"
            ) from None
        raise KernelError(error.errno or errno.EIO, f"open {path}") from error
    if os.path.samestat(os.fstat(fd), os.stat("/etc")):
        os.close(fd)
        raise Conflict(
            f"{path} is the host's own /etc and is left as it is; remove that mount or link"
        )
    return fd


def read(folder: int, path: str, name: str) -> File | None:
    """Return a file of a directory, None if nothing is there."""
    try:
        fd = os.open(name, FILE, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise Conflict(_not_regular(path)) from None
        raise KernelError(error.errno or errno.EIO, f"open {path}") from error
    found = os.fstat(fd)
    if not stat.S_ISREG(found.st_mode):
        os.close(fd)
        raise Conflict(_not_regular(path))
    with os.fdopen(fd, "rb") as file:
        data = file.read(LARGEST + 1)
        kept = xattrs(fd)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = "\0"
    if len(data) > LARGEST or "\0" in text:
        raise Conflict(
            f"{path} is not a text file of at most {LARGEST} bytes and is left as it is; remove it to"
            " have it written"
        )
    return File(text, stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid, kept)


def _not_regular(path: str) -> str:
    return f"{path} is not a regular file and is left as it is; remove it to have it written"


def xattrs(fd: int) -> Xattrs:
    """Return the extended attributes that a file's replacement has to have too."""
    kept: list[tuple[str, bytes]] = []
    with contextlib.suppress(OSError):  # the file system has no extended attributes
        for name in sorted(os.listxattr(fd)):
            if name in KEPT:
                kept.append((name, os.getxattr(fd, name)))
    return tuple(kept)
