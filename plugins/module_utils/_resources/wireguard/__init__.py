# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Configuration of WireGuard links: wg(8)."""

from __future__ import annotations

from ..._core.resource import Handlers, Reading, Resource


class WireguardResource(Resource):
    """Configuration of WireGuard links: wg(8)."""

    name = "wireguard"
    unread = True

    def read(self, reading: Reading) -> None:
        scope, namespace = reading.scope, reading.namespace
        wanted = scope.kinds | reading.marked if scope.kinds else scope.kinds
        for name in wanted & namespace.links.keys():
            if namespace.links[name].kind == "wireguard":
                from .kernel import read

                namespace.wireguards[name] = read(reading.kernel, namespace.key, name)

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY


RESOURCE = WireguardResource()
