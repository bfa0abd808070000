# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What links are tied to: the other end of a veth, and the link that another lies on.

A link tells an ifindex, which many links have, and a number by which its namespace knows the other
one. That number is what proves: a namespace is asked for the one by which it knows a likely other.
"""

from __future__ import annotations

import contextlib
import errno
import os
import typing as t

from .._core.errors import KernelError
from .._core.host_state import HERE, NAMELESS, Link, Peer, World, phrase
from .._core.record import replace
from . import netns_files as files
from . import read
from .socket import Socket

if t.TYPE_CHECKING:
    from .._core.scope import Scope
    from .handles import Handles

    Look = t.Callable[[World, dict[str, list[read.FoundLink]], Scope, str, str], None]

AT_ONCE = 32  # namespaces that are asked for together
FEW = 8  # namespaces that are asked in turn whether the other end of a veth is in them


class Search:
    """The links that were found, and how to find one by what another tells of it.

    ``look`` reads a namespace that turns out to matter, too.
    """

    def __init__(
        self,
        kernel: Handles,
        world: World,
        found: dict[str, list[read.FoundLink]],
        scope: Scope,
        look: Look,
    ) -> None:
        self.kernel, self.world, self.found, self.scope = kernel, world, found, scope
        self.look = look
        # By a namespace: which others it knows by which numbers, found one after the other.
        self.known: dict[str, tuple[dict[int, str], t.Iterator[tuple[int, str]]]] = {}
        self.anywhere = {(world.places.get(place, place), name) for place, name in scope.anywhere}
        # By the ifindex of a veth and that of its other end: the namespaces, with its name.
        self.veths: dict[tuple[int, int], dict[str, str]] = {}
        # By a namespace and the name of a veth: those of the other end, most likely.
        self.cables = {
            (world.places[place], name): (world.places[other], far)
            for (place, name), (other, far) in scope.cables.items()
        }
        # By all that the kernel tells of an end elsewhere: ifindex, name and MAC.
        self.ends: dict[tuple[int, str, str | None], list[str]] = {}
        for key in found:
            self._note(key)

    def _note(self, key: str) -> None:
        for each in self.found[key]:
            link = each.link
            if link.kind == "veth":
                self.veths.setdefault((link.index, each.iflink), {})[key] = link.name
                self.ends.setdefault((link.index, link.name, link.mac), []).append(key)

    def ties(self) -> None:
        """Note what the links that matter are tied to, wherever that is."""
        self.peers()
        if self.scope.kinds:
            self.parents()

    def peers(self) -> None:
        """Note who is at the other end of the veths that matter, until no namespace comes to light."""
        seen = 0
        while seen < len(self.found):
            seen = len(self.found)
            for key in list(self.found):
                self._peers_in(key)

    def _peers_in(self, key: str) -> None:
        space = self.world.spaces[key]
        for each in self.found[key]:
            name = each.link.name
            if each.link.kind != "veth" or (key, name) in self.scope.going:
                continue
            known = space.links[name].peer
            if known is not None and known.netns is not None:
                continue
            if not (self._matters(name) or self.scope.all_peers or self._is_marked(each.link)):
                continue
            if key in self.scope.bare and each.link.altnames:
                continue  # it goes, and whose it is is told without its peer
            peer = self._peer(key, each)
            if peer is None:
                continue
            read.set_peer(space, name, peer=peer)
            if peer.netns is not None:
                read.set_peer(self.world.spaces[peer.netns], peer.name, peer=Peer(name, key))

    def _matters(self, name: str) -> bool:
        return self.scope.peers is None or name in self.scope.peers

    def _is_marked(self, link: Link) -> bool:
        """Return whether a link matters by its mark, whatever it is called now."""
        return bool(link.altnames) and bool(self.scope.marked((link,)))

    def _peer(self, key: str, each: read.FoundLink) -> Peer | None:
        likely = self.veths.get((each.iflink, each.link.index), {})
        if each.nsid is None:
            return Peer(likely[key], key) if key in likely else None
        sock = self.kernel.socket(key)
        if len(likely) > FEW:
            other, name = self.cables.get((key, each.link.name), ("", ""))
            if name and likely.get(other) == name and self._knows(sock, other, each.nsid):
                return Peer(name, other)
            told = _far_end(sock, each)
            others = [] if told is None else self.ends.get((each.iflink, *told), [])
            likely = {other: likely[other] for other in others if other in likely}
        for other, name in likely.items():
            if self._knows(sock, other, each.nsid):
                return Peer(name, other)
        anywhere = (key, each.link.name) in self.anywhere
        elsewhere = self._elsewhere(key, each.nsid) if anywhere else None
        if elsewhere is not None:
            self.look(self.world, self.found, self.scope, elsewhere, "present")
            self.world.places.setdefault(elsewhere, elsewhere)
            self._note(elsewhere)
            there = self.veths.get((each.iflink, each.link.index), {}).get(elsewhere)
            return None if there is None else Peer(there, elsewhere)
        told = _far_end(sock, each)
        return None if told is None else Peer(told[0], None, each.nsid)

    def parents(self) -> None:
        """Note what the links that matter lie on."""
        for key in list(self.found):
            space = self.world.spaces[key]
            for each in self.found[key]:
                if each.link.kind == "veth" or not (
                    each.link.name in self.scope.kinds or self._is_marked(each.link)
                ):
                    continue
                if each.nsid is not None:
                    place = next(iter(self._places(key, each.nsid)), NAMELESS)
                    space.links[each.link.name] = replace(space.links[each.link.name], socket=place)
                link = each.link
                if read.parent_index(link.kind, link.index, each.iflink, each.nsid):
                    space.links[each.link.name] = replace(
                        space.links[each.link.name], parent=self._parent(key, each)
                    )

    def _parent(self, key: str, each: read.FoundLink) -> Peer | None:
        for other in [key] if each.nsid is None else self._places(key, each.nsid):
            for there in self.found[other]:
                if there.link.index == each.iflink:
                    return Peer(there.link.name, other)
        return None

    def _places(self, key: str, nsid: int) -> list[str]:
        """Return the namespace that another one knows by a number, if it has a name."""
        sock = self.kernel.socket(key)
        places = [other for other in self.found if self._knows(sock, other, nsid)]
        elsewhere = None if places else self._elsewhere(key, nsid)
        if elsewhere is not None:
            self.found[elsewhere] = read.links(self.kernel.socket(elsewhere), phrase(elsewhere))
            places = [elsewhere]
        return places

    def _elsewhere(self, key: str, nsid: int) -> str | None:
        """Return which of all namespaces that have a name, and here, has a number in another."""
        if HERE not in self.found and self._knows(self.kernel.socket(key), HERE, nsid):
            return HERE
        numbers, more = self.known.setdefault(key, ({}, self._numbers(key)))
        while nsid not in numbers:
            number, name = next(more, (nsid, ""))
            numbers.setdefault(number, name)
        return numbers[nsid] or None

    def _numbers(self, key: str) -> t.Iterator[tuple[int, str]]:
        """Yield the numbers by which a namespace knows others, with their names."""
        others = [name for name in files.names() if name not in self.found]
        for start in range(0, len(others), AT_ONCE):
            with _opened(others[start : start + AT_ONCE]) as opened:
                questions = [[("NETNSA_FD", fd)] for fd in opened.values()]
                told = read.nsids_of(self.kernel.socket(key), questions)
            yield from ((nsid, name) for nsid, name in zip(told, opened) if nsid is not None)

    def _knows(self, sock: Socket, key: str, nsid: int) -> bool:
        """Return whether a socket's namespace knows another by this number."""
        fd = self.kernel.namespace(key)
        try:
            return read.nsid_of(sock, fd) == nsid
        finally:
            os.close(fd)


@contextlib.contextmanager
def _opened(some: t.Sequence[str]) -> t.Iterator[dict[str, int]]:
    """Open what there is of several names, whatever that is."""
    opened: dict[str, int] = {}
    try:
        for name in some:
            with contextlib.suppress(OSError):  # gone meanwhile
                opened[name] = os.open(files.path(name), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        yield opened
    finally:
        for fd in opened.values():
            os.close(fd)


def _far_end(sock: Socket, found: read.FoundLink) -> tuple[str, str | None] | None:
    """Return name and MAC of the other end, None if it vanished meanwhile.

    When it answers this, the kernel gives the socket's namespace a number for itself: so it is
    asked only where nothing else tells.
    """
    try:
        return read.far_end(sock, found)
    except KernelError as error:
        if error.errno in (errno.ENODEV, errno.EINVAL):
            return None
        raise
