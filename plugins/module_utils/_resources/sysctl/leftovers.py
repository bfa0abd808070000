# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Yield the kernel parameters that differ from before after an operation was rolled back."""

from __future__ import annotations

import typing as t

from ..._core.host_state import HostState, phrase
from ..._core.operation import Operation
from . import state as sysctl
from .operations import WriteSysctl


def leftovers(was: HostState, now: HostState, step: Operation) -> t.Iterator[str]:
    """Yield the kernel parameters that differ from before after an operation was rolled back."""
    if not isinstance(step, WriteSysctl):
        return
    there = now.namespaces[step.netns].sysctls if step.netns in now.namespaces else {}
    for key in (step.key, *(each for each, _value in step.around)):
        old, new = was.namespaces[step.netns].sysctls[key], there.get(key)
        if new is not None and new.value != old.value:
            name = sysctl.shown(key)
            yield f"{name} {phrase(step.netns)} is {new.value!r}, was {old.value!r}"
