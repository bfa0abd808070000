# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The steps of a plan, as data: each knows its inverse and the iproute2 command that does it."""

from __future__ import annotations

import shlex
import typing as t
from dataclasses import dataclass

from .parse import FOREVER
from .world import Address, Link, Route, phrase

# What ChangeLink can change, in the order in which ip-link(8) is told.
Value = t.Union[str, int, bool, None]
Values = tuple[tuple[str, Value], ...]
SWITCHES = ("arp", "multicast", "promisc")


def ip(netns: str, *words: str) -> str:
    """Return an `ip` command line that acts in the namespace, quoted for sh."""
    line = " ".join(word if word == "$$" else shlex.quote(word) for word in words)
    if not netns:
        return f"ip {line}"
    if netns.startswith("/"):
        return f"nsenter --net={shlex.quote(netns)} ip {line}"
    return f"ip -n {shlex.quote(netns)} {line}"


def target(netns: str) -> str:
    """Return the namespace as `ip link … netns` takes it; $$ is the shell, which is here."""
    return netns or "$$"


class Operation:
    """One step from what is there to what is wanted."""

    def inverse(self) -> Operation | None:
        """Return the step that takes this one back, None where there is none."""
        raise NotImplementedError

    def command(self) -> str:
        """Return the shell command that does the same."""
        raise NotImplementedError

    def phrase(self) -> str:
        """Return what is done, as a part of a sentence: 'create namespace study01'."""
        raise NotImplementedError


@dataclass(frozen=True)
class CreateNamespace(Operation):
    """Make a namespace and give it a name, or give back the name that DeleteNamespace took.

    With ``again`` the kernel floor still holds the old namespace, and binds that one.
    """

    netns: str
    again: bool = False

    def inverse(self) -> Operation:
        return DeleteNamespace(self.netns)

    def command(self) -> str:
        return f"ip netns add {shlex.quote(self.netns)}"

    def phrase(self) -> str:
        return f"create namespace {self.netns}"


@dataclass(frozen=True)
class DeleteNamespace(Operation):
    """Take the name of a namespace away; what it held is let go once the whole plan is done.

    ``busy``: processes hold it, and will go on doing so.
    """

    netns: str
    busy: bool = False

    def inverse(self) -> Operation:
        return CreateNamespace(self.netns, again=True)

    def command(self) -> str:
        return f"ip netns del {shlex.quote(self.netns)}"

    def phrase(self) -> str:
        return f"delete namespace {self.netns}"


@dataclass(frozen=True)
class RemoveStale(Operation):
    """Unlink a file under /run/netns that is no namespace."""

    netns: str

    def inverse(self) -> Operation:
        return PutStale(self.netns)

    def command(self) -> str:
        return f"ip netns del {shlex.quote(self.netns)}"

    def phrase(self) -> str:
        return f"remove the stale file of namespace {self.netns}"


@dataclass(frozen=True)
class PutStale(Operation):
    """Put an empty file where RemoveStale took one; only ever an undo."""

    netns: str

    def inverse(self) -> Operation:
        return RemoveStale(self.netns)

    def command(self) -> str:
        return f"touch {shlex.quote('/run/netns/' + self.netns)}"

    def phrase(self) -> str:
        return f"put back the stale file of namespace {self.netns}"


@dataclass(frozen=True)
class SetNsid(Operation):
    """Give a namespace its number as the current one sees it; the kernel never takes it back."""

    netns: str
    nsid: int

    def inverse(self) -> None:
        return None

    def command(self) -> str:
        return f"ip netns set {shlex.quote(self.netns)} {self.nsid}"

    def phrase(self) -> str:
        return f"give namespace {self.netns} the nsid {self.nsid}"


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

    def words(self) -> list[str]:
        """Return the options of `ip link add` that every link kind takes."""
        stated = (
            ("address", self.mac),
            ("mtu", self.mtu),
            ("txqueuelen", self.txqueuelen),
            ("group", self.group),
        )
        words = []
        for key, value in stated:
            if value is not None:
                words += [key, str(value)]
        return words


@dataclass(frozen=True)
class CreateVeth(Operation):
    """Make a pair with both ends in place: one request, never a move (veth(4))."""

    near: VethEnd
    far: VethEnd

    def inverse(self) -> Operation:
        return DeleteLink(self.near.netns, Link(self.near.name, kind="veth"))

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


@dataclass(frozen=True)
class DeleteLink(Operation):
    """Remove a link; a veth takes its peer along. The peer is kept here for the way back."""

    netns: str
    link: Link
    peer: Link | None = None

    def inverse(self) -> Operation | None:
        link, peer = self.link, self.peer
        if link.kind != "veth" or peer is None or link.peer is None or link.peer.netns is None:
            return None
        return CreateVeth(self._end(self.netns, link), self._end(link.peer.netns, peer))

    @staticmethod
    def _end(netns: str, link: Link) -> VethEnd:
        return VethEnd(
            netns, link.name, link.mac, link.mtu, link.txqueuelen, link.group, link.index
        )

    def command(self) -> str:
        return ip(self.netns, "link", "del", "dev", self.link.name)

    def phrase(self) -> str:
        return f"delete link {self.link.name} {phrase(self.netns)}"


