# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Masquerading by nftables in a table of its own: current and desired state."""

from __future__ import annotations

import re
import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.record import dataclass

MARK = "linuxnet.netns"  # comment of every rule of this collection
PREFIX = "linuxnet_"


@dataclass(frozen=True)
class Masquerade:
    """Packets from ``sources`` get the address of their outgoing link as source.

    ``out`` is that link; None means all packets that leave the network of their source.
    ``foreign`` counts the rules and chains in the table that are not this collection's.
    """

    table: str
    sources: tuple[str, ...] = ()
    out: str | None = None
    foreign: int = 0

    def ruleset(self) -> str:
        """Return the table in the syntax of nft(8)."""
        rules = []
        for source in self.sources:
            family = "ip6" if ":" in source else "ip"
            way = f'oifname "{self.out}"' if self.out else f"{family} daddr != {source}"
            rules.append(f'{family} saddr {source} {way} masquerade comment "{MARK}"')
        lines = ["type nat hook postrouting priority srcnat", "policy accept", *rules]
        return f"table inet {self.table} {{ chain postrouting {{ {'; '.join(lines)}; }}; }}"


@dataclass(frozen=True)
class MasqueradeSpec:
    """A table that must be present or absent."""

    place: str
    wanted: Masquerade
    present: bool = True

    @classmethod
    def of(cls, options: t.Mapping[str, t.Any]) -> MasqueradeSpec:
        """Read the options of the netns_masquerade module."""
        name = options["name"]
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,31}", name):
            raise BadInput(f"name {name!r} must be a letter and up to 31 letters, digits or '_'")
        present = options["state"] == "present"
        sources = tuple(sorted({_network(text) for text in options["source"] or ()}, key=_order))
        if present and not sources:
            raise BadInput("source is empty; list the networks whose packets are masqueraded")
        wanted = Masquerade(PREFIX + name, sources, _out(options["out"]))
        return cls(parse.of_option("netns", parse.place, options["netns"]), wanted, present)


def _network(text: str) -> str:
    found = inet.network(text)
    if found is None:
        raise BadInput(f"source {text!r} must be a network, as 192.0.2.0/24{inet.hint(text)}")
    if not found[1]:
        raise BadInput(f"source {text} has host bits set; write it as {found[0]}")
    return found[0]


def _out(text: str | None) -> str | None:
    """Return the outgoing link, whose name nft(8) must take literally.

    An nft string cannot contain a quotation mark, and '*' in it is a wildcard.
    """
    if text is None:
        return None
    name = parse.of_option("out", parse.link_name, text)
    wrong = re.search(r"""["*\\]""", name)
    if wrong or not name.isprintable():
        what = wrong[0] if wrong else "non-printable characters"
        raise BadInput(
            f"out {text!r} is not possible: nft cannot match link names with {what}. Use another name"
        )
    return name


def _order(text: str) -> tuple[bool, str]:
    return ":" in text, text
