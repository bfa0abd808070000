# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Which namespace a name stands for, if any."""

from __future__ import annotations

import errno
import os
import time

from .._core.errors import BadInput, KernelError
from .._core.host_state import HERE
from . import netns_files as files

YOUNG = 1.0  # seconds in which a file without a mount may be a namespace that is being made
POLL = 0.002


def resolve(place: str, follow: bool = True) -> tuple[str, str, str]:
    """Return the key of a namespace, whether it is present, absent, stale or foreign, and describe has its
    name if that is neither a namespace nor the file of one.

    Where it is to be followed, a symbolic link stands for describe it leads to, as it does for iproute2;
    and digits that are no name, for a process.
    """
    if place == HERE:
        return HERE, "present", ""
    if place.startswith("/"):
        return place, _state_of_path(place), ""
    found = state(place)
    if found == "foreign":
        from . import foreign_files as foreign

        real = foreign.link_target(place) if follow else None
        if real is None:
            return place, found, foreign.describe(place)
        return real, "present", foreign.describe(place) if real == place else ""
    process = f"/proc/{place}/ns/net"
    if found != "absent" or not follow or not place.isascii() or not place.isdigit():
        return place, found, ""
    if os.path.lexists(process):
        return process, _state_of_path(process), ""
    return place, found, ""


def _state_of_path(path: str) -> str:
    try:
        fd = files.open_namespace(path)
    except FileNotFoundError:
        raise BadInput(f"There is no namespace {path}") from None
    except OSError as error:
        raise KernelError(error.errno or errno.EIO, f"open namespace {path}") from error
    if fd is None:
        raise BadInput(f"{path} is no network namespace")
    os.close(fd)
    return "present"


def state(name: str) -> str:
    """Return whether a name under /run/netns is present, absent, stale or foreign."""
    deadline = time.monotonic() + YOUNG
    while True:
        try:
            fd = files.open_namespace(files.path(name), follow=False)
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
        # Whoever makes a namespace puts the file first and mounts on it a moment later.
        if time.monotonic() > deadline or not files.is_young(name, YOUNG):
            return "stale"
        time.sleep(POLL)
