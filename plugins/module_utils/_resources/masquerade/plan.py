# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operation that turns the nftables table into the desired one."""

from __future__ import annotations

from ..._core.errors import Conflict
from ..._core.host_state import phrase
from ..._core.plan_builder import Draft
from .operations import SetMasquerade
from .state import MasqueradeSpec


def plan(draft: Draft, desired: MasqueradeSpec) -> None:
    """Plan one table."""
    space = draft.space(desired.place) if desired.present else draft.world.at(desired.place)
    table = desired.wanted.table
    has = space.masquerades.get(table)
    if has is not None and has.foreign:
        raise Conflict(
            f"nftables table {table} {phrase(space.key)} cannot be changed: it holds {has.foreign}"
            " rules or chains that this module did not make. Remove them, or use another name"
        )
    wanted = desired.wanted if desired.present else None
    if has != wanted:
        draft.add(SetMasquerade(space.key, table, wanted, has))
