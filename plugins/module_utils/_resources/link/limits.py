# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What the kernel will refuse of an operation on links and can be known before: names that are taken,
sizes, and links that are tied to their namespace. Every step of a plan is held against it, so that
nothing is begun that cannot be done."""

from __future__ import annotations

import errno
import typing as t

from ..._core.errors import Conflict, KernelError
from ..._core.host_state import Link, Peer, Space, World, lowers, phrase
from ..._core.operation import Operation, ip
from ..._core.wire import number_of
from ..mark.state import PREFIX
from . import operations as op
from .fallback import is_fallback
from .mtu import MIN_V6_MTU, above_parent, bounds_of, loses_v6

# /proc/sys/net/ipv4/conf has folders of these names already: sysctl_dev_name_is_allowed().
RESERVED = ("all", "default")
# Links that the kernel ties to their namespace (NETIF_F_NETNS_LOCAL, netns_immutable since 6.15),
# by their kind: Linux tells it itself since 6.15 (IFLA_NETNS_IMMUTABLE).
IMMUTABLE = frozenset(("amt", "batadv", "bond", "bridge", "hsr", "lowpan", "ppp", "team", "vrf"))
MANAGETEMPADDR = 0x100  # IFA_F_MANAGETEMPADDR, linux/if_addr.h: inet6_addr_add() of addrconf.c
ALONE = ("name", "mac", "master")  # what the loopback keeps


class Plan(t.Protocol):
    """What is needed of a plan here."""

    before: World
    world: World
    altnames: tuple[frozenset[str], set[str]] | None

    def may_take(self, thing: t.Any) -> bool:
        """Return whether a thing may go along that a task does not name."""

    def warn(self, text: str) -> None:
        """Tell the user something, once."""


def check(draft: Plan, step: Operation) -> None:
    """Raise NetnsError where the kernel will refuse an operation on a link."""
    if step.family == "link":
        known = LINKS.get(type(step))
        if known is not None:
            known(draft, step)
    elif step.family == "kind":
        _kind(draft, step)
    elif step.family == "address":
        _address(draft, step)


def is_loopback(link: Link) -> bool:
    """Return whether a link is the loopback: it has the number 1, whatever it is called."""
    return link.kind is None and not link.hardware and link.index == 1


def holder(space: Space, name: str) -> Link | None:
    """Return the link that has another one's name as its altname."""
    return next((link for link in space.links.values() if name in link.altnames), None)


def refuse_altname(space: Space, name: str) -> None:
    """Refuse to look for a link by its altname, which would find nothing and say so."""
    found = None if name in space.links else holder(space, name)
    if found is not None:
        raise Conflict(
            f"{name} {phrase(space.key)} is another name (altname) of the link {found.name}:"
            f" state {found.name}"
        )


def free(draft: Plan, step: Operation, key: str, name: str) -> None:
    """Refuse a name that a link of the namespace has, as its name or as its altname."""
    if name in RESERVED:
        raise Conflict(
            f"{step.phrase()}: no link can be called {name}, the name of a folder of kernel"
            f" parameters (/proc/sys/net/ipv4/conf/{name}). Choose another name"
        )
    space = draft.world.spaces[key]
    if name in space.links:
        raise Conflict(
            f"{step.phrase()}: there is a link {name} {phrase(key)} already. Remove it, rename it,"
            " or choose another name"
        )
    found = holder(space, name) if name in altnames(draft) else None
    if found is not None:
        tool = ip(key, "link", "property", "del", "dev", found.name, "altname", name)
        raise Conflict(
            f"{step.phrase()}: {name} {phrase(key)} is another name (altname) of the link"
            f" {found.name}. Choose another name, or take it from {found.name}: {tool}"
        )


def altnames(draft: Plan) -> set[str]:
    """Return all altnames that a link's name can clash with; a mark of ours is no such name."""
    if draft.altnames is None or len(draft.altnames[0]) != len(draft.before.spaces):
        spaces = draft.before.spaces
        found = {
            name
            for space in spaces.values()
            for link in space.links.values()
            if link.altnames
            for name in link.altnames
            if not name.startswith(PREFIX)
        }
        draft.altnames = frozenset(spaces), found
    return draft.altnames[1]


def _veth(draft: Plan, step: op.CreateVeth) -> None:
    for end in (step.near, step.far):
        free(draft, step, end.netns, end.name)


def _move(draft: Plan, step: op.MoveLink) -> None:
    link = draft.world.spaces[step.netns].links[step.name]
    if is_loopback(link):
        raise Conflict(
            f"{step.phrase()}: each namespace has a loopback of its own, which stays there"
        )
    if is_immutable(link):
        raise Conflict(
            f"{step.phrase()}: the kernel ties a {link.kind or 'link like this'} to the namespace that"
            f" it was made in. {_instead(link, step)}"
        )
    target = draft.world.spaces[step.to]
    free(draft, step, step.to, step.new_name)
    if step.new_name in link.altnames:  # which comes along: __dev_change_net_namespace()
        tool = ip(step.netns, "link", "property", "del", "dev", step.name, "altname", step.new_name)
        raise Conflict(
            f"{step.phrase()}: {step.new_name} is another name (altname) of {step.name} itself."
            f" Take it away first: {tool}"
        )
    for name in link.altnames:
        if name in target.links:
            raise Conflict(
                f"{step.phrase()}: {name}, another name (altname) of it, is the name of a link"
                f" {phrase(step.to)}. Take it away first:"
                f" {ip(step.netns, 'link', 'property', 'del', 'dev', step.name, 'altname', name)}"
            )
        found = holder(target, name)
        if found is not None:
            raise Conflict(
                f"{step.phrase()}: {found.name} {phrase(step.to)} has the altname {name}, too."
                f" Take it from one of them: "
                f"{ip(step.to, 'link', 'property', 'del', 'dev', found.name, 'altname', name)}"
            )


