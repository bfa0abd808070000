# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The state of a restore: the namespaces of a snapshot, and the relations of their links."""

from __future__ import annotations

import os
import typing as t

from ..._core.record import dataclass, field
from .. import read
from .links import LOWER, NETNSID, LinkState
from .take import NamespaceSnapshot

if t.TYPE_CHECKING:
    from ..handles import Handles

At = tuple[str, int]  # a namespace, and an ifindex


@dataclass
class NamespaceRestore:
    """A namespace during a restore: its old links, those in scope, and their current ifindexes."""

    key: str
    taken: NamespaceSnapshot
    links: dict[int, LinkState]
    in_scope: set[int] = field(default_factory=set)
    at: dict[int, int] = field(default_factory=dict)
    linkless: bool = True  # what belongs to no link is in scope
    # addresses of links in scope, which routes may use as source
    sources: set[bytes] = field(default_factory=set)

    @property
    def numbers(self) -> set[int]:
        """Return the current ifindexes of the links in scope."""
        return {self.at.get(index, index) for index in self.in_scope}


def lower(
    kernel: Handles,
    places: t.Mapping[str, NamespaceRestore],
    key: str,
    link: LinkState,
    known: dict[tuple[str, int], str | None] | None = None,
) -> At | None:
    """Return the lower link of another, or the peer of a veth, if that is in one of the namespaces."""
    index = link.number(LOWER)
    if link.kind == "vxlan" and 3 in link.data:
        index = int.from_bytes(link.data[3], _order())
    if not index:
        return None
    if NETNSID not in link.attrs:
        return (key, index) if index in places[key].links and index != link.index else None
    known = {} if known is None else known
    nsid = link.number(NETNSID)
    if (key, nsid) not in known:
        known[key, nsid] = _known_as(kernel, places, key, nsid)
    other = known[key, nsid]
    return None if other is None or index not in places[other].links else (other, index)


def _known_as(kernel: Handles, places: t.Iterable[str], key: str, nsid: int) -> str | None:
    """Return the namespace that has an nsid in another one."""
    sock = kernel.socket(key)
    for other in places:
        fd = kernel.socket(other).namespace()
        try:
            if read.nsid_of(sock, fd) == nsid:
                return other
        finally:
            os.close(fd)
    return None


def _order() -> t.Literal["little", "big"]:
    import sys

    return sys.byteorder
