# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Create a link of a kind, or rebuild one and keep all settings that the task does not change."""

from __future__ import annotations

import typing as t

from ...._core.errors import BadInput, Conflict
from ...._core.host_state import NAMELESS, Link, NamespaceState, phrase
from ...._core.link_table import ROWS
from ...._core.operation import Values
from ...._core.plan_builder import PlanBuilder
from ...._core.record import replace
from ...._core.wire import number_of
from ...mark.operations import AddMark
from ...rebuild.operations import CarrySettings, CarryThings
from ..bridge_ports import DEFAULT_PVID
from ..change_master import change
from ..operations import made_with
from ..spec import LinkSpec
from ..steps import delete
from .consequences import ONE_OF
from .operations import AddVlan, ChangePort, CreateLink, DeleteVlan
from .option import excluded, family
from .spec import KindSpec
from .table import KINDS

NO_MAC = "00:00:00:00:00:00"


def create(key: str, name: str, desired: KindSpec, source: str, link: LinkSpec) -> CreateLink:
    # A tun or tap is made by an ioctl that takes none of these: they are set afterwards.
    late = KINDS[desired.kind].by_ioctl
    return CreateLink(
        key,
        name,
        desired.kind,
        desired.options,
        desired.parent,
        None if source == key else source,
        None if late else link.get("mac"),
        None if late or KINDS[desired.kind].mtu_late else link.get("mtu"),
        None if late else link.get("txqueuelen"),
        made_with=_made_with(name, desired.kind, link) if link.made_with() else (),
    )


def _made_with(name: str, kind: str, link: LinkSpec) -> Values:
    stated = link.made_with()
    if KINDS[kind].by_ioctl:
        raise BadInput(
            f"{stated[0][0]} cannot be stated for {name}: a {kind} is made without it; leave it out"
        )
    return stated


def recreate(
    builder: PlanBuilder, key: str, there: Link, desired: KindSpec, source: str, link: LinkSpec
) -> None:
    """Rebuild a link and restore all settings that the task does not change."""
    had = builder.host.namespaces[key].copy()
    ports = [each.name for each in had.links.values() if each.master == there.name]
    whole, at = _whole(key, there, desired, source)
    delete(builder, key, there.name)
    mac = there.mac if KINDS[desired.kind].mac in ("own", "fixed") else None
    for attribute, value in made_with(there) if not KINDS[desired.kind].by_ioctl else ():
        if value != 1 or there.kind == "bond":  # which alone gets more than one by default
            link = link.with_default(attribute, value)
    made = create(key, there.name, whole, at, link.with_default("mac", mac))
    # The options of a bridge or a bond depend on each other: those that it has besides are carried.
    wire = b"" if KINDS[desired.kind].ports else there.kind_wire
    builder.add(replace(made, wire=wire, index=there.index))
    builder.add(CarrySettings(key, there.name))
    for name in there.altnames:
        builder.add(AddMark(key, there.name, name))
    # What older kernels lack is among the settings that were carried.
    old = {row.name: getattr(there, row.name) for row in ROWS if not row.optional}
    old["mac"] = mac if made.mac is None else None  # of a tap, which is made without one
    change(builder, key, there.name, {**old, **link.stated()})
    if there.port and builder.host.namespaces[key].links[there.name].master == there.master:
        _give_back_port(builder, key, there)
    for port in ports:
        change(builder, key, port, {"master": there.name})
    builder.put_back(key, there.name, had)
    _restore_things(builder, key, there, had)


def _whole(key: str, there: Link, desired: KindSpec, source: str) -> tuple[KindSpec, str]:
    """Return what the link is to be with what is not stated, and the namespace it is made from."""
    # What is off is off in a new bridge, too: a kernel without VLAN filtering refuses to hear of it.
    off = KINDS[desired.kind].ports
    kept = {
        name: value
        for name, value in there.options
        if value is not None and not (off and value is False)
    }
    for name, _value in desired.options:
        kept.pop(ONE_OF.get(name, ""), None)  # of a VXLAN
    options = {**kept, **dict(desired.options)}
    forms = KINDS[desired.kind].options
    options = {
        name: value
        for name, value in options.items()
        if not forms[name].needs or options.get(forms[name].needs)
    }
    stated = dict(desired.options)
    while both := excluded(KINDS[desired.kind], options):  # what the link has gives way
        options.pop(next(name for each in both if (name := each.partition("=")[0]) not in stated))
    families = {
        each: family(value)
        for each, value in options.items()
        if value is not None and forms[each].is_address
    }
    if len(set(families.values())) > 1:
        shown = " and ".join(f"{name} {options[name]}" for name in families)
        raise BadInput(f"link {there.name}: {shown} must both be IPv4 or both be IPv6")
    parent, at = desired.parent, source
    if parent is None and there.parent is not None and there.parent.netns is not None:
        parent, at = there.parent.name, there.parent.netns
    if desired.source is None and parent is None and there.socket is not None:
        at = there.socket
    if at != key and KINDS[desired.kind].parent_attr:
        raise Conflict(
            f"link {there.name} {phrase(key)} cannot be rebuilt: it was created elsewhere, and the kernel"
            " makes it with its parent and its socket in its own namespace. Remove it, create it where its"
            " socket is to be, and move it (move_from)"
        )
    if at == NAMELESS:
        raise Conflict(
            f"link {there.name} {phrase(key)} cannot be rebuilt: its socket is in a namespace without"
            " a name. Set socket_netns"
        )
    return replace(desired, options=tuple(options.items()), parent=parent), at


def _restore_things(builder: PlanBuilder, key: str, there: Link, had: NamespaceState) -> None:
    """Give a link what hung on it that lasts."""
    name = there.name
    now = builder.host.namespaces[key].links[name]
    builder.add(
        CarryThings(
            key,
            name,
            there.master is not None and now.master == there.master,
            tuple(each for each in had.neighbours if each.link == name and _lasts(each)),
            tuple(_forwards(had, there, now)),
            tuple(each for each in had.qdiscs if each.link == name),
        )
    )


def _lasts(each: t.Any) -> bool:
    return each.nud != "dynamic" and not each.kernel_made


def _forwards(had: NamespaceState, there: Link, now: Link) -> t.Iterator[t.Any]:
    """Yield the forwarding entries that somebody set: of a VXLAN, but for where its options lead."""
    old, new = dict(there.options), dict(now.options)
    for each in had.fdb:
        if each.link != there.name or not _lasts(each):
            continue
        remote = old.get("remote") or old.get("group")
        if not each.master and each.mac == NO_MAC and remote and each.dst == remote:
            continue
        vni = new.get("id") if each.vni is not None and each.vni == old.get("id") else each.vni
        port = new.get("dstport") if each.port and each.port == old.get("dstport") else each.port
        yield replace(each, vni=vni, port=port)


def _give_back_port(builder: PlanBuilder, key: str, there: Link) -> None:
    """Make a link what it was as a port of its bridge."""
    builder.add(ChangePort(key, there.name, there.port, (), there.port_wire))
    had: dict[int, tuple[bool, bool]] = {vid: how for vid, *how in there.vlans}  # type: ignore[misc]
    bridge = builder.host.namespaces[key].links.get(there.master or "")
    first = 0 if bridge is None else number_of(bridge.kind_wire, DEFAULT_PVID)
    if had and first and first not in had:
        builder.add(DeleteVlan(key, there.name, first, True, True))
    for vid, (untagged, pvid) in had.items():
        builder.add(AddVlan(key, there.name, vid, untagged, pvid))
