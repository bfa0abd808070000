# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""System calls that Python 3.9 lacks, and threads that enter namespaces."""

from __future__ import annotations

import ctypes
import os
import re
import threading
import typing as t

CLONE_FS, CLONE_NEWNS, CLONE_NEWNET = 0x200, 0x20000, 0x40000000  # linux/sched.h
MS_RDONLY, MS_BIND, MS_REC = 0x1, 0x1000, 0x4000  # linux/mount.h
MS_PRIVATE, MS_SLAVE, MS_SHARED = 0x40000, 0x80000, 0x100000
MNT_DETACH, UMOUNT_NOFOLLOW = 2, 8
NSFS_MAGIC = 0x6E736673  # linux/magic.h
NS_GET_NSTYPE = 0xB703  # linux/nsfs.h

T = t.TypeVar("T")

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *args: t.Any) -> None:
    if getattr(_libc, name)(*args) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def setns(fd: int, kind: int = CLONE_NEWNET) -> None:
    """Move the calling thread into a namespace, a network one by default (setns(2))."""
    _call("setns", fd, kind)


def unshare(what: int = CLONE_NEWNET) -> None:
    """Move the calling thread into a new namespace, a network one by default (unshare(2))."""
    _call("unshare", what)


def kernel_version() -> tuple[int, int]:
    """Return the first two numbers of the kernel's version, zeros if they cannot be read."""
    numbers = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)


def mount(source: str, target: str, flags: int, kind: str = "none") -> None:
    """Call mount(2), by default without a file system type."""
    paths = os.fsencode(source), os.fsencode(target)
    _call("mount", *paths, os.fsencode(kind), ctypes.c_ulong(flags), None)


def umount(target: str) -> None:
    """Detach a mount at once even if it is in use, without following symbolic links (umount2(2))."""
    _call("umount2", os.fsencode(target), MNT_DETACH | UMOUNT_NOFOLLOW)


def in_thread(work: t.Callable[[], T]) -> T:
    """Run a function in a thread of its own, and return its result.

    The main thread never changes its namespace: whatever fails, the interpreter stays where it was.
    """
    return in_threads([work])[0]


def in_threads(works: t.Sequence[t.Callable[[], T]]) -> list[T]:
    """Run several functions in a thread each, and return their results.

    An exception of one of them is raised here, once all have ended.
    """
    done: dict[int, T] = {}
    failed: list[BaseException] = []
    started: list[threading.Thread] = []

    def run(number: int) -> None:
        try:
            done[number] = works[number]()
        except BaseException as error:  # raised in the calling thread below
            failed.append(error)

    try:
        for number in range(len(works)):
            thread = threading.Thread(target=run, args=(number,))
            thread.start()
            started.append(thread)
    finally:
        for thread in started:
            thread.join()
    if failed:
        raise failed[0]
    return [done[number] for number in range(len(works))]


def inside(fd: int, work: t.Callable[[], T]) -> T:
    """Run a function in the network namespace behind a descriptor, and return its result."""

    def run() -> T:
        setns(fd)
        return work()

    return in_thread(run)
