# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Find the namespace that a name refers to."""

from __future__ import annotations

import errno
import os
import time

from .._core.errors import BadInput, KernelError, no_namespace
from .._core.host_state import HERE
from . import netns_files

YOUNG = 1.0  # seconds: a file without a mount that is younger may be a namespace in creation
POLL = 0.002


def resolve(place: str, follow: bool = True) -> tuple[str, str, str]:
    """Return the key of a namespace, its state (present, absent, stale or foreign), and a
    description of what occupies its name if that is neither a namespace nor its file.

    With ``follow``, a symbolic link refers to its target, as for iproute2, and digits that are not
    a name refer to a process.
    """
    if place == HERE:
        return HERE, "present", ""
    if place.startswith("/"):
        return place, _state_of_path(place), ""
    found = state(place)
    if found == "foreign":
        from . import foreign_files

        real = foreign_files.link_target(place) if follow else None
        if real is None:
            return place, found, foreign_files.describe(place)
        return real, "present", foreign_files.describe(place) if real == place else ""
    process = f"/proc/{place}/ns/net"
    if found != "absent" or not follow or not place.isascii() or not place.isdigit():
        return place, found, ""
    if os.path.lexists(process):
        return process, _state_of_path(process), ""
    return place, found, ""


def _state_of_path(path: str) -> str:
    try:
        fd = netns_files.open_namespace(path)
    except FileNotFoundError:
        raise BadInput(no_namespace(path)) from None
    except OSError as error:
        raise KernelError(error.errno or errno.EIO, f"open namespace {path}") from error
    if fd is None:
        raise BadInput(f"{path} is not a network namespace; correct the path")
    os.close(fd)
    return "present"


def state(name: str) -> str:
    """Return whether a name under /run/netns is present, absent, stale or foreign_files."""
    deadline = time.monotonic() + YOUNG
    while True:
        try:
            fd = netns_files.open_namespace(netns_files.path(name), follow=False)
        except FileNotFoundError:
            return "absent"
        except OSError as error:
            raise KernelError(error.errno or errno.EIO, f"open namespace {name}") from error
        if fd is not None:
            os.close(fd)
            return "present"
        from .foreign_files import describe

        if describe(name):
            return "foreign"
        # Creating a namespace puts the file first and mounts on it a moment later.
        if time.monotonic() > deadline or not netns_files.is_young(name, YOUNG):
            return "stale"
        time.sleep(POLL)