def is_immutable(link: Link) -> bool:
    """Return whether the kernel refuses to move a link to another namespace."""
    return link.immutable or link.kind in IMMUTABLE or is_fallback(link)


def _instead(link: Link, step: op.MoveLink) -> str:
    if link.kind is None or is_fallback(link):
        return "It stays where it is"
    target = f"namespace {step.to}" if step.to else "the current namespace"
    return f"Make one in {target} (type: {link.kind}), and remove this one"


def _kind(draft: Plan, step: Operation) -> None:
    from .kinds.limits import check as check_kind
    from .kinds.operations import CreateLink

    check_kind(draft, step)
    if not isinstance(step, CreateLink):
        return
    free(draft, step, step.netns, step.name)
    if step.mtu is not None:
        source = step.netns if step.source is None else step.source
        below = step.parent or dict(step.options).get("device")
        lower = Peer(str(below), source) if below else None
        new = Link(step.name, kind=step.kind, options=step.options, lower=lower)
        check_mtu(draft, step, step.netns, new, step.mtu)


def _change(draft: Plan, step: op.ChangeLink) -> None:
    link = draft.world.spaces[step.netns].links[step.name]
    new = dict(step.new)
    if is_loopback(link):
        for each in ALONE:
            if new.get(each):
                raise Conflict(
                    f"{step.phrase()}: {step.name} is the loopback, whose {each} stays as it is."
                    f" Leave out {'new_name' if each == 'name' else each}"
                )
    if "mac" in new and link.kind is not None:
        from .kinds.limits import check_mac

        below = lowers(link)
        at = None if below is None else (below.netns or "", below.name)
        check_mac(draft, step, link.kind, str(new["mac"]), at)
    if "mac" in new and dict(link.options).get("mode") == "passthru":
        raise Conflict(
            f"{step.phrase()}: in mode passthru it has the MAC address of the link that it lies on,"
            " which would change with it. State mac for that one"
        )
    below = lowers(link) if new.get("up") and link.kind == "vlan" else None
    if below is not None and below.netns in draft.world.spaces:
        lower = draft.world.spaces[below.netns or ""].links.get(below.name)
        if lower is not None and not lower.up and not _is_loose(link):  # vlan_dev_open()
            words = f"{link.name} lies on {lower.name}, which is down: set that up first"
            raise KernelError(errno.ENETDOWN, step.phrase(), words)
    if new.get("master"):
        from .kinds.limits import check_master

        check_master(draft, step, step.netns, link, str(new["master"]))
    if "name" in new:
        free(draft, step, step.netns, str(new["name"]))
    if "mtu" in new:
        check_mtu(draft, step, step.netns, link, new["mtu"])


def _is_loose(link: Link) -> bool:
    from .uppers_simulate import LOOSE_BINDING, VLAN_FLAGS

    return bool(number_of(link.kind_wire, VLAN_FLAGS) & LOOSE_BINDING)


def check_mtu(draft: Plan, step: Operation, key: str, link: Link, mtu: t.Any) -> None:
    """Refuse an MTU that the kernel will refuse, dev_validate_mtu(), or that takes from a link the
    IPv6 addresses that somebody gave it."""
    low, high = bounds_of(link)
    words = ""
    if mtu < low:
        words = f"mtu less than device minimum, {low}"
    elif high and mtu > high:
        words = f"mtu greater than device maximum, {high}"
    if not words:
        words = above_parent(draft.world, key, link, mtu)
    if words:
        raise KernelError(errno.EINVAL, step.phrase(), words)
    for at, addresses in loses_v6(draft.world, key, link, mtu).items():
        lost = [each for each in addresses if not draft.may_take(each)]
        shown = ", ".join(each.cidr for each in addresses)
        what = (
            f"{step.phrase()}: below an MTU of 1280 bytes the kernel takes IPv6 from"
            f" {at[1]} {phrase(at[0])}, with {shown}"
        )
        if lost:
            raise Conflict(
                f"{what}. State an MTU of at least 1280, remove the addresses first, or state"
                " force=true to lose them"
            )
        draft.warn(what)


def _address(draft: Plan, step: Operation) -> None:
    address = t.cast(t.Any, step).address if step.puts() else None  # of the one that is added
    if address is None or address.version == 4:
        return
    netns, name = step.puts()[0]
    link = draft.world.spaces[netns].links.get(name or "")
    if link is not None and "mtu" not in link.unknown and 0 < link.mtu < MIN_V6_MTU:
        raise Conflict(
            f"{step.phrase()}: IPv6 needs an MTU of at least {MIN_V6_MTU} bytes, and that of {name}"
            f" is {link.mtu}. Raise it first"
        )
    if address.flags & MANAGETEMPADDR and not address.cidr.endswith("/64"):
        raise Conflict(
            f"{step.phrase()}: mngtmpaddr, which the address has and keeps, takes a prefix length of"
            f" 64. Remove {address.local} first, or state that length"
        )


LINKS: dict[type[Operation], t.Callable[[Plan, t.Any], None]] = {
    op.CreateVeth: _veth,
    op.MoveLink: _move,
    op.ChangeLink: _change,
}
