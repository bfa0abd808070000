# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From the forwarding entries of a link to those that are wanted."""

from __future__ import annotations

import typing as t

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import Link, Space, World, phrase
from ..._core.plan_builder import Draft
from ..._core.record import replace
from .operations import DeleteForward, SetForward, said
from .spec import WAY, FdbSpec, ForwardSpec
from .state import EXT_LEARNED, STICKY, Forward, is_many, shown

LEARNED = "dynamic"


def plan(draft: Draft, desired: FdbSpec) -> None:
    """Plan the entries that a task lists, and with purge that there are no others beside them."""
    if not desired.present:
        space = draft.world.at(desired.place)
        draft.refuse_altname(desired.place, desired.link)
        for each in desired.entries:
            meant = [there for there in space.fdb if _is_stated(there, each)]
            _delete(draft, space, [there for there in meant if not there.foreign])
            for there in meant:
                if there.foreign:
                    _tell(draft, space, there)
        return
    link = draft.link(desired.place, desired.link)
    space = draft.space(desired.place)
    kept = [_present(draft, space, link, each) for each in desired.entries]
    if desired.purge:
        sorts = {each.master for each in kept}
        if not sorts:
            sorts = {True, False} if desired.master is None else {desired.master}
        keys = {each.key for each in kept}
        others = [each for each in space.fdb if each.key not in keys and each.master in sorts]
        _delete(draft, space, [each for each in others if _is_ours(space, each, desired.link)])


def _delete(draft: Draft, space: Space, entries: t.Iterable[Forward]) -> None:
    for each in entries:
        if each in space.fdb:  # it may have gone with the one before
            draft.add(DeleteForward(space.key, each))


def _tell(draft: Draft, space: Space, there: Forward) -> None:
    """Warn that an entry stays that no task can state."""
    words = f"The {said(there)} {phrase(space.key)} stays: {_why(there.foreign)}"
    if words not in draft.warnings:
        draft.warnings.append(words)


def _why(words: str) -> str:
    return f"it has {words}, which no task of this collection can state, so that it is left alone"


def _check_foreign(space: Space, there: Forward, desired: ForwardSpec) -> None:
    """Refuse to take the place of an entry that no task can state, or to have it otherwise."""
    words = there.foreign
    if there.flags & EXT_LEARNED and desired.nud not in (None, there.nud):
        words = "extern_learn"
    elif there.flags & STICKY and there.master and desired.nud == "permanent":
        words = "sticky"  # which a bridge takes of no entry of its own: fdb_add_entry()
    if words:
        raise Conflict(
            f"The {said(there)} {phrase(space.key)} is in the way: {_why(words)}. Remove it with"
            " bridge(8), or leave this one out"
        )


def _is_learned(there: Forward) -> bool:
    """Return whether a table has an entry by itself, which will go by itself."""
    return there.nud == LEARNED and not there.flags


def _is_stated(there: Forward, desired: ForwardSpec) -> bool:
    names = ("link", "mac", "master", "nud", "vlan", "dst", "port", "vni", "via")
    return all(getattr(desired, name) in (None, getattr(there, name)) for name in names)


def _present(draft: Draft, space: Space, link: Link, desired: ForwardSpec) -> Forward:
    master = _table(draft, space, link, desired)
    if desired.via is not None:
        draft.link(space.key, desired.via)
    _check_port(draft, link, desired, master)
    there = _there(space, link, desired, master)
    if there is None and link.kind == "vxlan" and not master and desired.dst is None:
        raise BadInput(f"An entry of the VXLAN device {link.name} needs dst")
    if there is not None and _is_meant(there, desired):
        return there
    if there is not None:
        _check_foreign(space, there, desired)
    beside = _beside(space, desired) if is_many(desired.mac) and not master else []
    nud = desired.nud or _kept_nud(there or (beside[0] if beside else None), master)
    new = Forward(
        desired.link, desired.mac, master, nud, desired.vlan, **_way(space, there, desired, master)
    )
    if there is not None:
        new = replace(new, flags=there.flags, extras=there.extras)
    if there is not None and there.many:
        new = replace(there, nud=nud)
    elif beside and beside[0].nud != nud:
        draft.add(SetForward(space.key, replace(beside[0], nud=nud), beside[0]))
    draft.add(SetForward(space.key, new, there))
    return new


def _way(
    space: Space, there: Forward | None, desired: ForwardSpec, master: bool
) -> dict[str, t.Any]:
    """Return the way through a tunnel: stating a part of it states the whole."""
    if master or not (desired.way() or there):
        return {}
    if there is not None and not desired.way():
        return {name: getattr(there, name) for name in WAY}
    tunnel = space.tunnels.get(desired.link)
    usual = {} if tunnel is None else {"port": tunnel.port, "vni": tunnel.vni}
    return {**usual, **desired.way()}


def _is_meant(there: Forward, desired: ForwardSpec) -> bool:
    """Return whether an entry in the wanted one's place is all that is stated."""
    if there.link != desired.link or not _goes_same(there, desired):
        return False
    # What was learned is not what a task means, unless it says so: it will go by itself.
    return there.nud == desired.nud or (desired.nud is None and not _is_learned(there))


