# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on the nftables table that masquerades."""

from __future__ import annotations

import shlex

from ..._core.host_state import phrase
from ..._core.operation import Operation
from ..._core.record import dataclass
from . import RESOURCE
from .state import Masquerade


@dataclass(frozen=True)
class SetMasquerade(Operation):
    """Replace a table atomically, or remove it if ``new`` is None."""

    resource = RESOURCE

    netns: str
    table: str
    new: Masquerade | None
    old: Masquerade | None

    def inverse(self) -> Operation:
        return SetMasquerade(self.netns, self.table, self.old, self.new)

    def script(self) -> str:
        """Return the nft(8) transaction.

        Adding the table first makes the deletion succeed whether it existed or not.
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
