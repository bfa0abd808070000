# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired addresses, normalised from a task's options; None means not stated: leave as it is."""

from __future__ import annotations

import ipaddress
import socket
import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.record import dataclass

Options = t.Mapping[str, t.Any]
Interface = t.Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]


def cidr(text: str) -> Interface:
    """Return an address with its prefix length, which is required since any guess would be wrong."""
    host, slash, prefix = text.strip().partition("/")
    shown = inet.plain(host)
    if shown is None:
        raise BadInput(
            f"address {text!r} is not an IP address; write it as 192.0.2.1/24 or 2001:db8::1/64"
            f"{inet.hint(host, 'link')}"
        )
    version = 6 if ":" in shown else 4
    if not slash:
        usual = 24 if version == 4 else 64
        raise BadInput(
            f"address {text!r} has no prefix length; write it as {host}/{usual}, for example"
        )
    longest = 128 if version == 6 else 32
    length = parse.whole(prefix, 0, longest)
    if length is None:
        raise BadInput(f"address {text!r} has an invalid prefix length; use /0 to /{longest}")
    return ipaddress.ip_interface(f"{shown}/{length}")


def _as_shown(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """Return an address as inet_ntop(3) formats it: Python versions differ on ::ffff:192.0.2.1."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    return socket.inet_ntop(family, address.packed)


@dataclass(frozen=True)
class AddressSpec:
    """One desired address; a broadcast of '' means none."""

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
    proto: int | None = None  # the number of the topology that makes it

    @property
    def version(self) -> int:
        """Return 4 or 6."""
        return 6 if ":" in self.cidr else 4

    @property
    def local(self) -> str:
        """Return the address without its prefix length."""
        return self.cidr.partition("/")[0]

    @classmethod
    def of(cls, text: str, options: Options) -> AddressSpec:
        """Read one address with the options of the netns_addr module."""
        interface = cidr(text)
        six = interface.version == 6
        for name in ("label", "broadcast"):
            if six and options[name] not in (None, "", "auto" if name == "broadcast" else ""):
                raise BadInput(
                    f"{name} is for IPv4 only, and {interface} is an IPv6 address; leave {name} out"
                )
        label = options["label"]
        valid = parse.lifetime("valid_lft", options["valid_lft"])
        preferred = parse.lifetime("preferred_lft", options["preferred_lft"])
        if valid == 0:
            raise BadInput(
                "valid_lft must be greater than 0; use state=absent to remove an address"
            )
        if valid is not None and preferred is not None and preferred > valid:
            raise BadInput(f"preferred_lft {preferred} must not be greater than valid_lft {valid}")
        return cls(
            f"{_as_shown(interface.ip)}/{interface.network.prefixlen}",
            peer=_peer(interface, options["peer"]),
            scope=_scope(interface, options["scope"]),
            label=None
            if six
            else _label(label, parse.of_option("link", parse.link_name, options["link"])),
            broadcast=None if six else _broadcast(interface, options["broadcast"]),
            valid_lft=valid,
            preferred_lft=preferred,
            nodad=options["nodad"] if six else None,
            noprefixroute=options["noprefixroute"],
            metric=parse.number("metric", options["metric"], 0, 0xFFFFFFFF),
            proto=options.get("proto"),
        )


def natural_scope(interface: Interface) -> str:
    """Return the scope that the kernel gives an address by default."""
    if interface.ip.is_loopback:
        return "host"
    if interface.version == 6 and interface.ip.is_link_local:
        return "link"
    if interface.version == 6 and interface.ip in ipaddress.IPv6Network("fec0::/10"):
        return "site"
    return "global"


def _label(text: str | None, link: str) -> str | None:
    if not text:
        return None
    name, colon, rest = text.partition(":")
    if name != link or (colon and not rest):
        raise BadInput(
            f"label {text!r} must be '{link}' or begin with '{link}:', as in ip-address(8)"
        )
    if len(text.encode(errors="surrogateescape")) >= parse.IFNAMSIZ or "\0" in text:
        raise BadInput(f"label {text!r} must have at most {parse.IFNAMSIZ - 1} bytes and no NUL")
    return text


def _scope(interface: Interface, text: str | None) -> str | None:
    scope = parse.scope(text)
    natural = natural_scope(interface)
    if interface.version == 6 and scope not in (None, natural):
        raise BadInput(
            f"scope {scope} is not possible for {interface}: the kernel sets {natural} for it;"
            " leave scope out"
        )
    return scope


def _broadcast(interface: Interface, text: str | None) -> str | None:
    if not text:
        return text
    if text == "auto":
        network = interface.network
        return str(network.broadcast_address) if network.prefixlen < 31 else ""
    found = inet.plain(text)
    if found is None or ":" in found:
        raise BadInput(f"broadcast {text!r} must be an IPv4 address, 'auto' or ''")
    return found


def _peer(interface: Interface, text: str | None) -> str | None:
    if text is None:
        return None
    host, slash, prefix = text.partition("/")
    peer = inet.plain(host)
    if peer is None:
        raise BadInput(f"peer {text!r} must be an IP address{inet.hint(host, 'link')}")
    if (":" in peer) != (interface.version == 6):
        raise BadInput(f"peer {text} and address {interface} must both be IPv4 or both be IPv6")
    if slash and prefix != str(interface.network.prefixlen):
        raise BadInput(
            f"peer {text} must have the prefix length of the address, /{interface.network.prefixlen},"
            " or none"
        )
    return peer


@dataclass(frozen=True)
class AddressesSpec:
    """The addresses that a link must have or must not have."""

    place: str
    link: str
    addresses: tuple[AddressSpec, ...]
    present: bool = True
    purge: bool = False

    @classmethod
    def of(cls, options: Options) -> AddressesSpec:
        """Read the options of the netns_addr module."""
        present, purge = options["state"] == "present", options["purge"]
        if purge and not present:
            raise BadInput("purge=true requires state=present: it removes what is not listed")
        texts = options["address"]
        if texts is None or not (texts or purge):
            raise BadInput("address is empty; an empty list requires purge=true")
        by_address: dict[str, AddressSpec] = {}
        for text in texts:
            desired = AddressSpec.of(text, options)
            key = desired.cidr if desired.version == 4 else desired.cidr.partition("/")[0]
            if by_address.setdefault(key, desired) != desired:
                raise BadInput(
                    f"address lists {by_address[key].cidr} and {desired.cidr}, which are the same"
                    " address; list it once"
                )
        return cls(
            parse.of_option("netns", parse.place, options["netns"]),
            parse.of_option("link", parse.link_name, options["link"]),
            tuple(by_address.values()),
            present,
            purge,
        )
