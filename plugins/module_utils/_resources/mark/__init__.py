# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Ownership marks: altnames of links, by which a topology recognises what it made."""

from __future__ import annotations

from ..._core.resource import Handlers, Resource


class MarkResource(Resource):
    """Ownership marks: altnames of links, by which a topology recognises what it made."""

    name = "mark"

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY


RESOURCE = MarkResource()