@dataclass(frozen=True)
class MoveLink(Operation):
    """Take a link to another namespace, under a new name if need be, in one request."""

    netns: str
    name: str
    to: str
    new_name: str

    def inverse(self) -> Operation:
        return MoveLink(self.to, self.new_name, self.netns, self.name)

    def command(self) -> str:
        words = ["link", "set", "dev", self.name, "netns", target(self.to)]
        words += ["name", self.new_name] if self.new_name != self.name else []
        return ip(self.netns, *words)

    def phrase(self) -> str:
        to = f"namespace {self.to}" if self.to else "the current namespace"
        renamed = f" as {self.new_name}" if self.new_name != self.name else ""
        return f"move link {self.name} {phrase(self.netns)} to {to}{renamed}"


@dataclass(frozen=True)
class ChangeLink(Operation):
    """Set attributes of a link; ``old`` holds what they were, in the same order."""

    netns: str
    name: str
    new: Values
    old: Values

    def inverse(self) -> Operation:
        name = str(dict(self.new).get("name", self.name))
        return ChangeLink(self.netns, name, self.old, self.new)

    def command(self) -> str:
        said = [word for pair in self._said() for word in pair]
        return ip(self.netns, "link", "set", "dev", self.name, *said)

    def _said(self) -> t.Iterator[tuple[str, ...]]:
        """Yield each attribute as ip-link(8) is told it."""
        for key, value in self.new:
            if key == "up":
                yield ("up" if value else "down",)
            elif key in SWITCHES:
                yield key, "on" if value else "off"
            elif key == "master" and not value:
                yield ("nomaster",)
            else:
                yield {"mac": "address"}.get(key, key), "" if value is None else str(value)

    def phrase(self) -> str:
        said = ", ".join(" ".join(pair) for pair in self._said())
        return f"set {said} on link {self.name} {phrase(self.netns)}"


def address_words(address: Address) -> list[str]:
    """Return an address with its options, as ip-address(8) takes them."""
    words = [address.cidr]
    if address.peer:
        words = [
            address.cidr.partition("/")[0],
            "peer",
            f"{address.peer}/{address.cidr.partition('/')[2]}",
        ]
    words += ["dev", address.link]
    if address.broadcast:
        words += ["broadcast", address.broadcast]
    if address.version == 4 and address.scope != "global":
        words += ["scope", address.scope]
    if address.label and address.label != address.link:
        words += ["label", address.label]
    if address.metric:
        words += ["metric", str(address.metric)]
    if (address.valid_lft, address.preferred_lft) != (FOREVER, FOREVER):
        for key, value in (
            ("valid_lft", address.valid_lft),
            ("preferred_lft", address.preferred_lft),
        ):
            words += [key, "forever" if value == FOREVER else str(value)]
    words += ["nodad"] if address.nodad else []
    words += ["noprefixroute"] if address.noprefixroute else []
    return words


@dataclass(frozen=True)
class AddAddress(Operation):
    """Give a link an address."""

    netns: str
    address: Address

    def inverse(self) -> Operation:
        return DeleteAddress(self.netns, self.address)

    def command(self) -> str:
        return ip(self.netns, "address", "add", *address_words(self.address))

    def phrase(self) -> str:
        return f"add {self.address.cidr} to link {self.address.link} {phrase(self.netns)}"


@dataclass(frozen=True)
class DeleteAddress(Operation):
    """Take an address from a link."""

    netns: str
    address: Address

    def inverse(self) -> Operation:
        return AddAddress(self.netns, self.address)

    def command(self) -> str:
        words = address_words(self.address)
        return ip(self.netns, "address", "del", *words[: words.index("dev") + 2])

    def phrase(self) -> str:
        return f"remove {self.address.cidr} from link {self.address.link} {phrase(self.netns)}"


@dataclass(frozen=True)
class ChangeAddress(Operation):
    """Change what NLM_F_REPLACE reaches: lifetimes, metric, and for IPv6 the flags."""

    netns: str
    new: Address
    old: Address

    def inverse(self) -> Operation:
        return ChangeAddress(self.netns, self.old, self.new)

    def command(self) -> str:
        return ip(self.netns, "address", "replace", *address_words(self.new))

    def phrase(self) -> str:
        return f"change {self.new.cidr} on link {self.new.link} {phrase(self.netns)}"


@dataclass(frozen=True)
class AddRoute(Operation):
    """Put back a route that fell with an address or a link."""

    netns: str
    route: Route

    def inverse(self) -> Operation:
        return DeleteRoute(self.netns, self.route)

    def command(self) -> str:
        return ip(self.netns, *self._words("add"))

    def _words(self, verb: str) -> list[str]:
        route = self.route
        words = [f"-{route.version}", "route", verb]
        words += [route.type] if route.type != "unicast" else []
        words += [route.dst]
        stated = (
            ("via", route.via),
            ("dev", route.dev),
            ("src", route.src),
            ("metric", str(route.metric) if route.metric else None),
            ("table", str(route.table) if route.table != 254 else None),
            ("proto", route.proto if route.proto != "boot" else None),
        )
        for key, value in stated:
            words += [key, value] if value else []
        return words

    def phrase(self) -> str:
        return f"add the route {' '.join(self._words('add')[3:])} {phrase(self.netns)}"


@dataclass(frozen=True)
class DeleteRoute(Operation):
    """Take a route away; only ever an undo."""

    netns: str
    route: Route

    def inverse(self) -> Operation:
        return AddRoute(self.netns, self.route)

    def command(self) -> str:
        return AddRoute(self.netns, self.route).command().replace(" route add ", " route del ")

    def phrase(self) -> str:
        said = AddRoute(self.netns, self.route).phrase()
        return said.replace("add the route", "delete the route", 1)
