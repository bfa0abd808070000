# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Masquerading by nftables, in a table of its own: what is there and what is wanted."""

from __future__ import annotations

import re
import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.record import dataclass

MARK = "linuxnet.netns"  # the comment of every rule that is ours
PREFIX = "linuxnet_"


@dataclass(frozen=True)
class Masquerade:
    """Packets from ``sources`` get the address of the link that they leave by.

    ``out`` is that link; None: whichever leads out of the network that the packet comes from.
    ``foreign`` counts rules in the table that are not ours, or that we cannot read.
    """

    table: str
    sources: tuple[str, ...] = ()
    out: str | None = None
    foreign: int = 0

    def ruleset(self) -> str:
        """Return the table as nft(8) takes it."""
        rules = []
        for source in self.sources:
            family = "ip6" if ":" in source else "ip"
            way = f'oifname "{self.out}"' if self.out else f"{family} daddr != {source}"
            rules.append(f'{family} saddr {source} {way} masquerade comment "{MARK}"')
        lines = ["type nat hook postrouting priority srcnat", "policy accept", *rules]
        return f"table inet {self.table} {{ chain postrouting {{ {'; '.join(lines)}; }}; }}"


@dataclass(frozen=True)
class MasqueradeSpec:
    """A table that is to be there, or not."""

    place: str
    wanted: Masquerade
    present: bool = True

    @classmethod
    def of(cls, options: t.Mapping[str, t.Any]) -> MasqueradeSpec:
        """Read the options of the netns_masquerade module."""
        name = options["name"]
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,31}", name):
            raise BadInput(f"name is a letter, then up to 31 letters, digits or '_': {name!r}")
        present = options["state"] == "present"
        sources = tuple(sorted({_network(text) for text in options["source"] or ()}, key=_order))
        if present and not sources:
            raise BadInput("source is empty: state the networks whose packets are masqueraded")
        wanted = Masquerade(PREFIX + name, sources, _out(options["out"]))
        return cls(parse.place(options["netns"]), wanted, present)


def _network(text: str) -> str:
    found = inet.network(text)
    if found is None:
        raise BadInput(f"source lists networks: {text!r} is none{inet.hint(text)}")
    if not found[1]:
        raise BadInput(f"source: {text} has host bits set; the network is {found[0]}")
    return found[0]


def _out(text: str | None) -> str | None:
    """Return the link to leave by, a name that nft(8) takes for nothing but a name.

    A string of nft has no way to hold a quotation mark, and an asterisk in one stands for any text.
    """
    if text is None:
        return None
    name = parse.said("out", parse.link_name, text)
    wrong = re.search(r"""["*\\]""", name)
    if wrong or not name.isprintable():
        what = wrong[0] if wrong else "character that is not shown"
        raise BadInput(f"out: nft cannot be told of a link with a {what} in its name: {text!r}")
    return name


def _order(text: str) -> tuple[bool, str]:
    return ":" in text, text
