# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn the addresses of a link into the desired ones."""

from __future__ import annotations

import ipaddress
import typing as t

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import Address, NamespaceState, Route, phrase
from ..._core.parse import FOREVER
from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from . import operations as op
from .simulate import locals_of, same_address
from .spec import AddressesSpec, AddressSpec, cidr, natural_scope
from .table import NAMES, REPLACEABLE

PLACEHOLDER_LIFETIME = 60  # seconds; removes the placeholder if the run is cut short
TICK = 2  # seconds by which a lifetime read back may differ from the one that was set

# Fields that NLM_F_REPLACE changes. For others the address is removed and added again:
# inet_rtm_newaddr() in devinet.c, inet6_addr_modify() in addrconf.c.
STATED = (*NAMES, "proto")


def plan(builder: PlanBuilder, desired: AddressesSpec) -> None:
    """Plan the addresses of one link."""
    if not desired.present:
        _absent(builder, desired)
        return
    namespace = builder.namespace(desired.place)
    builder.link(desired.place, desired.link)
    normalise_lifetimes(builder.before.namespaces[namespace.key], desired)
    normalise_lifetimes(namespace, desired)
    kept: list[Address] = []
    changed: list[tuple[Address, Address]] = []
    readded: list[tuple[Address, Address]] = []
    new: list[Address] = []
    for each in desired.addresses:
        old = match(namespace, desired.link, each)
        if old is None:
            new.append(_new(desired.link, each))
            continue
        wanted = _merged(old, each)
        kept.append(old)
        if wanted.dadfailed:
            _warn_of_duplicate(builder, namespace, wanted)
        if wanted == old:
            continue
        (readded if _must_be_readded(old, wanted) else changed).append((old, wanted))
    to_delete = [
        address
        for address in (namespace.of_link(desired.link) if desired.purge else ())
        if address not in kept and not address.kernel_made
    ]
    _check_own(namespace, [*readded, *changed])
    previous = namespace.copy() if to_delete or readded or changed else None
    placeholder = None
    if previous is not None:
        to_remove = _in_removal_order(namespace, to_delete, readded)
        back = [
            *(wanted for _old, wanted in readded),
            *(each for each in to_remove if each not in to_delete and each not in dict(readded)),
            *new,
        ]
        placeholder = _placeholder(namespace, desired.link, to_remove, back)
        if placeholder is not None:
            builder.add(op.AddAddress(namespace.key, placeholder))
        _remove(builder, namespace, to_remove)
        for old, wanted in changed:
            builder.add(op.ChangeAddress(namespace.key, wanted, old))
        _add_again(builder, previous, namespace, desired.link, to_delete, dict(readded))
    for address in new:
        builder.add(op.AddAddress(namespace.key, address))
    if placeholder is not None:
        builder.add(op.DeleteAddress(namespace.key, placeholder))
    if previous is not None:
        _restore_routes(builder, previous, namespace, desired.link)


def _warn_of_duplicate(builder: PlanBuilder, namespace: NamespaceState, address: Address) -> None:
    """Warn that duplicate address detection failed for an existing address.

    Adding it again would fail the same way, and be a change in every run.
    """
    builder.warn(
        f"address {address.cidr} on link {address.link} {phrase(namespace.key)} is not used: duplicate"
        " address detection failed (dadfailed), another host on the link has it. Use another"
        " address, or if that host is gone remove and add this one again or set nodad=true"
    )


def _check_own(namespace: NamespaceState, changes: t.Iterable[tuple[Address, Address]]) -> None:
    """Refuse a change that would remove an address that the kernel itself made."""
    for old, wanted in changes:
        ends = old.link == "lo" and old.valid_lft == FOREVER != wanted.valid_lft
        if _is_kernel_made(old) and (_must_be_readded(old, wanted) or ends):
            raise Conflict(_kernel_made_error(namespace, old, "replaced"))


def _is_kernel_made(address: Address) -> bool:
    """Return whether the kernel surely made an address: before Linux 5.18 link-local ones have no
    protocol, so they may be anybody's."""
    has_origin = bool(address.proto) or not address.cidr.startswith("fe80:")
    return address.kernel_made and (address.link == "lo" or has_origin)


