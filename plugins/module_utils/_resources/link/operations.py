# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on links."""

from __future__ import annotations

import typing as t

from ..._core.host_state import Link, phrase
from ..._core.inet import MIN_V6_MTU
from ..._core.link_table import BY_NAME, FIXED
from ..._core.operation import (
    ADDRESSES,
    FORWARDING,
    LAYER_3,
    LINKS,
    NEIGHBOURS,
    ON_LINK,
    Operation,
    Touch,
    Values,
    ip,
    target,
)
from ..._core.record import dataclass
from . import RESOURCE


@dataclass(frozen=True)
class VethEnd:
    """One end of a pair to be created; None leaves a value to the kernel."""

    netns: str
    name: str
    mac: str | None = None
    mtu: int | None = None
    txqueuelen: int | None = None
    group: int | None = None
    index: int = 0
    made_with: Values = ()  # what only a new link can be given

    def words(self) -> list[str]:
        """Return the options of `ip link add` that every link kind takes."""
        words: list[str] = []
        for name in ("mac", "mtu", "txqueuelen", "group"):
            value = getattr(self, name)
            words += () if value is None else BY_NAME[name].words(value)
        for name, value in self.made_with:
            words += BY_NAME[name].words(value)
        return words


def made_with(link: Link) -> Values:
    """Return what a link was given when it was made, as far as it is known."""
    values = ((name, getattr(link, name)) for name in FIXED)
    return tuple((name, value) for name, value in values if value is not None)


@dataclass(frozen=True)
class CreateVeth(Operation):
    """Create a veth pair with both ends in place, in one request and without a move (veth(4))."""

    resource = RESOURCE
    beyond = True

    near: VethEnd
    far: VethEnd

    def inverse(self) -> Operation:
        return DeleteLink(self.near.netns, Link(self.near.name, kind="veth"))

    def places(self) -> tuple[str | None, ...]:
        return self.near.netns, self.far.netns

    def command(self) -> str:
        near, far = self.near, self.far
        words = ["link", "add", "name", near.name]
        words += ["netns", near.netns] if near.netns else []
        words += [*near.words(), "type", "veth", "peer", "name", far.name]
        words += ["netns", far.netns] if far.netns else []
        return ip("", *words, *far.words())

    def phrase(self) -> str:
        near, far = self.near, self.far
        return (
            f"create the veth {near.name} {phrase(near.netns)}"
            f" with its peer {far.name} {phrase(far.netns)}"
        )

    def puts(self) -> tuple[tuple[str, str | None], ...]:
        return ((self.near.netns, self.near.name), (self.far.netns, self.far.name))

    def touches(self) -> tuple[Touch, ...]:
        near, far = self.near, self.far
        return (near.netns, LINKS, (near.name,)), (far.netns, LINKS, (far.name,))


@dataclass(frozen=True)
class DeleteLink(Operation):
    """Delete a link, of a veth with its peer, which is noted for rollback."""

    resource = RESOURCE
    beyond = True

    netns: str
    link: Link
    peer: Link | None = None

    def inverse(self) -> Operation | None:
        link, peer = self.link, self.peer
        if link.kind != "veth":
            return RestoreLink(self.netns, link)
        if peer is None or link.peer is None or link.peer.netns is None:
            return None
        return CreateVeth(self._end(self.netns, link), self._end(link.peer.netns, peer))

    @staticmethod
    def _end(netns: str, link: Link) -> VethEnd:
        return VethEnd(
            netns,
            link.name,
            link.mac,
            link.mtu,
            link.txqueuelen,
            link.group,
            link.index,
            made_with(link),
        )

    def places(self) -> tuple[str | None, ...]:
        peer = self.link.peer
        return (self.netns,) if peer is None else (self.netns, peer.netns)

    def removes(self) -> tuple[tuple[str, str], ...]:
        return ((self.netns, self.link.name),)

    def command(self) -> str:
        return ip(self.netns, "link", "del", "dev", self.link.name)

    def phrase(self) -> str:
        return f"delete link {self.link.name} {phrase(self.netns)}"

    def loses(self) -> tuple[t.Any, ...]:
        return (self.link,)

    def drops(self) -> tuple[tuple[str, str], ...]:
        return ((self.netns, self.link.name),)

    def touches(self) -> tuple[Touch, ...]:
        here, peer = (self.netns, ON_LINK, (self.link.name,)), self.link.peer
        if peer is None or peer.netns is None:
            return (here,)
        return here, (peer.netns, ON_LINK, (peer.name,))


