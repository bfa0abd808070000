# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired neighbours, normalised from a task's options; None means not stated: leave as it is."""

from __future__ import annotations

import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.record import dataclass
from ..route.spec import protocol
from .state import VOLATILE, nud_of
from .table import names

Options = t.Mapping[str, t.Any]

OF_NEIGH, OF_FDB = names("neigh"), names("fdb")
NUDS = ("permanent", "noarp", *VOLATILE)


@dataclass(frozen=True)
class NeighbourSpec:
    """One desired entry; ``state`` is the initial NUD state of a new one, ``nud`` the lasting one."""

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
    """Neighbours that a link must have or must not have.

    ``proxy_values`` has True if purge is to remove proxies, and False if neighbours.
    """

    place: str
    link: str
    entries: tuple[NeighbourSpec, ...]
    proxy_values: frozenset[bool]
    present: bool = True
    purge: bool = False
    proto: str = "static"

    @classmethod
    def of(cls, options: Options) -> NeighboursSpec:
        """Read the options of the netns_neigh module with kind=neigh."""
        link = parse.of_option("link", parse.link_name, options["link"])
        listed = stated_entries(options, OF_NEIGH, "neigh")
        proto = protocol(options["proto"])
        if options["purge"] and proto == "kernel":
            raise BadInput("purge=true cannot be combined with proto=kernel")
        present = options["state"] == "present"
        entries = tuple(dict.fromkeys(_read_entry(link, each, proto, present) for each in listed))
        seen: set[tuple[str, bool]] = set()
        for each in entries:
            if (each.address, each.proxy) in seen:
                raise BadInput(
                    f"address {each.address} is listed twice with different options; list it once"
                )
            seen.add((each.address, each.proxy))
        proxy_values = {each.proxy for each in entries}
        if not proxy_values:
            proxy_values = {True, False} if options["proxy"] is None else {options["proxy"]}
        return cls(
            parse.of_option("netns", parse.place, options["netns"]),
            link,
            entries,
            frozenset(proxy_values),
            present,
            options["purge"],
            proto or "static",
        )


def stated_entries(options: Options, names: t.Sequence[str], kind: str) -> list[Options]:
    """Return the listed entries (or the one of the top-level options), each with all options."""
    if options["purge"] and options["state"] != "present":
        raise BadInput("purge=true requires state=present: it removes what is not listed")
    every = dict.fromkeys((*OF_NEIGH, *OF_FDB))
    shared = {name: options[name] for name in every}
    listed = options["entries"]
    if listed is None:
        key = "address" if kind == "neigh" else "mac"
        listed = [] if shared[key] is None else [{}]
    if not (listed or options["purge"]):
        raise BadInput("No entry is listed; an empty list requires purge=true")
    merged: list[Options] = []
    for each in [*listed, {}]:
        own = {name: value for name, value in each.items() if value is not None}
        merged.append({**shared, **own})
    for each in merged:
        for name in every:
            if each[name] is not None and name not in names:
                raise BadInput(f"{name} cannot be combined with kind={kind}")
    return merged[:-1]


def _read_entry(link: str, options: Options, proto: str | None, present: bool) -> NeighbourSpec:
    if options["address"] is None:
        raise BadInput("address is required for a neighbour")
    address = _address(options["address"])
    proxy = bool(options["proxy"])
    nud, router = options["nud"], options["router"]
    mac = None if options["mac"] is None else parse.of_option("mac", parse.lladdr, options["mac"])
    if nud not in (None, *NUDS):
        raise BadInput(f"nud={nud} is not possible with kind=neigh; use one of {', '.join(NUDS)}")
    if proxy:
        for name, value in (("mac", mac), ("nud", nud), ("router", router)):
            if value is not None:
                raise BadInput(
                    f"{name} cannot be combined with proxy=true ({address}): the link answers with"
                    " its own MAC"
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
            f"address {text!r} must be an IP address without prefix length{inet.hint(text, 'link')}"
        )
    return found
