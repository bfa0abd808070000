# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on the table of nftables that masquerades."""

from __future__ import annotations

import shlex

from ..._core.host_state import phrase
from ..._core.operation import Operation
from ..._core.record import dataclass
from . import RESOURCE
from .state import Masquerade


@dataclass(frozen=True)
class SetMasquerade(Operation):
    """Put a table in the place of the one of its name, at once; ``new`` is None to remove it."""

    resource = RESOURCE

    netns: str
    table: str
    new: Masquerade | None
    old: Masquerade | None

    def inverse(self) -> Operation:
        return SetMasquerade(self.netns, self.table, self.old, self.new)

    def script(self) -> str:
        """Return the transaction as nft(8) takes it.

        What is added first can be deleted, be it there or not: so no rule is ever there twice.
        """
        lines = [f"add table inet {self.table}", f"delete table inet {self.table}"]
        return "; ".join([*lines, self.new.ruleset()] if self.new else lines)

    def command(self) -> str:
        line = f"nft {shlex.quote(self.script())}"
        if not self.netns:
            return line
        if self.netns.startswith("/"):
            return f"nsenter --net={shlex.quote(self.netns)} {line}"
        return f"ip netns exec {shlex.quote(self.netns)} {line}"

    def phrase(self) -> str:
        verb = "set" if self.new else "remove"
        return f"{verb} the nftables table {self.table} {phrase(self.netns)}"
