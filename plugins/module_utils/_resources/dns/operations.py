# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on the files under /etc/netns."""

from __future__ import annotations

import shlex

from ..._core.operation import Operation
from ..._core.record import dataclass
from . import RESOURCE
from .state import TOP, File, Folder, lines


@dataclass(frozen=True)
class MakeFolder(Operation):
    """Create /etc/netns or the directory of a namespace in it."""

    resource = RESOURCE

    path: str
    new: Folder

    def inverse(self) -> Operation:
        return RemoveFolder(self.path, self.new)

    def command(self) -> str:
        return f"mkdir {shlex.quote(self.path)}"

    def phrase(self) -> str:
        return f"create the directory {self.path}"


@dataclass(frozen=True)
class RemoveFolder(Operation):
    """Remove an empty directory."""

    resource = RESOURCE

    path: str
    old: Folder

    def inverse(self) -> Operation:
        return MakeFolder(self.path, self.old)

    def command(self) -> str:
        return f"rmdir {shlex.quote(self.path)}"

    def phrase(self) -> str:
        return f"remove the directory {self.path}"


@dataclass(frozen=True)
class WriteFile(Operation):
    """Create or replace a file atomically."""

    resource = RESOURCE

    name: str
    file: str
    new: File
    old: File | None

    @property
    def path(self) -> str:
        """Return the path of the file."""
        return f"{TOP}/{self.name}/{self.file}"

    def inverse(self) -> Operation:
        if self.old is None:
            return RemoveFile(self.name, self.file, self.new)
        return WriteFile(self.name, self.file, self.old, self.new)

    def command(self) -> str:
        to = shlex.quote(self.path)
        if not self.new.text:
            return f": > {to}"
        return f"printf '%s\\n' {' '.join(map(shlex.quote, lines(self.new.text)))} > {to}"

    def phrase(self) -> str:
        return f"write {self.path}"


@dataclass(frozen=True)
class RemoveFile(Operation):
    """Remove a file."""

    resource = RESOURCE

    name: str
    file: str
    old: File

    @property
    def path(self) -> str:
        """Return the path of the file."""
        return f"{TOP}/{self.name}/{self.file}"

    def inverse(self) -> Operation:
        return WriteFile(self.name, self.file, self.old, None)

    def command(self) -> str:
        return f"rm {shlex.quote(self.path)}"

    def phrase(self) -> str:
        return f"remove {self.path}"
