# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Describe entries of /run/netns that are neither namespaces nor their empty files: they are left
alone."""

from __future__ import annotations

import os
import stat
import typing as t

from .._core.link_table import MARK
from . import netns_files

KINDS: tuple[tuple[t.Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def describe(name: str) -> str:
    """Return what occupies a name that is not a namespace, '' for a stale file or nothing."""
    path = netns_files.path(name)
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
    if at.st_size and not netns_files.read_mark(name).startswith(MARK):
        return f"a file of {at.st_size} bytes"
    return ""


def link_target(name: str) -> str | None:
    """Return the name of the namespace that a symbolic link leads to (its own if the target has no
    name under /run/netns), None if it leads to no namespace."""
    path = netns_files.path(name)
    try:
        fd = netns_files.open_namespace(path)
    except OSError:
        return None
    if fd is None:
        return None
    os.close(fd)
    folder, real = os.path.split(os.path.realpath(path))
    return real if folder == os.path.realpath(netns_files.RUN) else name


def _is_mount(path: str) -> bool:
    """Return whether something is mounted on a file, even from the same file system."""
    return _mount_of(path) != _mount_of(netns_files.RUN)


def _mount_of(path: str) -> str:
    """Return the ID of the mount that contains a path: proc_pid_fdinfo(5)."""
    fd = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        with open(f"/proc/thread-self/fdinfo/{fd}", encoding="ascii") as info:
            return next((line for line in info if line.startswith("mnt_id:")), "")
    finally:
        os.close(fd)
