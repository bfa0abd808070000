# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Routing policy rules: ip-rule(8)."""

from __future__ import annotations

import typing as t

from ..._core.resource import Handlers, Reading, Resource

if t.TYPE_CHECKING:
    from ..._core.host_state import NamespaceState


class RuleResource(Resource):
    """Routing policy rules: ip-rule(8)."""

    name = "rule"

    def read(self, reading: Reading) -> None:
        from ..._core.host_state import phrase
        from .kernel_read import rules

        reading.namespace.rules = rules(reading.sock, phrase(reading.namespace.key))

    def inherit(self, namespace: NamespaceState, scope: t.Any) -> None:
        from .state import RULES_OF_NEW_NAMESPACE

        namespace.rules = list(RULES_OF_NEW_NAMESPACE)

    def simulators(self) -> Handlers:
        from .simulate import SIMULATE

        return SIMULATE

    def appliers(self) -> Handlers:
        from .kernel import APPLY

        return APPLY


RESOURCE = RuleResource()
