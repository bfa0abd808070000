# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Queueing disciplines and classes: tc(8)."""

from __future__ import annotations

import typing as t

from ..._core.resource import Handlers, Reading, Resource

if t.TYPE_CHECKING:
    from ..._core.host_state import Link
    from .state import Filter


class QdiscResource(Resource):
    """Queueing disciplines and classes: tc(8)."""

    name = "qdisc"

    def read(self, reading: Reading) -> None:
        from ..._core.host_state import phrase
        from .kernel_read import qdiscs

        namespace = reading.namespace
        namespace.qdiscs = qdiscs(reading.sock, phrase(namespace.key), reading.by_index)

    def details(self, kernel: t.Any, key: str, link: Link, *parents: int) -> list[Filter]:
        """Return the filters at queueing disciplines and classes of a link."""
        from ..._core.host_state import phrase
        from .kernel_read import filters

        if not link.index:
            return []
        return filters(kernel.socket(key), f"of {link.name} {phrase(key)}", link.index, parents)

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY


RESOURCE = QdiscResource()
