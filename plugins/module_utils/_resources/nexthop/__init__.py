# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Nexthop objects: ip-nexthop(8)."""

from __future__ import annotations

import typing as t

from ..._core.resource import Handlers, Reading, Resource

if t.TYPE_CHECKING:
    from ..._core.host_state import HostState, Link, NamespaceState


class NexthopResource(Resource):
    """Nexthop objects: ip-nexthop(8). They are the namespace's ``others`` of this name."""

    name = "nexthop"

    def read(self, reading: Reading) -> None:
        from ..._core.host_state import phrase
        from .kernel_read import nexthops

        where = phrase(reading.namespace.key)
        reading.namespace.others[self.name] = nexthops(reading.sock, where, reading.by_index)
        reading.namespace.followers += (self,)

    def inherit(self, namespace: NamespaceState, scope: t.Any) -> None:
        namespace.others[self.name] = ()
        namespace.followers += (self,)

    def link_fell(self, namespace: NamespaceState, name: str) -> None:
        from .simulate import lose

        lose(namespace, lambda nexthop: nexthop.dev == name)

    def link_is_back(
        self, plan: t.Any, netns: str, name: str, had: NamespaceState, old_name: str
    ) -> None:
        from .restore import put_back

        put_back(plan, netns, name, had, old_name)

    def release(self, now: HostState, plan: t.Any) -> None:
        from .restore import release

        release(now, plan)

    def link_renamed(self, namespace: NamespaceState, old: str, new: str) -> None:
        from .simulate import rename

        rename(namespace, old, new)

    def details(self, kernel: t.Any, key: str, link: Link, *more: int) -> list[t.Any]:
        """Return the routes of all tables that use nexthop objects, with ``more`` the forwarding
        entries."""
        from .kernel_read import forwards_by, routes_by

        return forwards_by(kernel, key) if more else routes_by(kernel, key)

    def is_back(self, namespace: NamespaceState, thing: t.Any) -> bool:
        return thing in namespace.others.get(self.name, ())

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY


RESOURCE = NexthopResource()
