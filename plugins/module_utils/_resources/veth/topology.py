# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Pairs of veths in a topology."""

from __future__ import annotations

import typing as t

from ..._core.topology_list import At, Options, TopologyList, entries_of


class Veths(TopologyList):
    """The list ``veths``: its things are links, of which the list ``links`` knows."""

    name, noun = "veths", "veth"

    def option(self) -> dict[str, t.Any]:
        from .options import RULES, SPEC

        return entries_of(SPEC, rules=RULES)

    def label(self, options: Options) -> str:
        return str(options["name"])

    def read(self, options: Options, mark: t.Any) -> tuple[t.Any, tuple[At, ...]]:
        from ..link.spec import VethSpec

        peer = options["peer"]
        later = {**options, "up": options["up"] and None}
        if peer is not None:
            later["peer"] = {**peer, "up": peer["up"] and None}
        spec = VethSpec.of(later)
        ends = ((options, spec.near), (peer, spec.far))
        return spec, tuple((end.place, end.name) for given, end in ends if end and given["up"])

    def planner(self, spec: t.Any) -> t.Callable[[t.Any, t.Any], None]:
        from .plan import plan

        return plan

    def places(self, spec: t.Any) -> list[str]:
        return [end.place for end in spec.ends]

    def home(self, spec: t.Any) -> str | None:
        return None

    def ends(self, spec: t.Any) -> list[At]:
        return [(end.place, end.name) for end in spec.ends]


VETHS = Veths()
