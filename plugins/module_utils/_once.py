# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Compile each file of a task's payload once.

Ansible sends a module with all that it imports as a zip file, which Python runs without bytecode.
zipimport compiles a file to learn its path, forgets the code, and compiles it again to run it.
"""

from __future__ import annotations

import os.path
import sys
import zipimport


class Once(zipimport.zipimporter):
    """A zipimporter that knows the path of a module without compiling it."""

    def get_filename(self, fullname: str) -> str:
        """Return the path of a module, as the code of it bears it."""
        name = fullname.rpartition(".")[2]
        file = os.path.join(name, "__init__.py") if self.is_package(fullname) else f"{name}.py"
        return os.path.join(self.archive, self.prefix + file)


def install() -> None:
    """Find in this way what is imported from now on, if we came out of a zip file ourselves."""
    for path in sys.modules[__name__.rpartition(".")[0]].__path__:
        if isinstance(sys.path_importer_cache.get(path), zipimport.zipimporter):
            sys.path_importer_cache[path] = Once(path)
            sys.path_hooks.insert(0, Once)
