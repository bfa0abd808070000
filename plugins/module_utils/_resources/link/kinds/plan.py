# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that create a link of a kind, or turn its options into the desired ones."""

from __future__ import annotations

import typing as t

from ...._core.errors import BadInput, Conflict, NetnsError
from ...._core.host_state import NAMELESS, HostState, Link, phrase
from ...._core.plan_builder import PlanBuilder
from ...._core.record import replace
from ..bridge_ports import joined
from ..spec import LinkSpec
from .consequences import ONE_OF, is_fixed
from .limits import real_parent
from .operations import AddVlan, ChangeKind, ChangePort, DeleteVlan
from .option import named_links, same
from .rebuild import create
from .spec import KindSpec, PortSpec, check_needs, require
from .table import KINDS


def ensure(builder: PlanBuilder, key: str, name: str, desired: KindSpec, link: LinkSpec) -> None:
    """Plan that a link is there and of its kind; what all links have is left to others."""
    _ensure(builder, key, name, desired, link)
    if desired.wireguard is not None:
        from ...wireguard.plan import ensure as configure

        configure(builder, key, name, desired.wireguard)


def _ensure(builder: PlanBuilder, key: str, name: str, desired: KindSpec, link: LinkSpec) -> None:
    source = key if desired.source is None else builder.namespace(desired.source).key
    there = builder.host.namespaces[key].links.get(name)
    if there is None and KINDS[desired.kind].parent_attr and source != key:
        # ip_tunnel_newlink(), xfrmi_newlink(): dev_net(dev)
        option = "parent_netns" if desired.parent is not None else "socket_netns"
        raise Conflict(
            f"link {name} {phrase(key)}: the kernel makes a {desired.kind} with its parent and its socket"
            f" in the link's own namespace, not {phrase(source)}. Leave out {option}; or create the link"
            " there, and move it (move_from)"
        )
    if desired.parent is not None:
        builder.link(source, desired.parent, "parent")
    for option, below in named_links(KINDS[desired.kind].options, desired.options).items():
        builder.link(source, below, option)
    if there is None:
        require(desired)
        builder.add(create(key, name, desired, source, link))
        return
    if there.kind != desired.kind:
        is_there = f"a {there.kind}" if there.kind else "a device without type"
        raise Conflict(
            f"link {name} {phrase(key)} exists and is {is_there}, not a {desired.kind}. Remove it"
            " first, or use another name"
        )
    _correct(builder, key, there, desired, source, link)


def _correct(
    builder: PlanBuilder, key: str, there: Link, desired: KindSpec, source: str, link: LinkSpec
) -> None:
    has = dict(there.options)
    options = KINDS[desired.kind].options
    check_needs(desired, has)
    wrong = [
        (name, value)
        for name, value in desired.options
        if not same(options[name], has.get(name), value)
    ]
    # What the kernel no longer reports once a switch is off.
    wrong += [
        (name, None)
        for name, option in options.items()
        if has.get(name) is not None and (option.needs, False) in wrong
    ]
    fixed = [
        f"{name} is {_shown(there, name)} and not {value}"
        for name, value in wrong
        # A link of another namespace cannot be named from here.
        if (options[name].form == "link" and source != key) or is_fixed(there, name, value)
    ]
    if desired.parent is not None and there.parent is None and KINDS[desired.kind].parent == "may":
        fixed.append(f"it has no parent and not {desired.parent}")
    elif desired.parent is not None and there.parent is not None:
        lies_on = (there.parent.name, there.parent.netns)
        at = real_parent(builder.host, desired.kind, (source, desired.parent))
        if lies_on != (at[1], at[0]):
            fixed.append(f"its parent is {lies_on[0]} and not {desired.parent}")
    fixed += _other_socket(key, there, desired, source)
    if KINDS[desired.kind].mac == "fixed" and link.get("mac") not in (None, there.mac):
        fixed.append(f"mac is {there.mac} and not {link.get('mac')}")
    fixed += [
        f"{name} is {getattr(there, name)} and not {value}"
        for name, value in link.made_with()
        if value != getattr(there, name)
    ]
    if not fixed:
        if wrong:
            old = tuple(_old(has, name) for name, _value in wrong)
            named = (("id", has["id"]),) if desired.kind == "geneve" else ()
            again = KINDS[desired.kind].mtu_again and "mtu" not in there.unknown
            mtu = there.mtu if again else None
            builder.add(ChangeKind(key, there.name, desired.kind, tuple(wrong), old, named, mtu))
        return
    from .rebuild import recreate

    if desired.force:
        recreate(builder, key, there, desired, source, link)
        return
    what = f"link {there.name} {phrase(key)}: {'; '.join(fixed)}. The kernel cannot change that"
    try:
        recreate(builder.tried(), key, there, desired, source, link)
    except NetnsError as error:
        raise Conflict(f"{what}, and the link cannot be rebuilt: {error}") from error
    raise Conflict(f"{what}; set force=true to rebuild the link")


