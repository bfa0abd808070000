# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: it may change in any release.

"""Import what modules share as Python itself does, which keeps what it has compiled.

Ansible's importer of collections compiles a file each time that it is loaded: two thirds of the time
that all of netns_topology takes to be there.
"""

from __future__ import annotations

import contextlib
import functools
import sys
import typing as t
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader

SHARED = __name__.rpartition(".plugins.")[0] + ".plugins.module_utils."


@functools.cache
def _inside(folder: str) -> FileFinder:
    return FileFinder(folder, (SourceFileLoader, [".py"]))  # which reads its folder but once


class _Finder:
    """Finds what is below `module_utils` in its folder, and nothing else."""

    @staticmethod
    def find_spec(
        name: str, path: t.Sequence[str] | None, target: t.Any = None
    ) -> ModuleSpec | None:
        """Return how a file or folder is loaded; ``path`` are the folders of what it is in."""
        if path is None or not name.startswith(SHARED):
            return None
        return next(filter(None, (_inside(folder).find_spec(name) for folder in path)), None)


@contextlib.contextmanager
def kept() -> t.Iterator[None]:
    """Let what is imported meanwhile be compiled only if it is not what it was last time."""
    sys.meta_path.insert(0, _Finder)
    try:
        yield
    finally:
        sys.meta_path.remove(_Finder)
