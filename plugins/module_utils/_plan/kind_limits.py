# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What the kernel refuses of the kinds of links, or changes of others along with one."""

from __future__ import annotations

import typing as t

from .._model.errors import Conflict
from .._model.kind_ops import ChangeKind, CreateLink
from .._model.operation import Operation
from .._model.record import replace
from .._model.wire import number_of
from .._model.world import Link, World, lowers, phrase
from .uppers import directly_on

At = tuple[str, str]

STP_DELAYS = (2, 30)  # BR_MIN_FORWARD_DELAY, BR_MAX_FORWARD_DELAY
ARP_INTERVAL = 7  # IFLA_BOND_ARP_INTERVAL
NO_ARP_MONITOR = ("802.3ad", "balance-tlb", "balance-alb")  # bond_mode_uses_arp()
MACVLANS = ("macvlan", "macvtap")
IPVLANS = ("ipvlan", "ipvtap")


class Plan(t.Protocol):
    """What is needed of a plan here."""

    world: World

    def may_take(self, thing: t.Any) -> bool: ...
    def warn(self, text: str) -> None: ...


def check(draft: Plan, step: Operation) -> None:
    """Raise Conflict where a link cannot be made so, or changed so, or not without others."""
    if isinstance(step, CreateLink):
        source = step.netns if step.source is None else step.source
        options = dict(step.options)
        if step.parent is not None:
            _check_siblings(draft, step, step.kind, options, (source, step.parent))
        _check_delay(step, step.kind, options, {})
    elif isinstance(step, ChangeKind):
        link = draft.world.spaces[step.netns].links[step.name]
        below, new = lowers(link), dict(step.new)
        if below is not None and below.netns is not None:
            at = (below.netns, below.name)
            _check_siblings(draft, step, step.kind, new, at, (step.netns, step.name))
        _check_delay(step, step.kind, new, dict(link.options))
        if step.kind == "bond":
            _check_bond(draft, step, link, new)


def _check_delay(
    step: Operation, kind: str, new: t.Mapping[str, t.Any], old: t.Mapping[str, t.Any]
) -> None:
    delay, stp = new.get("forward_delay"), new.get("stp", old.get("stp"))
    low, high = STP_DELAYS
    if kind == "bridge" and stp and delay is not None and not low <= delay <= high:
        raise Conflict(
            f"{step.phrase()}: with the spanning tree, forward_delay lies between {low} and {high}"
            " seconds"
        )


def _siblings(world: World, parent: At, kinds: t.Sequence[str], own: At | None) -> list[At]:
    return [
        at
        for at in directly_on(world, parent)
        if at != own and world.spaces[at[0]].links[at[1]].kind in kinds
    ]


def _check_siblings(
    draft: Plan,
    step: Operation,
    kind: str,
    new: t.Mapping[str, t.Any],
    parent: At,
    own: At | None = None,
) -> None:
    if kind in MACVLANS and own is None:
        others = _siblings(draft.world, parent, MACVLANS, own)
        modes = {_mode(draft.world, at) for at in others}
        if others and "passthru" in {new.get("mode"), *modes}:
            raise Conflict(
                f"{step.phrase()}: in mode passthru, a {kind} has its parent for itself, and on"
                f" {parent[1]} {phrase(parent[0])} {' and '.join(at[1] for at in others)} lies already"
            )
    if kind in IPVLANS:
        # All of a parent have one mode: ipvlan_set_port_mode(); L3 where none is stated.
        mode = new.get("mode", "l3" if own is None else None)
        others = _siblings(draft.world, parent, IPVLANS, own)
        changed = [at for at in others if mode and _mode(draft.world, at) not in (None, mode)]
        for at in changed:
            link = draft.world.spaces[at[0]].links[at[1]]
            if not draft.may_take(link):
                raise Conflict(
                    f"{step.phrase()}: all on {parent[1]} have one mode, and {at[1]} {phrase(at[0])}"
                    f" would change from {_mode(draft.world, at)} to {mode} with it. State mode"
                    f" {_mode(draft.world, at)}, or force=true"
                )
            draft.warn(f"{at[1]} {phrase(at[0])} changes to mode {mode} with others on {parent[1]}")


def _mode(world: World, at: At) -> t.Any:
    return dict(world.spaces[at[0]].links[at[1]].options).get("mode")


def set_mode(world: World, at: At, parent: At, mode: t.Any) -> None:
    """Note the mode of all ipvlans on a parent, which is one."""
    for key, name in _siblings(world, parent, IPVLANS, at):
        link = world.spaces[key].links[name]
        options = {**dict(link.options), "mode": mode}
        world.spaces[key].links[name] = replace(link, options=tuple(options.items()))


def _check_bond(draft: Plan, step: ChangeKind, link: Link, new: t.Mapping[str, t.Any]) -> None:
    ports = [
        each.name
        for each in draft.world.spaces[step.netns].links.values()
        if each.master == step.name
    ]
    if "mode" in new and (ports or link.up):  # BOND_OPTFLAG_NOSLAVES, BOND_OPTFLAG_IFDOWN
        why = f"it has the ports {', '.join(ports)}" if ports else "it is up"
        raise Conflict(
            f"{step.phrase()}: the kernel changes the mode of a bond that is down and has no ports, and"
            f" {why}. Set it down and take its ports first"
        )
    interval = number_of(link.kind_wire, ARP_INTERVAL)
    ends = new.get("miimon") or new.get("mode") in NO_ARP_MONITOR
    if interval and ends and not draft.may_take(link):
        raise Conflict(
            f"{step.phrase()}: the ARP monitoring of {step.name}, every {interval} ms, would end with"
            " that (arp_interval 0). State force=true for that"
        )