@dataclass(frozen=True)
class RestoreLink(Operation):
    """Create a link again that DeleteLink deleted, from the snapshot; used for rollback only."""

    resource = RESOURCE

    netns: str
    link: Link

    def inverse(self) -> Operation:
        return DeleteLink(self.netns, self.link)

    def command(self) -> str:
        return ip(self.netns, "link", "add", "name", self.link.name, "type", str(self.link.kind))

    def phrase(self) -> str:
        return f"make link {self.link.name} {phrase(self.netns)} again"


@dataclass(frozen=True)
class MoveLink(Operation):
    """Move a link to another namespace, under a new name if needed, in one request.

    ``index`` is the number that it is to have there if that is free, 0 for any; ``old_index`` the
    one that it has now.
    """

    resource = RESOURCE
    beyond = True

    netns: str
    name: str
    to: str
    new_name: str
    index: int = 0
    old_index: int = 0

    def inverse(self) -> Operation:
        return MoveLink(self.to, self.new_name, self.netns, self.name, self.old_index, self.index)

    def places(self) -> tuple[str | None, ...]:
        return self.netns, self.to

    def command(self) -> str:
        words = ["link", "set", "dev", self.name, "netns", target(self.to)]
        words += ["name", self.new_name] if self.new_name != self.name else []
        return ip(self.netns, *words)

    def phrase(self) -> str:
        to = f"namespace {self.to}" if self.to else "the current namespace"
        renamed = f" as {self.new_name}" if self.new_name != self.name else ""
        return f"move link {self.name} {phrase(self.netns)} to {to}{renamed}"

    def drops(self) -> tuple[tuple[str, str], ...]:
        return ((self.netns, self.name),)

    def cuts(self) -> tuple[tuple[str, str], ...]:
        return ((self.netns, self.name),)

    def touches(self) -> tuple[Touch, ...]:
        return (self.netns, ON_LINK, (self.name,)), (self.to, LINKS, (self.name, self.new_name))


@dataclass(frozen=True)
class ChangeLink(Operation):
    """Set attributes of a link; ``old`` are the current values in the same order."""

    resource = RESOURCE

    netns: str
    name: str
    new: Values
    old: Values

    def inverse(self) -> Operation:
        name = str(dict(self.new).get("name", self.name))
        return ChangeLink(self.netns, name, self.old, self.new)

    def cleanup(self, done: t.Iterable[Operation]) -> Operation | None:
        name = dict(self.new).get("name")
        if name is None:
            return None
        return ChangeLink(self.netns, str(name), (("name", self.name),), (("name", name),))

    def command(self) -> str:
        words = [word for pair in self._word_pairs() for word in pair]
        return ip(self.netns, "link", "set", "dev", self.name, *words)

    def _word_pairs(self) -> t.Iterator[tuple[str, ...]]:
        """Yield the ip-link(8) words of each attribute."""
        for key, value in self.new:
            yield BY_NAME[key].words(value) if key in BY_NAME else (key, str(value))

    def phrase(self) -> str:
        words = ", ".join(" ".join(pair) for pair in self._word_pairs())
        return f"set {words} on link {self.name} {phrase(self.netns)}"

    def drops(self) -> tuple[tuple[str, str], ...]:
        new = dict(self.new)
        low = isinstance(new.get("mtu"), int) and int(new["mtu"] or 0) < MIN_V6_MTU
        return ((self.netns, self.name),) if low or "mac" in new or new.get("up") is False else ()

    def cuts(self) -> tuple[tuple[str, str], ...]:
        return ((self.netns, self.name),) if ("up", False) in self.new else ()

    def touches(self) -> tuple[Touch, ...]:
        parts, names = LINKS, [self.name]
        for key, value in (*self.new, *self.old):
            if key == "up":
                parts |= LAYER_3
            elif key == "mtu" and isinstance(value, int) and value < MIN_V6_MTU:
                parts |= LAYER_3  # the kernel removes IPv6 from such a link
            elif key == "arp":
                parts |= NEIGHBOURS
            elif key == "mac":
                parts |= NEIGHBOURS | FORWARDING
            elif key == "name":
                parts |= ADDRESSES  # labels follow names, and not all come back
                names.append(str(value))
            elif key == "master":
                parts |= LAYER_3 | FORWARDING
                names += [str(value)] if value else []
        return ((self.netns, parts, tuple(names)),)
