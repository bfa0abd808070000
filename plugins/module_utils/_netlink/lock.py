# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Serialise the writing runs of this collection: a lock, and a counter in its file.

A run reads before it acquires the lock, and mostly writes nothing. The counter shows whether what
it read may have changed since: it is odd while a run writes, and stays odd if that run was killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
import typing as t

from .._core.errors import Conflict

FILE = "/run/linuxnet.netns.lock"
TIMEOUT = 120  # seconds to wait for another run; deleting namespaces may take long
POLL = 0.002
DIGITS = 20  # the counter is overwritten in place, so its length is fixed


class WriterLock:
    """The right to write, from ``acquire`` to ``release``; a no-op if the file cannot be opened."""

    def __init__(self) -> None:
        self.lock: int | None = None
        self.seen = _count_now()

    def acquire(self, before_waiting: t.Callable[[], None]) -> bool:
        """Wait until nobody else writes; return whether another run has written since this one
        began.

        ``before_waiting`` is called if the lock is busy.
        """
        if self.lock is not None:
            return False
        with contextlib.suppress(OSError):
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            self.lock = os.open(FILE, flags, 0o600)
        if self.lock is None:
            return False
        deadline = time.monotonic() + TIMEOUT
        busy = not _is_free(self.lock)
        if busy:
            before_waiting()
        while busy and not _is_free(self.lock):
            if time.monotonic() > deadline:
                raise Conflict(
                    f"Another run of this collection has held {FILE} for {TIMEOUT} s."
                    " Run the task again when that run has ended"
                )
            time.sleep(POLL)
        found, seen = _count(self.lock), self.seen
        self.seen = found + 1 + found % 2
        _write(self.lock, self.seen)
        return found != seen or found % 2 == 1

    def release(self) -> None:
        """Let others write."""
        if self.lock is not None:
            if self.seen % 2 == 1 and _count(self.lock) == self.seen:
                self.seen += 1
                _write(self.lock, self.seen)
            os.close(self.lock)
            self.lock = None


def _is_free(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _count_now() -> int:
    try:
        fd = os.open(FILE, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return 0
    try:
        return _count(fd)
    finally:
        os.close(fd)


def _count(fd: int) -> int:
    text = os.pread(fd, DIGITS, 0)
    return int(text) if text.isdigit() else 0


def _write(fd: int, count: int) -> None:
    with contextlib.suppress(OSError):  # /run is full: the lock alone must do
        os.pwrite(fd, b"%0*d" % (DIGITS, count), 0)
