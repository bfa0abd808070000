# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on forwarding database entries."""

from __future__ import annotations

from ..._core.host_state import HostState
from ..._core.record import replace
from ..._core.resource import Handlers
from . import operations as op
from .state import Forward


def _set(host: HostState, step: op.SetForward) -> None:
    namespace = host.namespaces[step.netns]
    removed = {step.new.key} | ({step.old.key} if step.old is not None else set())
    others = [each for each in namespace.fdb if each.key not in removed]
    if step.new.many:
        others = [
            replace(each, nud=step.new.nud) if _is_sibling(each, step.new) else each
            for each in others
        ]
    namespace.fdb = [*others, step.new]


def _is_sibling(each: Forward, new: Forward) -> bool:
    return (each.link, each.mac, each.src_vni, each.master) == (
        new.link,
        new.mac,
        new.src_vni,
        new.master,
    )


def _delete(host: HostState, step: op.DeleteForward) -> None:
    namespace = host.namespaces[step.netns]
    namespace.fdb = [each for each in namespace.fdb if not _is_removed_with(each, step.forward)]


def _is_removed_with(each: Forward, removed: Forward) -> bool:
    """Return whether an entry is removed with another: in a bridge, no VLAN means all VLANs."""
    return each.key == removed.key or (
        removed.master
        and each.master
        and removed.vlan is None
        and (each.link, each.mac) == (removed.link, removed.mac)
    )


SIMULATE: Handlers = {
    op.SetForward: _set,
    op.DeleteForward: _delete,
}
