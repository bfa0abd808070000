# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Restore the settings of a rebuilt link or qdisc as the kernel showed them before."""

from __future__ import annotations

from ..._core.resource import Handlers, Resource


class RebuildResource(Resource):
    """Restore the settings of a rebuilt link or qdisc as the kernel showed them before."""

    name = "rebuild"

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY


RESOURCE = RebuildResource()
