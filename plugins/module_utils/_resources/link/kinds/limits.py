# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What the kernel refuses of the kinds of links, or changes of others along with one."""

from __future__ import annotations

import typing as t

from ...._core.errors import Conflict
from ...._core.host_state import HostState, Link, Peer, lowers, phrase
from ...._core.operation import Operation
from ...._core.wire import number_of
from ..fallback import is_fallback
from ..mtu_limits import check_mtu
from ..names import free
from ..uppers import directly_on
from .consequences import NO_ARP_MONITOR, receiver
from .ipvlan import with_mode
from .operations import ChangeKind, CreateLink
from .option import named_links
from .table import KINDS
from .tunnel_ends import check_ends, check_name
from .unique import check_sci, check_unique
from .vni import check_vni

At = tuple[str, str]

STP_DELAYS = (2, 30)  # BR_MIN_FORWARD_DELAY, BR_MAX_FORWARD_DELAY
ARP_INTERVAL = 7  # IFLA_BOND_ARP_INTERVAL
MACVLANS = ("macvlan", "macvtap")
IPVLANS = ("ipvlan", "ipvtap")


class Plan(t.Protocol):
    """What is needed of a plan here."""

    host: HostState

    def may_take(self, thing: t.Any) -> bool:
        """Return whether a thing may go along that a task does not name."""

    def warn(self, text: str) -> None:
        """Tell the user something, once."""


def check(builder: t.Any, step: Operation) -> None:
    """Raise Conflict where a link cannot be made so, or changed so, or not without others."""
    _check_kind(builder, step)
    if not isinstance(step, CreateLink):
        return
    free(builder, step, step.netns, step.name)
    if step.mtu is not None:
        source = step.netns if step.source is None else step.source
        below = step.parent or dict(step.options).get("device")
        lower = Peer(str(below), source) if below else None
        new = Link(step.name, kind=step.kind, options=step.options, lower=lower)
        check_mtu(builder, step, step.netns, new, step.mtu)


def _check_kind(builder: Plan, step: Operation) -> None:
    if isinstance(step, CreateLink):
        source = step.netns if step.source is None else step.source
        options = dict(step.options)
        parent = None
        if step.parent is not None:
            parent = real_parent(builder.host, step.kind, (source, step.parent))
            _check_parent(builder, step, step.kind, parent)
            _check_siblings(builder, step, step.kind, options, parent)
        for each in named_links(KINDS[step.kind].options, step.options).values():
            _check_parent(builder, step, step.kind, (source, each))
        if step.mac is not None:
            check_mac(builder, step, step.kind, step.mac, parent)
        check_vni(builder.host, step)
        check_name(step)
        check_ends(builder.host, step, step.kind, options)
        check_unique(builder.host, step, step.kind, options)
        if step.kind == "macsec" and parent is not None:
            check_sci(builder.host, step, parent)
        _check_delay(step, step.kind, options, {})
    elif isinstance(step, ChangeKind):
        link = builder.host.namespaces[step.netns].links[step.name]
        below, new = lowers(link), dict(step.new)
        if below is not None and below.netns is not None:
            at = (below.netns, below.name)
            _check_siblings(builder, step, step.kind, new, at, (step.netns, step.name))
        _check_delay(step, step.kind, new, dict(link.options))
        check_ends(builder.host, step, step.kind, new)
        check_unique(builder.host, step, step.kind, new)
        if is_fallback(link):  # ip_tunnel_changelink(), ipip6_changelink()
            raise Conflict(
                f"{step.phrase()}: the kernel makes it in each namespace and does not change its options."
                " Create another one"
            )
        if step.kind == "bond":
            _check_bond(builder, step, link, new)


# A link has one that takes what it receives (netdev_rx_handler_register()): a bridge, a bond or a team
# that it is a port of, its macvlans, or its ipvlans.
TAKERS = ("bridge", "bond", "team")
NO_PORTS = (*IPVLANS, "vrf")  # IFF_NO_RX_HANDLER
TAPS = (
    "macvtap",
    "ipvtap",
)  # whose file takes what they receive: macvtap_newlink(), ipvtap_newlink()


