# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A whole network as a job of the loop: what to look at, and what to show of it."""

from __future__ import annotations

import typing as t

from .._core.host_state import HERE, HostState, phrase
from .._core.scope import Scope
from .._engine.job import Outcome, Reconciliation
from .._engine.kernel import Kernel
from .._resources.address import kernel as address_apply
from .._resources.address import plan as addresses
from .._resources.address import simulate as address_effects
from .._resources.address import spec as address_want
from .._resources.link import kernel as link_apply
from .._resources.link import simulate as link_effects
from .._resources.link import spec as link_want
from .._resources.mark import kernel as mark_apply
from .._resources.mark import simulate as mark_effects
from .._resources.mark.state import Mark
from .._resources.namespace import kernel as namespace_apply
from .._resources.namespace import plan as netns
from .._resources.namespace import simulate as namespace_simulate
from .._resources.namespace import spec as netns_spec
from .._resources.route import kernel as route_apply
from .._resources.route import plan as routes
from .._resources.route import simulate as route_effects
from .._resources.route import spec as route_want
from .._resources.veth import plan as veth
from . import plan as topology
from . import registry, render
from .changes import Change, changes
from .spec import TopologySpec

# What nearly every network takes; the rest is loaded where it is asked for, as by the other modules.
COMMON = (
    *(address_apply, link_apply, mark_apply, namespace_apply, route_apply),
    *(address_effects, link_effects, mark_effects, namespace_simulate, route_effects),
    *(address_want, link_want, netns_spec, route_want),
    *(addresses, netns, routes, veth),
)

Shown = dict[str, t.Any]


def job_of(kernel: Kernel, options: t.Mapping[str, t.Any]) -> Reconciliation:
    """Return what the options of netns_topology ask of the loop."""
    desired = TopologySpec.of(options)
    places = _places(desired)
    everywhere = desired.purge or not desired.present
    bare: list[str] = []  # all of it is removed
    if everywhere:
        from .._resources.mark.kernel_read import marked as bearing

        marked = bearing(
            kernel, desired.mark.made, kernel.names(), with_remote_links=not desired.present
        )
        places = dict.fromkeys((*places, HERE, *marked))
        if not desired.present:
            bare = [name for name, marks in marked.items() if desired.mark.made in marks]
    return Reconciliation(
        header=f"topology {desired.mark.owner}",
        scope=_scope(desired, tuple(places), everywhere, frozenset(bare)),
        plan=lambda builder: topology.plan(builder, desired),
        render=lambda host, origins: {},
        normalise=lambda host: _normalise(host, desired),
        wait=options["timeout"] if options["wait"] else None,
        undo=options["undo"],
        result_of=lambda outcome: _result(outcome, desired),
        diff=lambda outcome: _diff(outcome, desired),
        verification_errors=lambda outcome, now: _verification_errors(outcome, now, desired),
        has_changed=lambda one, other: bool(_differences(one, other, desired)),
        rebuild=lambda: job_of(kernel, options),
    )


def _places(desired: TopologySpec) -> dict[str, None]:
    """Return the namespaces that a task names, as it does, in order."""
    return dict.fromkeys(place for entry in desired for place in entry.list.places(entry.desired))


def _scope(
    desired: TopologySpec, places: tuple[str, ...], everywhere: bool, bare: frozenset[str]
) -> Scope:
    names = _peers(desired)
    typed = any(entry.desired.kind or entry.desired.port for entry in desired["links"])
    downs = any(
        end.link.get("up") is False for entry in desired["veths"] for end in entry.desired.ends
    )
    fields: dict[str, t.Any] = {}
    resources: tuple[t.Any, ...] = ()
    for each in registry.LISTS:
        found = each.scope([entry.desired for entry in desired[each.name]], everywhere)
        resources += found.pop("resources", ())
        fields |= found
    return Scope(
        places,
        peers=names,
        anywhere=_anywhere(desired),
        cables=_cables(desired),  # or the kernel is asked, and numbers namespaces to answer
        all_peers=everywhere,
        resources=tuple(dict.fromkeys(resources)),
        keeps=bool(desired["links"]) or downs,
        kinds=names if typed else frozenset(),
        bare=bare,
        pids=not desired.present or desired.purge,
        mounts=True,
        mark=desired.mark.link(""),
        **fields,
    )


