# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn namespaces into the desired ones."""

from __future__ import annotations

from ..._core.errors import Conflict
from ..._core.host_state import HERE, Space
from ..._core.plan_builder import Draft
from ..link.uppers import check_namespaces
from . import operations as op
from .spec import NetnsSpec


def plan(draft: Draft, desired: NetnsSpec) -> None:
    """Plan the namespaces that a task names."""
    if desired.present:
        _present(draft, desired)
        return
    check_namespaces(draft, desired.names, desired.force)
    for name in desired.names:
        _absent(draft, desired, name)


def _present(draft: Draft, desired: NetnsSpec) -> None:
    for name in desired.names:
        state = _named_space(draft, name).state
        if state != "present" and draft.world.private_mounts:
            raise Conflict(
                f"namespace {name} cannot be created inside `ip netns exec`: its mounts are private,"
                " so that others would see a stale file only. Run the task outside of it"
            )
        if state == "stale":
            draft.add(op.RemoveStale(name))
        if state != "present":
            draft.add(op.CreateNamespace(name, mark=desired.mark))
    for name in desired.names:
        draft.change_link(name, "lo", {"up": desired.lo_up})
    # Last, as setting a nsid cannot be rolled back.
    for name in desired.names:
        _nsid(draft, draft.world.spaces[name], desired.nsid)


def _nsid(draft: Draft, space: Space, nsid: int | None) -> None:
    if nsid is None or space.nsid == nsid:
        return
    if space.nsid is not None:
        raise Conflict(
            f"nsid of namespace {space.key} cannot be changed from {space.nsid} to {nsid}: the kernel"
            " sets it once. Leave nsid out, or delete and create the namespace"
        )
    if nsid in draft.world.taken_nsids:
        raise Conflict(f"nsid {nsid} is used by another namespace; choose another one")
    draft.add(op.SetNsid(space.key, nsid))


def _absent(draft: Draft, desired: NetnsSpec, name: str) -> None:
    space = _named_space(draft, name)
    if space.state == "stale":
        draft.add(op.RemoveStale(name))
    if space.state != "present":
        return
    hardware = sorted(link.name for link in space.links.values() if link.hardware)
    if not desired.force:
        _refuse_losses(space, hardware)
    for link in hardware:
        from ..link.operations import MoveLink

        draft.add(MoveLink(name, link, HERE, link, old_index=space.links[link].index))
    draft.add(op.DeleteNamespace(name, busy=bool(space.pids)))


def _named_space(draft: Draft, name: str) -> Space:
    """Return the namespace of that name; refuse files of other kinds and second names."""
    space = draft.world.at(name)
    if space.foreign:
        raise Conflict(
            f"/run/netns/{name} is {space.foreign}, not a namespace, and is left as it is. Remove it,"
            " or use another name"
        )
    if space.key != name:
        raise Conflict(
            f"{name} is a second name of namespace {space.key or 'that the task runs in'} and is left"
            " as it is. Remove one of the names"
        )
    return space


def _refuse_losses(space: Space, hardware: list[str]) -> None:
    if space.pids:
        shown = ", ".join(map(str, space.pids[:5])) + (", …" if len(space.pids) > 5 else "")
        several = len(space.pids) > 1
        raise Conflict(
            f"namespace {space.key} is in use by {len(space.pids)} process{'es' * several}"
            f" (pid {shown}); end {'them' if several else 'it'},"
            " or set force=true to remove its name anyway"
        )
    if hardware:
        raise Conflict(
            f"namespace {space.key} holds hardware devices ({', '.join(hardware)}); move them out, or"
            " set force=true to move them to the current namespace first"
        )