def normalise(host: HostState, at: tuple[str, str], desired: KindSpec) -> None:
    """Read what the kernel counts in ticks of its own as it was stated, where it is that."""
    namespace = host.namespaces.get(at[0])
    link = None if namespace is None else namespace.links.get(at[1])
    if namespace is None or link is None or link.kind != desired.kind:
        return
    stated, options = dict(desired.options), KINDS[desired.kind].options
    normalised = tuple(
        (
            name,
            stated[name] if name in stated and same(options[name], value, stated[name]) else value,
        )
        for name, value in link.options
    )
    namespace.links[at[1]] = replace(link, options=normalised)


def _shown(there: Link, name: str) -> t.Any:
    has = dict(there.options).get(name)
    is_end = KINDS[there.kind or ""].options[name].is_address
    return "unset, of a link of the other IP version," if has is None and is_end else has


def _other_socket(key: str, there: Link, desired: KindSpec, source: str) -> list[str]:
    """Return that the socket of a tunnel is in another namespace than is stated, if it is."""
    kind = KINDS[desired.kind]
    if (
        desired.source is None or not kind.socket or desired.kind == "wireguard"
    ):  # whose socket is not shown
        return []
    at = key if there.socket is None else there.socket
    if at == source or there.parent is not None:
        return []
    where = "in a namespace without a name" if at == NAMELESS else phrase(at)
    return [f"its socket is {where} and not {phrase(source)}"]


def _old(has: dict[str, t.Any], name: str) -> tuple[str, t.Any]:
    """Return what an option was; of two words for one thing in the kernel, the one that it had."""
    other = ONE_OF.get(name)
    if other is not None and has.get(name) is None and has.get(other) is not None:
        return other, has[other]
    return name, has.get(name)


def ensure_port(builder: PlanBuilder, key: str, name: str, desired: PortSpec) -> None:
    """Plan what a link is as a port of its bridge."""
    link = builder.host.namespaces[key].links[name]
    master = builder.host.namespaces[key].links.get(link.master or "")
    if master is None or (master.kind != "bridge" and not builder.assume_exists):
        raise BadInput(
            f"bridge_port requires a bridge port, and link {name} {phrase(key)} is not one; set master"
        )
    if not link.port and master.kind == "bridge":
        vlans = (desired.tagged, desired.untagged, desired.pvid) != (None, None, None)
        link = builder.host.namespaces[key].links[name] = joined(link, master, vlans)
    has = dict(link.port)
    wrong = [(key_, value) for key_, value in desired.switches if has.get(key_) != value]
    if wrong:
        old = tuple((key_, bool(has.get(key_))) for key_, _value in wrong)
        builder.add(ChangePort(key, name, tuple(wrong), old))
    for step in _vlans(key, name, link, desired):
        builder.add(step)


def _vlans(key: str, name: str, link: Link, desired: PortSpec) -> t.Iterator[AddVlan | DeleteVlan]:
    has = {vid: (untagged, pvid) for vid, untagged, pvid in link.vlans}
    pvid = (
        next((vid for vid, how in has.items() if how[1]), 0)
        if desired.pvid is None
        else desired.pvid
    )
    wanted = {vid: untagged for vid, (untagged, _pvid) in has.items()}
    for untagged, listed in ((False, desired.tagged), (True, desired.untagged)):
        if listed is not None:
            wanted = {vid: how for vid, how in wanted.items() if how != untagged}
            wanted.update(dict.fromkeys(listed, untagged))
    if desired.pvid:
        wanted.setdefault(desired.pvid, True)
    for vid in sorted(set(has) - set(wanted)):
        yield DeleteVlan(key, name, vid, *has[vid])
    # The pvid comes last: whoever had it loses it by that.
    for vid in sorted(wanted, key=lambda each: (each == pvid, each)):
        how = (wanted[vid], vid == pvid)
        if has.get(vid) != how:
            yield AddVlan(key, name, vid, *how, before=has.get(vid))
