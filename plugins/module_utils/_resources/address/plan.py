# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From the addresses of a link to those that are wanted."""

from __future__ import annotations

import ipaddress
import typing as t

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import Address, Route, Space, phrase
from ..._core.parse import FOREVER
from ..._core.plan_builder import Draft
from ..._core.record import replace
from . import operations as op
from .simulate import locals_of, same_address
from .spec import AddressesSpec, AddressSpec, cidr, natural_scope

MEANWHILE = 60  # seconds after which an address goes that holds a place, if nobody removes it
TICK = 2  # seconds by which a lifetime read back may differ from the one that was set

# What NLM_F_REPLACE reaches. For all else the address is removed and added: inet_rtm_newaddr()
# of devinet.c and inet6_addr_modify() of addrconf.c.
REPLACEABLE = {
    4: ("valid_lft", "preferred_lft", "metric"),
    6: ("valid_lft", "preferred_lft", "metric", "nodad", "noprefixroute"),
}
STATED = (
    "peer",
    "scope",
    "label",
    "broadcast",
    "valid_lft",
    "preferred_lft",
    "nodad",
    "noprefixroute",
    "metric",
    "proto",
)


def plan(draft: Draft, desired: AddressesSpec) -> None:
    """Plan the addresses of one link."""
    if not desired.present:
        _absent(draft, desired)
        return
    space = draft.space(desired.place)
    draft.link(desired.place, desired.link)
    settle(draft.before.spaces[space.key], desired)
    settle(space, desired)
    kept: list[Address] = []
    changed: list[tuple[Address, Address]] = []
    again: list[tuple[Address, Address]] = []
    new: list[Address] = []
    for each in desired.addresses:
        old = match(space, desired.link, each)
        if old is None:
            new.append(_new(desired.link, each))
            continue
        wanted = _merged(old, each)
        kept.append(old)
        if wanted.dadfailed:
            _warn_of_duplicate(draft, space, wanted)
        if wanted == old:
            continue
        (again if _needs_again(old, wanted) else changed).append((old, wanted))
    gone = [
        address
        for address in (space.of_link(desired.link) if desired.purge else ())
        if address not in kept and not address.kernel_made
    ]
    _check_own(space, [*again, *changed])
    had = space.copy() if gone or again or changed else None
    holder = None
    if had is not None:
        going = _going(space, gone, again)
        back = [
            *(wanted for _old, wanted in again),
            *(each for each in going if each not in gone and each not in dict(again)),
            *new,
        ]
        holder = _holder(space, desired.link, going, back)
        if holder is not None:
            draft.add(op.AddAddress(space.key, holder))
        _remove(draft, space, going)
        for old, wanted in changed:
            draft.add(op.ChangeAddress(space.key, wanted, old))
        _put_back(draft, had, space, desired.link, gone, dict(again))
    for address in new:
        draft.add(op.AddAddress(space.key, address))
    if holder is not None:
        draft.add(op.DeleteAddress(space.key, holder))
    if had is not None:
        _return_routes(draft, had, space, desired.link)


def _warn_of_duplicate(draft: Draft, space: Space, address: Address) -> None:
    """Warn of an address that is there, and that the kernel does not use.

    To add it again would find the same duplicate again, and be a change in every run.
    """
    draft.warn(
        f"The address {address.cidr} of link {address.link} {phrase(space.key)} is not used: another"
        " host on that link has it (dadfailed). State another address for one of them. Where the"
        " other one is gone, remove this one and add it again, or state nodad=true"
    )


def _check_own(space: Space, changes: t.Iterable[tuple[Address, Address]]) -> None:
    """Refuse to change what the kernel made itself, where it would go for that."""
    for old, wanted in changes:
        ends = old.link == "lo" and old.valid_lft == FOREVER != wanted.valid_lft
        if _is_kernels(old) and (_needs_again(old, wanted) or ends):
            raise Conflict(_of_kernel(space, old, "replaced"))


def _is_kernels(address: Address) -> bool:
    """Return whether an address is known to be the kernel's: before Linux 5.18 it does not tell of
    those that are link-local."""
    told = bool(address.proto) or not address.cidr.startswith("fe80:")
    return address.kernel_made and (address.link == "lo" or told)


