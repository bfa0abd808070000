# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Routes: ip-route(8)."""

from __future__ import annotations

import typing as t

from ..._core.resource import Handlers, Reading, Resource

if t.TYPE_CHECKING:
    from ..._core.host_state import NamespaceState, Route


class RouteResource(Resource):
    """Routes: ip-route(8)."""

    name = "route"

    def read(self, reading: Reading) -> None:
        from ..._core.host_state import phrase
        from .kernel_read import ALL_TABLES, routes

        namespace, scope, by_index = reading.namespace, reading.scope, reading.by_index
        for table in scope.tables or (ALL_TABLES,):
            namespace.routes += routes(
                reading.sock,
                phrase(namespace.key),
                by_index,
                scope.local_routes,
                table,
                scope.kernel_routes,
            )

    def is_own(self, owned: t.Any, netns: str, thing: Route, spec: t.Any) -> bool:
        # Whoever states a protocol means the routes that bear it.
        stated = {route.proto for route in getattr(spec, "routes", ())}
        return thing.proto in {str(owned.topology_mark.number), *stated}

    def is_back(self, namespace: NamespaceState, thing: Route) -> bool:
        return thing in namespace.routes

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY


RESOURCE = RouteResource()
