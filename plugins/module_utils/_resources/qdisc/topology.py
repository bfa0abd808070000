# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Queueing disciplines in a topology."""

from __future__ import annotations

import typing as t

from ..._core.host_state import NamespaceState
from ..._core.record import replace
from ..._core.topology_list import At, Key, Options, TopologyList, entries_of
from . import RESOURCE
from .state import Qdisc


class Qdiscs(TopologyList):
    """The list ``qdiscs``."""

    name, noun, fields, stage = "qdiscs", "queueing discipline", ("qdiscs",), 1

    def option(self) -> dict[str, t.Any]:
        from .options import SPEC

        return entries_of(SPEC)

    def label(self, options: Options) -> str:
        return str(options["link"])

    def read(self, options: Options, mark: t.Any) -> tuple[t.Any, tuple[At, ...]]:
        from .spec import QdiscSpec

        return QdiscSpec.of(options), ()

    def planner(self, spec: t.Any) -> t.Callable[[t.Any, t.Any], None]:
        from .plan import plan

        return plan

    def links(self, spec: t.Any) -> set[str]:
        return {spec.link}

    def listed(self, spec: t.Any) -> t.Iterator[tuple[Key, str]]:
        yield ("qdisc", spec.link, spec.parent), f"the queueing discipline of {spec.link}"

    def scope(self, specs: t.Sequence[t.Any], everywhere: bool) -> dict[str, t.Any]:
        return {"resources": (RESOURCE,)} if specs else {}

    def things(self, namespace: NamespaceState) -> dict[Key, t.Any]:
        return {(each.link, each.parent): each for each in namespace.qdiscs}

    def differs(self, old: Qdisc | None, new: Qdisc | None) -> bool:
        if old is None or new is None:
            return old is not new
        return bool(old != _as_planned(old, new))

    def identity(self, key: Key, thing: Qdisc) -> str:
        return f"of {thing.link}"


def _as_planned(old: Qdisc, new: Qdisc) -> Qdisc:
    """Return a queueing discipline without the attributes that a plan leaves to the kernel: a
    netem shows its seed since Linux 6.6, a fq_codel its memory limit."""
    options: t.Any = new.options
    if old.options is None or type(old.options) is not type(options) or old.options.extra:
        return new
    return replace(new, options=replace(options, extra=b""))


QDISCS = Qdiscs()
