# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Yield the files that differ from before after an operation was rolled back."""

from __future__ import annotations

import typing as t

from ..._core.host_state import HostState
from ..._core.operation import Operation


def leftovers(was: HostState, now: HostState, step: Operation) -> t.Iterator[str]:
    """Yield the files that differ from before after an operation was rolled back."""
    file = getattr(step, "file", None)  # None for the directory
    for name, etc in was.etc.items():
        there = now.etc[name]
        if file is None and there.folder != etc.folder:
            yield f"the directory {etc.path} is not as it was"
        elif file is not None and there.files.get(file) != etc.files.get(file):
            yield f"{etc.path}/{file} is not as it was"
