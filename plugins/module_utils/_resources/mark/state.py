# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Ownership marks of a topology, which are kept in the kernel and not in files.

A link that it makes gets an altname, and so does the loopback of a namespace that it makes. An
address, a route, a rule or a neighbour has room for a protocol number of eight bits only, which is
derived from the topology's name; altnames of the loopback name all topologies that use a namespace,
so that two topologies with the same number are detected.
"""

from __future__ import annotations

import re
import typing as t
import zlib

from ..._core.errors import BadInput
from ..._core.host_state import HERE, Link
from ..._core.link_table import MARK
from ..._core.record import dataclass

if t.TYPE_CHECKING:
    from ..._core.host_state import NamespaceState

LONGEST = 64  # of a name; ALTIFNAMSIZ is 128, and a mark contains a link's name as well
# Unused in /etc/iproute2/rt_protos and by the kernel.
NUMBERS = (*range(100, 186), *range(193, 251))


@dataclass(frozen=True)
class Mark:
    """The marks of one topology."""

    owner: str

    @classmethod
    def of(cls, name: str) -> Mark:
        """Return the marks of the topology of that name; raise BadInput if the name is invalid."""
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) or len(name) > LONGEST:
            raise BadInput(
                f"name {name!r} of the topology must have at most {LONGEST} letters, digits, '.', '_'"
                " and '-' and begin with a letter or a digit"
            )
        return cls(name)

    @property
    def number(self) -> int:
        """Return the protocol number of its addresses, routes, rules and neighbours."""
        number: int = NUMBERS[zlib.crc32(self.owner.encode()) % len(NUMBERS)]
        return number

    @property
    def made(self) -> str:
        """Return the mark on the loopback of a namespace that the topology made."""
        return f"{MARK}{self.owner}"

    @property
    def guest(self) -> str:
        """Return the mark on the loopback of another's namespace that the topology uses."""
        return f"{MARK}{self.owner}::guest"

    @property
    def working(self) -> str:
        """Return the mark on a loopback while links are made that are not marked yet."""
        return f"{MARK}{self.owner}::working"

    def making(self, name: str) -> str:
        """Return the mark on the loopback of another's namespace while a link is made in it."""
        return f"{MARK}{self.owner}::making:{name}"

    def link(self, name: str) -> str:
        """Return the mark of a link that the topology made under this name."""
        return f"{MARK}{self.owner}:{name}"

    def marks(self, link: Link) -> list[str]:
        """Return the topology's marks of a link other than a loopback: several only if it was renamed."""
        prefix = self.link("")
        return [name for name in link.altnames if name.startswith(prefix) and link.name != "lo"]

    def named(self, mark: str) -> str:
        """Return the link name that a mark contains."""
        return mark[len(self.link("")) :]

    def is_on(self, link: Link) -> bool:
        """Return whether a link other than a loopback has a mark of the topology."""
        return link.name != "lo" and any(name.startswith(f"{self.made}:") for name in link.altnames)

    def is_owner_of(self, thing: t.Any) -> bool:
        """Return whether a link, or what lives on one, bears the mark."""
        if isinstance(thing, Link):
            return self.is_on(thing)
        return getattr(thing, "proto", None) in (self.number, str(self.number))

    def made_namespace(self, namespace: NamespaceState) -> bool:
        """Return whether a namespace is marked as made by the topology."""
        return self.made in loopback(namespace)

    def lives_in(self, namespace: NamespaceState) -> bool:
        """Return whether another's namespace is marked as used by the topology."""
        return self.guest in loopback(namespace)


def loopback(namespace: NamespaceState) -> tuple[str, ...]:
    """Return the altnames of a namespace's loopback."""
    lo = namespace.links.get("lo")
    return () if lo is None else lo.altnames


def owners(namespace: NamespaceState) -> set[str]:
    """Return the names of all topologies that made or use a namespace.

    In the current namespace the marks of all links count, as its loopback may have none.
    """
    links = namespace.links.values() if namespace.key == HERE else [namespace.links["lo"]]
    names = [name for link in links for name in link.altnames if name.startswith(MARK)]
    return {name.split(":")[1] for name in names if not name.endswith("::working")}


def maker_of_namespace(namespace: NamespaceState) -> str | None:
    """Return "the topology NAME" for messages if one made the namespace, else None."""
    names = [name.split(":") for name in loopback(namespace) if name.startswith(MARK)]
    return next((f"the topology {each[1]}" for each in names if len(each) == 2), None)


def maker_of_link(link: Link) -> str | None:
    """Return "the topology NAME" for messages if one made the link, else None."""
    names = [name.split(":") for name in link.altnames if name.startswith(MARK)]
    return next((f"the topology {each[1]}" for each in names if link.name != "lo"), None)
