# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Yield what differs from before after an operation on a namespace was rolled back."""

from __future__ import annotations

import typing as t

from ..._core.host_state import HostState
from ..._core.operation import Operation


def leftovers(was: HostState, now: HostState, step: Operation) -> t.Iterator[str]:
    """Yield what differs from before after an operation on a namespace was rolled back."""
    key = getattr(step, "netns", "")
    if key in was.namespaces and key in now.namespaces:
        old, new = was.namespaces[key].state, now.namespaces[key].state
        if old != new:
            yield f"namespace {key} is {new}, was {old}"