def _is_ethernet(kind: str | None) -> bool:
    return kind not in KINDS or KINDS[kind].is_ethernet


def check_master(builder: Plan, step: Operation, key: str, link: Link, name: str) -> None:
    """Refuse to make a link a port of what does not take it."""
    master = builder.host.namespaces[key].links.get(name)
    if master is None or master.kind is None:
        return
    what = f"{step.phrase()}: "
    if master.kind == "veth" or (master.kind in KINDS and not KINDS[master.kind].ports):
        raise Conflict(f"{what}{name} is a {master.kind}, which has no ports. Use a bridge")
    if master.kind == "bridge" and (link.kind == "bridge" or not _is_ethernet(link.kind)):
        raise Conflict(f"{what}a {link.kind} cannot be a port of a bridge; use another link")
    if link.kind in (*NO_PORTS, *TAPS) and master.kind in TAKERS:
        raise Conflict(
            f"{what}a link of type {link.kind} cannot be a port of a {master.kind}; use another link"
        )
    on = [
        at[1]
        for at in directly_on(builder.host, (key, link.name))
        if receiver(builder.host.namespaces[at[0]].links[at[1]].kind)
    ]
    if on and master.kind in TAKERS:
        raise Conflict(
            f"{what}{', '.join(on)} on {link.name} takes what it receives, so that it cannot be a port of"
            f" a {master.kind}. Remove that first"
        )


def check_mac(builder: Plan, step: Operation, kind: str, mac: str, parent: At | None) -> None:
    """Refuse a MAC address for what has none, or has that of the link that it lies on."""
    if not _is_ethernet(kind):
        own = " of its own, but its local address" if KINDS[kind].mac == "local" else ""
        raise Conflict(
            f"{step.phrase()}: a link of type {kind} has no MAC address{own}. Leave out mac"
        )
    if kind in KINDS and KINDS[kind].mac == "fixed" and not isinstance(step, CreateLink):
        raise Conflict(
            f"{step.phrase()}: a link of type {kind} keeps the MAC address that it was made with."
            f" Set type={kind} and force=true to rebuild the link"
        )
    if kind == "hsr":
        raise Conflict(
            f"{step.phrase()}: a hsr has the MAC address of its slave1. Leave out mac, or set that of slave1"
        )
    if kind not in IPVLANS or parent is None:
        return
    namespace = builder.host.namespaces.get(parent[0])
    below = None if namespace is None else namespace.links.get(parent[1])
    if below is None or below.mac != mac:  # ipvlan_link_new()
        has = "" if below is None or below.mac is None else f", {below.mac}"
        raise Conflict(
            f"{step.phrase()}: an {kind} has the MAC address of {parent[1]}, which it lies on{has}."
            " Leave out mac"
        )


def real_parent(host: HostState, kind: str, at: At) -> At:
    """Return what a link is made to lie on: of a macvlan, what that lies on itself, and so for ipvlans
    (macvlan_common_newlink(), ipvlan_link_new())."""
    for kinds in (MACVLANS, IPVLANS):
        namespace = host.namespaces.get(at[0])
        parent = None if namespace is None else namespace.links.get(at[1])
        if parent is not None and kind in kinds and parent.kind in kinds:
            below = lowers(parent)
            if below is not None and below.netns is not None:
                return below.netns, below.name
    return at


