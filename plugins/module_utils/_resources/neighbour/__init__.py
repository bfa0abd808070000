# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Neighbours and proxies: ip-neighbour(8)."""

from __future__ import annotations

import typing as t

from ..._core.resource import Handlers, Reading, Resource

if t.TYPE_CHECKING:
    from ..._core.host_state import Link
    from .state import Neighbour


class NeighbourResource(Resource):
    """Neighbours and proxies: ip-neighbour(8)."""

    name = "neighbour"

    def read(self, reading: Reading) -> None:
        from ..._core.host_state import phrase
        from .kernel_read import neighbours

        namespace, asked = reading.namespace, reading.scope.neighbours
        wanted = asked and asked | reading.marked
        if wanted is None or wanted & namespace.links.keys():
            namespace.neighbours = neighbours(
                reading.sock, phrase(namespace.key), namespace.links, wanted
            )

    def details(self, kernel: t.Any, key: str, link: Link, *more: int) -> list[Neighbour]:
        """Return the neighbours of a link, and what it answers for."""
        from ..._core.host_state import phrase
        from .kernel_read import neighbours

        return neighbours(kernel.socket(key), phrase(key), {link.name: link}, {link.name})

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY


RESOURCE = NeighbourResource()
