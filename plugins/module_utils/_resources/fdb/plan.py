# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn the forwarding entries of a link into the desired ones."""

from __future__ import annotations

import typing as t

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import HostState, Link, NamespaceState, phrase
from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from .operations import DeleteForward, SetForward, description
from .spec import DESTINATION, FdbSpec, ForwardSpec
from .state import EXT_LEARNED, STICKY, Forward, is_many, shown

LEARNED = "dynamic"


def plan(builder: PlanBuilder, desired: FdbSpec) -> None:
    """Plan the listed entries, and with purge the removal of all others."""
    if not desired.present:
        namespace = builder.host.at(desired.place)
        builder.refuse_altname(desired.place, desired.link)
        for each in desired.entries:
            matching = [there for there in namespace.fdb if _is_stated(there, each)]
            _delete(builder, namespace, [there for there in matching if not there.foreign])
            for there in matching:
                if there.foreign:
                    _warn_foreign(builder, namespace, there)
        return
    link = builder.link(desired.place, desired.link)
    namespace = builder.namespace(desired.place)
    kept = [_present(builder, namespace, link, each) for each in desired.entries]
    if desired.purge:
        masters = {each.master for each in kept}
        if not masters:
            masters = {True, False} if desired.master is None else {desired.master}
        keys = {each.key for each in kept}
        others = [each for each in namespace.fdb if each.key not in keys and each.master in masters]
        _delete(
            builder,
            namespace,
            [each for each in others if _may_purge(namespace, each, desired.link)],
        )


def _delete(builder: PlanBuilder, namespace: NamespaceState, entries: t.Iterable[Forward]) -> None:
    for each in entries:
        if each in namespace.fdb:  # deleting the previous one may have removed it too
            builder.add(DeleteForward(namespace.key, each))


def _warn_foreign(builder: PlanBuilder, namespace: NamespaceState, there: Forward) -> None:
    """Warn that an entry is kept because of attributes that tasks cannot set."""
    words = (
        f"{description(there)} {phrase(namespace.key)} is kept: {_foreign_reason(there.foreign)}"
    )
    if words not in builder.warnings:
        builder.warnings.append(words)


def _foreign_reason(words: str) -> str:
    return f"it has {words}, which this collection cannot set"


def _check_foreign(namespace: NamespaceState, there: Forward, desired: ForwardSpec) -> None:
    """Refuse to replace or change an entry that has attributes tasks cannot set."""
    words = there.foreign
    if there.flags & EXT_LEARNED and desired.nud not in (None, there.nud):
        words = "extern_learn"
    elif there.flags & STICKY and there.master and desired.nud == "permanent":
        words = "sticky"  # a bridge's own entries cannot be sticky: fdb_add_entry()
    if words:
        raise Conflict(
            f"{description(there)} {phrase(namespace.key)} cannot be replaced: {_foreign_reason(words)}. Remove it with"
            " bridge(8), or leave this entry out"
        )


def _is_learned(there: Forward) -> bool:
    """Return whether the kernel learned an entry, so that it expires."""
    return there.nud == LEARNED and not there.flags


def _is_stated(there: Forward, desired: ForwardSpec) -> bool:
    names = ("link", "mac", "master", "nud", "vlan", "dst", "port", "vni", "via")
    return all(getattr(desired, name) in (None, getattr(there, name)) for name in names)


def _present(
    builder: PlanBuilder, namespace: NamespaceState, link: Link, desired: ForwardSpec
) -> Forward:
    master = _table(builder, namespace, link, desired)
    if desired.via is not None:
        builder.link(namespace.key, desired.via)
    _check_port(builder, link, desired, master)
    there = _there(namespace, link, desired, master)
    if there is None and link.kind == "vxlan" and not master and desired.dst is None:
        raise BadInput(f"dst is required for an entry of the VXLAN device {link.name}")
    if there is not None and _is_as_desired(there, desired):
        return there
    if there is not None:
        _check_foreign(namespace, there, desired)
    beside = _beside(namespace, desired) if is_many(desired.mac) and not master else []
    nud = desired.nud or _kept_nud(there or (beside[0] if beside else None), master)
    new = Forward(
        desired.link,
        desired.mac,
        master,
        nud,
        desired.vlan,
        **_destination(namespace, there, desired, master),
    )
    if there is not None:
        new = replace(new, flags=there.flags, extras=there.extras)
    if there is not None and there.many:
        new = replace(there, nud=nud)
    elif beside and beside[0].nud != nud:
        builder.add(SetForward(namespace.key, replace(beside[0], nud=nud), beside[0]))
    builder.add(SetForward(namespace.key, new, there))
    return new


def _destination(
    namespace: NamespaceState, there: Forward | None, desired: ForwardSpec, master: bool
) -> dict[str, t.Any]:
    """Return the tunnel destination; if a task states part of it, the rest is the device's default."""
    if master or not (desired.destination() or there):
        return {}
    if there is not None and not desired.destination():
        return {name: getattr(there, name) for name in DESTINATION}
    tunnel = namespace.tunnels.get(desired.link)
    usual = {} if tunnel is None else {"port": tunnel.port, "vni": tunnel.vni}
    return {**usual, **desired.destination()}


