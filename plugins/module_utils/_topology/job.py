# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A whole network as a job of the loop: what to look at, and what to show of it."""

from __future__ import annotations

import typing as t

from .._core.host_state import HERE, World, phrase
from .._core.record import replace
from .._core.scope import Scope
from .._engine.job import Job, Outcome
from .._engine.kernel import Kernel
from .._netlink import netns_files as files
from .._resources.address import RESOURCE as ADDRESS
from .._resources.address import kernel as address_apply
from .._resources.address import plan as addresses
from .._resources.address import simulate as address_effects
from .._resources.address import spec as address_want
from .._resources.fdb import RESOURCE as FDB
from .._resources.link import kernel as link_apply
from .._resources.link import simulate as link_effects
from .._resources.link import spec as link_want
from .._resources.link.kinds import RESOURCE as KIND
from .._resources.mark import kernel as mark_apply
from .._resources.mark import simulate as mark_effects
from .._resources.mark.state import Mark
from .._resources.namespace import kernel as namespace_apply
from .._resources.namespace import plan as netns
from .._resources.namespace import simulate as namespace_effects
from .._resources.namespace import spec as netns_want
from .._resources.neighbour import RESOURCE as NEIGHBOUR
from .._resources.qdisc import RESOURCE as QDISC
from .._resources.route import RESOURCE as ROUTE
from .._resources.route import kernel as route_apply
from .._resources.route import plan as routes
from .._resources.route import simulate as route_effects
from .._resources.route import spec as route_want
from .._resources.rule import RESOURCE as RULE
from .._resources.sysctl import RESOURCE as SYSCTL
from .._resources.veth import plan as veth
from .._resources.wireguard import RESOURCE as WIREGUARD
from . import plan as topology
from . import render
from .changes import Change, changes
from .spec import TopologyWant

# What nearly every network takes; the rest is loaded where it is asked for, as by the other modules.
COMMON = (
    *(address_apply, link_apply, mark_apply, namespace_apply, route_apply),
    *(address_effects, link_effects, mark_effects, namespace_effects, route_effects),
    *(address_want, link_want, netns_want, route_want),
    *(addresses, netns, routes, veth),
)

Shown = dict[str, t.Any]


def job_of(kernel: Kernel, options: t.Mapping[str, t.Any]) -> Job:
    """Return what the options of netns_topology ask of the loop."""
    want = TopologyWant.of(options)
    places = _places(want)
    everywhere = want.purge or not want.present
    bare: list[str] = []  # all of it goes
    if everywhere:
        from .._resources.mark.kernel_read import marked as bearing

        marked = bearing(kernel, want.mark.made, files.names(), with_remote_links=not want.present)
        places = dict.fromkeys((*places, HERE, *marked))
        if not want.present:
            bare = [name for name, marks in marked.items() if want.mark.made in marks]
    return Job(
        header=f"topology {want.mark.owner}",
        scope=_scope(want, tuple(places), everywhere, frozenset(bare)),
        plan=lambda draft: topology.plan(draft, want),
        render=lambda world, origins: {},
        settle=lambda world: _settle(world, want),
        wait=options["timeout"] if options["wait"] else None,
        undo=options["undo"],
        tell=lambda outcome: _tell(outcome, want),
        diff=lambda outcome: _diff(outcome, want),
        unkept=lambda outcome, now: _unkept(outcome, now, want),
        differ=lambda one, other: bool(_differences(one, other, want)),
        anew=lambda: job_of(kernel, options),
    )


def _places(want: TopologyWant) -> dict[str, None]:
    """Return the namespaces that a task names, as it does, in order."""
    places: dict[str, None] = {}
    for name, entries in want.lists():
        for entry in entries:
            each = entry.want
            if name == "namespaces":
                places.update(dict.fromkeys(each.names))
            elif name == "veths":
                ends = (each.near,) if each.far is None else (each.near, each.far)
                places.update((end.place, None) for end in ends)
            else:
                places[each.place] = None
            if name == "links":
                source = None if each.kind is None else each.kind.source
                others = (each.move_from, source)
                places.update((place, None) for place in others if place is not None)
    return places


def _scope(
    want: TopologyWant, places: tuple[str, ...], everywhere: bool, bare: frozenset[str]
) -> Scope:
    names = _peers(want)
    typed = any(entry.want.kind or entry.want.port for entry in want.links)
    downs = any(
        end is not None and end.link.up is False
        for entry in want.veths
        for end in (entry.want.near, entry.want.far)
    )
    tables = {entry.want.table for entry in want.routes}
    neighbours = [entry.want for entry in want.neighbours]
    fdb = frozenset(each.link for each in neighbours if not hasattr(each, "proxy_values"))
    resources = [ADDRESS, ROUTE, *((QDISC,) if want.qdiscs else ())]
    resources += [RULE] if want.rules or everywhere else []
    resources += [NEIGHBOUR, FDB, KIND, WIREGUARD, SYSCTL]
    return Scope(
        places,
        peers=names,
        anywhere=_anywhere(want),
        cables=_cables(want),
        all_peers=everywhere,
        resources=tuple(resources),
        local_routes=everywhere or LOCAL in tables,
        kernel_routes=False,
        tables=() if everywhere else tuple(sorted({MAIN, *tables})),
        neighbours=None if everywhere else frozenset({each.link for each in neighbours}) - fdb,
        fdb=fdb,
        keeps=bool(want.links) or downs,
        kinds=names if typed else frozenset(),
        numbers=any(entry.want.nsid is not None for entry in want.namespaces),
        nsids=any(entry.want.nsid is not None for entry in want.namespaces),
        bare=bare,
        pids=not want.present or want.purge,
        sysctls=tuple(dict.fromkeys(key for entry in want.sysctls for key in entry.want.keys)),
        named=frozenset(name for entry in want.namespaces for name in entry.want.names),
        mounts=True,
        mark=want.mark.link(""),
    )


