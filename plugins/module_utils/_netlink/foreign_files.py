# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What is under /run/netns that is neither a namespace nor the empty file of one: it is left alone."""

from __future__ import annotations

import os
import stat
import typing as t

from .._resources.mark.state import PREFIX
from . import netns_files as files

KINDS: tuple[tuple[t.Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def describe(name: str) -> str:
    """Return describe has a name that is no namespace's, '' for a stale file or nothing."""
    path = files.path(name)
    try:
        at = os.lstat(path)
        if stat.S_ISLNK(at.st_mode):
            return f"a symbolic link to {os.readlink(path)}"
        if _is_mount(path):
            return "a mount of something else"
    except FileNotFoundError:
        return ""
    for fits, word in KINDS:
        if fits(at.st_mode):
            return word
    if at.st_size and not files.read_mark(name).startswith(PREFIX):
        return f"a file of {at.st_size} bytes"
    return ""


def link_target(name: str) -> str | None:
    """Return the name of the namespace that a symbolic link leads to, its own if that one has none
    under /run/netns; None where it leads to none."""
    path = files.path(name)
    try:
        fd = files.open_namespace(path)
    except OSError:
        return None
    if fd is None:
        return None
    os.close(fd)
    folder, real = os.path.split(os.path.realpath(path))
    return real if folder == os.path.realpath(files.RUN) else name


def _is_mount(path: str) -> bool:
    """Return whether something is mounted on a file, be it from the same file system."""
    return _mount_of(path) != _mount_of(files.RUN)


def _mount_of(path: str) -> str:
    """Return the number of the mount that a path is on: proc_pid_fdinfo(5)."""
    fd = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        with open(f"/proc/thread-self/fdinfo/{fd}", encoding="ascii") as info:
            return next((line for line in info if line.startswith("mnt_id:")), "")
    finally:
        os.close(fd)
