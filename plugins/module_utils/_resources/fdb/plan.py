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
from .spec import WAY, FdbWant, ForwardWant
from .state import EXT_LEARNED, STICKY, Forward, is_many, shown

LEARNED = "dynamic"


def plan(draft: Draft, want: FdbWant) -> None:
    """Plan the entries that a task lists, and with purge that there are no others beside them."""
    if not want.present:
        space = draft.world.at(want.place)
        draft.refuse_altname(want.place, want.link)
        for each in want.entries:
            meant = [there for there in space.fdb if _is_stated(there, each)]
            _delete(draft, space, [there for there in meant if not there.foreign])
            for there in meant:
                if there.foreign:
                    _tell(draft, space, there)
        return
    link = draft.link(want.place, want.link)
    space = draft.space(want.place)
    kept = [_present(draft, space, link, each) for each in want.entries]
    if want.purge:
        sorts = {each.master for each in kept}
        if not sorts:
            sorts = {True, False} if want.master is None else {want.master}
        keys = {each.key for each in kept}
        others = [each for each in space.fdb if each.key not in keys and each.master in sorts]
        _delete(draft, space, [each for each in others if _is_ours(space, each, want.link)])


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


def _check_foreign(space: Space, there: Forward, want: ForwardWant) -> None:
    """Refuse to take the place of an entry that no task can state, or to have it otherwise."""
    words = there.foreign
    if there.flags & EXT_LEARNED and want.nud not in (None, there.nud):
        words = "extern_learn"
    elif there.flags & STICKY and there.master and want.nud == "permanent":
        words = "sticky"  # which a bridge takes of no entry of its own: fdb_add_entry()
    if words:
        raise Conflict(
            f"The {said(there)} {phrase(space.key)} is in the way: {_why(words)}. Remove it with"
            " bridge(8), or leave this one out"
        )


def _is_learned(there: Forward) -> bool:
    """Return whether a table has an entry by itself, which will go by itself."""
    return there.nud == LEARNED and not there.flags


def _is_stated(there: Forward, want: ForwardWant) -> bool:
    names = ("link", "mac", "master", "nud", "vlan", "dst", "port", "vni", "via")
    return all(getattr(want, name) in (None, getattr(there, name)) for name in names)


def _present(draft: Draft, space: Space, link: Link, want: ForwardWant) -> Forward:
    master = _table(draft, space, link, want)
    if want.via is not None:
        draft.link(space.key, want.via)
    _check_port(draft, link, want, master)
    there = _there(space, link, want, master)
    if there is None and link.kind == "vxlan" and not master and want.dst is None:
        raise BadInput(f"An entry of the VXLAN device {link.name} needs dst")
    if there is not None and _is_meant(there, want):
        return there
    if there is not None:
        _check_foreign(space, there, want)
    beside = _beside(space, want) if is_many(want.mac) and not master else []
    nud = want.nud or _kept_nud(there or (beside[0] if beside else None), master)
    new = Forward(want.link, want.mac, master, nud, want.vlan, **_way(space, there, want, master))
    if there is not None:
        new = replace(new, flags=there.flags, extras=there.extras)
    if there is not None and there.many:
        new = replace(there, nud=nud)
    elif beside and beside[0].nud != nud:
        draft.add(SetForward(space.key, replace(beside[0], nud=nud), beside[0]))
    draft.add(SetForward(space.key, new, there))
    return new


def _way(space: Space, there: Forward | None, want: ForwardWant, master: bool) -> dict[str, t.Any]:
    """Return the way through a tunnel: stating a part of it states the whole."""
    if master or not (want.way() or there):
        return {}
    if there is not None and not want.way():
        return {name: getattr(there, name) for name in WAY}
    tunnel = space.tunnels.get(want.link)
    usual = {} if tunnel is None else {"port": tunnel.port, "vni": tunnel.vni}
    return {**usual, **want.way()}


