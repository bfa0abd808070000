# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read and raise the limit of open file descriptors of this process (RLIMIT_NOFILE)."""

from __future__ import annotations

import contextlib
import os
import resource

SPARE = 24  # for short-lived descriptors and for watching deletions
AT_LEAST = 8  # handles: with fewer, one in use would be closed
AT_MOST = 4096

Limits = tuple[int, int]


def limits() -> Limits:
    """Return the soft and the hard limit."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)


def restore(was: Limits) -> None:
    """Restore the limits."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, was)


def at_most(ours: int, needed: int) -> int:
    """Return how many handles may be open at a time besides ``ours``; raise the limit, as far as
    allowed, if fewer than needed."""
    limit, hard = limits()
    if limit == resource.RLIM_INFINITY:
        return max(AT_MOST, needed)
    others = max(0, len(os.listdir("/proc/self/fd")) - ours) + SPARE
    most = limit - others
    if needed > most:
        most = _raised(limit, hard, 2 * needed + others, needed + others) - others
    return max(AT_LEAST, needed if needed > AT_MOST and needed <= most else min(most, AT_MOST))


def _raised(limit: int, hard: int, wanted: int, needed: int) -> int:
    """Raise the limit to ``wanted`` or at least ``needed``; return the new limit."""
    endless = hard == resource.RLIM_INFINITY
    for goal in dict.fromkeys((wanted if endless else min(wanted, hard), wanted, needed)):
        if goal <= limit:
            continue
        # Exceeding the hard limit needs CAP_SYS_RESOURCE; fs.nr_open is never exceeded.
        with contextlib.suppress(OSError, ValueError):
            top = hard if endless else max(goal, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (goal, top))
            if goal >= needed:
                return goal
            limit = goal
    return limit
