# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn namespaces into the desired ones."""

from __future__ import annotations

from ..._core.errors import Conflict
from ..._core.host_state import HERE, NamespaceState
from ..._core.plan_builder import PlanBuilder
from ..link.uppers import check_namespaces
from . import operations as op
from .spec import NetnsSpec


def plan(builder: PlanBuilder, desired: NetnsSpec) -> None:
    """Plan the namespaces that a task names."""
    if desired.present:
        _present(builder, desired)
        return
    check_namespaces(builder, desired.names, desired.force)
    for name in desired.names:
        _absent(builder, desired, name)


def _present(builder: PlanBuilder, desired: NetnsSpec) -> None:
    for name in desired.names:
        state = _named_space(builder, name).state
        if state != "present" and builder.host.private_mounts:
            raise Conflict(
                f"namespace {name} cannot be created inside `ip netns exec`: its mounts are private,"
                " so that others would see a stale file only. Run the task outside of it"
            )
        if state == "stale":
            builder.add(op.RemoveStale(name))
        if state != "present":
            builder.add(op.CreateNamespace(name, mark=desired.mark))
    for name in desired.names:
        builder.change_link(name, "lo", {"up": desired.lo_up})
    # Last, as setting a nsid cannot be rolled back.
    for name in desired.names:
        _nsid(builder, builder.host.namespaces[name], desired.nsid)


def _nsid(builder: PlanBuilder, namespace: NamespaceState, nsid: int | None) -> None:
    if nsid is None or namespace.nsid == nsid:
        return
    if namespace.nsid is not None:
        raise Conflict(
            f"nsid of namespace {namespace.key} cannot be changed from {namespace.nsid} to {nsid}: the kernel"
            " sets it once. Leave nsid out, or delete and create the namespace"
        )
    if nsid in builder.host.taken_nsids:
        raise Conflict(f"nsid {nsid} is used by another namespace; choose another one")
    builder.add(op.SetNsid(namespace.key, nsid))


def _absent(builder: PlanBuilder, desired: NetnsSpec, name: str) -> None:
    namespace = _named_space(builder, name)
    if namespace.state == "stale":
        builder.add(op.RemoveStale(name))
    if namespace.state != "present":
        return
    hardware = sorted(link.name for link in namespace.links.values() if link.hardware)
    if not desired.force:
        _refuse_losses(namespace, hardware)
    for link in hardware:
        from ..link.operations import MoveLink

        builder.add(MoveLink(name, link, HERE, link, old_index=namespace.links[link].index))
    builder.add(op.DeleteNamespace(name, busy=bool(namespace.pids)))


def _named_space(builder: PlanBuilder, name: str) -> NamespaceState:
    """Return the namespace of that name; refuse files of other kinds and second names."""
    namespace = builder.host.at(name)
    if namespace.foreign:
        raise Conflict(
            f"/run/netns/{name} is {namespace.foreign}, not a namespace, and is left as it is. Remove it,"
            " or use another name"
        )
    if namespace.key != name:
        raise Conflict(
            f"{name} is a second name of namespace {namespace.key or 'that the task runs in'} and is left"
            " as it is. Remove one of the names"
        )
    return namespace


def _refuse_losses(namespace: NamespaceState, hardware: list[str]) -> None:
    if namespace.pids:
        shown = ", ".join(map(str, namespace.pids[:5])) + (", …" if len(namespace.pids) > 5 else "")
        several = len(namespace.pids) > 1
        raise Conflict(
            f"namespace {namespace.key} is in use by {len(namespace.pids)} process{'es' * several}"
            f" (pid {shown}); end {'them' if several else 'it'},"
            " or set force=true to remove its name anyway"
        )
    if hardware:
        raise Conflict(
            f"namespace {namespace.key} holds hardware devices ({', '.join(hardware)}); move them out, or"
            " set force=true to move them to the current namespace first"
        )
