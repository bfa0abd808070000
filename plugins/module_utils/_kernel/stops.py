# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Signals that stop Python wherever it is: they wait until what is being done can be taken back.

Ctrl-C is one, and the alarm of a task's `timeout` where Ansible's worker does the work.
"""

from __future__ import annotations

import contextlib
import signal
import typing as t

STOPS: tuple[int, ...] = (signal.SIGINT, signal.SIGALRM)


class Stops:
    """Signals that came, and what is to answer them."""

    def __init__(self) -> None:
        self.came: list[tuple[int, t.Any]] = []
        self.handlers: dict[int, t.Any] = {}

    def answer(self) -> None:
        """Let them come; what answers one mostly raises something."""
        while self.came:
            number, frame = self.came.pop(0)
            self.handlers[number](number, frame)


@contextlib.contextmanager
def waiting() -> t.Iterator[Stops]:
    """Let signals wait until they are answered, which is at the end at the latest."""
    stops = Stops()
    with contextlib.suppress(ValueError):  # in a thread: signals are the main one's
        for number in STOPS:
            handler = signal.getsignal(number)
            if callable(handler):  # otherwise it ends the process, or does nothing
                signal.signal(number, lambda *signaled: stops.came.append(signaled))
                stops.handlers[number] = handler
    try:
        yield stops
    finally:
        for number, handler in stops.handlers.items():
            signal.signal(number, handler)
    stops.answer()
