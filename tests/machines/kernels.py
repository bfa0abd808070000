# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernels that tests can be run on, and how each is started."""

from __future__ import annotations

import os
import pathlib
import shutil
import typing as t

import packages

INTERPRETER = b"/lib64/ld-linux-x86-64.so.2\0"


class Boot(t.NamedTuple):
    """How a kernel is started: a command in a folder, and what it needs around it."""

    command: tuple[str, ...]
    modules: pathlib.Path
    folder: pathlib.Path | None = None
    environment: tuple[tuple[str, str], ...] = ()


class Kernel(t.NamedTuple):
    """A kernel by the name that it is selected by, and where it comes from."""

    name: str
    about: str
    prepare: t.Callable[[], Boot]


def user_mode(suite: str) -> Boot:
    """User-mode Linux of a suite whose C library is no newer than this machine's."""
    tree = packages.unpack(suite, "user-mode-linux")
    return Boot((str(tree / "usr/bin/linux.uml"),), tree / "usr/lib/uml/modules")


def user_mode_with_library(suite: str) -> Boot:
    """User-mode Linux of a suite, with the C library of that suite beside it.

    Linux reads the name of a program's loader from the program itself, and a name without a folder
    is looked for where the program is started. To start it by its loader would not do: it finds
    another layout of its memory than it has been linked for, and cannot start itself again.
    """
    tree = packages.unpack(suite, "user-mode-linux", "libc6")
    folder, library = tree / "started", tree / "usr/lib/x86_64-linux-gnu"
    program = folder / "linux.uml"
    if not program.exists():
        folder.mkdir(exist_ok=True)
        shutil.copy2(library / "ld-linux-x86-64.so.2", folder / "ld.so")
        stuff = (tree / "usr/bin/linux.uml").read_bytes()
        part = folder / f"{os.getpid()}.part"
        part.write_bytes(relocated(stuff))
        part.chmod(0o755)
        part.rename(program)
    variables = (("LD_LIBRARY_PATH", str(library)),)
    return Boot((str(program),), tree / "usr/lib/uml/modules", folder, variables)


def relocated(program: bytes) -> bytes:
    """The same program, with a loader `ld.so` in the folder in which it is started."""
    return program.replace(INTERPRETER, b"ld.so".ljust(len(INTERPRETER), b"\0"))


KERNELS = (
    Kernel("6.1", "user-mode Linux of Debian 12", lambda: user_mode("bookworm")),
    Kernel("6.12", "user-mode Linux of Debian 13", lambda: user_mode_with_library("trixie")),
    Kernel("newest", "user-mode Linux of Debian's sid", lambda: user_mode_with_library("sid")),
)