def _kernel_made_error(namespace: NamespaceState, address: Address, what: str) -> str:
    name = address.link
    if name == "lo":
        instead = "other addresses can be added beside it"
    elif address.cidr.startswith("fe80:"):
        instead = f"to have none set net.ipv6.conf.{name}.addr_gen_mode=1 (netns_sysctl)"
    else:
        instead = f"to have none set net.ipv6.conf.{name}.accept_ra=0 (netns_sysctl)"
    return (
        f"address {address.cidr} on link {name} {phrase(namespace.key)} cannot be {what}: the kernel"
        f" itself made it. Leave it out of the list; {instead}"
    )


def _placeholder(
    namespace: NamespaceState,
    link: str,
    to_remove: t.Collection[Address],
    back: t.Sequence[Address],
) -> Address | None:
    """Return a placeholder address if the link would be without any IPv4 address for a moment.

    With the last IPv4 address the kernel drops the link's IPv4 neighbours (permanent ones too) and
    routes: fib_disable_ip(), net/ipv4/fib_frontend.c. Its lifetime removes the placeholder if the
    run is cut short.
    """
    there = [each for each in namespace.of_link(link) if each.version == 4]
    back = [each for each in back if each.version == 4]
    if not there or not back or not set(to_remove).issuperset(there):
        return None
    taken = {each.cidr.partition("/")[2] for each in (*there, *back)}
    length = next(each for each in range(32, 0, -1) if str(each) not in taken)
    return Address(
        link,
        f"{back[0].local}/{length}",
        scope=back[0].scope,
        label=link,
        valid_lft=PLACEHOLDER_LIFETIME,
        preferred_lft=PLACEHOLDER_LIFETIME,
        noprefixroute=True,
        proto=back[0].proto,
    )


def _add_again(
    builder: PlanBuilder,
    previous: NamespaceState,
    namespace: NamespaceState,
    link: str,
    to_delete: t.Sequence[Address],
    otherwise: t.Mapping[Address, Address],
) -> None:
    """Add the addresses again that were removed along with others or have to be replaced."""
    for address in previous.of_link(link):
        back = otherwise.get(address, address)
        if address not in to_delete and not any(
            same_address(back, other) for other in namespace.of_link(link)
        ):
            builder.add(op.AddAddress(namespace.key, replace(back, secondary=False)))


def _absent(builder: PlanBuilder, desired: AddressesSpec) -> None:
    namespace = builder.host.at(desired.place)
    builder.refuse_altname(desired.place, desired.link)
    previous = namespace.copy()
    to_delete = []
    for each in desired.addresses:
        old = match(namespace, desired.link, each)
        if old is not None and old.cidr == each.cidr:
            if _is_kernel_made(old):
                raise Conflict(_kernel_made_error(namespace, old, "removed"))
            to_delete.append(old)
    to_remove = _in_removal_order(namespace, to_delete, [])
    back = [each for each in to_remove if each not in to_delete]
    placeholder = _placeholder(namespace, desired.link, to_remove, back)
    if placeholder is not None:
        builder.add(op.AddAddress(namespace.key, placeholder))
    _remove(builder, namespace, to_remove)
    _add_again(builder, previous, namespace, desired.link, to_delete, {})
    if placeholder is not None:
        builder.add(op.DeleteAddress(namespace.key, placeholder))
    _restore_routes(builder, previous, namespace, desired.link)


def _restore_routes(
    builder: PlanBuilder, previous: NamespaceState, namespace: NamespaceState, link: str
) -> None:
    """Add the lost routes of a link again that its addresses still allow."""
    if namespace.routes == previous.routes:
        return
    there, before = locals_of(namespace), previous.of_link(link)
    after = namespace.of_link(link)
    routes = [
        route
        for route in previous.routes
        if link in route.devs
        and (route.src is None or route.src in there)
        and (route.version == 6 or any(address.version == 4 for address in after))
        and all(_reaches(after, via) or not _reaches(before, via) for via in _gateways(route, link))
    ]
    # Routes through other links are lost with the address that is their source.
    routes += [route for route in previous.routes if link not in route.devs and route.src in there]
    without = previous.copy()
    without.addresses, without.routes = [], routes
    for dev in dict.fromkeys(dev for route in routes for dev in sorted(route.devs, key=str)):
        if dev is not None and dev in namespace.links:
            builder.put_back(namespace.key, dev, without)


