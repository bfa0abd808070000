# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Addresses of links: ip-address(8)."""

from __future__ import annotations

import typing as t

from ..._core.resource import Handlers, Reading, Resource

if t.TYPE_CHECKING:
    from ..._core.host_state import Address, NamespaceState
    from ..._core.operation import Operation


class AddressResource(Resource):
    """Addresses of links: ip-address(8)."""

    name = "address"
    limited = True

    def read(self, reading: Reading) -> None:
        from ..._core.host_state import phrase
        from .kernel_read import addresses, mark_tunnel_addresses

        namespace = reading.namespace
        namespace.addresses = addresses(reading.sock, phrase(namespace.key), reading.by_index)
        mark_tunnel_addresses(namespace)

    def losses(
        self, kernel: t.Any, plan: t.Any, links: t.Iterable[tuple[str, str]]
    ) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
        from ..link.losses import losses

        return losses(kernel, plan, links)

    def is_own(self, owned: t.Any, netns: str, thing: Address, spec: t.Any) -> bool:
        if thing.proto == 0 and not owned.tells_protocols():
            link = owned.link_before(netns, thing.link)
            return owned.made(netns) or link is None or owned.topology_mark.is_on(link)
        return bool(thing.proto == owned.topology_mark.number)

    def is_back(self, namespace: NamespaceState, thing: Address) -> bool:
        from ..._core.record import replace

        return any(
            replace(each, secondary=thing.secondary) == thing for each in namespace.addresses
        )

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY

    def check(self, plan: t.Any, step: Operation) -> None:
        from .limits import check

        check(plan, step)


RESOURCE = AddressResource()
