# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a process need not do that runs one task and ends: together a third of a module's time.

Ansible sends a module with all that it imports as a zip file, which Python runs without bytecode.
zipimport compiles a file to learn its path, forgets the code, and compiles it again to run it: 69 ms
of an idle task, 95 of one that changes a link (13 and 17 per cent). And garbage is looked for among
all that is loaded, again and again, though little of it is ever made in cycles: 13 and 41 ms (2 and
7 per cent); of a thousand namespaces, a tenth of a run's time. `./dev bench tricks` measures both.

Where the modules are loaded otherwise, from a disk or by Mitogen, all stays as it is.
"""

from __future__ import annotations

import gc
import os.path
import sys
import typing as t
import zipimport


class Once(zipimport.zipimporter):
    """A zipimporter that knows the path of a module without compiling it."""

    def get_filename(self, fullname: str) -> str:
        """Return the path of a module, as the code of it bears it."""
        name = fullname.rpartition(".")[2]
        file = os.path.join(name, "__init__.py") if self.is_package(fullname) else f"{name}.py"
        return os.path.join(self.archive, self.prefix + file)


def _paths() -> list[str]:
    """Return which folders of module_utils have been found in a zip file, if they are in one."""
    package = __name__.rpartition(".")[0]
    top = sys.modules[package.rpartition(".")[0] or package].__path__[0]
    return [
        path
        for path, finder in sys.path_importer_cache.items()
        if isinstance(finder, zipimport.zipimporter) and path.startswith(top)
    ]


def start() -> None:
    """Spare the process what it need not do with what is imported from now on."""
    finder: t.Any = Once  # a zipimporter finds otherwise before Python 3.10, and works all the same
    for path in _paths():
        sys.path_importer_cache[path] = finder(path)
        sys.path_hooks.insert(0, finder)
        gc.disable()


def end() -> None:
    """Spare the process the search for garbage at its end, which is near."""
    if _paths():
        gc.freeze()
