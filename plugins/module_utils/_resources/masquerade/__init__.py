# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""An nftables table that masquerades (source NAT): nft(8)."""

from __future__ import annotations

from ..._core.resource import Handlers, Reading, Resource


class MasqueradeResource(Resource):
    """An nftables table that masquerades (source NAT): nft(8)."""

    name = "masquerade"
    unread = True

    def read(self, reading: Reading) -> None:
        from .kernel import read

        name = reading.scope.masquerade
        found = read(reading.kernel, reading.namespace.key, name)
        reading.namespace.masquerades = {name: found} if found else {}

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY


RESOURCE = MasqueradeResource()
