# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on namespaces: net/core/net_namespace.c."""

from __future__ import annotations

from ..._core.host_state import HostState, fresh
from ..._core.resource import Handlers
from ..link.simulate import forget_peer, remove
from ..link.uppers import going_along
from . import operations as op


def _create_namespace(host: HostState, step: op.CreateNamespace) -> None:
    before = host.namespaces.get(step.netns)
    namespace = host.namespaces[step.netns] = fresh(step.netns, mark=step.mark)
    if before is not None:  # of a missing namespace, the survey noted what a new one has
        namespace.sysctls, namespace.rules = before.sysctls, before.rules
        namespace.others, namespace.followers = before.others, before.followers


def _delete_namespace(host: HostState, step: op.DeleteNamespace) -> None:
    for link in list(host.namespaces[step.netns].links.values()):
        for at in going_along(host, (step.netns, link.name)):
            if at[0] != step.netns:
                remove(host, at)
        if link.kind == "veth":
            peer = link.peer
            if peer is not None and peer.netns in host.namespaces and peer.netns != step.netns:
                host.going.add((peer.netns, peer.name))
            forget_peer(host, link)
    host.namespaces[step.netns] = fresh(step.netns, "absent")


def _remove_stale(host: HostState, step: op.RemoveStale) -> None:
    host.namespaces[step.netns].state = "absent"


def _put_stale(host: HostState, step: op.PutStale) -> None:
    host.namespaces[step.netns].state = "stale"


def _set_nsid(host: HostState, step: op.SetNsid) -> None:
    host.namespaces[step.netns].nsid = step.nsid


SIMULATE: Handlers = {
    op.CreateNamespace: _create_namespace,
    op.DeleteNamespace: _delete_namespace,
    op.RemoveStale: _remove_stale,
    op.PutStale: _put_stale,
    op.SetNsid: _set_nsid,
}