def _gateways(route: Route, link: str) -> list[str | None]:
    """Return the gateways of a route that are reached through a link."""
    if route.nhid:
        return []  # which outlives the address
    if route.dev == link:
        return [route.via]
    return [nexthop.via for nexthop in route.nexthops if nexthop.dev == link]


def _reaches(addresses: t.Iterable[Address], via: str | None) -> bool:
    """Return whether a gateway is None or in the subnet of one of the addresses."""
    return via is None or any(
        address.version == (6 if ":" in via else 4) and ipaddress.ip_address(via) in address.subnet
        for address in addresses
    )


def _in_removal_order(
    namespace: NamespaceState,
    to_delete: t.Sequence[Address],
    readded: t.Sequence[tuple[Address, Address]],
) -> list[Address]:
    """Return the addresses to remove, secondaries before their primary: otherwise the kernel drops
    or promotes them, depending on net.ipv4.conf.*.promote_secondaries."""
    to_remove = [*to_delete, *(old for old, unused in readded)]
    falling = [
        other
        for primary in to_remove
        if primary.version == 4 and not primary.secondary
        for other in namespace.of_link(primary.link)
        if other.secondary
        and other.subnet == primary.subnet
        and other.cidr.partition("/")[2] == primary.cidr.partition("/")[2]
    ]
    return list(dict.fromkeys((*falling, *to_remove)))


def _remove(
    builder: PlanBuilder, namespace: NamespaceState, to_remove: t.Iterable[Address]
) -> None:
    for address in to_remove:
        builder.add(op.DeleteAddress(namespace.key, address))


def match(namespace: NamespaceState, link: str, desired: AddressSpec) -> Address | None:
    """Return the existing address of the link that an entry describes."""
    there = [other for other in namespace.of_link(link) if other.version == desired.version]
    if desired.version == 6:
        found = [other for other in there if other.local == desired.local]
    else:
        # A local address can exist several times, with different peers.
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
    """Return the address with the stated fields changed and all others kept."""
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
    # preferred_lft must not exceed valid_lft: a stated one adjusts the other.
    if merged.preferred_lft > merged.valid_lft:
        if desired.preferred_lft is None:
            return replace(merged, preferred_lft=merged.valid_lft)
        return replace(merged, valid_lft=FOREVER)
    if merged.version == 4 and merged.valid_lft == FOREVER != merged.preferred_lft != 0:
        raise BadInput(
            f"preferred_lft of {merged.cidr} needs valid_lft as well: the kernel does not report the"
            " preferred lifetime of an IPv4 address that is valid forever"
        )
    return merged


def _must_be_readded(old: Address, wanted: Address) -> bool:
    replaceable = {name: getattr(wanted, name) for name in REPLACEABLE[old.version]}
    if old.version == 6 and not wanted.metric:
        replaceable["metric"] = old.metric  # the kernel treats 0 as not stated
    return replace(old, **replaceable) != wanted


def normalise_lifetimes(namespace: NamespaceState, desired: AddressesSpec) -> None:
    """Set current lifetimes to the stated ones where they differ by the clock's tick only."""
    for each in desired.addresses:
        if each.valid_lft is None and each.preferred_lft is None:
            continue
        old = match(namespace, desired.link, each)
        if old is None:
            continue
        close: dict[str, t.Any] = {
            name: stated
            for name in ("valid_lft", "preferred_lft")
            for stated in (getattr(each, name), each.valid_lft)
            if stated is not None and 0 < abs(getattr(old, name) - stated) <= TICK
        }
        if close:
            namespace.addresses[namespace.addresses.index(old)] = replace(old, **close)
