# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What operations do to the state of a host, their side effects included, without doing it.

Check mode is based on this: what is stated here of an operation is what the kernel must show after it.
"""

from __future__ import annotations

from .host_state import HostState
from .operation import Operation
from .resource import Handlers

_known: Handlers = {}  # of those looked up before: a plan may have thousands of steps


def simulate(state: HostState, step: Operation) -> None:
    """Change the state as the operation would."""
    effect = _known.get(type(step))
    if effect is None:
        effect = _known[type(step)] = step.resource.simulators()[type(step)]
    effect(state, step)
