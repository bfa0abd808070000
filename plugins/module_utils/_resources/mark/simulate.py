# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on marks: rtnl_linkprop() in net/core/rtnetlink.c."""

from __future__ import annotations

from ..._core.host_state import HostState
from ..._core.record import replace
from ..._core.resource import Handlers
from . import operations as op


def _add(host: HostState, step: op.AddMark) -> None:
    links = host.namespaces[step.netns].links
    link = links[step.link]
    links[step.link] = replace(link, altnames=(*link.altnames, step.mark))


def _delete(host: HostState, step: op.DeleteMark) -> None:
    links = host.namespaces[step.netns].links
    link = links[step.link]
    left = tuple(name for name in link.altnames if name != step.mark)
    links[step.link] = replace(link, altnames=left)


SIMULATE: Handlers = {
    op.AddMark: _add,
    op.DeleteMark: _delete,
}
