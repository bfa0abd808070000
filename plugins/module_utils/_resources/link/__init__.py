# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Links of whatever kind: ip-link(8)."""

from __future__ import annotations

import typing as t

from ..._core.resource import Handlers, Resource

if t.TYPE_CHECKING:
    from ..._core.host_state import Link
    from ..._core.operation import Operation


class LinkResource(Resource):
    """Links of whatever kind: ip-link(8)."""

    name = "link"
    acts_on_links = limited = True

    def losses(
        self, kernel: t.Any, plan: t.Any, links: t.Iterable[tuple[str, str]]
    ) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
        from .losses import losses

        return losses(kernel, plan, links)

    def is_own(self, owned: t.Any, netns: str, thing: Link, spec: t.Any) -> bool:
        before = owned.link_before(netns, thing.name)
        forced = getattr(spec, "force", False)
        return before is None or owned.topology_mark.is_on(before) or bool(forced)

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY

    def check(self, plan: t.Any, step: Operation) -> None:
        from .limits import check

        check(plan, step)


RESOURCE = LinkResource()
