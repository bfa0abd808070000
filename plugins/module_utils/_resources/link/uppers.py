# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Upper links: what happens to them when their lower link is moved, renamed or removed."""

from __future__ import annotations

import typing as t

from ..._core.errors import Conflict
from ..._core.host_state import HostState, Link, Peer, phrase
from ..._core.record import replace
from ..._core.wire import number_of

At = tuple[str, str]

# Each end of these has the other one as lower link, and is deleted but not moved with it.
OTHER_ENDS = ("netkit", "vxcan")
# They stay where they are when what they lie on is moved ("twiddle thumbs on netns device moves" in
# macvlan_device_event(), vlan_device_event(), ipvlan_device_event()); others go (vxlan, macsec, …).
STAY_ON_MOVE = frozenset(("vlan", "macvlan", "macvtap", "ipvlan", "ipvtap", *OTHER_ENDS))
# Tunnels only route through their lower link, and are kept without it.
STAY = frozenset(
    (
        *("gre", "gretap", "erspan", "ipip", "sit", "vti"),
        *("ip6gre", "ip6gretap", "ip6erspan", "ip6tnl", "vti6", "xfrm", "dsa"),
    )
)


HSR = "hsr"  # lies on two links, and is removed with the last of them: hsr_netdev_notify()
LINK_OPTIONS = ("device", "slave1", "slave2")  # options that name a link below


class Plan(t.Protocol):
    """The part of a plan that is used here."""

    before: HostState
    host: HostState
    along: list[tuple[At, Link]]
    leaving: frozenset[str | At]

    def find_uppers(self, at: At) -> None:
        """Note the links in other namespaces that lie on one."""

    def may_take(self, thing: t.Any) -> bool:
        """Return whether a thing may go along that a task does not name."""

    def warn(self, text: str) -> None:
        """Tell the user something, once."""


def directly_on(host: HostState, at: At) -> list[At]:
    """Return the links that lie on another one, as far as they are known."""
    return [
        (key, link.name)
        for key in host.layered()
        for link in host.namespaces[key].links.values()
        if (below := link.parent or link.lower) is not None
        and (
            (below.netns, below.name) == at or (link.kind == HSR and at in slaves(host, key, link))
        )
    ]


def slaves(host: HostState, key: str, link: Link) -> list[At]:
    """Return the two links of an HSR, or the one that it has left."""
    options = dict(link.options)
    if options:
        return [(key, name) for each in LINK_OPTIONS if (name := options.get(each))]
    numbers = {number_of(link.kind_wire, each) for each in (1, 2)} - {0}  # IFLA_HSR_SLAVE…
    return [
        (key, each.name) for each in host.namespaces[key].links.values() if each.index in numbers
    ]


def leave(host: HostState, at: At) -> None:
    """Take a link that is gone from the HSR that lies on it."""
    for key, name in directly_on(host, at):
        links = host.namespaces[key].links
        link = links[name]
        if link.kind == HSR:
            left = [each for each in slaves(host, key, link) if each != at]
            options = tuple(
                (each, None if value == at[1] and each in LINK_OPTIONS else value)
                for each, value in link.options
            )
            lower = Peer(left[0][1], key) if left else None
            unknown = link.unknown | {"mtu", "mac"}
            links[name] = replace(link, options=options, lower=lower, unknown=unknown)


def going_along(host: HostState, at: At, moved: bool = False) -> list[At]:
    """Return the links that the kernel removes with another one, those that lie on others first."""
    found: dict[At, None] = {}
    _gather(host, at, moved, found, {at})
    return list(found)


def _gather(host: HostState, at: At, moved: bool, found: dict[At, None], seen: set[At]) -> None:
    for upper in directly_on(host, at):
        link = host.namespaces[upper[0]].links[upper[1]]
        kind = link.kind
        if kind == HSR and not seen.issuperset(slaves(host, upper[0], link)):
            continue
        if upper not in seen and kind not in STAY and not (moved and kind in STAY_ON_MOVE):
            seen.add(upper)
            _gather(host, upper, moved and kind in STAY_ON_MOVE, found, seen)
            found[upper] = None


