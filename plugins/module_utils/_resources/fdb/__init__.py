# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Forwarding database entries of bridges and VXLAN devices: bridge(8)."""

from __future__ import annotations

from ..._core.resource import Handlers, Reading, Resource


class FdbResource(Resource):
    """Forwarding database entries of bridges and VXLAN devices: bridge(8)."""

    name = "fdb"

    def read(self, reading: Reading) -> None:
        from .kernel_read import forwards

        wanted = reading.scope.fdb | reading.marked
        if reading.scope.fdb and wanted & reading.namespace.links.keys():
            forwards(reading.sock, reading.namespace, reading.found, wanted)

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY


RESOURCE = FdbResource()
