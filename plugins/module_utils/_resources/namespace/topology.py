# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Namespaces in a topology."""

from __future__ import annotations

import typing as t

from ..._core.record import replace
from ..._core.topology_list import At, Options, TopologyList, entries_of, first_of

if t.TYPE_CHECKING:
    from ..._core.host_state import NamespaceState


class Namespaces(TopologyList):
    """The list ``namespaces``."""

    name, noun = "namespaces", "namespace"

    def option(self) -> dict[str, t.Any]:
        from .options import SPEC

        return entries_of(SPEC, "wait", "timeout")

    def label(self, options: Options) -> str:
        return first_of(options["name"])

    def read(self, options: Options, mark: t.Any) -> tuple[t.Any, tuple[At, ...]]:
        from .spec import NetnsSpec

        return replace(NetnsSpec.of(options), mark=mark.made), ()

    def planner(self, spec: t.Any) -> t.Callable[[t.Any, t.Any], None]:
        from .plan import plan

        return plan

    def places(self, spec: t.Any) -> list[str]:
        return list(spec.names)

    def home(self, spec: t.Any) -> str | None:
        return None

    def scope(self, specs: t.Sequence[t.Any], everywhere: bool) -> dict[str, t.Any]:
        numbered = any(spec.nsid is not None for spec in specs)
        named = frozenset(name for spec in specs for name in spec.names)
        return {"numbers": numbered, "nsids": numbered, "named": named}

    def shown(self, thing: NamespaceState) -> dict[str, t.Any]:
        lo = thing.links.get("lo")
        return {"state": thing.state, "lo_up": None if lo is None else lo.up}


NAMESPACES = Namespaces()
