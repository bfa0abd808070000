# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Kernel parameters in a topology."""

from __future__ import annotations

import typing as t

from ..._core.host_state import NamespaceState
from ..._core.record import replace
from ..._core.topology_list import At, Key, Options, TopologyList, entries_of, first_of
from . import RESOURCE, state
from .state import Sysctl


class Sysctls(TopologyList):
    """The list ``sysctls``: before the links that are made with them, but for those of a link."""

    name, noun, fields, stage, inherited = "sysctls", "parameter", ("sysctls",), -1, True

    def option(self) -> dict[str, t.Any]:
        from .options import RULES, SPEC

        return entries_of(SPEC, rules=RULES)

    def label(self, options: Options) -> str:
        return options["name"] or first_of(list(options["sysctls"] or ()))

    def read(self, options: Options, mark: t.Any) -> tuple[t.Any, tuple[At, ...]]:
        from .spec import SysctlsSpec

        return SysctlsSpec.of(options), ()

    def planner(self, spec: t.Any) -> t.Callable[[t.Any, t.Any], None]:
        from .plan import plan

        return plan

    def split(self, spec: t.Any) -> tuple[t.Any, t.Any]:
        early = tuple(each for each in spec.values if _is_early(each[0]))
        late = tuple(each for each in spec.values if not _is_early(each[0]))
        return (
            replace(spec, values=early) if early else None,
            replace(spec, values=late) if late else None,
        )

    def listed(self, spec: t.Any) -> t.Iterator[tuple[Key, str]]:
        for key, _value in spec.values:
            yield ("sysctl", key), f"parameter {key}"

    def scope(self, specs: t.Sequence[t.Any], everywhere: bool) -> dict[str, t.Any]:
        keys = tuple(dict.fromkeys(key for spec in specs for key in spec.keys))
        return {"resources": (RESOURCE,), "sysctls": keys} if keys else {}

    def things(self, namespace: NamespaceState) -> dict[Key, t.Any]:
        return {(key,): each for key, each in namespace.sysctls.items()}

    def stated(self, spec: t.Any) -> t.Iterator[Key]:
        for key, _value in spec.values:
            yield (key,)

    def identity(self, key: Key, thing: Sysctl) -> str:
        return state.shown(key[1])

    def shown(self, thing: Sysctl) -> dict[str, t.Any]:
        return {"value": thing.value}


def _is_early(key: str) -> bool:
    found = state.of(key)
    return found is None or found.link is None or found.link == "lo"


SYSCTLS = Sysctls()
