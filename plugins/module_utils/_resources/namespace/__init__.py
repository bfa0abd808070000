# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Network namespaces: ip-netns(8)."""

from __future__ import annotations

import typing as t

from ..._core.resource import Handlers, Resource

if t.TYPE_CHECKING:
    from ..._core.host_state import HostState
    from ..._core.operation import Operation


class NamespaceResource(Resource):
    """Network namespaces: ip-netns(8)."""

    name = "namespace"

    def release(self, now: HostState, plan: t.Any) -> None:
        # Links whose other end is in a deleted namespace are there until that is released.
        from ..link.simulate import take_away

        going = plan.host.unreleased()
        if going:
            take_away(now, going, plan.host)

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY

    def leftovers(self, was: HostState, now: HostState, step: Operation) -> t.Iterable[str]:
        from .leftovers import leftovers

        return leftovers(was, now, step)


RESOURCE = NamespaceResource()
