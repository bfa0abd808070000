# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""How a topology marks what it makes, so that the kernel can tell: nothing is kept in files.

A link that it makes has another name (an altname), as has the loopback of a namespace that it makes.
An address, a route, a rule or a neighbour has only a number of eight bits for who made it: that
comes from the topology's name, and the loopback of a namespace in which two topologies put such
things tells both their names, so that two with one number are seen.
"""

from __future__ import annotations

import re
import typing as t
import zlib

from ..._core.errors import BadInput
from ..._core.host_state import HERE
from ..._core.record import dataclass

if t.TYPE_CHECKING:
    from ..._core.host_state import Link, Space

PREFIX = "netns:"
LONGEST = 64  # of a name; ALTIFNAMSIZ is 128, and the name of a link is in a mark too
# Nobody's in /etc/iproute2/rt_protos, and none that the kernel uses.
NUMBERS = (*range(100, 186), *range(193, 251))


@dataclass(frozen=True)
class Mark:
    """The mark of one topology."""

    owner: str

    @classmethod
    def of(cls, name: str) -> Mark:
        """Return the mark of the topology with a name, or say what is wrong with that."""
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) or len(name) > LONGEST:
            raise BadInput(
                f"The name of a topology has at most {LONGEST} letters, digits, '.', '_' and '-',"
                f" and begins with a letter or a digit: {name!r}"
            )
        return cls(name)

    @property
    def number(self) -> int:
        """Return the protocol number of its addresses, routes, rules and neighbours."""
        number: int = NUMBERS[zlib.crc32(self.owner.encode()) % len(NUMBERS)]
        return number

    @property
    def made(self) -> str:
        """Return what the loopback of a namespace is called that it made."""
        return f"{PREFIX}{self.owner}"

    @property
    def guest(self) -> str:
        """Return what the loopback of a namespace is called that others made and it lives in."""
        return f"{PREFIX}{self.owner}::guest"

    @property
    def working(self) -> str:
        """Return what a loopback is called while links are made that may not be marked yet."""
        return f"{PREFIX}{self.owner}::working"

    def making(self, name: str) -> str:
        """Return what the loopback of a namespace of others is called while a link is made there."""
        return f"{PREFIX}{self.owner}::making:{name}"

    def link(self, name: str) -> str:
        """Return what a link is called that it made under a name."""
        return f"{PREFIX}{self.owner}:{name}"

    def marks(self, link: Link) -> list[str]:
        """Return the marks of a link, other than a loopback: one, unless it was renamed."""
        prefix = self.link("")
        return [name for name in link.altnames if name.startswith(prefix) and link.name != "lo"]

    def named(self, mark: str) -> str:
        """Return the name that a link had when it got a mark."""
        return mark[len(self.link("")) :]

    def bears(self, link: Link) -> bool:
        """Return whether a link, other than a loopback, is marked."""
        return link.name != "lo" and any(name.startswith(f"{self.made}:") for name in link.altnames)

    def made_thing(self, thing: t.Any) -> bool:
        """Return whether a link, or what lives on one, bears the mark."""
        if hasattr(thing, "altnames"):
            return self.bears(thing)
        return getattr(thing, "proto", None) in (self.number, str(self.number))

    def made_space(self, space: Space) -> bool:
        """Return whether a namespace is marked as made."""
        return self.made in loopback(space)

    def lives_in(self, space: Space) -> bool:
        """Return whether a namespace that others made is marked as lived in."""
        return self.guest in loopback(space)


def loopback(space: Space) -> tuple[str, ...]:
    """Return the marks on the loopback of a namespace."""
    lo = space.links.get("lo")
    return () if lo is None else lo.altnames


def owners(space: Space) -> set[str]:
    """Return the names of all topologies that made a namespace or live in it.

    In the current namespace, links tell it too: it is not marked where they do.
    """
    links = space.links.values() if space.key == HERE else [space.links["lo"]]
    names = [name for link in links for name in link.altnames if name.startswith(PREFIX)]
    return {name.split(":")[1] for name in names if not name.endswith("::working")}


def maker(space: Space) -> str | None:
    """Return what made a namespace, as a part of a sentence: a topology, if one says so."""
    names = [name.split(":") for name in loopback(space) if name.startswith(PREFIX)]
    return next((f"the topology {each[1]}" for each in names if len(each) == 2), None)


def maker_of(link: Link) -> str | None:
    """Return what made a link, likewise."""
    names = [name.split(":") for name in link.altnames if name.startswith(PREFIX)]
    return next((f"the topology {each[1]}" for each in names if link.name != "lo"), None)
