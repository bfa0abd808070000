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
        scope, space = reading.scope, reading.space
        wanted = scope.kinds | reading.marked if scope.kinds else scope.kinds
        for name in wanted & space.links.keys():
            if space.links[name].kind == "wireguard":
                from .kernel import read

                space.wireguards[name] = read(reading.kernel, space.key, name)

    def simulators(self) -> Handlers:
        from .simulate import EFFECTS

        return EFFECTS

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY


RESOURCE = WireguardResource()
