# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a task states of forwarding tables, normalised. None: nothing was said, leave it alone."""

from __future__ import annotations

import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.record import dataclass
from ..neighbour.spec import OF_FDB, stated_entries
from .state import ZERO, is_many

Options = t.Mapping[str, t.Any]

NUDS = ("permanent", "static", "dynamic")
WAY = ("dst", "port", "vni", "via")


@dataclass(frozen=True)
class ForwardSpec:
    """One entry. ``master``: of the bridge that the link is a port of, not of the link itself."""

    link: str
    mac: str
    master: bool | None = None
    nud: str | None = None
    vlan: int | None = None
    dst: str | None = None
    port: int | None = None
    vni: int | None = None
    via: str | None = None

    def way(self) -> dict[str, t.Any]:
        """Return what is stated of the way through a tunnel."""
        values = {name: getattr(self, name) for name in WAY}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class FdbSpec:
    """Entries that a link is to have, or not to have."""

    place: str
    link: str
    entries: tuple[ForwardSpec, ...]
    master: bool | None = None
    present: bool = True
    purge: bool = False

    @classmethod
    def of(cls, options: Options) -> FdbSpec:
        """Read the options of the netns_neigh module with kind=fdb."""
        link = parse.link_name(options["link"])
        present = options["state"] == "present"
        if options["proto"] is not None:
            raise BadInput("proto does not go with kind=fdb: forwarding tables do not note it")
        listed = stated_entries(options, OF_FDB, "fdb")
        entries = tuple(dict.fromkeys(_read_entry(link, each) for each in listed))
        _check_once(entries)
        return cls(
            parse.place(options["netns"]),
            link,
            entries,
            options["master"],
            present,
            options["purge"],
        )


def _read_entry(link: str, options: Options) -> ForwardSpec:
    if options["mac"] is None:
        raise BadInput("A forwarding entry has a mac: it is not stated")
    mac, nud = parse.lladdr(options["mac"]), options["nud"]
    if nud not in (None, *NUDS):
        raise BadInput(f"nud={nud} does not go with kind=fdb: {', '.join(NUDS)} do")
    desired = ForwardSpec(
        link,
        mac,
        options["master"],
        nud,
        parse.number("vlan", options["vlan"], 1, 4094),
        _destination(options["dst"]),
        parse.number("port", options["port"], 1, 65535),
        parse.number("vni", options["vni"], 0, 0xFFFFFF),
        None if options["via"] is None else parse.said("via", parse.link_name, options["via"]),
    )
    if desired.way() and desired.master:
        raise BadInput(f"The table of a bridge has no {' and no '.join(desired.way())}")
    if desired.way() and desired.vlan is not None:
        raise BadInput("An entry has either a VLAN, in a bridge, or a way through a VXLAN")
    if mac == ZERO and desired.master:
        raise BadInput(f"The table of a bridge has no entry for {ZERO}")
    return desired


def _destination(text: str | None) -> str | None:
    if text is None:
        return None
    found = inet.plain(text)
    if found is None:
        raise BadInput(f"dst is an IP address without a prefix: {text!r}{inet.hint(text, 'via')}")
    return found


def _check_once(entries: t.Sequence[ForwardSpec]) -> None:
    """Refuse two entries that would take turns in one place."""
    told: dict[tuple[t.Any, ...], ForwardSpec] = {}
    states: dict[str, str] = {}
    for each in entries:
        many = each.dst is not None and is_many(each.mac)
        key = (each.master, each.mac, each.vlan, *(each.way().items() if many else ()))
        if key in told:
            raise BadInput(f"{each.mac} is listed twice, with different things stated")
        told[key] = each
        if many and each.nud is not None and states.setdefault(each.mac, each.nud) != each.nud:
            raise BadInput(f"All destinations of {each.mac} have one nud: two are stated")
