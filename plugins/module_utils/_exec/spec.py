# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The command of a task."""

from __future__ import annotations

import shlex
import typing as t

from .._core.errors import BadInput
from .._core.record import dataclass

LONGEST = 128 << 10  # bytes of one argument with its NUL: MAX_ARG_STRLEN, linux/binfmts.h
PATH_MAX = 4096  # linux/limits.h


@dataclass(frozen=True)
class Command:
    """A command without a shell; ``environment`` is complete, ``stdin`` None for none."""

    argv: tuple[str, ...]
    chdir: str | None = None
    stdin: bytes | None = None
    environment: t.Mapping[str, str] | None = None
    timeout: float | None = None


def argv_of(cmd: str | None, argv: t.Sequence[str] | None) -> tuple[str, ...]:
    """Return the arguments of a command: the given list, or a line split like a shell does."""
    if argv is None:
        try:
            argv = shlex.split(cmd or "")
        except ValueError as error:
            raise BadInput(
                f"cmd cannot be split into words: {error}. Correct its quotes, or use argv"
            ) from error
    if not argv or not argv[0]:
        raise BadInput("The command is empty: state cmd, or argv with at least one word")
    for word in argv:
        if "\0" in word:
            raise BadInput("A command must not contain a NUL character")
        _check_length("A word of the command", word)
    return tuple(argv)


def _check_length(what: str, text: str) -> None:
    """Raise BadInput where execve(2) would fail, too late and without the reason."""
    length = len(text.encode(errors="surrogateescape"))
    if length >= LONGEST:
        raise BadInput(
            f"{what} may have at most {LONGEST - 1} bytes, not {length}: put it into a file, or into stdin"
        )


def path_of(name: str, text: str | None) -> str | None:
    """Return a path; raise BadInput if it is too long for the kernel."""
    if text is not None and len(text.encode(errors="surrogateescape")) >= PATH_MAX:
        raise BadInput(f"{name} must have at most {PATH_MAX - 1} bytes: {text[:40]!r}…")
    return text


def environment_of(
    base: t.Mapping[str, str], stated: t.Mapping[str, t.Any] | None
) -> dict[str, str]:
    """Return an environment with variables set, or removed if their value is None."""
    merged = dict(base)
    for name, value in (stated or {}).items():
        if not name or "=" in name or "\0" in f"{name}{value}":
            raise BadInput(
                f"{name!r} must be a name without '=', and neither it nor its value may contain NUL"
            )
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = str(value)
            _check_length(f"{name} in the environment", f"{name}={value}")
    return merged
