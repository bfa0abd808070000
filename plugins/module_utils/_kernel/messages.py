# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The one place that imports pyroute2, and of it only the message classes.

`import pyroute2` runs the package's __init__, which loads all of its APIs: about 100 ms that every
task would pay. The message classes alone take about 20 ms, so they are imported below a package
that has a path but no contents, and the package's name is left free for whoever wants all of it.
"""

from __future__ import annotations

import importlib.util
import sys
import types

OLDEST = (0, 7, 2)  # Debian 12's


class TooOld(ImportError):
    """A pyroute2 is there, but its message classes are not the ones that we need."""


def _bare() -> types.ModuleType:
    """Return pyroute2 as a package without contents."""
    spec = importlib.util.find_spec("pyroute2")
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError("No module named 'pyroute2'")
    bare = types.ModuleType("pyroute2")
    bare.__path__ = list(spec.submodule_search_locations)
    return bare


def _check(version: str) -> None:
    if tuple(int(part) for part in version.split(".")[:3] if part.isdigit()) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise TooOld(f"pyroute2 {version} is too old: {oldest} or newer is needed")


_borrowed = "pyroute2" not in sys.modules
if _borrowed:
    sys.modules["pyroute2"] = _bare()
try:
    try:
        from pyroute2.config.version import __version__ as VERSION
    except ImportError:
        raise TooOld("This pyroute2 is too old: it does not tell its version") from None
    _check(VERSION)
    from pyroute2.netlink import nlmsg
    from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg
    from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg
    from pyroute2.netlink.rtnl.nsidmsg import nsidmsg
    from pyroute2.netlink.rtnl.rtmsg import rtmsg
finally:
    if _borrowed:
        del sys.modules["pyroute2"]

__all__ = ("VERSION", "TooOld", "ifaddrmsg", "ifinfmsg", "nlmsg", "nsidmsg", "rtmsg")
