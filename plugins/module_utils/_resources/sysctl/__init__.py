# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Kernel parameters of a namespace: sysctl(8)."""

from __future__ import annotations

import typing as t

from ..._core.resource import Handlers, Reading, Resource

if t.TYPE_CHECKING:
    from ..._core.host_state import HostState, NamespaceState
    from ..._core.operation import Operation


class SysctlResource(Resource):
    """Kernel parameters of a namespace: sysctl(8)."""

    name = "sysctl"

    def read(self, reading: Reading) -> None:
        from .kernel_read import of_socket

        scope = reading.scope
        if scope.sysctls:
            keys = (*scope.sysctls, *scope.of_marked(reading.marked))
            reading.namespace.sysctls = of_socket(reading.sock, keys)

    def inherit(self, namespace: NamespaceState, scope: t.Any) -> None:
        from .kernel_read import of_new

        namespace.sysctls = of_new(scope.sysctls)

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY

    def leftovers(self, was: HostState, now: HostState, step: Operation) -> t.Iterable[str]:
        from .leftovers import leftovers

        return leftovers(was, now, step)


RESOURCE = SysctlResource()
