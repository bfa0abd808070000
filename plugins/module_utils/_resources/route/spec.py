# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired routes, normalised from a task's options; None means not stated: leave as it is."""

from __future__ import annotations

import re
import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.host_state import Nexthop
from ..._core.record import dataclass, replace

Options = t.Mapping[str, t.Any]

WITHOUT_NEXTHOP = ("blackhole", "unreachable", "prohibit", "throw")
LINK_LOCAL = re.compile("fe[89ab][0-9a-f]:")  # fe80::/10
LARGEST_MTU = 65535 - 15  # the kernel reduces larger values to this: ip_metrics_convert()
NAMED_TABLES = {"default": 253, "main": 254, "local": 255}  # linux/rtnetlink.h


@dataclass(frozen=True)
class RouteSpec:
    """One desired route; ``metric`` is part of its identity."""

    dst: str
    version: int
    table: int
    via: str | None = None
    dev: str | None = None
    src: str | None = None
    metric: int | None = None
    scope: str | None = None
    type: str | None = None
    onlink: bool | None = None
    mtu: int | None = None
    proto: str | None = None
    nexthops: tuple[Nexthop, ...] | None = None
    nhid: int | None = None

    def stated(self) -> dict[str, t.Any]:
        """Return the stated attributes except destination, family and table."""
        return {
            name: value
            for name, value in vars(self).items()
            if value is not None and name not in IDENTITY
        }


IDENTITY = ("dst", "version", "table")


def destination(text: str, hint: str | None) -> tuple[str, int]:
    """Return a destination as the kernel shows it and its family, 4 or 6.

    'default' has the family of ``hint``, another address of the same route.
    """
    if text == "default":
        return text, 6 if hint and ":" in hint else 4
    return _network(text)


def _network(text: str) -> tuple[str, int]:
    found = inet.network(text)
    if found is None:
        raise BadInput(
            f"dst {text!r} must be 'default' or a network, as 192.0.2.0/24 or 2001:db8::/64"
            f"{inet.hint(text, 'dev')}"
        )
    network, exact = found
    if not exact:
        raise BadInput(f"dst {text} has host bits set; write it as {network}")
    return ("default" if network.endswith("/0") else network), 6 if ":" in network else 4


def _address(name: str, text: str | None) -> str | None:
    return None if text is None else inet.address(name, text, "dev")


def table(text: str | None) -> int:
    """Return the number of a routing table, by default of main."""
    if text is None:
        return NAMED_TABLES["main"]
    if text in NAMED_TABLES:
        return NAMED_TABLES[text]
    number = parse.whole(text, 1, 0xFFFFFFFF)
    if number is not None:
        return number
    raise BadInput(f"table {text!r} must be main, default, local or a number from 1 to 4294967295")


def protocol(text: str | None) -> str | None:
    """Return the routing protocol as a name if the kernel's headers have one, else as a number."""
    if text is None or text in parse.PROTOS.values():
        return text
    number = parse.whole(text, 0, 255)
    if number is not None:
        return parse.PROTOS.get(number, str(number))
    raise BadInput(
        f"proto {text!r} must be one of {', '.join(parse.PROTOS.values())} or a number from 0 to 255"
    )


def _nexthops(listed: t.Sequence[Options] | None) -> tuple[Nexthop, ...] | None:
    if listed is None:
        return None
    ways = []
    for each in listed:
        via, dev, weight = _address("via", each["via"]), each["dev"], each["weight"]
        if via is None and dev is None:
            raise BadInput("nexthops: each entry needs via, dev or both")
        parse.number("weight", weight, 1, 256)
        name = None if dev is None else parse.of_option("dev", parse.link_name, dev)
        ways.append(Nexthop(name, via, weight, bool(each["onlink"])))
    if len(ways) < 2:
        raise BadInput("nexthops must list at least two; use via and dev for a single one")
    return tuple(ways)


@dataclass(frozen=True)
class RoutesSpec:
    """Routes that a namespace must have or must not have."""

    place: str
    routes: tuple[RouteSpec, ...]
    present: bool = True
    purge: bool = False
    table: int = 254
    proto: str = "static"

    @classmethod
    def of(cls, options: Options) -> RoutesSpec:
        """Read the options of the netns_route module."""
        present, purge = options["state"] == "present", options["purge"]
        if purge and not present:
            raise BadInput("purge=true requires state=present: it removes what is not listed")
        if not (options["dst"] or purge):
            raise BadInput("dst is empty; an empty list requires purge=true")
        wanted = list(_read_routes(options))
        if present:
            for each in wanted:
                _check_nexthops(each)
        return cls(
            parse.of_option("netns", parse.place, options["netns"]),
            tuple(dict.fromkeys(wanted)),
            present,
            purge,
            table(options["table"]),
            protocol(options["proto"]) or "static",
        )


