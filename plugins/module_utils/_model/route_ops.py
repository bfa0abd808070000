# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on routes."""

from __future__ import annotations

from .operation import Operation, ip
from .record import dataclass
from .world import Route, phrase


@dataclass(frozen=True)
class AddRoute(Operation):
    """Put back a route that fell with an address or a link."""

    family = "route"

    netns: str
    route: Route

    def inverse(self) -> Operation:
        return DeleteRoute(self.netns, self.route)

    def command(self) -> str:
        return ip(self.netns, *self._words("add"))

    def _words(self, verb: str) -> list[str]:
        route = self.route
        words = [f"-{route.version}", "route", verb]
        words += [route.type] if route.type != "unicast" else []
        words += [route.dst]
        stated = (
            ("via", route.via),
            ("dev", route.dev),
            ("src", route.src),
            ("metric", str(route.metric) if route.metric else None),
            ("table", str(route.table) if route.table != 254 else None),
            ("proto", route.proto if route.proto != "boot" else None),
        )
        for key, value in stated:
            words += [key, value] if value else []
        return words

    def phrase(self) -> str:
        return f"add the route {' '.join(self._words('add')[3:])} {phrase(self.netns)}"


@dataclass(frozen=True)
class DeleteRoute(Operation):
    """Take a route away; only ever an undo."""

    family = "route"

    netns: str
    route: Route

    def inverse(self) -> Operation:
        return AddRoute(self.netns, self.route)

    def command(self) -> str:
        return AddRoute(self.netns, self.route).command().replace(" route add ", " route del ")

    def phrase(self) -> str:
        said = AddRoute(self.netns, self.route).phrase()
        return said.replace("add the route", "delete the route", 1)
