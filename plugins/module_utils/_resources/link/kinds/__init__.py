# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Links of a kind, and what is particular to it: ip-link(8)."""

from __future__ import annotations

import typing as t

from ...._core.resource import Handlers, Reading, Resource
from .. import RESOURCE as LINK

if t.TYPE_CHECKING:
    from ...._core.host_state import Link
    from ...._core.operation import Operation


class KindResource(Resource):
    """Links of a kind, and what is particular to it: ip-link(8)."""

    name = "kind"
    acts_on_links = limited = True

    def read(self, reading: Reading) -> None:
        if reading.scope.kinds and any(
            each.info.keys() & {"data", "port"} for each in reading.found
        ):
            from .kernel_read import details

            wanted = reading.scope.kinds | reading.marked
            details(reading.namespace, reading.found, reading.sock, wanted)

    def is_own(self, owned: t.Any, netns: str, thing: Link, spec: t.Any) -> bool:
        return LINK.is_own(owned, netns, thing, spec)

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY

    def check(self, plan: t.Any, step: Operation) -> None:
        from .limits import check

        check(plan, step)


RESOURCE = KindResource()