def _is_meant(there: Forward, want: ForwardWant) -> bool:
    """Return whether an entry in the wanted one's place is all that is stated."""
    if there.link != want.link or not _goes_same(there, want):
        return False
    # What was learned is not what a task means, unless it says so: it will go by itself.
    return there.nud == want.nud or (want.nud is None and not _is_learned(there))


def _kept_nud(there: Forward | None, master: bool) -> str:
    if there is not None and not _is_learned(there):
        return there.nud
    return "static" if master else "permanent"


def _goes_same(there: Forward, want: ForwardWant) -> bool:
    return not there.nhid and all(
        getattr(there, name) == value for name, value in want.way().items()
    )


def _beside(space: Space, want: ForwardWant) -> list[Forward]:
    """Return the entries of the link for the same many stations."""
    return [
        each
        for each in space.fdb
        if not each.master
        and (each.link, each.mac) == (want.link, want.mac)
        and each.src_vni is None
        and each.many
    ]


def _there(space: Space, link: Link, want: ForwardWant, master: bool) -> Forward | None:
    """Return the entry whose place a wanted one takes, or is it."""
    for each in space.fdb:
        if (each.mac, each.vlan, each.src_vni) != (want.mac, want.vlan, None):
            continue
        if master:
            # A MAC has one port in a bridge, which may be another one, or the bridge itself.
            if (each.master and space.links[each.link].master == link.master) or (
                each.link == link.master and not is_many(each.mac)
            ):
                return each
        elif (
            not each.master and each.link == want.link and (not each.many or _goes_same(each, want))
        ):
            return each
    return None


def _table(draft: Draft, space: Space, link: Link, want: ForwardWant) -> bool:
    """Return whether an entry belongs into the bridge's table, or say why it belongs nowhere."""
    supposed = draft.supposing and not link.index
    tunnels = link.kind in ("vxlan", None) if supposed else link.kind == "vxlan"
    port = link.master is not None and (
        link.master not in space.links or space.links[link.master].kind == "bridge"
    )
    master = port and not want.way() if want.master is None else want.master
    if master and not port and not supposed:
        raise BadInput(f"Link {link.name} is no port of a bridge: master=true goes with ports")
    if want.way() and not tunnels:
        stated = ", ".join(want.way())
        raise BadInput(f"Link {link.name} is no VXLAN device: {stated} cannot be stated")
    if not master and not supposed:
        _check_own(space, link, want, tunnels)
    return master


def _check_own(space: Space, link: Link, want: ForwardWant, tunnels: bool) -> None:
    tunnel = space.tunnels.get(link.name)
    version = None if tunnel is None else tunnel.version
    if want.dst is not None and version == (4 if ":" in want.dst else 6):
        raise BadInput(f"Link {link.name} tunnels through IPv{version}: not to {want.dst}")
    if tunnels and want.vlan is not None:
        raise BadInput(f"Link {link.name} is a VXLAN device: its entries have no vlan")
    if not tunnels and link.kind != "bridge" and want.nud not in (None, "permanent"):
        raise BadInput(f"Link {link.name} itself takes permanent entries only")


def _check_port(draft: Draft, link: Link, want: ForwardWant, master: bool) -> None:
    """Refuse what the kernel does without a word: VLANs that a port is not in, and more."""
    lacks = []
    if want.vlan is not None and want.vlan not in {each[0] for each in link.vlans}:
        lacks.append(f"in VLAN {want.vlan} (bridge_port)")
    if master and want.nud == LEARNED and not link.up:
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


def render(world: World, want: FdbWant) -> list[dict[str, t.Any]]:
    """Return what results show: of what comes and goes by itself only what is asked for."""
    space = world.spaces.get(world.places.get(want.place, want.place))
    if space is None:
        return []
    asked = {each.mac for each in want.entries}
    ours = [
        each
        for each in space.fdb
        if each.link == want.link
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
