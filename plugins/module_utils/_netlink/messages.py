# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The one place that imports pyroute2, and of it only the message classes.

`import pyroute2` runs the package's __init__, which loads all of its APIs: about 100 ms that every
task would pay. So message classes are imported below a package that has a path but no contents, and
kept to ourselves. They cost 5 to 12 ms, and come when they
are first needed: to look for pyroute2 is enough for a task that finds all as it wants it.
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

OLDEST = (0, 7, 2)  # Debian 12's
INSTALLED = r"pyroute2-(\d[^-]*?)(?:-py3[\d.]*)?\.(?:dist|egg)-info"  # seldom looked for
CLASSES = ("ifaddrmsg", "ifinfmsg", "nsidmsg", "rtmsg")


class TooOld(ImportError):
    """A pyroute2 is there, but its message classes are not the ones that we need."""


def _empty_package() -> types.ModuleType:
    """Return pyroute2 as a package without contents."""
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
        raise TooOld("This pyroute2 is too old: it does not tell its version")
    if tuple(int(part) for part in version.split(".")[:3] if part.isdigit()) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise TooOld(f"pyroute2 {version} is too old: {oldest} or newer is needed")


def _version(folder: str) -> str | None:
    """Return the version of the package in a folder: it has a file of its own for that, which
    Ubuntu 24.04 leaves out, so that only the name of what lies beside it tells."""
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
    """Let imports find pyroute2 without contents, and what of it we have got already.

    Afterwards they find nothing of it: whoever wants all of pyroute2 can have it, whole.
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


MISSING: ImportError | None = None  # why there are no classes; whoever starts a run asks first
_imported: dict[str, types.ModuleType] = {}
try:
    _imported["pyroute2"] = _empty_package()
    _check(_imported["pyroute2"])
except ImportError as error:
    MISSING = error


class _Missing:
    """Stands in for every class, so that our files can be read without pyroute2."""

    nla_map = ()


def __getattr__(name: str) -> t.Any:
    """Return one of the classes of messages about links, addresses, routes and nsids."""
    if name not in CLASSES:
        raise AttributeError(name)
    found = globals()[name] = pyroute2_class(f"pyroute2.netlink.rtnl.{name}", name)
    return found


def pyroute2_class(module: str, name: str) -> t.Any:
    """Return another class of pyroute2, for what few tasks deal with."""
    if MISSING is not None:
        return _Missing
    try:
        with isolated_pyroute2():
            return getattr(importlib.import_module(module), name)
    except ImportError as error:
        raise NetnsError(f"This pyroute2 cannot be used: {error}") from error


__all__ = ("MISSING", "TooOld", "pyroute2_class")