def _peers(desired: TopologySpec) -> frozenset[str]:
    return frozenset(name for entry in desired for _place, name in entry.list.called(entry.desired))


def _anywhere(desired: TopologySpec) -> frozenset[tuple[str, str]]:
    return frozenset(at for entry in desired for at in entry.list.ends(entry.desired))


def _cables(desired: TopologySpec) -> dict[tuple[str, str], tuple[str, str]]:
    cables: dict[tuple[str, str], tuple[str, str]] = {}
    for entry in desired["veths"]:
        near, far = entry.desired.near, entry.desired.far
        if far is not None:
            cables[near.place, near.name] = far.place, far.name
            cables[far.place, far.name] = near.place, near.name
    return cables


def _normalise(host: HostState, desired: TopologySpec) -> None:
    for entry in desired:
        entry.list.normalise(host, entry.desired)


def _differences(one: HostState, other: HostState, desired: TopologySpec) -> list[Change]:
    """Return what differs between two states of the host; of parameters, the kernel sets others along."""
    stated = {
        (one.at(entry.desired.place).key, *key)
        for entry in desired
        if entry.list.inherited
        for key in entry.list.stated(entry.desired)
    }
    return [
        change
        for change in changes(one, other)
        if not change.list.inherited or change.key in stated
    ]


def _changes(outcome: Outcome, desired: TopologySpec) -> list[Change]:
    """Return what a plan changes."""
    if "changes" not in outcome.shared:
        builder = outcome.builder
        outcome.shared["changes"] = (
            _differences(builder.before, builder.host, desired) if builder.steps else []
        )
    found: list[Change] = outcome.shared["changes"]
    return found


def _result(outcome: Outcome, desired: TopologySpec) -> Shown:
    """Return the result: how many of what, and what is there now."""
    return {
        "summary": render.summary(_changes(outcome, desired)),
        "namespaces": render.namespaces(outcome.builder.host, desired.mark),
        # Otherwise Ansible would send the whole document back, as what the module was lost.
        "invocation": {"module_args": {"name": desired.mark.owner}},
    }


def _diff(outcome: Outcome, desired: TopologySpec) -> tuple[Shown, Shown]:
    """Return before and after of the things that differ, by what they are."""
    before: Shown = {}
    after: Shown = {}
    for change in _changes(outcome, desired):
        label = render.label(change)
        if change.old is not None:
            before[label] = change.list.shown(change.old)
        if change.new is not None:
            after[label] = change.list.shown(change.new)
    for side, lost in zip((before, after), outcome.shared.get("losses", ())):
        for each in lost.get("neighbours", ()):
            where = phrase(each["netns"] or HERE)
            side.setdefault(f"neighbour {each['address']} of {each['link']} {where}", each)
    return before, after


def _verification_errors(outcome: Outcome, now: HostState, desired: TopologySpec) -> list[str]:
    """Return where what is there is not what was promised, of what is the topology's own.

    What others did meanwhile where we did nothing is theirs.
    """
    host = outcome.builder.host
    gone = {
        (change.list, change.key) for change in _changes(outcome, desired) if change.new is None
    }
    return [
        f"{render.label(change)} is {render.brief(change, change.new)},"
        f" not {render.brief(change, change.old)}"
        for change in _differences(host, now, desired)
        if (change.list, change.key) in gone
        or (
            change.old is not None
            and _is_ours(host, change, desired.mark)
            and not change.list.agrees_later(change.old, change.new)
        )
    ]


def _is_ours(host: HostState, change: Change, mark: Mark) -> bool:
    made = mark.made_namespace(host.namespaces[change.key[0]])
    return made or change.list.bears(change.old, mark)
