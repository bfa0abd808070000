# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From an operation to the messages and system calls that do it."""

from __future__ import annotations

import typing as t

from .._core.operation import Operation
from .._core.resource import Handlers

_known: Handlers = {}  # of those looked up before: a plan may have thousands of steps


def apply(kernel: t.Any, step: Operation) -> None:
    """Ask the kernel for an operation. Raises OSError or KernelError if that is refused."""
    applier = _known.get(type(step))
    if applier is None:
        applier = _known[type(step)] = step.resource.appliers()[type(step)]
    applier(kernel, step)
