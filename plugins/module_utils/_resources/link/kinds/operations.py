# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations that make links of a kind, and change what is particular to it."""

from __future__ import annotations

import typing as t

from ...._core.host_state import Link, phrase
from ...._core.link_table import BY_NAME
from ...._core.operation import (
    FORWARDING,
    LINKS,
    ON_LINK,
    Operation,
    Touch,
    Values,
    ip,
    iproute2,
    target,
)
from ...._core.record import dataclass, field
from ..operations import DeleteLink
from . import RESOURCE
from .option import words
from .table import KINDS, PORT

Pairs = tuple[tuple[str, t.Any], ...]
NONE = ("ip", "ip6", "link")  # forms of which there is a value for none


@dataclass(frozen=True)
class CreateLink(Operation):
    """Make a link. ``source`` is the namespace of its parent or its socket, where that is not the
    link's own: it is made from there, in place."""

    resource = RESOURCE

    netns: str
    name: str
    kind: str
    options: Pairs = ()
    parent: str | None = None
    source: str | None = None
    mac: str | None = None
    mtu: int | None = None
    txqueuelen: int | None = None
    index: int = 0
    made_with: Values = ()  # what only a new link can be given
    # The kernel's attributes of the link that this one is made like, with those without an option.
    wire: bytes = field(default=b"", repr=False)

    def inverse(self) -> Operation:
        return DeleteLink(self.netns, Link(self.name, kind=self.kind))

    def places(self) -> tuple[str | None, ...]:
        return (self.netns,) if self.source is None else (self.netns, self.source)

    def cleanup(self, done: t.Iterable[Operation]) -> Operation | None:
        at = self.netns, self.name
        return self.inverse() if any(at in each.removes() for each in done) else None

    def command(self) -> str:
        arguments = words(KINDS[self.kind].options, self.options)
        for word, usual in KINDS[self.kind].as_made:
            arguments += [] if word in arguments else [word, usual]
        if KINDS[self.kind].by_ioctl:
            return ip(self.netns, "tuntap", "add", "dev", self.name, "mode", self.kind, *arguments)
        made_from = self.netns if self.source is None else self.source
        parent = self.parent
        if parent and KINDS[self.kind].parent_attr:
            arguments, parent = [*arguments, "dev", parent], None
        line = ["link", "add", *(["link", parent] if parent else []), "name", self.name]
        if made_from != self.netns:
            line += ["netns", target(self.netns)]
        for word, value in (
            ("address", self.mac),
            ("mtu", self.mtu),
            ("txqueuelen", self.txqueuelen),
        ):
            line += [] if value is None else [word, str(value)]
        for name, value in self.made_with:
            line += BY_NAME[name].words(value)
        return ip(made_from, *line, "type", self.kind, *arguments)

    def phrase(self) -> str:
        return f"create the {self.kind} {self.name} {phrase(self.netns)}"

    def puts(self) -> tuple[tuple[str, str | None], ...]:
        return ((self.netns, self.name),)

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, LINKS, (self.name,)),)


@dataclass(frozen=True)
class ChangeKind(Operation):
    """Change options of a kind in place."""

    resource = RESOURCE

    netns: str
    name: str
    kind: str
    new: Pairs
    old: Pairs
    named: Pairs = ()  # options that ip-link(8) requires again in a change
    mtu: int | None = None  # that of the link, where the kernel sets it anew with any change

    def inverse(self) -> Operation | None:
        options = KINDS[self.kind].options
        if any(value is None and options[name].form not in NONE for name, value in self.old):
            return None
        return ChangeKind(
            self.netns, self.name, self.kind, self.old, self.new, self.named, self.mtu
        )

    def command(self) -> str:
        arguments = words(KINDS[self.kind].options, (*self.named, *self.new))
        mtu = [] if self.mtu is None else ["mtu", str(self.mtu)]
        return ip(self.netns, "link", "set", "dev", self.name, *mtu, "type", self.kind, *arguments)

    def phrase(self) -> str:
        arguments = " ".join(words(KINDS[self.kind].options, self.new))
        return f"set {arguments} on {self.kind} {self.name} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        # The kernel cannot remove the device of a VXLAN again: rollback rebuilds the link.
        parts = ON_LINK if ("device", None) in self.old else LINKS | FORWARDING
        return ((self.netns, parts, (self.name,)),)


@dataclass(frozen=True)
class ChangePort(Operation):
    """Change how a link is as a port of its bridge."""

    resource = RESOURCE

    netns: str
    name: str
    new: Pairs
    old: Pairs
    wire: bytes = field(default=b"", repr=False)  # its other settings as the kernel showed them

    def inverse(self) -> Operation:
        return ChangePort(self.netns, self.name, self.old, self.new)

    def _words(self) -> list[str]:
        return words(PORT, self.new)

    def command(self) -> str:
        line = ("link", "set", "dev", self.name, "type", "bridge_slave", *self._words())
        return ip(self.netns, *line)

    def phrase(self) -> str:
        return f"set {' '.join(self._words())} on port {self.name} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, LINKS | FORWARDING, (self.name,)),)


@dataclass(frozen=True)
class AddVlan(Operation):
    """Let a port of a bridge carry a VLAN."""

    resource = RESOURCE

    netns: str
    name: str
    vid: int
    untagged: bool = False
    pvid: bool = False
    before: tuple[bool, bool] | None = None  # how it was carried already: untagged, pvid

    def inverse(self) -> Operation:
        if self.before is not None:
            now = (self.untagged, self.pvid)
            return AddVlan(self.netns, self.name, self.vid, *self.before, before=now)
        return DeleteVlan(self.netns, self.name, self.vid, self.untagged, self.pvid)

    def command(self) -> str:
        how = [*(["pvid"] if self.pvid else []), *(["untagged"] if self.untagged else [])]
        return _bridge(self.netns, "vlan", "add", "dev", self.name, "vid", str(self.vid), *how)

    def phrase(self) -> str:
        return f"add VLAN {self.vid} to port {self.name} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, LINKS | FORWARDING, (self.name,)),)


@dataclass(frozen=True)
class DeleteVlan(Operation):
    """Let a port of a bridge no longer carry a VLAN."""

    resource = RESOURCE

    netns: str
    name: str
    vid: int
    untagged: bool = False
    pvid: bool = False

    def inverse(self) -> Operation:
        return AddVlan(self.netns, self.name, self.vid, self.untagged, self.pvid)

    def command(self) -> str:
        return _bridge(self.netns, "vlan", "del", "dev", self.name, "vid", str(self.vid))

    def phrase(self) -> str:
        return f"remove VLAN {self.vid} from port {self.name} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, LINKS | FORWARDING, (self.name,)),)


def _bridge(netns: str, *arguments: str) -> str:
    """Return a command line of bridge(8), which takes the namespace as ip(8) does."""
    return iproute2("bridge", netns, arguments)