def _check_parent(builder: Plan, step: Operation, kind: str, parent: At) -> None:
    if not receiver(kind):
        return
    namespace = builder.host.namespaces.get(parent[0])
    link = None if namespace is None else namespace.links.get(parent[1])
    if namespace is None or link is None:
        return
    is_loopback = link.kind is None and not link.hardware and link.index == 1
    of_hsr = kind == "hsr" and link.kind in ("hsr", "vlan")  # hsr_check_dev_ok()
    if not _is_ethernet(link.kind) or is_loopback or of_hsr:
        raise Conflict(
            f"{step.phrase()}: {parent[1]} cannot be the parent of a {kind}; use another"
        )
    master = namespace.links.get(link.master or "")
    on = [
        at[1]
        for at in directly_on(builder.host, parent)
        if _is_alone(receiver(builder.host.namespaces[at[0]].links[at[1]].kind), receiver(kind))
    ]
    taken = f"has {', '.join(on)} on it" if on else ""
    if master is not None and master.kind in TAKERS:
        taken = f"is a port of {link.master}"
    elif link.kind in TAPS:
        taken = f"is a {link.kind}"
    if taken:
        raise Conflict(
            f"{step.phrase()}: {parent[1]} {taken}, which takes what it receives: no {kind} can lie on it. Use another parent"
        )


def _is_alone(one: str, other: str) -> bool:
    """Return whether one that takes what a link receives leaves nothing to another."""
    return bool(one) and (one != other or one == "hsr")


def _check_delay(
    step: Operation, kind: str, new: t.Mapping[str, t.Any], old: t.Mapping[str, t.Any]
) -> None:
    delay, stp = new.get("forward_delay"), new.get("stp", old.get("stp"))
    low, high = STP_DELAYS
    if kind == "bridge" and stp and delay is not None and not low <= delay <= high:
        raise Conflict(
            f"{step.phrase()}: with stp=true, forward_delay must be between {low} and {high} seconds"
        )


def _siblings(host: HostState, parent: At, kinds: t.Sequence[str], own: At | None) -> list[At]:
    return [
        at
        for at in directly_on(host, parent)
        if at != own and host.namespaces[at[0]].links[at[1]].kind in kinds
    ]


def _check_siblings(
    builder: Plan,
    step: Operation,
    kind: str,
    new: t.Mapping[str, t.Any],
    parent: At,
    own: At | None = None,
) -> None:
    if kind in MACVLANS and own is None:
        others = _siblings(builder.host, parent, MACVLANS, own)
        modes = {_mode(builder.host, at) for at in others}
        if others and "passthru" in {new.get("mode"), *modes}:
            raise Conflict(
                f"{step.phrase()}: in mode passthru, a {kind} has its parent for itself, and on"
                f" {parent[1]} {phrase(parent[0])} {' and '.join(at[1] for at in others)} lies already. Use another parent"
            )
    if kind in IPVLANS:
        # All of a parent have one mode: ipvlan_set_port_mode(); L3 where none is stated.
        mode = new.get("mode", "l3" if own is None else None)
        others = _siblings(builder.host, parent, IPVLANS, own)
        changed = [at for at in others if mode and _mode(builder.host, at) not in (None, mode)]
        for at in changed:
            link = builder.host.namespaces[at[0]].links[at[1]]
            if not builder.may_take(link):
                raise Conflict(
                    f"{step.phrase()}: all on {parent[1]} have one mode, and {at[1]} {phrase(at[0])}"
                    f" would change from {_mode(builder.host, at)} to {mode} with it. State mode"
                    f" {_mode(builder.host, at)}, or force=true"
                )
            builder.warn(
                f"{at[1]} {phrase(at[0])} changes to mode {mode} with others on {parent[1]}"
            )


def _mode(host: HostState, at: At) -> t.Any:
    return dict(host.namespaces[at[0]].links[at[1]].options).get("mode")


def set_mode(host: HostState, at: At, parent: At, mode: t.Any) -> None:
    """Note the mode of all other ipvlans on a parent, which is one."""
    for key, name in _siblings(host, parent, IPVLANS, at):
        host.namespaces[key].links[name] = with_mode(host.namespaces[key].links[name], mode)


def _check_bond(builder: Plan, step: ChangeKind, link: Link, new: t.Mapping[str, t.Any]) -> None:
    ports = [
        each.name
        for each in builder.host.namespaces[step.netns].links.values()
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
    if interval and ends and not builder.may_take(link):
        raise Conflict(
            f"{step.phrase()}: the ARP monitoring of {step.name}, every {interval} ms, would end with"
            " that (arp_interval 0). State force=true for that"
        )
