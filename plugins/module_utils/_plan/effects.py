# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What each operation does to a world, its side effects included, without doing it.

Check mode stands on this file: what it says of an operation is what the kernel must show after
it. Facts are from linux/net/core/dev.c, net/ipv4/devinet.c, net/ipv6/addrconf.c.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._model import operations as op
from .._model.world import Address, Link, Peer, Space, World, fresh

MIN_VETH_MTU, MAX_VETH_MTU = 68, 65535  # ETH_MIN_MTU, ETH_MAX_MTU
MIN_V6_MTU = 1280  # IPV6_MIN_MTU: below it the kernel takes IPv6 off the link


def enact(world: World, step: op.Operation) -> None:
    """Change the world as the operation would."""
    EFFECTS[type(step)](world, step)


def _create_namespace(world: World, step: op.CreateNamespace) -> None:
    world.spaces[step.netns] = fresh(step.netns)


def _delete_namespace(world: World, step: op.DeleteNamespace) -> None:
    for link in world.spaces[step.netns].links.values():
        if link.kind == "veth":
            _forget_peer(world, link)
    world.spaces[step.netns] = fresh(step.netns, "absent")


def _remove_stale(world: World, step: op.RemoveStale) -> None:
    world.spaces[step.netns].state = "absent"


def _put_stale(world: World, step: op.PutStale) -> None:
    world.spaces[step.netns].state = "stale"


def _set_nsid(world: World, step: op.SetNsid) -> None:
    world.spaces[step.netns].nsid = step.nsid


def _create_veth(world: World, step: op.CreateVeth) -> None:
    for this, other in ((step.near, step.far), (step.far, step.near)):
        world.spaces[this.netns].links[this.name] = Link(
            this.name,
            kind="veth",
            index=this.index,
            mac=this.mac,
            mtu=1500 if this.mtu is None else this.mtu,
            txqueuelen=1000 if this.txqueuelen is None else this.txqueuelen,
            group=this.group or 0,
            min_mtu=MIN_VETH_MTU,
            max_mtu=MAX_VETH_MTU,
            peer=Peer(other.name, other.netns),
        )


def _delete_link(world: World, step: op.DeleteLink) -> None:
    space = world.spaces[step.netns]
    link = space.links.pop(step.link.name)
    _strip(space, link.name)
    for name, port in list(space.links.items()):
        if port.master == link.name:
            space.links[name] = replace(port, master=None)
    if link.kind == "veth":
        _forget_peer(world, link)


def _forget_peer(world: World, link: Link) -> None:
    """Take the other end of a veth that went out of the world."""
    if link.peer is not None and link.peer.netns in world.spaces:
        other = world.spaces[link.peer.netns]
        other.links.pop(link.peer.name, None)
        _strip(other, link.peer.name)


def _move_link(world: World, step: op.MoveLink) -> None:
    source, target = world.spaces[step.netns], world.spaces[step.to]
    link = source.links.pop(step.name)
    _strip(source, step.name)
    target.links[step.new_name] = replace(
        link, name=step.new_name, up=False, master=None, operstate="down", keeps_v6=False
    )
    _tell_peer(world, link, Peer(step.new_name, step.to))


def _tell_peer(world: World, link: Link, this: Peer) -> None:
    """Let the other end of a pair know where this one is now, and what it is called."""
    if link.peer is None or link.peer.netns not in world.spaces:
        return
    links = world.spaces[link.peer.netns].links
    if link.peer.name in links:
        links[link.peer.name] = replace(links[link.peer.name], peer=this)


def _change_link(world: World, step: op.ChangeLink) -> None:
    space = world.spaces[step.netns]
    link = space.links.pop(step.name)
    changes: dict[str, t.Any] = dict(step.new)
    if "master" in changes:
        changes["master"] = changes["master"] or None
    changed = replace(link, **changes)
    space.links[changed.name] = changed
    if changed.name != link.name:
        _rename(world, space, link, changed)
    if link.up and not changed.up:
        space.routes = [route for route in space.routes if route.dev != changed.name]
        if not changed.keeps_v6:
            _keep(space, changed.name, lambda address: address.version == 4)
    if changed.mtu < MIN_V6_MTU:
        _keep(space, changed.name, lambda address: address.version == 4)
        space.routes = [
            route for route in space.routes if route.version == 4 or route.dev != changed.name
        ]


