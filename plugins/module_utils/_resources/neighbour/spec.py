# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a task states of neighbours, normalised. None: nothing was said, leave it alone."""

from __future__ import annotations

import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.record import dataclass
from ..route.spec import protocol
from .state import VOLATILE, nud_of

Options = t.Mapping[str, t.Any]

OF_NEIGH = ("address", "mac", "nud", "router", "proxy")
OF_FDB = ("mac", "nud", "dst", "port", "vni", "via", "vlan", "master")
NUDS = ("permanent", "noarp", *VOLATILE)


@dataclass(frozen=True)
class NeighbourSpec:
    """One entry. ``state`` is what a new one is to be at first, ``nud`` what it stays."""

    link: str
    address: str
    proxy: bool = False
    mac: str | None = None
    nud: str | None = None
    state: str | None = None
    router: bool | None = None
    proto: str | None = None


@dataclass(frozen=True)
class NeighboursSpec:
    """Neighbours that a link is to have, or not to have. ``sorts`` tells which a purge is about."""

    place: str
    link: str
    entries: tuple[NeighbourSpec, ...]
    sorts: frozenset[bool]
    present: bool = True
    purge: bool = False
    proto: str = "static"

    @classmethod
    def of(cls, options: Options) -> NeighboursSpec:
        """Read the options of the netns_neigh module with kind=neigh."""
        link = parse.link_name(options["link"])
        listed = stated_entries(options, OF_NEIGH, "neigh")
        proto = protocol(options["proto"])
        if options["purge"] and proto == "kernel":
            raise BadInput("purge leaves what the kernel made: it does not go with proto=kernel")
        present = options["state"] == "present"
        entries = tuple(dict.fromkeys(_read_entry(link, each, proto, present) for each in listed))
        told: set[tuple[str, bool]] = set()
        for each in entries:
            if (each.address, each.proxy) in told:
                raise BadInput(f"{each.address} is listed twice, with different things stated")
            told.add((each.address, each.proxy))
        sorts = {each.proxy for each in entries}
        if not sorts:
            sorts = {True, False} if options["proxy"] is None else {options["proxy"]}
        return cls(
            parse.place(options["netns"]),
            link,
            entries,
            frozenset(sorts),
            present,
            options["purge"],
            proto or "static",
        )


def stated_entries(options: Options, names: t.Sequence[str], kind: str) -> list[Options]:
    """Return the entries that the options state, each complete: what is listed, or the one."""
    if options["purge"] and options["state"] != "present":
        raise BadInput("purge goes with state=present: it removes what is not listed")
    every = dict.fromkeys((*OF_NEIGH, *OF_FDB))
    shared = {name: options[name] for name in every}
    listed = options["entries"]
    if listed is None:
        key = "address" if kind == "neigh" else "mac"
        listed = [] if shared[key] is None else [{}]
    if not (listed or options["purge"]):
        raise BadInput("No entry is stated: an empty list goes with purge=true only")
    merged: list[Options] = []
    for each in [*listed, {}]:
        own = {name: value for name, value in each.items() if value is not None}
        merged.append({**shared, **own})
    for each in merged:
        for name in every:
            if each[name] is not None and name not in names:
                raise BadInput(f"{name} does not go with kind={kind}")
    return merged[:-1]


def _read_entry(link: str, options: Options, proto: str | None, present: bool) -> NeighbourSpec:
    if options["address"] is None:
        raise BadInput("A neighbour has an address: it is not stated")
    address = _address(options["address"])
    proxy = bool(options["proxy"])
    nud, router = options["nud"], options["router"]
    mac = None if options["mac"] is None else parse.lladdr(options["mac"])
    if nud not in (None, *NUDS):
        raise BadInput(f"nud={nud} does not go with kind=neigh: {', '.join(NUDS)} do")
    if proxy:
        for name, value in (("mac", mac), ("nud", nud), ("router", router)):
            if value is not None:
                raise BadInput(
                    f"A proxy for {address} has no {name}: the link answers with its own"
                )
    return NeighbourSpec(
        link,
        address,
        proxy,
        mac,
        None if nud is None else nud_of(nud),
        nud,
        router,
        proto,
    )


def _address(text: str) -> str:
    found = inet.plain(text)
    if found is None:
        raise BadInput(
            f"address is an IP address without a prefix: {text!r}{inet.hint(text, 'link')}"
        )
    return found