def _read_routes(options: Options) -> t.Iterator[RouteSpec]:
    """Yield a RouteSpec for each destination; the shared options are read once."""
    nexthops = _nexthops(options["nexthops"])
    via, src = _address("via", options["via"]), _address("src", options["src"])
    hint = via or src or (nexthops[0].via if nexthops else None)
    whole: dict[int, RouteSpec] = {}
    for text in options["dst"]:
        dst, version = destination(text, hint)
        if version not in whole:
            whole[version] = _read_entry(text, version, options, via, src, nexthops)
        yield replace(whole[version], dst=dst)


def _read_entry(
    text: str,
    version: int,
    options: Options,
    via: str | None,
    src: str | None,
    nexthops: tuple[Nexthop, ...] | None,
) -> RouteSpec:
    for name, address in (("via", via), ("src", src)):
        six = address is not None and ":" in address
        if version == 6 and address is not None and not six:
            raise BadInput(f"{name} {address} must be an IPv6 address, like the destination {text}")
        if version == 4 and six and name == "src":
            raise BadInput(f"{name} {address} must be an IPv4 address, like the destination {text}")
    dev, proto = options["dev"], protocol(options["proto"])
    if version == 6 and proto == "unspec":
        proto = "boot"  # ip6_route_info_create() replaces it
    return RouteSpec(
        text,
        version,
        table(options["table"]),
        via,
        None if dev is None else parse.of_option("dev", parse.link_name, dev),
        src,
        parse.number("metric", options["metric"], 0, 0xFFFFFFFF),
        parse.scope(options["scope"]),
        options["type"],
        options["onlink"],
        parse.number("mtu", options["mtu"], 0, LARGEST_MTU),
        proto,
        nexthops,
        parse.number("nhid", options["nhid"], 1, 0xFFFFFFFF),
    )


def _check_nexthops(desired: RouteSpec) -> None:
    """Refuse a unicast route without nexthop, and others with one."""
    if desired.nhid is not None:
        _check_nhid(desired)
        return
    leads = desired.via is not None or desired.dev is not None or desired.nexthops is not None
    if desired.type in WITHOUT_NEXTHOP:
        if desired.via is not None or desired.nexthops is not None:
            raise BadInput(f"via and nexthops cannot be combined with type={desired.type}")
    elif not leads:
        raise BadInput(f"via, dev, nexthops or nhid is required for the route to {desired.dst}")
    if desired.type in WITHOUT_NEXTHOP and desired.dev not in (
        None,
        "lo" if desired.version == 6 else None,
    ):
        raise BadInput(f"dev cannot be combined with type={desired.type}")
    _check_link_local([(desired.via, desired.dev)])
    _check_link_local([(way.via, way.dev) for way in desired.nexthops or ()])
    if desired.version == 6 and any(way.via is None for way in desired.nexthops or ()):
        raise BadInput("nexthops: each entry of an IPv6 route needs via")
    if desired.version == 6 and desired.scope not in (None, "global"):
        raise BadInput(
            f"scope {desired.scope} is for IPv4 only, and the route to {desired.dst} is IPv6; leave scope out"
        )
    if desired.nexthops is not None and (desired.via is not None or desired.dev is not None):
        raise BadInput("nexthops cannot be combined with via or dev")


def _check_nhid(desired: RouteSpec) -> None:
    """Refuse what a nexthop object has already, and what cannot have one."""
    names = ("via", "dev", "nexthops", "onlink")
    stated = [name for name in names if getattr(desired, name) not in (None, False)]
    if stated:
        raise BadInput(
            f"nhid cannot be combined with {', '.join(stated)}, which the nexthop object has"
        )
    if desired.type not in (None, "unicast", "local"):
        raise BadInput(
            f"nhid cannot be combined with type={desired.type}: state a nexthop object that is a blackhole"
        )


def _check_link_local(ways: t.Iterable[tuple[str | None, str | None]]) -> None:
    """Refuse a link-local gateway without a link."""
    for via, dev in ways:
        if via is not None and dev is None and LINK_LOCAL.match(via):
            raise BadInput(f"dev is required: the gateway {via} is a link-local address")
