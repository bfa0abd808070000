# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""How many descriptors may be open: the limit of the process (RLIMIT_NOFILE), and how it is raised."""

from __future__ import annotations

import contextlib
import os
import resource

SPARE = 24  # for what is open only for a moment, and the watch over deleted namespaces
AT_LEAST = 8  # handles: with fewer, one would be closed that is in use
AT_MOST = 4096

Limits = tuple[int, int]


def limits() -> Limits:
    """Return the soft and the hard limit."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)


def restore(was: Limits) -> None:
    """Put back the limits."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, was)


def at_most(ours: int, needed: int) -> int:
    """Return how many handles may be open at a time, where ``ours`` are; the limit is raised, as far as
    that is allowed, if these are fewer than are needed."""
    limit, hard = limits()
    if limit == resource.RLIM_INFINITY:
        return max(AT_MOST, needed)
    others = max(0, len(os.listdir("/proc/self/fd")) - ours) + SPARE
    most = limit - others
    if needed > most:
        most = _raised(limit, hard, 2 * needed + others, needed + others) - others
    return max(AT_LEAST, needed if needed > AT_MOST and needed <= most else min(most, AT_MOST))


def _raised(limit: int, hard: int, wanted: int, needed: int) -> int:
    """Raise the limit to what is wanted or at least needed; return what it is then."""
    endless = hard == resource.RLIM_INFINITY
    for goal in dict.fromkeys((wanted if endless else min(wanted, hard), wanted, needed)):
        if goal <= limit:
            continue
        # Above the hard limit, with CAP_SYS_RESOURCE alone, and never above fs.nr_open.
        with contextlib.suppress(OSError, ValueError):
            top = hard if endless else max(goal, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (goal, top))
            if goal >= needed:
                return goal
            limit = goal
    return limit
