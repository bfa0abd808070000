# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Signals that ask to stop: they wait until what is being done is done, or rolled back.

Ctrl-C is one, the end of a connection another, and the alarm of a task's `timeout` where Ansible's
worker does the work.
"""

from __future__ import annotations

import contextlib
import os
import signal
import typing as t

from .._core.errors import NetnsError

STOPS: tuple[signal.Signals, ...] = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGALRM,
)


class Stopped(NetnsError):
    """A signal came that asks to stop."""


class Stops:
    """Signals that came, and what is to answer them."""

    def __init__(self) -> None:
        self.came: list[tuple[int, t.Any]] = []
        self.handlers: dict[int, t.Any] = {}

    def restore(self) -> None:
        """Put back what answered signals before."""
        for number, handler in self.handlers.items():
            signal.signal(number, handler)

    def stopped(self) -> Stopped:
        """Return the error that names which signal stops the work."""
        return Stopped(f"Stopped by {signal.Signals(self.came[0][0]).name}")

    def answer(self) -> None:
        """Let them come; what answers one mostly raises something or ends the process."""
        while self.came:
            number, frame = self.came.pop(0)
            handler = self.handlers[number]
            if callable(handler):
                handler(number, frame)
            else:
                os.kill(os.getpid(), number)


@contextlib.contextmanager
def waiting() -> t.Iterator[Stops]:
    """Let signals wait until the end. What they then raise takes precedence over Stopped, not before others."""
    stops = Stops()
    with contextlib.suppress(ValueError):  # in a thread: signals are the main one's
        for number in STOPS:
            handler = signal.getsignal(number)
            if callable(handler) or handler == signal.SIG_DFL:  # neither ignored nor from outside
                signal.signal(number, lambda *signaled: stops.came.append(signaled))
                stops.handlers[number] = handler
    try:
        yield stops
    except Stopped:
        stops.restore()
        stops.answer()
        raise
    finally:
        stops.restore()
    stops.answer()