def _kept_nud(there: Forward | None, master: bool) -> str:
    if there is not None and not _is_learned(there):
        return there.nud
    return "static" if master else "permanent"


def _goes_same(there: Forward, desired: ForwardSpec) -> bool:
    return not there.nhid and all(
        getattr(there, name) == value for name, value in desired.way().items()
    )


def _beside(space: Space, desired: ForwardSpec) -> list[Forward]:
    """Return the entries of the link for the same many stations."""
    return [
        each
        for each in space.fdb
        if not each.master
        and (each.link, each.mac) == (desired.link, desired.mac)
        and each.src_vni is None
        and each.many
    ]


def _there(space: Space, link: Link, desired: ForwardSpec, master: bool) -> Forward | None:
    """Return the entry whose place a wanted one takes, or is it."""
    for each in space.fdb:
        if (each.mac, each.vlan, each.src_vni) != (desired.mac, desired.vlan, None):
            continue
        if master:
            # A MAC has one port in a bridge, which may be another one, or the bridge itself.
            if (each.master and space.links[each.link].master == link.master) or (
                each.link == link.master and not is_many(each.mac)
            ):
                return each
        elif (
            not each.master
            and each.link == desired.link
            and (not each.many or _goes_same(each, desired))
        ):
            return each
    return None


def _table(draft: Draft, space: Space, link: Link, desired: ForwardSpec) -> bool:
    """Return whether an entry belongs into the bridge's table, or say why it belongs nowhere."""
    supposed = draft.supposing and not link.index
    tunnels = link.kind in ("vxlan", None) if supposed else link.kind == "vxlan"
    port = link.master is not None and (
        link.master not in space.links or space.links[link.master].kind == "bridge"
    )
    master = port and not desired.way() if desired.master is None else desired.master
    if master and not port and not supposed:
        raise BadInput(f"Link {link.name} is no port of a bridge: master=true goes with ports")
    if desired.way() and not tunnels:
        stated = ", ".join(desired.way())
        raise BadInput(f"Link {link.name} is no VXLAN device: {stated} cannot be stated")
    if not master and not supposed:
        _check_own(space, link, desired, tunnels)
    return master


def _check_own(space: Space, link: Link, desired: ForwardSpec, tunnels: bool) -> None:
    tunnel = space.tunnels.get(link.name)
    version = None if tunnel is None else tunnel.version
    if desired.dst is not None and version == (4 if ":" in desired.dst else 6):
        raise BadInput(f"Link {link.name} tunnels through IPv{version}: not to {desired.dst}")
    if tunnels and desired.vlan is not None:
        raise BadInput(f"Link {link.name} is a VXLAN device: its entries have no vlan")
    if not tunnels and link.kind != "bridge" and desired.nud not in (None, "permanent"):
        raise BadInput(f"Link {link.name} itself takes permanent entries only")


def _check_port(draft: Draft, link: Link, desired: ForwardSpec, master: bool) -> None:
    """Refuse what the kernel does without a word: VLANs that a port is not in, and more."""
    lacks = []
    if desired.vlan is not None and desired.vlan not in {each[0] for each in link.vlans}:
        lacks.append(f"in VLAN {desired.vlan} (bridge_port)")
    if master and desired.nud == LEARNED and not link.up:
        lacks.append("up, to have dynamic entries")
    for each in lacks:
        if not draft.supposing:
            raise BadInput(f"Link {link.name} is not {each}: see the netns_link module")
        draft.suppose(f"Link {link.name} is not {each}, yet")


def _is_ours(space: Space, there: Forward, link: str) -> bool:
    """Return whether a purge is about an entry: not what was learned, or is the kernel's own.

    What the kernel put into the table of a common link cannot be told from what a task did.
    """
    known = there.master or link in space.tunnels or space.links[link].kind == "bridge"
    return (
        known
        and there.link == link
        and there.nud != LEARNED
        and not there.kernel_made
        and not (there.flags or there.foreign)
        and not _is_twin(space, there)
    )


def _is_twin(space: Space, there: Forward) -> bool:
    """Return whether an entry is there because one without a VLAN stands for all of them."""
    return (
        there.master
        and there.vlan is not None
        and any(
            (each.master, each.link, each.mac, each.vlan) == (True, there.link, there.mac, None)
            for each in space.fdb
        )
    )


def render(world: World, desired: FdbSpec) -> list[dict[str, t.Any]]:
    """Return what results show: of what comes and goes by itself only what is asked for."""
    space = world.spaces.get(world.places.get(desired.place, desired.place))
    if space is None:
        return []
    asked = {each.mac for each in desired.entries}
    ours = [
        each
        for each in space.fdb
        if each.link == desired.link
        and not _is_twin(space, each)
        and (each.mac in asked or not (each.kernel_made or each.nud == LEARNED))
    ]
    return [shown(each) for each in sorted(ours, key=_order)]


def _order(each: Forward) -> tuple[t.Any, ...]:
    return (
        each.mac,
        each.master,
        each.vlan or 0,
        each.dst or "",
        each.port or 0,
        each.vni or 0,
        each.via or "",
    )
