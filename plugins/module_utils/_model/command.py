# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A command to be run in namespaces, as a task states it."""

from __future__ import annotations

import shlex
import typing as t

from .errors import BadInput
from .record import dataclass


@dataclass(frozen=True)
class Command:
    """A command without a shell. ``environment`` is all of it, ``stdin`` None for none."""

    argv: tuple[str, ...]
    chdir: str | None = None
    stdin: bytes | None = None
    environment: t.Mapping[str, str] | None = None
    timeout: float | None = None


def argv_of(cmd: str | None, argv: t.Sequence[str] | None) -> tuple[str, ...]:
    """Return a command's words: those that are listed, or those of a line, split as sh would."""
    if argv is None:
        try:
            argv = shlex.split(cmd or "")
        except ValueError as error:
            raise BadInput(f"cmd cannot be split into words: {error}") from error
    if not argv or not argv[0]:
        raise BadInput("There is no command: the first word is missing")
    if any("\0" in word for word in argv):
        raise BadInput("A command holds no NUL")
    return tuple(argv)


def environment_of(
    base: t.Mapping[str, str], stated: t.Mapping[str, t.Any] | None
) -> dict[str, str]:
    """Return an environment with what is stated in it; None takes a variable away."""
    merged = dict(base)
    for name, value in (stated or {}).items():
        if not name or "=" in name or "\0" in f"{name}{value}":
            raise BadInput(f"{name!r} is no name of a variable, or its value holds a NUL")
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = str(value)
    return merged