def _is_as_desired(there: Forward, desired: ForwardSpec) -> bool:
    """Return whether an existing entry has all stated attributes."""
    if there.link != desired.link or not _has_same_destination(there, desired):
        return False
    # A learned entry expires, so it does not count unless nud=dynamic is stated.
    return there.nud == desired.nud or (desired.nud is None and not _is_learned(there))


def _kept_nud(there: Forward | None, master: bool) -> str:
    if there is not None and not _is_learned(there):
        return there.nud
    return "static" if master else "permanent"


def _has_same_destination(there: Forward, desired: ForwardSpec) -> bool:
    return not there.nhid and all(
        getattr(there, name) == value for name, value in desired.destination().items()
    )


def _beside(namespace: NamespaceState, desired: ForwardSpec) -> list[Forward]:
    """Return the link's other entries for the same multicast or all-zero MAC."""
    return [
        each
        for each in namespace.fdb
        if not each.master
        and (each.link, each.mac) == (desired.link, desired.mac)
        and each.src_vni is None
        and each.many
    ]


def _there(
    namespace: NamespaceState, link: Link, desired: ForwardSpec, master: bool
) -> Forward | None:
    """Return the existing entry that the desired one equals or replaces."""
    for each in namespace.fdb:
        if (each.mac, each.vlan, each.src_vni) != (desired.mac, desired.vlan, None):
            continue
        if master:
            # In a bridge a MAC has one port, which may be another port or the bridge itself.
            if (each.master and namespace.links[each.link].master == link.master) or (
                each.link == link.master and not is_many(each.mac)
            ):
                return each
        elif (
            not each.master
            and each.link == desired.link
            and (not each.many or _has_same_destination(each, desired))
        ):
            return each
    return None


def _table(
    builder: PlanBuilder, namespace: NamespaceState, link: Link, desired: ForwardSpec
) -> bool:
    """Return whether an entry belongs to the bridge's table; raise BadInput if to neither table."""
    supposed = builder.assume_exists and not link.index
    tunnels = link.kind in ("vxlan", None) if supposed else link.kind == "vxlan"
    port = link.master is not None and (
        link.master not in namespace.links or namespace.links[link.master].kind == "bridge"
    )
    master = port and not desired.destination() if desired.master is None else desired.master
    if master and not port and not supposed:
        raise BadInput(
            f"master=true requires a bridge port, and link {link.name} is not one; set its master"
            " first (netns_link)"
        )
    if desired.destination() and not tunnels:
        stated = ", ".join(desired.destination())
        raise BadInput(f"{stated}: a VXLAN device is required, and link {link.name} is not one")
    if not master and not supposed:
        _check_own(namespace, link, desired, tunnels)
    return master


def _check_own(namespace: NamespaceState, link: Link, desired: ForwardSpec, tunnels: bool) -> None:
    tunnel = namespace.tunnels.get(link.name)
    version = None if tunnel is None else tunnel.version
    if desired.dst is not None and version == (4 if ":" in desired.dst else 6):
        raise BadInput(
            f"dst {desired.dst} must be an IPv{version} address, as link {link.name} tunnels over"
            f" IPv{version}"
        )
    if tunnels and desired.vlan is not None:
        raise BadInput(
            f"vlan is not possible for entries of the VXLAN device {link.name}; leave it out"
        )
    if not tunnels and link.kind != "bridge" and desired.nud not in (None, "permanent"):
        raise BadInput(
            f"nud={desired.nud} is not possible: link {link.name} has permanent entries only; leave nud out"
        )


def _check_port(builder: PlanBuilder, link: Link, desired: ForwardSpec, master: bool) -> None:
    """Refuse entries that the kernel accepts and ignores, such as VLANs that the port is not in."""
    lacks = []
    if desired.vlan is not None and desired.vlan not in {each[0] for each in link.vlans}:
        lacks.append(f"in VLAN {desired.vlan} (bridge_port)")
    if master and desired.nud == LEARNED and not link.up:
        lacks.append("up, to have dynamic entries")
    for each in lacks:
        if not builder.assume_exists:
            raise BadInput(f"Link {link.name} is not {each}; change that first (netns_link)")
        builder.suppose(f"Link {link.name} is not {each} yet")


def _may_purge(namespace: NamespaceState, there: Forward, link: str) -> bool:
    """Return whether purge may remove an entry: not learned ones and not the kernel's own.

    In tables of other links the kernel's own entries cannot be distinguished from a task's.
    """
    known = there.master or link in namespace.tunnels or namespace.links[link].kind == "bridge"
    return (
        known
        and there.link == link
        and there.nud != LEARNED
        and not there.kernel_made
        and not (there.flags or there.foreign)
        and not _is_derived(namespace, there)
    )


def _is_derived(namespace: NamespaceState, there: Forward) -> bool:
    """Return whether the kernel made an entry from one without a VLAN, which covers all VLANs."""
    return (
        there.master
        and there.vlan is not None
        and any(
            (each.master, each.link, each.mac, each.vlan) == (True, there.link, there.mac, None)
            for each in namespace.fdb
        )
    )


def render(host: HostState, desired: FdbSpec) -> list[dict[str, t.Any]]:
    """Return the entries that results show; learned ones only if the task lists them."""
    namespace = host.namespaces.get(host.places.get(desired.place, desired.place))
    if namespace is None:
        return []
    asked = {each.mac for each in desired.entries}
    ours = [
        each
        for each in namespace.fdb
        if each.link == desired.link
        and not _is_derived(namespace, each)
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