def _rename(world: World, space: Space, old: Link, new: Link) -> None:
    space.addresses = [
        relabelled(address, old.name, new.name) if address.link == old.name else address
        for address in space.addresses
    ]
    space.routes = [
        replace(route, dev=new.name) if route.dev == old.name else route for route in space.routes
    ]
    for name, port in list(space.links.items()):
        if port.master == old.name:
            space.links[name] = replace(port, master=new.name)
    _tell_peer(world, old, Peer(new.name, space.key))


def relabelled(address: Address, old: str, new: str) -> Address:
    """Return the address of a link that got a new name: inetdev_changename() of devinet.c."""
    label = address.label
    if label is not None and label.startswith(old):
        label = new + label[len(old) :]
    return replace(address, link=new, label=label)


def _strip(space: Space, name: str) -> None:
    """Take from a space what a link loses when it goes: addresses and routes."""
    space.addresses = [address for address in space.addresses if address.link != name]
    space.routes = [route for route in space.routes if route.dev != name]


def _keep(space: Space, name: str, stays: t.Callable[[Address], bool]) -> None:
    space.addresses = [
        address for address in space.addresses if address.link != name or stays(address)
    ]


def _add_address(world: World, step: op.AddAddress) -> None:
    space = world.spaces[step.netns]
    space.addresses.append(
        replace(step.address, secondary=is_secondary(space, step.address), dadfailed=False)
    )


def is_secondary(space: Space, new: Address) -> bool:
    """Return whether another IPv4 address of the link is primary in the same subnet."""
    return new.version == 4 and any(
        other.version == 4
        and not other.secondary
        and other.cidr.partition("/")[2] == new.cidr.partition("/")[2]
        and other.subnet == new.subnet
        for other in space.of_link(new.link)
    )


def same_address(one: Address, other: Address) -> bool:
    """Return whether the kernel takes the two for one: it has no room for both on a link."""
    if one.link != other.link or one.version != other.version:
        return False
    if one.version == 6:
        return one.cidr.partition("/")[0] == other.cidr.partition("/")[0]
    return one.cidr == other.cidr and one.subnet == other.subnet


def _delete_address(world: World, step: op.DeleteAddress) -> None:
    space = world.spaces[step.netns]
    gone = step.address
    space.addresses = [other for other in space.addresses if not same_address(other, gone)]
    left = [other for other in space.of_link(gone.link) if other.version == gone.version]
    local = gone.cidr.partition("/")[0]
    # fib_sync_down_addr() drops what names the address as its source, fib_disable_ip() all that
    # leaves by a link without any IPv4 address.
    space.routes = [
        route
        for route in space.routes
        if route.version != gone.version
        or not (route.src == local or (route.dev == gone.link and not left and gone.version == 4))
    ]


def _change_address(world: World, step: op.ChangeAddress) -> None:
    space = world.spaces[step.netns]
    space.addresses = [
        replace(step.new, secondary=other.secondary) if same_address(other, step.old) else other
        for other in space.addresses
    ]


def _add_route(world: World, step: op.AddRoute) -> None:
    world.spaces[step.netns].routes.append(step.route)


def _delete_route(world: World, step: op.DeleteRoute) -> None:
    space = world.spaces[step.netns]
    space.routes = [route for route in space.routes if route != step.route]


EFFECTS: dict[type[op.Operation], t.Callable[[World, t.Any], None]] = {
    op.CreateNamespace: _create_namespace,
    op.DeleteNamespace: _delete_namespace,
    op.RemoveStale: _remove_stale,
    op.PutStale: _put_stale,
    op.SetNsid: _set_nsid,
    op.CreateVeth: _create_veth,
    op.DeleteLink: _delete_link,
    op.MoveLink: _move_link,
    op.ChangeLink: _change_link,
    op.AddAddress: _add_address,
    op.DeleteAddress: _delete_address,
    op.ChangeAddress: _change_address,
    op.AddRoute: _add_route,
    op.DeleteRoute: _delete_route,
}