def _of_kernel(space: Space, address: Address, what: str) -> str:
    name = address.link
    if name == "lo":
        instead = "others may be added beside it"
    elif address.cidr.startswith("fe80:"):
        instead = f"net.ipv6.conf.{name}.addr_gen_mode=1 (netns_sysctl) is to have none like it"
    else:
        instead = f"net.ipv6.conf.{name}.accept_ra=0 (netns_sysctl) is to have none like it"
    return (
        f"The address {address.cidr} of link {name} {phrase(space.key)} is the kernel's own: it is not"
        f" {what}. Leave it out of the list; {instead}"
    )


def _holder(
    space: Space, link: str, going: t.Collection[Address], back: t.Sequence[Address]
) -> Address | None:
    """Return an address that a link is to have meanwhile, where it would be without any of IPv4.

    With the last one the kernel drops all neighbours of IPv4, those that others made for ever too,
    and routes: fib_disable_ip(), net/ipv4/fib_frontend.c. This one goes by itself if the run is cut
    short.
    """
    there = [each for each in space.of_link(link) if each.version == 4]
    back = [each for each in back if each.version == 4]
    if not there or not back or not set(going).issuperset(there):
        return None
    taken = {each.cidr.partition("/")[2] for each in (*there, *back)}
    length = next(each for each in range(32, 0, -1) if str(each) not in taken)
    return Address(
        link,
        f"{back[0].local}/{length}",
        scope=back[0].scope,
        label=link,
        valid_lft=MEANWHILE,
        preferred_lft=MEANWHILE,
        noprefixroute=True,
        proto=back[0].proto,
    )


def _put_back(
    draft: Draft,
    had: Space,
    space: Space,
    link: str,
    gone: t.Sequence[Address],
    otherwise: t.Mapping[Address, Address],
) -> None:
    """Add what fell with others again, and what was taken away to come back otherwise."""
    for address in had.of_link(link):
        back = otherwise.get(address, address)
        if address not in gone and not any(
            same_address(back, other) for other in space.of_link(link)
        ):
            draft.add(op.AddAddress(space.key, replace(back, secondary=False)))


def _absent(draft: Draft, desired: AddressesSpec) -> None:
    space = draft.world.at(desired.place)
    draft.refuse_altname(desired.place, desired.link)
    had = space.copy()
    gone = []
    for each in desired.addresses:
        old = match(space, desired.link, each)
        if old is not None and old.cidr == each.cidr:
            if _is_kernels(old):
                raise Conflict(_of_kernel(space, old, "removed"))
            gone.append(old)
    going = _going(space, gone, [])
    back = [each for each in going if each not in gone]
    holder = _holder(space, desired.link, going, back)
    if holder is not None:
        draft.add(op.AddAddress(space.key, holder))
    _remove(draft, space, going)
    _put_back(draft, had, space, desired.link, gone, {})
    if holder is not None:
        draft.add(op.DeleteAddress(space.key, holder))
    _return_routes(draft, had, space, desired.link)


def _return_routes(draft: Draft, had: Space, space: Space, link: str) -> None:
    """Plan that routes by a link come back, but for those that its addresses do not carry now."""
    if space.routes == had.routes:
        return
    there, before = locals_of(space), had.of_link(link)
    after = space.of_link(link)
    routes = [
        route
        for route in had.routes
        if link in route.devs
        and (route.src is None or route.src in there)
        and (route.version == 6 or any(address.version == 4 for address in after))
        and all(_reaches(after, via) or not _reaches(before, via) for via in _gateways(route, link))
    ]
    # Routes by other links fall with the address that is their source.
    routes += [route for route in had.routes if link not in route.devs and route.src in there]
    without = had.copy()
    without.addresses, without.routes = [], routes
    for dev in dict.fromkeys(dev for route in routes for dev in sorted(route.devs, key=str)):
        if dev is not None and dev in space.links:
            draft.put_back(space.key, dev, without)


def _gateways(route: Route, link: str) -> list[str | None]:
    """Return the gateways that a route reaches by a link."""
    if route.dev == link:
        return [route.via]
    return [nexthop.via for nexthop in route.nexthops if nexthop.dev == link]


