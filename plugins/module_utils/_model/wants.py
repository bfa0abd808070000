# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What the user stated, normalised. None means that nothing was said: leave it alone."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass, fields

from . import parse
from .errors import BadInput
from .operations import Value

Options = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class NetnsWant:
    """Namespaces that are to be there, or not."""

    names: tuple[str, ...]
    present: bool = True
    nsid: int | None = None
    lo_up: bool | None = None
    force: bool = False

    @classmethod
    def of(cls, options: Options) -> NetnsWant:
        """Read the options of the netns module."""
        names = tuple(dict.fromkeys(parse.netns_name(name) for name in options["name"]))
        if not names:
            raise BadInput("name is an empty list: no namespace is named")
        nsid = parse.number("nsid", options["nsid"], 0, 0x7FFFFFFF)
        if nsid is not None and len(names) > 1:
            raise BadInput(f"One nsid cannot be that of {len(names)} namespaces")
        present = options["state"] == "present"
        return cls(names, present, nsid, options["lo_up"], options["force"])


@dataclass(frozen=True)
class LinkWant:
    """The attributes of a link, each None where it is not stated."""

    mtu: int | None = None
    mac: str | None = None
    alias: str | None = None
    txqueuelen: int | None = None
    group: int | None = None
    arp: bool | None = None
    multicast: bool | None = None
    promisc: bool | None = None
    master: str | None = None
    up: bool | None = None

    @classmethod
    def of(cls, options: Options) -> LinkWant:
        """Read the options that the modules share; those that a module lacks are not stated."""
        master = options.get("master")
        mac = options.get("mac")
        return cls(
            mtu=parse.number("mtu", options.get("mtu"), 0, 0x7FFFFFFF),
            mac=None if mac is None else parse.mac(mac),
            alias=parse.alias(options.get("alias")),
            txqueuelen=parse.number("txqueuelen", options.get("txqueuelen"), 0, 0xFFFFFFFF),
            group=parse.number("group", options.get("group"), 0, 0xFFFFFFFF),
            arp=options.get("arp"),
            multicast=options.get("multicast"),
            promisc=options.get("promisc"),
            master=parse.link_name(master) if master else master,
            up=options.get("up"),
        )

    def stated(self) -> dict[str, Value]:
        """Return what is stated, in the order in which it is to be set."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in pairs if value is not None}


@dataclass(frozen=True)
class EndWant:
    """Where an end of a veth is to be, under which name, and how."""

    place: str
    name: str
    link: LinkWant

    @classmethod
    def of(cls, options: Options) -> EndWant:
        """Read the options of one end."""
        return cls(
            parse.place(options["netns"]), parse.link_name(options["name"]), LinkWant.of(options)
        )


@dataclass(frozen=True)
class VethWant:
    """A pair that is to be there, or not; ``far`` may be unsaid when it is to go."""

    near: EndWant
    far: EndWant | None
    present: bool = True
    force: bool = False

    @classmethod
    def of(cls, options: Options) -> VethWant:
        """Read the options of the veth module."""
        near = EndWant.of(options)
        far = None if options["peer"] is None else EndWant.of(options["peer"])
        if far is not None and (near.place, near.name) == (far.place, far.name):
            raise BadInput(f"{near.name} cannot be its own peer: name the other end otherwise")
        return cls(near, far, options["state"] == "present", options["force"])


@dataclass(frozen=True)
class MoveWant:
    """An existing link: where it is to be, under which name, and how."""

    place: str
    name: str
    link: LinkWant
    move_from: str | None = None
    new_name: str | None = None
    present: bool = True

    @classmethod
    def of(cls, options: Options) -> MoveWant:
        """Read the options of the netns_link module."""
        source, new_name = options["move_from"], options["new_name"]
        return cls(
            parse.place(options["netns"]),
            parse.link_name(options["name"]),
            LinkWant.of(options),
            None if source is None else parse.place(source),
            None if new_name is None else parse.link_name(new_name),
            options["state"] == "present",
        )

    @property
    def final_name(self) -> str:
        """Return what the link is called in the end."""
        return self.new_name or self.name


@dataclass(frozen=True)
class AddressWant:
    """One address, with what is stated of it. A broadcast of '' is none at all."""

    cidr: str
    peer: str | None = None
    scope: str | None = None
    label: str | None = None
    broadcast: str | None = None
    valid_lft: int | None = None
    preferred_lft: int | None = None
    nodad: bool | None = None
    noprefixroute: bool | None = None
    metric: int | None = None

    @property
    def version(self) -> int:
        """Return 4 or 6."""
        return 6 if ":" in self.cidr else 4

    @classmethod
    def of(cls, text: str, options: Options) -> AddressWant:
        """Read one address with the options of the netns_addr module."""
        interface = parse.cidr(text)
        six = interface.version == 6
        for name in ("label", "broadcast"):
            if six and options[name]:
                raise BadInput(f"{interface} is an IPv6 address: it cannot have a {name}")
        label = options["label"]
        valid = parse.lifetime("valid_lft", options["valid_lft"])
        preferred = parse.lifetime("preferred_lft", options["preferred_lft"])
        if valid == 0:
            raise BadInput("valid_lft is 0: use state=absent to have no such address")
        if valid is not None and preferred is not None and preferred > valid:
            raise BadInput(f"preferred_lft {preferred} is longer than valid_lft {valid}")
        return cls(
            str(interface),
            peer=_peer(interface, options["peer"]),
            scope=_scope(interface, options["scope"]),
            label=None
            if six or not label
            else parse.link_name(label.replace(":", "_", 1)) and label,
            broadcast=None if six else _broadcast(interface, options["broadcast"]),
            valid_lft=valid,
            preferred_lft=preferred,
            nodad=options["nodad"] if six else None,
            noprefixroute=options["noprefixroute"],
            metric=parse.number("metric", options["metric"], 0, 0xFFFFFFFF),
        )


def natural_scope(interface: parse.Interface) -> str:
    """Return the scope that the kernel gives an address of which none is stated."""
    if interface.ip.is_loopback:
        return "host"
    if interface.version == 6 and interface.ip.is_link_local:
        return "link"
    if interface.version == 6 and interface.ip in ipaddress.IPv6Network("fec0::/10"):
        return "site"
    return "global"


def _scope(interface: parse.Interface, text: str | None) -> str | None:
    scope = parse.scope(text)
    natural = natural_scope(interface)
    if interface.version == 6 and scope not in (None, natural):
        raise BadInput(f"The kernel gives {interface} the scope {natural}; it cannot be {scope}")
    return scope


def _broadcast(interface: parse.Interface, text: str | None) -> str | None:
    if not text:
        return text
    if text == "auto":
        network = interface.network
        return str(network.broadcast_address) if network.prefixlen < 31 else ""
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        raise BadInput(f"broadcast is an IPv4 address, 'auto' or '': {text!r}") from None


def _peer(interface: parse.Interface, text: str | None) -> str | None:
    if text is None:
        return None
    host, slash, prefix = text.partition("/")
    try:
        peer = ipaddress.ip_address(host)
    except ValueError:
        raise BadInput(f"peer is an address: {text!r}") from None
    if peer.version != interface.version:
        raise BadInput(f"{interface} and its peer {text} are of two families")
    if slash and prefix != str(interface.network.prefixlen):
        raise BadInput(
            f"The prefix of peer {text} is that of the address, /{interface.network.prefixlen}"
        )
    return str(peer)


@dataclass(frozen=True)
class AddressesWant:
    """The addresses that a link is to have, or not to have."""

    place: str
    link: str
    addresses: tuple[AddressWant, ...]
    present: bool = True
    purge: bool = False

    @classmethod
    def of(cls, options: Options) -> AddressesWant:
        """Read the options of the netns_addr module."""
        present, purge = options["state"] == "present", options["purge"]
        if purge and not present:
            raise BadInput("purge goes with state=present: it removes what is not listed")
        texts = options["address"]
        if texts is None or not (texts or purge):
            raise BadInput("address is empty: an empty list goes with purge=true only")
        wants: dict[str, AddressWant] = {}
        for text in texts:
            want = AddressWant.of(text, options)
            key = want.cidr if want.version == 4 else want.cidr.partition("/")[0]
            if wants.setdefault(key, want) != want:
                raise BadInput(f"{wants[key].cidr} and {want.cidr} are one address")
        return cls(
            parse.place(options["netns"]),
            parse.link_name(options["link"]),
            tuple(wants.values()),
            present,
            purge,
        )
