# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From namespaces as they are to namespaces as they are wanted."""

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
        state = _named(draft, name).state
        if state != "present" and draft.world.private_mounts:
            raise Conflict(
                f"Namespace {name} cannot be made inside `ip netns exec`, whose mounts are private:"
                " to everybody else it would be a dead file. Run the task outside of it"
            )
        if state == "stale":
            draft.add(op.RemoveStale(name))
        if state != "present":
            draft.add(op.CreateNamespace(name, mark=desired.mark))
    for name in desired.names:
        draft.change_link(name, "lo", {"up": desired.lo_up})
    # Last: a nsid is the one thing here that cannot be taken back.
    for name in desired.names:
        _nsid(draft, draft.world.spaces[name], desired.nsid)


def _nsid(draft: Draft, space: Space, nsid: int | None) -> None:
    if nsid is None or space.nsid == nsid:
        return
    if space.nsid is not None:
        raise Conflict(
            f"Namespace {space.key} has the nsid {space.nsid}; the kernel does not change it to"
            f" {nsid} while the namespace lives"
        )
    if nsid in draft.world.taken_nsids:
        raise Conflict(f"The nsid {nsid} is that of another namespace")
    draft.add(op.SetNsid(space.key, nsid))


def _absent(draft: Draft, desired: NetnsSpec, name: str) -> None:
    space = _named(draft, name)
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


def _named(draft: Draft, name: str) -> Space:
    """Return the namespace that a file stands for; refuse what is no file of a namespace."""
    space = draft.world.at(name)
    if space.foreign:
        raise Conflict(
            f"/run/netns/{name} is {space.foreign}, not a namespace; it is left alone."
            " Remove it yourself, or use another name"
        )
    if space.key != name:
        raise Conflict(
            f"{name} is another name of namespace {space.key or 'that the task runs in'};"
            " it is left alone. Remove one of the names yourself"
        )
    return space


def _refuse_losses(space: Space, hardware: list[str]) -> None:
    if space.pids:
        shown = ", ".join(map(str, space.pids[:5])) + (", …" if len(space.pids) > 5 else "")
        several = len(space.pids) > 1
        raise Conflict(
            f"Namespace {space.key} is in use by {len(space.pids)} process{'es' * several}"
            f" (pid {shown}); end {'them' if several else 'it'},"
            " or state force=true to take its name away all the same"
        )
    if hardware:
        raise Conflict(
            f"Namespace {space.key} holds hardware ({', '.join(hardware)});"
            " move it out, or state force=true to have it moved here first"
        )
