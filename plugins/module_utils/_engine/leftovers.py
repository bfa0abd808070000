# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What is not as it was before a plan that was rolled back, but for what a snapshot restores."""

from __future__ import annotations

import typing as t

from .._core.host_state import HostState
from .._core.operation import Operation


def differences(was: HostState, now: HostState, done: t.Iterable[Operation]) -> list[str]:
    """Return a phrase for each thing that the operations dealt with, and for no other.

    What others changed meanwhile is theirs.
    """
    found: dict[str, None] = {}
    for step in done:
        found.update(dict.fromkeys(step.resource.leftovers(was, now, step)))
    return list(found)
