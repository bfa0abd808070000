# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Name resolution files of a namespace under /etc/netns: ip-netns(8)."""

from __future__ import annotations

import typing as t

from ..._core.resource import Handlers, Resource

if t.TYPE_CHECKING:
    from ..._core.host_state import HostState
    from ..._core.operation import Operation


class DnsResource(Resource):
    """Name resolution files of a namespace under /etc/netns: ip-netns(8)."""

    name = "dns"

    def read_host(self, kernel: t.Any, scope: t.Any, state: HostState) -> None:
        from .kernel_read import etc

        state.etc = {name: etc(name) for name in scope.dns}

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY

    def leftovers(self, was: HostState, now: HostState, step: Operation) -> t.Iterable[str]:
        from .leftovers import leftovers

        return leftovers(was, now, step)


RESOURCE = DnsResource()