MAIN, LOCAL = 254, 255  # RT_TABLE_MAIN, RT_TABLE_LOCAL, linux/rtnetlink.h


def _peers(want: TopologyWant) -> frozenset[str]:
    names: set[str] = set()
    for entry in want.veths:
        names.update(end.name for end in (entry.want.near, entry.want.far) if end is not None)
    for entry in want.links:
        names.update((entry.want.name, entry.want.final_name))
    return frozenset(names)


def _anywhere(want: TopologyWant) -> frozenset[tuple[str, str]]:
    ends = [(each.want.near, each.want.far) for each in want.veths]
    return frozenset(
        (
            *((end.place, end.name) for pair in ends for end in pair if end is not None),
            *((each.want.place, each.want.final_name) for each in want.links),
        )
    )


def _cables(want: TopologyWant) -> dict[tuple[str, str], tuple[str, str]]:
    cables: dict[tuple[str, str], tuple[str, str]] = {}
    for entry in want.veths:
        near, far = entry.want.near, entry.want.far
        if far is not None:
            cables[near.place, near.name] = far.place, far.name
            cables[far.place, far.name] = near.place, near.name
    return cables


def _settle(world: World, want: TopologyWant) -> None:
    from .._resources.address.plan import normalise_lifetimes

    for entry in want.addresses:
        normalise_lifetimes(world.at(entry.want.place), entry.want)
    for entry in want.links:
        if entry.want.kind is not None and entry.want.kind.options:
            from .._resources.link.kinds.plan import normalise as normalise_kind

            at = (world.at(entry.want.place).key, entry.want.final_name)
            normalise_kind(world, at, entry.want.kind)


def _differences(one: World, other: World, want: TopologyWant) -> list[Change]:
    """Return what differs between two worlds; of parameters, the kernel sets others along."""
    stated = {
        (one.at(entry.want.place).key, key)
        for entry in want.sysctls
        for key, _value in entry.want.values
    }
    return [
        change for change in changes(one, other) if change.sort != "sysctls" or change.key in stated
    ]


def _changes(outcome: Outcome, want: TopologyWant) -> list[Change]:
    """Return what a plan changes."""
    if "changes" not in outcome.shared:
        draft = outcome.draft
        outcome.shared["changes"] = (
            _differences(draft.before, draft.world, want) if draft.steps else []
        )
    found: list[Change] = outcome.shared["changes"]
    return found


def _tell(outcome: Outcome, want: TopologyWant) -> Shown:
    """Return the result: how many of what, and what is there now."""
    return {
        "summary": render.summary(_changes(outcome, want)),
        "namespaces": render.namespaces(outcome.draft.world, want.mark),
        # Otherwise Ansible would send the whole document back, as what the module was told.
        "invocation": {"module_args": {"name": want.mark.owner}},
    }


def _diff(outcome: Outcome, want: TopologyWant) -> tuple[Shown, Shown]:
    """Return before and after of the things that differ, by what they are."""
    before: Shown = {}
    after: Shown = {}
    for change in _changes(outcome, want):
        label = render.label(change)
        if change.old is not None:
            before[label] = render.thing(change.old)
        if change.new is not None:
            after[label] = render.thing(change.new)
    for side, told in zip((before, after), outcome.shared.get("losses", ())):
        for each in told.get("neighbours", ()):
            where = phrase(each["netns"] or HERE)
            side.setdefault(f"neighbour {each['address']} of {each['link']} {where}", each)
    return before, after


def _unkept(outcome: Outcome, now: World, want: TopologyWant) -> list[str]:
    """Return where what is there is not what was promised, of what is the topology's own.

    What others did meanwhile where we did nothing is theirs.
    """
    world = outcome.draft.world
    gone = {(change.sort, change.key) for change in _changes(outcome, want) if change.new is None}
    return [
        f"{render.label(change)} is {render.brief(change.new)}, not {render.brief(change.old)}"
        for change in _differences(world, now, want)
        if (change.sort, change.key) in gone
        or (
            change.old is not None
            and _is_ours(world, change, want.mark)
            and not _is_duplicate(change)
        )
    ]


def _is_duplicate(change: Change) -> bool:
    """Return whether all that differs is that another host has an address, which it says later."""
    old, new = change.old, change.new
    return (
        change.sort == "addresses"
        and new is not None
        and replace(new, dadfailed=old.dadfailed) == old
    )


def _is_ours(world: World, change: Change, mark: Mark) -> bool:
    if mark.made_namespace(world.spaces[change.key[0]]):
        return True
    proto = getattr(change.old, "proto", None)
    marks = getattr(change.old, "altnames", ())
    return proto in (mark.number, str(mark.number)) or any(
        name.startswith(mark.made) for name in marks
    )
