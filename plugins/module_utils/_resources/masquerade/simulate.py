# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effect of setting an nftables table."""

from __future__ import annotations

from ..._core.host_state import HostState
from ..._core.resource import Handlers
from . import operations as op


def _set(host: HostState, step: op.SetMasquerade) -> None:
    tables = host.namespaces[step.netns].masquerades
    tables.pop(step.table, None)
    if step.new is not None:
        tables[step.table] = step.new


SIMULATE: Handlers = {op.SetMasquerade: _set}
