# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User-mode Linux: a kernel that is an ordinary program."""

from __future__ import annotations

import os
import pathlib
import shutil
import typing as t
from collections.abc import Mapping

import packages

INTERPRETER = b"/lib64/ld-linux-x86-64.so.2\0"


class UserMode(t.NamedTuple):
    """How it is started on this machine's file system."""

    program: pathlib.Path
    modules: pathlib.Path
    library: pathlib.Path | None = None  # of C, if not this machine's
    limit: float = 300  # seconds to boot in: three are usual, a minute on a busy machine
    scripts: tuple[str, ...] = ("init.sh", "agent.sh", "commands.sh")

    @property
    def folder(self) -> pathlib.Path:
        """Where to start it."""
        return self.program.parent

    def environment(self) -> Mapping[str, str]:
        """What it finds in its environment."""
        library = {"LD_LIBRARY_PATH": str(self.library)} if self.library else {}
        return {**os.environ, **library}

    def command(self, shared: pathlib.Path, line: int, memory: int) -> list[str]:
        """The command that is the machine."""
        return [
            str(self.program),
            f"mem={memory}M",
            *("root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro"),
            f"init={shared}/init.sh",
            *("con=null", "con0=fd:0,fd:1", f"ssl0=fd:{line}"),
            f"uml_dir={shared}/",
            f"machine.job={shared}",
            f"machine.modules={self.modules}",
            *("quiet", "loglevel=4"),
        ]


def user_mode(suite: str) -> UserMode:
    """That of a suite whose C library is no newer than this machine's."""
    tree = packages.unpack(suite, "user-mode-linux")
    return UserMode(tree / "usr/bin/linux.uml", tree / "usr/lib/uml/modules")


def user_mode_with_library(suite: str) -> UserMode:
    """That of a suite, with the C library of that suite beside it.

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
        part = folder / f"{os.getpid()}.part"
        part.write_bytes(relocated((tree / "usr/bin/linux.uml").read_bytes()))
        part.chmod(0o755)
        part.rename(program)
    return UserMode(program, tree / "usr/lib/uml/modules", library)


def relocated(program: bytes) -> bytes:
    """The same program, with a loader `ld.so` in the folder in which it is started."""
    return program.replace(INTERPRETER, b"ld.so".ljust(len(INTERPRETER), b"\0"))
