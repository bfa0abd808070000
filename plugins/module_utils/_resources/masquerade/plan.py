# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operation that turns the nftables table into the desired one."""

from __future__ import annotations

from ..._core.errors import Conflict
from ..._core.host_state import phrase
from ..._core.plan_builder import PlanBuilder
from .operations import SetMasquerade
from .state import MasqueradeSpec


def plan(builder: PlanBuilder, desired: MasqueradeSpec) -> None:
    """Plan one table."""
    namespace = (
        builder.namespace(desired.place) if desired.present else builder.host.at(desired.place)
    )
    table = desired.wanted.table
    has = namespace.masquerades.get(table)
    if has is not None and has.foreign:
        raise Conflict(
            f"nftables table {table} {phrase(namespace.key)} cannot be changed: it holds {has.foreign}"
            " rules or chains that this module did not make. Remove them, or use another name"
        )
    wanted = desired.wanted if desired.present else None
    if has != wanted:
        builder.add(SetMasquerade(namespace.key, table, wanted, has))
