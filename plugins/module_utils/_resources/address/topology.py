# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Addresses in a topology."""

from __future__ import annotations

import typing as t

from ..._core import render
from ..._core.host_state import Address, HostState, NamespaceState
from ..._core.record import replace
from ..._core.topology_list import (
    At,
    Key,
    Listed,
    Options,
    TopologyList,
    entries_of,
    first_of,
    without_mark,
)
from . import RESOURCE


class Addresses(TopologyList):
    """The list ``addresses``: after links went up, which takes those of IPv6 along."""

    name, noun, fields, stage = "addresses", "address", ("addresses",), 2

    def option(self) -> dict[str, t.Any]:
        from .options import SPEC

        return entries_of(SPEC, "purge")

    def label(self, options: Options) -> str:
        return f"{first_of(options['address'])} {options['link']}"

    def read(self, options: Options, mark: t.Any) -> tuple[t.Any, tuple[At, ...]]:
        from .spec import AddressesSpec

        return AddressesSpec.of({**options, "purge": False, "proto": mark.number}), ()

    def planner(self, spec: t.Any) -> t.Callable[[t.Any, t.Any], None]:
        from .plan import plan

        return plan

    def links(self, spec: t.Any) -> set[str]:
        return {spec.link}

    def listed(self, spec: t.Any) -> t.Iterator[tuple[Key, str]]:
        for each in spec.addresses:
            one = each.cidr if each.version == 4 else each.local
            yield ("address", spec.link, one, each.peer), f"address {each.cidr} of {spec.link}"

    def normalise(self, state: HostState, spec: t.Any) -> None:
        from .plan import normalise_lifetimes

        normalise_lifetimes(state.at(spec.place), spec)

    def scope(self, specs: t.Sequence[t.Any], everywhere: bool) -> dict[str, t.Any]:
        return {"resources": (RESOURCE,)}

    def things(self, namespace: NamespaceState) -> dict[Key, t.Any]:
        return {
            (each.link, each.cidr, each.peer): each
            for each in namespace.addresses
            if not each.kernel_made
        }

    def agrees_later(self, old: Address, new: Address | None) -> bool:
        # Whether another host has an address is seen after it was added, now or in a second.
        return new is not None and replace(new, dadfailed=old.dadfailed) == old

    def identity(self, key: Key, thing: Address) -> str:
        return f"{thing.cidr} of {thing.link}"

    def shown(self, thing: Address) -> dict[str, t.Any]:
        return render.address(thing)

    def unclaimed(self, namespace: NamespaceState, spec: t.Any, mark: t.Any) -> t.Any:
        if not namespace.addresses:
            return spec
        from .plan import match

        found = [match(namespace, spec.link, each) for each in spec.addresses]
        theirs = [there is not None and there.proto != mark.number for there in found]
        if not any(theirs):
            return spec
        return replace(spec, addresses=without_mark(spec.addresses, theirs))

    def own(self, namespace: NamespaceState, mark: t.Any) -> list[t.Any]:
        return [each for each in namespace.addresses if self.bears(each, mark)]

    def removals(
        self,
        plan: t.Any,
        namespace: NamespaceState,
        mark: t.Any,
        listed: Listed,
        to_delete: t.Collection[At],
    ) -> None:
        from .plan import plan as plan_addresses
        from .spec import AddressesSpec, AddressSpec

        for each in self.own(namespace, mark):
            if (namespace.key, each.link) not in to_delete and not _is_listed(each, listed):
                spec = AddressSpec(each.cidr, peer=each.peer)
                plan_addresses(
                    plan, AddressesSpec(namespace.key, each.link, (spec,), present=False)
                )


def _is_listed(address: Address, listed: Listed) -> bool:
    local = address.local
    one = address.cidr if address.version == 4 else local
    peers = (address.peer, local, None)
    return any(("address", address.link, one, peer) in listed for peer in peers)


ADDRESSES = Addresses()
