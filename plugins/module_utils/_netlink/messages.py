# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Import pyroute2, and only its message classes: the one place that does.

`import pyroute2` runs the package's __init__, which loads all of its APIs: 125 ms of a processor, as
much again as the classes of WireGuard take that are needed. So message classes are imported below an
empty package with the same path, invisible to others, and on first use: a task without WireGuard
only checks that pyroute2 is installed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os.path
import re
import sys
import types
import typing as t

from .._core.errors import NetnsError

OLDEST = (0, 7, 2)  # Debian 12
# a fallback for packages without version.py
INSTALLED = r"pyroute2-(\d[^-]*?)(?:-py3[\d.]*)?\.(?:dist|egg)-info"


class TooOld(ImportError):
    """pyroute2 is installed, but lacks the message classes that are needed."""


def _empty_package() -> types.ModuleType:
    """Return an empty pyroute2 package that has only its path."""
    spec = importlib.util.find_spec("pyroute2")
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError("No module named 'pyroute2'")
    bare = types.ModuleType("pyroute2")
    bare.__path__ = list(spec.submodule_search_locations)
    return bare


def _check(package: types.ModuleType) -> None:
    """Raise TooOld unless the package is new enough."""
    version = _version(package.__path__[0])
    if version is None:
        raise TooOld("pyroute2 is too old: its version cannot be found. Install 0.7.2 or newer")
    if tuple(int(part) for part in version.split(".")[:3] if part.isdigit()) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise TooOld(f"pyroute2 {version} is too old. Install {oldest} or newer")


def _version(folder: str) -> str | None:
    """Return the version of the package in a folder: from its version file, or from the name of the
    package's metadata (Ubuntu 24.04 omits the file)."""
    path = os.path.join(folder, "config", "version.py")
    spec = importlib.util.spec_from_file_location("version", path)
    if spec is not None and spec.loader is not None and os.path.exists(path):
        version_file = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(version_file)
        return str(version_file.__version__)
    beside = (re.fullmatch(INSTALLED, name) for name in os.listdir(os.path.dirname(folder)))
    return next((found[1] for found in beside if found), None)


@contextlib.contextmanager
def isolated_pyroute2() -> t.Iterator[None]:
    """Let imports find the empty pyroute2, and what was imported below it before.

    Afterwards imports find nothing of it, so that others can import all of pyroute2.
    """
    if "pyroute2" in sys.modules:
        yield
        return
    sys.modules.update(_imported)
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "pyroute2"]:
            _imported[name] = sys.modules.pop(name)


MISSING: ImportError | None = None  # why there are no classes; whoever starts a run checks it first
_imported: dict[str, types.ModuleType] = {}
try:
    _imported["pyroute2"] = _empty_package()
    _check(_imported["pyroute2"])
except ImportError as error:
    MISSING = error


class _Missing:
    """A stand-in for every class, so that our files can be imported without pyroute2."""

    nla_map = ()


def pyroute2_class(module: str, name: str) -> t.Any:
    """Return a class of pyroute2."""
    if MISSING is not None:
        return _Missing
    try:
        with isolated_pyroute2():
            return getattr(importlib.import_module(module), name)
    except ImportError as error:
        raise NetnsError(
            f"pyroute2 cannot be imported: {error}. Install pyroute2 0.7.2 or newer"
        ) from error


__all__ = ("MISSING", "TooOld", "pyroute2_class")