def _reaches(addresses: t.Iterable[Address], via: str | None) -> bool:
    """Return whether a gateway, if there is one, is in the subnet of an address."""
    return via is None or any(
        address.version == (6 if ":" in via else 4) and ipaddress.ip_address(via) in address.subnet
        for address in addresses
    )


def _going(
    space: Space, gone: t.Sequence[Address], again: t.Sequence[tuple[Address, Address]]
) -> list[Address]:
    """Return what is to be removed, and before a primary its secondaries: with it the kernel would
    drop them, or promote one, as net.ipv4.conf.*.promote_secondaries says; so it has no choice."""
    going = [*gone, *(old for old, unused in again)]
    falling = [
        other
        for primary in going
        if primary.version == 4 and not primary.secondary
        for other in space.of_link(primary.link)
        if other.secondary
        and other.subnet == primary.subnet
        and other.cidr.partition("/")[2] == primary.cidr.partition("/")[2]
    ]
    return list(dict.fromkeys((*falling, *going)))


def _remove(draft: Draft, space: Space, going: t.Iterable[Address]) -> None:
    for address in going:
        draft.add(op.DeleteAddress(space.key, address))


def match(space: Space, link: str, desired: AddressSpec) -> Address | None:
    """Return the address of the link that an entry describes."""
    there = [other for other in space.of_link(link) if other.version == desired.version]
    if desired.version == 6:
        found = [other for other in there if other.local == desired.local]
    else:
        # One local address can be there several times, with different peers.
        found = [other for other in there if other.cidr == desired.cidr]
        found.sort(key=lambda other: other.peer != desired.peer)
    return found[0] if found else None


def _new(link: str, desired: AddressSpec) -> Address:
    interface = cidr(desired.cidr)
    bare = Address(
        link,
        desired.cidr,
        scope=natural_scope(interface),
        label=link if interface.version == 4 else None,
    )
    return _merged(bare, desired)


def _merged(old: Address, desired: AddressSpec) -> Address:
    """Return the address with what is stated of it, and the rest as it is."""
    stated: dict[str, t.Any] = {
        name: value for name in STATED if (value := getattr(desired, name)) is not None
    }
    if "broadcast" in stated:
        stated["broadcast"] = stated["broadcast"] or None
    if stated.get("peer") == desired.local:
        stated["peer"] = None
    merged = replace(old, cidr=desired.cidr, **stated)
    if desired.nodad:  # no detection, no failure of it
        merged = replace(merged, dadfailed=False)
    # A lifetime that is stated takes the other one along where both could not stand.
    if merged.preferred_lft > merged.valid_lft:
        if desired.preferred_lft is None:
            return replace(merged, preferred_lft=merged.valid_lft)
        return replace(merged, valid_lft=FOREVER)
    if merged.version == 4 and merged.valid_lft == FOREVER != merged.preferred_lft != 0:
        raise BadInput(
            f"{merged.cidr} is valid for ever: the kernel does not tell of such an IPv4 address"
            " for how long it is preferred; state a valid_lft too"
        )
    return merged


def _needs_again(old: Address, wanted: Address) -> bool:
    replaceable = {name: getattr(wanted, name) for name in REPLACEABLE[old.version]}
    if old.version == 6 and not wanted.metric:
        replaceable["metric"] = old.metric  # a 0 is taken for one that is not stated
    return replace(old, **replaceable) != wanted


def settle(space: Space, desired: AddressesSpec) -> None:
    """Read lifetimes as they were stated, where they differ by no more than the clock's tick."""
    for each in desired.addresses:
        if each.valid_lft is None and each.preferred_lft is None:
            continue
        old = match(space, desired.link, each)
        if old is None:
            continue
        close: dict[str, t.Any] = {
            name: stated
            for name in ("valid_lft", "preferred_lft")
            for stated in (getattr(each, name), each.valid_lft)
            if stated is not None and 0 < abs(getattr(old, name) - stated) <= TICK
        }
        if close:
            space.addresses[space.addresses.index(old)] = replace(old, **close)
