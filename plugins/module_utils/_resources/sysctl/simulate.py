# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on kernel parameters.

Side effects are not simulated: the planner writes desired parameters again that a write may change.
"""

from __future__ import annotations

from ..._core.host_state import HostState
from ..._core.resource import Handlers
from . import operations as op
from . import state as sysctl
from .state import Sysctl


def _write_sysctl(host: HostState, step: op.WriteSysctl) -> None:
    namespace = host.namespaces[step.netns]
    for key, value in ((step.key, step.new), *step.also):
        namespace.sysctls[key] = Sysctl(sysctl.kept(key, value))


SIMULATE: Handlers = {op.WriteSysctl: _write_sysctl}
