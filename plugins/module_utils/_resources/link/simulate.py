# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on links: net/core/dev.c, drivers/net/veth.c,
net/ipv6/addrconf.c."""

from __future__ import annotations

import os
import typing as t

from ..._core.host_state import Address, HostState, Link, NamespaceState, Peer, Route, lowers
from ..._core.inet import MIN_V6_MTU
from ..._core.link_table import ETHERNET_MTU, NO_INET6, ROWS
from ..._core.parse import IFNAMSIZ
from ..._core.record import replace
from ..._core.resource import Handlers
from . import operations as op
from .carrier import bridge_is_left, carrier_goes, followers_lose, without
from .uppers import follow, going_along, leave
from .uppers_simulate import BONDS, follow_change

if t.TYPE_CHECKING:
    from ..neighbour.state import Neighbour


def _create_veth(host: HostState, step: op.CreateVeth) -> None:
    for this, other in ((step.near, step.far), (step.far, step.near)):
        made_with: dict[str, t.Any] = dict(this.made_with)
        host.namespaces[this.netns].links[this.name] = Link(
            this.name,
            kind="veth",
            index=this.index,
            mac=this.mac,
            mtu=1500 if this.mtu is None else this.mtu,
            txqueuelen=1000 if this.txqueuelen is None else this.txqueuelen,
            group=this.group or 0,
            min_mtu=ETHERNET_MTU[0],
            max_mtu=ETHERNET_MTU[1],
            peer=Peer(other.name, other.netns),
            **made_with,
        )
        inherit_parameters(host.namespaces[this.netns], this.name)


def inherit_parameters(namespace: NamespaceState, name: str) -> None:
    """Give a link that comes the parameters that new links inherit, as far as these are known."""
    if not namespace.sysctls:
        return
    from ..sysctl import state as sysctl

    for key in namespace.sysctls:
        found = sysctl.of(key)
        if found is not None and found.link == name:
            namespace.sysctls[key] = (
                sysctl.as_born(namespace.sysctls, key) or namespace.sysctls[key]
            )


def _delete_link(host: HostState, step: op.DeleteLink) -> None:
    at, peer = (step.netns, step.link.name), step.link.peer
    _remove_uppers(host, at)
    if step.link.kind == "veth" and peer is not None and peer.netns is not None:
        _remove_uppers(host, (peer.netns, peer.name))
    _take_out(host, at)


def _take_out(host: HostState, at: tuple[str, str]) -> None:
    """Remove a link whose upper links are removed already."""
    namespace = host.namespaces[at[0]]
    leave(host, at)
    link = namespace.links.pop(at[1])
    _strip(namespace, link.name)
    _free_ports(host, namespace, link)
    _mark_unknown(namespace, link.master)
    bridge_is_left(host, namespace, link.master)
    if link.kind == "veth":
        forget_peer(host, link)


def _free_ports(host: HostState, namespace: NamespaceState, master: Link) -> None:
    """Remove all ports from a master that is deleted."""
    if not any(port.master == master.name for port in namespace.links.values()):
        return
    namespace.links[master.name] = master  # needed for its kind
    for name, port in list(namespace.links.items()):
        if port.master == master.name:
            _change_link(host, op.ChangeLink(namespace.key, name, (("master", ""),), ()))
    del namespace.links[master.name]


def remove(host: HostState, at: tuple[str, str]) -> None:
    """Remove a link that is deleted along with another one."""
    if at[0] in host.namespaces and at[1] in host.namespaces[at[0]].links:
        _take_out(host, at)


def _remove_uppers(host: HostState, at: tuple[str, str], moved: bool = False) -> None:
    for each in going_along(host, at, moved):
        remove(host, each)


def _restore_link(host: HostState, step: op.RestoreLink) -> None:
    host.add_layer(step.netns)
    host.namespaces[step.netns].links[step.link.name] = step.link


def forget_peer(host: HostState, link: Link) -> None:
    """Take the other end of a veth that is gone from the host state."""
    if link.peer is not None and link.peer.netns in host.namespaces:
        _remove_uppers(host, (link.peer.netns, link.peer.name))
        other = host.namespaces[link.peer.netns]
        removed = other.links.pop(link.peer.name, None)
        _mark_unknown(other, None if removed is None else removed.master)
        _strip(other, link.peer.name)
        bridge_is_left(host, other, None if removed is None else removed.master)


def take_away(host: HostState, links: t.Iterable[tuple[str, str]], unless: HostState) -> None:
    """Take links out of a host state, with those on top of them, except those in ``unless``."""
    upper: dict[tuple[str | None, str], list[tuple[str, str]]] = {}
    for key, namespace in host.namespaces.items():
        for link in namespace.links.values():
            if (below := lowers(link)) is not None:
                upper.setdefault((below.netns, below.name), []).append((key, link.name))
    left = list(links)
    while left:
        key, name = left.pop()
        namespace = host.namespaces[key]
        if name in namespace.links and name not in unless.namespaces[key].links:
            _mark_unknown(namespace, namespace.links.pop(name).master)
            _strip(namespace, name)
            left += upper.pop((key, name), [])


def _move_link(host: HostState, step: op.MoveLink) -> None:
    source, target = host.namespaces[step.netns], host.namespaces[step.to]
    _remove_uppers(host, (step.netns, step.name), moved=True)
    leave(host, (step.netns, step.name))
    link = source.links.pop(step.name)
    if step.name in source.wireguards:
        target.wireguards[step.new_name] = source.wireguards.pop(step.name)
    _strip(source, step.name)
    _mark_unknown(source, link.master)
    host.add_layer(step.to)
    target.links[step.new_name] = replace(
        link,
        name=step.new_name,
        up=False,
        master=None,
        port=(),
        vlans=(),
        operstate="down",
        keeps_v6=False,
        **NO_INET6,
    )
    inherit_parameters(target, step.new_name)
    _tell_peer(host, link, Peer(step.new_name, step.to))
    carrier_goes(host, step.netns, link)
    follow(host, (step.netns, step.name), (step.to, step.new_name))


def _tell_peer(host: HostState, link: Link, this: Peer) -> None:
    """Let the other end of a pair know where this one is now, and what it is called."""
    if link.peer is None or link.peer.netns not in host.namespaces:
        return
    links = host.namespaces[link.peer.netns].links
    if link.peer.name in links:
        links[link.peer.name] = replace(links[link.peer.name], peer=this)


def _change_link(host: HostState, step: op.ChangeLink) -> None:
    namespace = host.namespaces[step.netns]
    link = namespace.links.pop(step.name)
    changes: dict[str, t.Any] = dict(step.new)
    for row in ROWS:
        if row.follows in changes:
            changes.setdefault(
                row.name, row.followed(changes[row.follows], getattr(link, row.name))
            )
    unknown = link.unknown - changes.keys()
    if "master" in changes:
        # A link's port settings are lost with its bridge; another bridge has its own defaults.
        masters = [namespace.links.get(each or "") for each in (link.master, changes["master"])]
        changes |= {"master": changes["master"] or None, "port": (), "vlans": ()}
        bonds = [each is not None and each.kind in BONDS for each in masters]
        if any(bonds):
            changes |= NO_INET6  # IFF_NO_ADDRCONF
            # A port that it takes, it opens and gives its MTU and a MAC; one that it releases, it
            # closes and gives back those that it had before.
            changes["up"] = bonds[1]
            unknown |= {"mac"} if bonds[1] else {"mac", "mtu"}
        if bonds[1] and masters[1] is not None:
            changes["mtu"] = masters[1].mtu
    changed = replace(link, **changes, unknown=unknown)
    if link.kind == "ipvlan" and changed.up and not link.up:
        from .kinds.ipvlan import opened

        changed = opened(changed)
    if changed.up and not link.up and link.addrgenmode == "eui64":
        changed = _without_eui(changed)
    namespace.links[changed.name] = changed
    if changed.name != link.name:
        _rename(host, namespace, link, changed)
    if changes.keys() & {"master", "mac", "mtu"}:
        _mark_unknown(namespace, link.master)
        _mark_unknown(namespace, changed.master)
    if link.master != changed.master:
        bridge_is_left(host, namespace, link.master)
    if link.up and not changed.up:
        namespace.routes = [
            left
            for route in namespace.routes
            if (left := without(route, changed.name) if route.nhid else route) is not None
            and left.devs != {changed.name}
        ]
        followers_lose(namespace, changed.name)
        carrier_goes(host, namespace.key, changed)
        lose_neighbours(namespace, changed.name)
        if not changed.keeps_v6:
            _keep(namespace, changed.name, lambda address: address.version == 4)
    speaks = link.arp != changed.arp and link.up and changed.up
    if changed.mac != link.mac or speaks:  # neigh_changeaddr()
        lose_neighbours(namespace, changed.name, lambda each: not each.proxy)
    if (changed.mtu < MIN_V6_MTU) != (link.mtu < MIN_V6_MTU):  # which takes IPv6, or brings it anew
        current = namespace.links[changed.name]
        namespace.links[changed.name] = replace(current, **NO_INET6)
    if changed.mtu < MIN_V6_MTU:
        _lose_v6(namespace, changed.name)
    follow_change(host, namespace.key, link, changed, _change_link)


def _without_eui(link: Link) -> Link:
    """Return a link that goes up, which has no EUI-64 if it has no address: addrconf_dev_config()."""
    if link.kind in (None, "veth", "bridge"):
        return link
    from .kinds.table import KINDS  # few links that go up are there already, and of such a kind

    if link.kind not in KINDS or not KINDS[link.kind].no_eui:
        return link
    return replace(link, unknown=link.unknown | {"addrgenmode"})


def _lose_v6(namespace: NamespaceState, name: str) -> None:
    """Take IPv6 off a link, as addrconf_ifdown() does below the least MTU."""
    _keep(namespace, name, lambda address: address.version == 4)
    lose_neighbours(namespace, name, lambda each: ":" in each.address)
    namespace.routes = [
        route
        for route in namespace.routes
        if route.version == 4 or route.devs != {name} or route.nhid
    ]


def _mark_unknown(namespace: NamespaceState, name: str | None) -> None:
    """Note that a bridge may have another MAC and MTU, which it takes from its ports where nobody
    stated them: br_stp_recalculate_bridge_id(), br_mtu_auto_adjust()."""
    master = namespace.links.get(name or "")
    if master is not None and master.kind == "bridge":
        namespace.links[master.name] = replace(master, unknown=master.unknown | {"mac", "mtu"})


def _rename(host: HostState, namespace: NamespaceState, old: Link, new: Link) -> None:
    named = 0
    for number, address in enumerate(namespace.addresses):
        if address.link == old.name:
            named += address.version == 4
            namespace.addresses[number] = _named(address, new.name, named)
    namespace.routes = [rerouted(route, old.name, new.name) for route in namespace.routes]
    every: tuple[list[t.Any], ...] = (namespace.neighbours, namespace.fdb, namespace.qdiscs)
    for things in every:
        for number, each in enumerate(things):
            if each.link == old.name:
                things[number] = replace(each, link=new.name)
    for name, port in list(namespace.links.items()):
        if port.master == old.name:
            namespace.links[name] = replace(port, master=new.name)
    for resource in namespace.followers:
        resource.link_renamed(namespace, old.name, new.name)
    if old.name in namespace.wireguards:
        namespace.wireguards[new.name] = namespace.wireguards.pop(old.name)
    if namespace.sysctls:
        from ..sysctl import state as sysctl

        sysctl.of_renamed(namespace.sysctls, old.name, new.name)
    _tell_peer(host, old, Peer(new.name, namespace.key))
    follow(host, (namespace.key, old.name), (namespace.key, new.name))


def _named(address: Address, new: str, number: int) -> Address:
    """Return the address of a link that got a new name, of IPv4 the one of this number: the first is
    labelled with the name alone, the others with more: inetdev_changename() of devinet.c."""
    if address.version == 6:
        return replace(address, link=new)
    if number == 1:
        return replace(address, link=new, label=new)
    _name, colon, rest = (address.label or "").partition(":")
    more = os.fsencode(colon + rest or f":{number}")
    label = os.fsencode(new)[: IFNAMSIZ - 1 - len(more)] + more
    return replace(address, link=new, label=os.fsdecode(label))


def relabelled(address: Address, old: str, new: str) -> Address:
    """Return an address as it is added again to a link that has got a new name meanwhile."""
    label = address.label
    if label is not None and label.startswith(old):
        label = new + label[len(old) :]
    return replace(address, link=new, label=label)


def rerouted(route: Route, old: str, new: str) -> Route:
    """Return a route once a link that it leaves by has got a new name."""
    if old == new or old not in route.devs:
        return route
    nexthops, ways = (
        tuple(replace(each, dev=new) if each.dev == old else each for each in some)
        for some in (route.nexthops, route.ways)
    )
    dev = new if route.dev == old else route.dev
    return replace(route, dev=dev, nexthops=nexthops, ways=ways)


def _strip(namespace: NamespaceState, name: str) -> None:
    """Remove what a namespace loses with a link."""
    namespace.addresses = [address for address in namespace.addresses if address.link != name]
    namespace.routes = [
        left for route in namespace.routes if (left := without(route, name)) is not None
    ]
    namespace.fdb = [each for each in namespace.fdb if each.link != name]
    namespace.qdiscs = [each for each in namespace.qdiscs if each.link != name]
    followers_lose(namespace, name)
    lose_neighbours(namespace, name)


def lose_neighbours(
    namespace: NamespaceState, name: str, is_lost: t.Callable[[Neighbour], bool] = lambda each: True
) -> None:
    """Take neighbours of a link from a namespace, lasting ones too: neigh_ifdown()."""
    namespace.neighbours = [
        each for each in namespace.neighbours if each.link != name or not is_lost(each)
    ]


def _keep(namespace: NamespaceState, name: str, stays: t.Callable[[Address], bool]) -> None:
    namespace.addresses = [
        address for address in namespace.addresses if address.link != name or stays(address)
    ]


SIMULATE: Handlers = {
    op.CreateVeth: _create_veth,
    op.DeleteLink: _delete_link,
    op.RestoreLink: _restore_link,
    op.MoveLink: _move_link,
    op.ChangeLink: _change_link,
}
