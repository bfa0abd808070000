# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired forwarding entries, normalised from a task's options; None means not stated."""

from __future__ import annotations

import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.record import dataclass
from ..neighbour.spec import OF_FDB, stated_entries
from .state import ZERO, is_many

Options = t.Mapping[str, t.Any]

NUDS = ("permanent", "static", "dynamic")
DESTINATION = ("dst", "port", "vni", "via")


@dataclass(frozen=True)
class ForwardSpec:
    """One desired entry; with ``master`` in the table of the link's bridge, else in the link's own."""

    link: str
    mac: str
    master: bool | None = None
    nud: str | None = None
    vlan: int | None = None
    dst: str | None = None
    port: int | None = None
    vni: int | None = None
    via: str | None = None

    def destination(self) -> dict[str, t.Any]:
        """Return the stated options of the tunnel destination."""
        values = {name: getattr(self, name) for name in DESTINATION}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class FdbSpec:
    """Entries that a link must have or must not have."""

    place: str
    link: str
    entries: tuple[ForwardSpec, ...]
    master: bool | None = None
    present: bool = True
    purge: bool = False

    @classmethod
    def of(cls, options: Options) -> FdbSpec:
        """Read the options of the netns_neigh module with kind=fdb."""
        link = parse.of_option("link", parse.link_name, options["link"])
        present = options["state"] == "present"
        if options["proto"] is not None:
            raise BadInput("proto cannot be combined with kind=fdb: forwarding entries have none")
        listed = stated_entries(options, OF_FDB, "fdb")
        entries = tuple(dict.fromkeys(_read_entry(link, each) for each in listed))
        _check_once(entries)
        return cls(
            parse.of_option("netns", parse.place, options["netns"]),
            link,
            entries,
            options["master"],
            present,
            options["purge"],
        )


def _read_entry(link: str, options: Options) -> ForwardSpec:
    if options["mac"] is None:
        raise BadInput("mac is required for a forwarding entry")
    mac, nud = parse.of_option("mac", parse.lladdr, options["mac"]), options["nud"]
    if nud not in (None, *NUDS):
        raise BadInput(f"nud={nud} is not possible with kind=fdb; use one of {', '.join(NUDS)}")
    desired = ForwardSpec(
        link,
        mac,
        options["master"],
        nud,
        parse.number("vlan", options["vlan"], 1, 4094),
        _address(options["dst"]),
        parse.number("port", options["port"], 1, 65535),
        parse.number("vni", options["vni"], 0, 0xFFFFFF),
        None if options["via"] is None else parse.of_option("via", parse.link_name, options["via"]),
    )
    if desired.destination() and desired.master:
        raise BadInput(f"{', '.join(desired.destination())} cannot be combined with master=true")
    if desired.destination() and desired.vlan is not None:
        raise BadInput(
            f"vlan (of a bridge) and {', '.join(desired.destination())} (of a VXLAN device) are mutually"
            " exclusive"
        )
    if mac == ZERO and desired.master:
        raise BadInput(f"mac {ZERO} cannot be combined with master=true: it is for VXLAN devices")
    return desired


def _address(text: str | None) -> str | None:
    if text is None:
        return None
    found = inet.plain(text)
    if found is None:
        raise BadInput(
            f"dst {text!r} must be an IP address without prefix length{inet.hint(text, 'via')}"
        )
    return found


def _check_once(entries: t.Sequence[ForwardSpec]) -> None:
    """Refuse two entries with the same key, which would replace each other in every run."""
    by_key: dict[tuple[t.Any, ...], ForwardSpec] = {}
    states: dict[str, str] = {}
    for each in entries:
        many = each.dst is not None and is_many(each.mac)
        key = (each.master, each.mac, each.vlan, *(each.destination().items() if many else ()))
        if key in by_key:
            raise BadInput(f"mac {each.mac} is listed twice with different options; list it once")
        by_key[key] = each
        if many and each.nud is not None and states.setdefault(each.mac, each.nud) != each.nud:
            raise BadInput(f"nud must be the same for all destinations of {each.mac}")
