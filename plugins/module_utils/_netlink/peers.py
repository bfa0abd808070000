# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Find the other ends of links: the peer of a veth, and the link that another lies on.

The kernel reports an ifindex, which many links have, and the nsid of the other namespace. Only the
nsid is proof: the link's namespace is asked for the nsid of a candidate.
"""

from __future__ import annotations

import contextlib
import errno
import os
import typing as t

from .._core.errors import KernelError
from .._core.host_state import HERE, NAMELESS, HostState, Link, Peer, phrase
from .._core.record import replace
from . import netns_files, read
from .socket import Socket

if t.TYPE_CHECKING:
    from .._core.scope import Scope
    from .handles import Handles

    Look = t.Callable[[HostState, dict[str, list[read.FoundLink]], Scope, str, str], None]

AT_ONCE = 32  # namespaces to query at once
MAX_CANDIDATES = 8  # candidates that are queried one by one for the peer of a veth


class Search:
    """The links that were read, and a search for one by the attributes that another reports of it.

    ``look`` reads a further namespace that turns out to matter.
    """

    def __init__(
        self,
        kernel: Handles,
        host: HostState,
        found: dict[str, list[read.FoundLink]],
        scope: Scope,
        look: Look,
    ) -> None:
        self.kernel, self.host, self.found, self.scope = kernel, host, found, scope
        self.look = look
        # By namespace: the others by their nsid there, filled as they are found.
        self.known: dict[str, tuple[dict[int, str], t.Iterator[tuple[int, str]]]] = {}
        self.anywhere = {(host.places.get(place, place), name) for place, name in scope.anywhere}
        # By the ifindexes of a veth and of its peer: the name by namespace.
        self.veths: dict[tuple[int, int], dict[str, str]] = {}
        # By namespace and name of a veth: its most candidates peer.
        self.cables = {
            (host.places[place], name): (host.places[other], far)
            for (place, name), (other, far) in scope.cables.items()
        }
        # By all that the kernel reports of an end elsewhere: ifindex, name and MAC.
        self.ends: dict[tuple[int, str, str | None], list[str]] = {}
        for key in found:
            self._note(key)

    def _note(self, key: str) -> None:
        for each in self.found[key]:
            link = each.link
            if link.kind == "veth":
                self.veths.setdefault((link.index, each.iflink), {})[key] = link.name
                self.ends.setdefault((link.index, link.name, link.mac), []).append(key)

    def set_all(self) -> None:
        """Set peers and parents of the links in scope, wherever these are."""
        self.set_peers()
        if self.scope.kinds:
            self.set_parents()

    def set_peers(self) -> None:
        """Set the peers of the veths in scope, until no further namespace turns up."""
        seen = 0
        while seen < len(self.found):
            seen = len(self.found)
            for key in list(self.found):
                self._set_peers_of(key)

    def _set_peers_of(self, key: str) -> None:
        namespace = self.host.namespaces[key]
        for each in self.found[key]:
            name = each.link.name
            if each.link.kind != "veth" or (key, name) in self.scope.going:
                continue
            known = namespace.links[name].peer
            if known is not None and known.netns is not None:
                continue
            if not (self._in_scope(name) or self.scope.all_peers or self._is_marked(each.link)):
                continue
            if key in self.scope.bare and each.link.altnames:
                continue  # it is being deleted, and its owner is known without its peer
            peer = self._peer(key, each)
            if peer is None:
                continue
            read.set_peer(namespace, name, peer=peer)
            if peer.netns is not None:
                read.set_peer(self.host.namespaces[peer.netns], peer.name, peer=Peer(name, key))

    def _in_scope(self, name: str) -> bool:
        return self.scope.peers is None or name in self.scope.peers

    def _is_marked(self, link: Link) -> bool:
        """Return whether a link is in scope by its mark, whatever its name."""
        return bool(link.altnames) and bool(self.scope.marked((link,)))

    def _peer(self, key: str, each: read.FoundLink) -> Peer | None:
        candidates = self.veths.get((each.iflink, each.link.index), {})
        if each.nsid is None:
            return Peer(candidates[key], key) if key in candidates else None
        sock = self.kernel.socket(key)
        if len(candidates) > MAX_CANDIDATES:
            other, name = self.cables.get((key, each.link.name), ("", ""))
            if name and candidates.get(other) == name and self._has_nsid(sock, other, each.nsid):
                return Peer(name, other)
            far = _far_end(sock, each)
            others = [] if far is None else self.ends.get((each.iflink, *far), [])
            candidates = {other: candidates[other] for other in others if other in candidates}
        for other, name in candidates.items():
            if self._has_nsid(sock, other, each.nsid):
                return Peer(name, other)
        anywhere = (key, each.link.name) in self.anywhere
        elsewhere = self._find_by_nsid(key, each.nsid) if anywhere else None
        if elsewhere is not None:
            self.look(self.host, self.found, self.scope, elsewhere, "present")
            self.host.places.setdefault(elsewhere, elsewhere)
            self._note(elsewhere)
            there = self.veths.get((each.iflink, each.link.index), {}).get(elsewhere)
            return None if there is None else Peer(there, elsewhere)
        far = _far_end(sock, each)
        return None if far is None else Peer(far[0], None, each.nsid)

    def set_parents(self) -> None:
        """Set the set_parents of the links in scope."""
        for key in list(self.found):
            namespace = self.host.namespaces[key]
            for each in self.found[key]:
                if each.link.kind == "veth" or not (
                    each.link.name in self.scope.kinds or self._is_marked(each.link)
                ):
                    continue
                if each.nsid is not None:
                    place = next(iter(self._namespaces_with(key, each.nsid)), NAMELESS)
                    namespace.links[each.link.name] = replace(
                        namespace.links[each.link.name], socket=place
                    )
                link = each.link
                if read.parent_index(link.kind, link.index, each.iflink, each.nsid):
                    namespace.links[each.link.name] = replace(
                        namespace.links[each.link.name], parent=self._parent(key, each)
                    )

    def _parent(self, key: str, each: read.FoundLink) -> Peer | None:
        for other in [key] if each.nsid is None else self._namespaces_with(key, each.nsid):
            for there in self.found[other]:
                if there.link.index == each.iflink:
                    return Peer(there.link.name, other)
        return None

    def _namespaces_with(self, key: str, nsid: int) -> list[str]:
        """Return the namespace that has an nsid in another one, if it has a name."""
        sock = self.kernel.socket(key)
        places = [other for other in self.found if self._has_nsid(sock, other, nsid)]
        elsewhere = None if places else self._find_by_nsid(key, nsid)
        if elsewhere is not None:
            self.found[elsewhere] = read.links(self.kernel.socket(elsewhere), phrase(elsewhere))
            places = [elsewhere]
        return places

    def _find_by_nsid(self, key: str, nsid: int) -> str | None:
        """Return which of all named namespaces, or the current one, has this nsid in another
        namespace."""
        if HERE not in self.found and self._has_nsid(self.kernel.socket(key), HERE, nsid):
            return HERE
        numbers, more = self.known.setdefault(key, ({}, self._nsids(key)))
        while nsid not in numbers:
            number, name = next(more, (nsid, ""))
            numbers.setdefault(number, name)
        return numbers[nsid] or None

    def _nsids(self, key: str) -> t.Iterator[tuple[int, str]]:
        """Yield the nsids in a namespace, with the names of the namespaces that they refer to."""
        others = [name for name in netns_files.names() if name not in self.found]
        for start in range(0, len(others), AT_ONCE):
            with _opened(others[start : start + AT_ONCE]) as opened:
                questions = [[("NETNSA_FD", fd)] for fd in opened.values()]
                answers = read.nsids_of(self.kernel.socket(key), questions)
            yield from ((nsid, name) for nsid, name in zip(answers, opened) if nsid is not None)

    def _has_nsid(self, sock: Socket, key: str, nsid: int) -> bool:
        """Return whether a namespace has this nsid in the socket's namespace."""
        fd = self.kernel.namespace(key)
        try:
            return read.nsid_of(sock, fd) == nsid
        finally:
            os.close(fd)


@contextlib.contextmanager
def _opened(some: t.Sequence[str]) -> t.Iterator[dict[str, int]]:
    """Open those of several names that exist, whatever they are."""
    opened: dict[str, int] = {}
    try:
        for name in some:
            with contextlib.suppress(OSError):  # removed meanwhile
                opened[name] = os.open(
                    netns_files.path(name), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
                )
        yield opened
    finally:
        for fd in opened.values():
            os.close(fd)


def _far_end(sock: Socket, found: read.FoundLink) -> tuple[str, str | None] | None:
    """Return name and MAC of the other end, None if it was deleted meanwhile.

    To answer, the kernel assigns an nsid to the socket's namespace: so this is the last resort.
    """
    try:
        return read.far_end(sock, found)
    except KernelError as error:
        if error.errno in (errno.ENODEV, errno.EINVAL):
            return None
        raise
