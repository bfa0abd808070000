# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What can go wrong, in words that a user can act on."""

from __future__ import annotations

import os


class NetnsError(Exception):
    """Anything that a module reports instead of doing what was asked."""

    def __str__(self) -> str:
        # Names on this machine may hold bytes that are no text, and no message can be sent with them.
        return super().__str__().encode(errors="backslashreplace").decode()


class BadInput(NetnsError):
    """What was stated is invalid: refused before anything is touched."""


class Conflict(NetnsError):
    """What is there conflicts with what was stated."""


class ConcurrentChange(NetnsError):
    """A plan failed and was rolled back, and others have changed what it was drawn up on."""


class VerificationFailed(NetnsError):
    """All operations were applied, and what is there is not what was planned, or cannot be read."""


class KernelError(NetnsError):
    """The kernel refused an operation.

    ``errno`` is the kernel's number, ``words`` its extended acknowledgement where it gave one
    (``NLMSGERR_ATTR_MSG``, linux/netlink.h), ``what`` the operation as a phrase.
    """

    def __init__(self, errno: int, what: str, words: str = "") -> None:
        self.errno = errno
        self.what = what
        self.words = words
        text = os.strerror(errno)
        if words:
            text = f"{text}: {words}"
        super().__init__(f"{what}: {text}")


def no_namespace(key: str) -> str:
    """Return that a namespace was not found by its name, PID or path, and what to do."""
    if key.startswith("/"):
        return f"namespace {key} not found; correct the path, or create what it names first"
    if key.isdigit():
        return (
            f"namespace {key} not found, nor a process with this PID; state that of a running one"
        )
    return f"namespace {key} not found; create it first with the netns module (name={key})"


def stale_file(key: str) -> str:
    """Return that there is a stale file where a namespace should be, and what to do."""
    return (
        f"namespace {key} not found: /run/netns/{key} is a stale file;"
        f" repair it with the netns module (name={key}, state=present)"
    )


def unusable(key: str, state: str, foreign: str) -> NetnsError:
    """Return the error of a namespace that is not present."""
    if foreign:
        return Conflict(
            f"/run/netns/{key} is {foreign}, not a namespace; remove it, or use another name"
        )
    return Conflict(stale_file(key)) if state == "stale" else BadInput(no_namespace(key))
