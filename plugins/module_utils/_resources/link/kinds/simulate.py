# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What operations that make links of a kind do."""

from __future__ import annotations

import typing as t

from ...._core.host_state import HostState, Link, Peer, lowers
from ...._core.link_table import CHOSEN
from ...._core.record import replace
from ...._core.resource import Handlers
from ..mtu import most_below
from ..simulate import inherit_parameters
from . import operations as op
from .consequences import DEFAULT_MIIMON, NO_ARP_MONITOR, ONE_OF, local_mac, reported
from .option import named_links
from .table import KINDS
from .vni import VXLAN_PORT


def _create_link(host: HostState, step: op.CreateLink) -> None:
    stated = dict(step.options)
    source = step.netns if step.source is None else step.source
    given = {name for name in ("mac", "mtu", "txqueuelen") if getattr(step, name) is not None}
    low, high = KINDS[step.kind].mtu
    below_it = list(named_links(KINDS[step.kind].options, step.options).values())
    device = below_it[0] if below_it else None
    parent = None
    if step.parent:
        from .limits import real_parent

        at = real_parent(host, step.kind, (source, step.parent))
        parent = Peer(at[1], at[0])
    mac = step.mac
    if step.kind == "ipvlan" or (
        step.kind in ("macvlan", "macvtap") and stated.get("mode") == "passthru"
    ):
        below = host.namespaces[source].links.get(step.parent or "")
        mac, given = (below.mac, given | {"mac"}) if below is not None else (None, given)
    if step.kind == "hsr" and device:
        lower = host.namespaces[source].links.get(device)
        mac = None if lower is None else lower.mac
        given = given | ({"mac"} if mac else set())
    made_with: dict[str, t.Any] = dict(step.made_with)
    host.add_layer(step.netns)
    host.namespaces[step.netns].links[step.name] = Link(
        step.name,
        kind=step.kind,
        index=step.index,
        mac=mac,
        mtu=step.mtu or 1500,
        txqueuelen=step.txqueuelen or 0,
        min_mtu=low,
        max_mtu=high,
        parent=parent,
        lower=Peer(device, source) if device else None,
        socket=step.source if KINDS[step.kind].socket else None,
        options=reported(step.kind, {name: stated.get(name) for name in KINDS[step.kind].options}),
        unknown=frozenset(CHOSEN) - given - made_with.keys(),
        **made_with,
    )
    inherit_parameters(host.namespaces[step.netns], step.name)
    if step.kind == "ipvlan":
        _share_mode(host, (step.netns, step.name), stated.get("mode", "l3"))
    if step.kind == "vxlan":
        from ...fdb.state import Tunnel

        ends = [str(stated.get(each) or "") for each in ("local", "remote", "group")]
        host.namespaces[step.netns].tunnels[step.name] = Tunnel(
            stated.get("id") or 0,
            stated.get("dstport") or VXLAN_PORT,
            stated.get("remote") or stated.get("group"),
            6 if any(":" in each for each in ends) else 4,
        )


def _change_kind(host: HostState, step: op.ChangeKind) -> None:
    links = host.namespaces[step.netns].links
    link = links[step.name]
    options = dict(link.options)
    for name, value in step.new:
        options[name] = value
        if ONE_OF.get(name) in options:
            options[ONE_OF[name]] = None
    if step.kind == "bridge" and options.get("stp") and options.get("forward_delay") is not None:
        options["forward_delay"] = min(max(options["forward_delay"], 2), 30)  # br_stp_start()
    lower = link.lower
    if "device" in options and "device" in dict(step.new):
        lower = Peer(options["device"], step.netns) if options["device"] else None
    if step.kind == "bond" and dict(step.new).get("mode") in NO_ARP_MONITOR:
        options["miimon"] = options.get("miimon") or DEFAULT_MIIMON  # bond_option_mode_set()
    if KINDS[step.kind].mac == "local" and "local" in dict(step.new):
        mac = local_mac(KINDS[step.kind].options["local"], options["local"])
        link = replace(link, mac=mac, unknown=link.unknown - {"mac"})
    host.add_layer(step.netns)
    if step.kind == "vxlan" and lower is not None:
        most = most_below(host, step.netns, replace(link, lower=lower))
        link = replace(link, mtu=min(link.mtu, most or link.mtu))  # vxlan_config_apply()
    mode = options.get("mode")
    if step.kind == "ipvlan":
        from .ipvlan import with_mode

        link = with_mode(link, mode)
    links[step.name] = replace(link, options=reported(step.kind, options), lower=lower)
    if step.kind == "ipvlan":
        _share_mode(host, (step.netns, step.name), mode)


def _share_mode(host: HostState, at: tuple[str, str], mode: object) -> None:
    from .limits import set_mode

    below = lowers(host.namespaces[at[0]].links[at[1]])
    if below is not None and below.netns is not None and mode is not None:
        set_mode(host, at, (below.netns, below.name), mode)


def _change_port(host: HostState, step: op.ChangePort) -> None:
    links = host.namespaces[step.netns].links
    port = {**dict(links[step.name].port), **dict(step.new)}
    links[step.name] = replace(links[step.name], port=tuple(port.items()))


def _add_vlan(host: HostState, step: op.AddVlan) -> None:
    links = host.namespaces[step.netns].links
    # There is one pvid: a new one takes it from the old (br_vlan_set_pvid()).
    others = [
        (vid, untagged, pvid and not step.pvid)
        for vid, untagged, pvid in links[step.name].vlans
        if vid != step.vid
    ]
    vlans = tuple(sorted([*others, (step.vid, step.untagged, step.pvid)]))
    links[step.name] = replace(links[step.name], vlans=vlans)


def _delete_vlan(host: HostState, step: op.DeleteVlan) -> None:
    links = host.namespaces[step.netns].links
    vlans = tuple(vlan for vlan in links[step.name].vlans if vlan[0] != step.vid)
    links[step.name] = replace(links[step.name], vlans=vlans)


SIMULATE: Handlers = {
    op.CreateLink: _create_link,
    op.ChangeKind: _change_kind,
    op.ChangePort: _change_port,
    op.AddVlan: _add_vlan,
    op.DeleteVlan: _delete_vlan,
}
