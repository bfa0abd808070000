# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernels that tests can be run on."""

from __future__ import annotations

import pathlib
import typing as t
from collections.abc import Mapping

from qemu import emulated
from uml import user_mode, user_mode_with_library


class Boot(t.Protocol):
    """How a kernel is started."""

    @property
    def limit(self) -> float:
        """Seconds to boot in."""

    @property
    def folder(self) -> pathlib.Path:
        """Where to start it."""

    @property
    def scripts(self) -> tuple[str, ...]:
        """What of this folder is run inside."""

    def environment(self) -> Mapping[str, str]:
        """What it finds in its environment."""

    def command(self, shared: pathlib.Path, line: int, memory: int) -> list[str]:
        """The command that is a machine with this folder, serial line, and memory in MiB."""


class Kernel(t.NamedTuple):
    """A kernel by the name that it is selected by, and where it comes from."""

    name: str
    about: str
    prepare: t.Callable[[], Boot | None]  # none for this machine's own
    only: tuple[str, ...] = ()  # what is run on it, unless it is named


# QEMU takes its time: it is for what user-mode Linux lacks.
KERNELS = (
    Kernel("here", "this machine's own kernel", lambda: None),
    Kernel("6.1", "user-mode Linux of Debian 12", lambda: user_mode("bookworm")),
    Kernel("6.12", "user-mode Linux of Debian 13", lambda: user_mode_with_library("trixie")),
    Kernel("newest", "user-mode Linux of Debian sid", lambda: user_mode_with_library("sid")),
    Kernel("6.1-qemu", "Linux of Debian 12", lambda: emulated("bookworm"), ("wireguard",)),
    Kernel("6.12-qemu", "Linux of Debian 13", lambda: emulated("trixie"), ("wireguard",)),
)