def follow(host: HostState, at: At, to: At) -> None:
    """Note where the link is from now on that others lie on, and what it is called."""
    for key, name in directly_on(host, at):
        links = host.namespaces[key].links
        link = links[name]
        here = Peer(to[1], to[0])
        options = link.options
        if to[0] == key:
            options = tuple(
                (each, to[1] if each in LINK_OPTIONS and value == at[1] else value)
                for each, value in options
            )
        links[name] = replace(
            link,
            options=options,
            parent=here if link.parent is not None else None,
            lower=here if link.lower is not None and link.lower.name == at[1] else link.lower,
        )


def take_along(builder: Plan, at: At, moved: bool = False, ends: t.Sequence[At] = ()) -> None:
    """Find what is removed with a link that is to be removed or moved. Refuse that for what the task
    may not remove, and note it and the ports that lose their master for the diff. ``ends``: the
    other end, which is removed too."""
    for each in (at, *ends):
        builder.find_uppers(each)
    removed = [each for one in (at, *ends) for each in going_along(builder.host, one, moved)]
    removed = [each for each in dict.fromkeys(removed) if each not in (at, *ends)]
    theirs = [each for each in removed if not builder.may_take(_link(builder, each))]
    verb, where = "move" if moved else "remove", phrase(at[0])
    if theirs:
        several = len(theirs) > 1
        raise Conflict(
            f"{verb} link {at[1]} {where}: {_shown(builder, theirs)} on it would be removed with it,"
            f" and the task does not name {'them' if several else 'it'}. Remove or move"
            f" {'them' if several else 'it'} first, or set force=true"
        )
    if unforeseen := [each for each in removed if not _leaves(builder, each)]:
        builder.warn(f"{_shown(builder, unforeseen)} on link {at[1]} {where} is removed with it")
    ports = [] if moved else _ports(builder, at)
    builder.along += [(each, _link(builder, each)) for each in (*removed, *ports)]


def check_namespaces(builder: Plan, names: t.Sequence[str], force: bool) -> None:
    """Refuse to delete namespaces whose links have upper links elsewhere, or note what is removed."""
    going = [
        (name, link.name)
        for name in names
        if (namespace := builder.host.namespaces[name]).state == "present"
        for link in namespace.links.values()
        if link.name != "lo"
    ]
    for at in going:
        builder.find_uppers(at)
    if not builder.host.layered():
        return
    for at in going:
        elsewhere = [each for each in going_along(builder.host, at) if each[0] not in names]
        removed = [each for each in elsewhere if not _leaves(builder, each)]
        theirs = [each for each in removed if not (force or builder.may_take(_link(builder, each)))]
        if theirs:
            raise Conflict(
                f"delete namespace {at[0]}: {_shown(builder, theirs)} on its link {at[1]} would be"
                " removed with it. Remove that first, or set force=true"
            )
        if removed:
            builder.warn(
                f"{_shown(builder, removed)} on link {at[1]} {phrase(at[0])} is removed with it"
            )
            builder.along += [(each, _link(builder, each)) for each in removed]


def _leaves(builder: Plan, at: At) -> bool:
    return at in builder.leaving or at[0] in builder.leaving


def _link(builder: Plan, at: At) -> Link:
    return builder.host.namespaces[at[0]].links[at[1]]


def _ports(builder: Plan, at: At) -> list[At]:
    links = builder.host.namespaces[at[0]].links.values()
    return [(at[0], link.name) for link in links if link.master == at[1]]


def _shown(builder: Plan, links: t.Sequence[At]) -> str:
    return ", ".join(f"{_link(builder, at).kind or 'link'} {at[1]} {phrase(at[0])}" for at in links)
