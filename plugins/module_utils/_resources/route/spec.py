# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a task states of routes, normalised. None: nothing was said, leave it alone."""

from __future__ import annotations

import re
import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.host_state import Nexthop
from ..._core.record import dataclass, replace

Options = t.Mapping[str, t.Any]

DEAD_ENDS = ("blackhole", "unreachable", "prohibit", "throw")
LINK_LOCAL = re.compile("fe[89ab][0-9a-f]:")  # fe80::/10
LARGEST_MTU = 65535 - 15  # the kernel makes this of any above it: ip_metrics_convert()
NAMED_TABLES = {"default": 253, "main": 254, "local": 255}  # linux/rtnetlink.h


@dataclass(frozen=True)
class RouteSpec:
    """One route. Several ``nexthops`` stand for one way each; ``metric`` is part of its identity."""

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

    def stated(self) -> dict[str, t.Any]:
        """Return what is stated beyond where the route leads."""
        return {
            name: value
            for name, value in vars(self).items()
            if value is not None and name not in IDENTITY
        }


IDENTITY = ("dst", "version", "table")


def destination(text: str, hint: str | None) -> tuple[str, int]:
    """Return a destination as the kernel shows it, and its family: 4 or 6.

    'default' is of the family of ``hint``, another address of the same route.
    """
    if text == "default":
        return text, 6 if hint and ":" in hint else 4
    return _network(text)


def _network(text: str) -> tuple[str, int]:
    found = inet.network(text)
    if found is None:
        raise BadInput(
            f"{text!r} is no destination; 'default', 192.0.2.0/24 and 2001:db8::/64 are"
            f"{inet.hint(text, 'dev')}"
        )
    network, exact = found
    if not exact:
        raise BadInput(f"{text} is an address in the network {network}: state that one")
    return ("default" if network.endswith("/0") else network), 6 if ":" in network else 4


def _address(name: str, text: str | None) -> str | None:
    return None if text is None else inet.address(name, text, "dev")


def table(text: str | None) -> int:
    """Return the number of a routing table; main where none is stated."""
    if text is None:
        return NAMED_TABLES["main"]
    if text in NAMED_TABLES:
        return NAMED_TABLES[text]
    number = parse.whole(text, 1, 0xFFFFFFFF)
    if number is not None:
        return number
    raise BadInput(f"table is main, default, local or a number from 1: {text!r}")


def protocol(text: str | None) -> str | None:
    """Return who made a route, as a name where the kernel's headers have one, else the number."""
    if text is None or text in parse.PROTOS.values():
        return text
    number = parse.whole(text, 0, 255)
    if number is not None:
        return parse.PROTOS.get(number, str(number))
    raise BadInput(f"proto is {', '.join(parse.PROTOS.values())} or a number to 255: {text!r}")


def _nexthops(listed: t.Sequence[Options] | None) -> tuple[Nexthop, ...] | None:
    if listed is None:
        return None
    ways = []
    for each in listed:
        via, dev, weight = _address("via", each["via"]), each["dev"], each["weight"]
        if via is None and dev is None:
            raise BadInput("A nexthop states via, dev or both")
        parse.number("weight", weight, 1, 256)
        name = None if dev is None else parse.said("dev", parse.link_name, dev)
        ways.append(Nexthop(name, via, weight, bool(each["onlink"])))
    if len(ways) < 2:
        raise BadInput("nexthops are at least two; a single way is stated by via and dev")
    return tuple(ways)


@dataclass(frozen=True)
class RoutesSpec:
    """Routes that a namespace is to have, or not to have."""

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
            raise BadInput("purge goes with state=present: it removes what is not listed")
        if not (options["dst"] or purge):
            raise BadInput("dst is empty: an empty list goes with purge=true only")
        wanted = list(_wants(options))
        if present:
            for each in wanted:
                _check_ways(each)
        return cls(
            parse.place(options["netns"]),
            tuple(dict.fromkeys(wanted)),
            present,
            purge,
            table(options["table"]),
            protocol(options["proto"]) or "static",
        )


def _wants(options: Options) -> t.Iterator[RouteSpec]:
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
            raise BadInput(f"{text} is an IPv6 destination: its {name} cannot be {address}")
        if version == 4 and six and name == "src":
            raise BadInput(f"{text} is an IPv4 destination: its {name} cannot be {address}")
    dev, proto = options["dev"], protocol(options["proto"])
    if version == 6 and proto == "unspec":
        proto = "boot"  # ip6_route_info_create() makes it so
    return RouteSpec(
        text,
        version,
        table(options["table"]),
        via,
        None if dev is None else parse.said("dev", parse.link_name, dev),
        src,
        parse.number("metric", options["metric"], 0, 0xFFFFFFFF),
        parse.scope(options["scope"]),
        options["type"],
        options["onlink"],
        parse.number("mtu", options["mtu"], 0, LARGEST_MTU),
        proto,
        nexthops,
    )


def _check_ways(desired: RouteSpec) -> None:
    """Refuse a route that leads nowhere, or that leads somewhere and is to lead nowhere."""
    leads = desired.via is not None or desired.dev is not None or desired.nexthops is not None
    if desired.type in DEAD_ENDS:
        if desired.via is not None or desired.nexthops is not None:
            raise BadInput(f"A {desired.type} route leads nowhere: it has neither via nor nexthops")
    elif not leads:
        raise BadInput(f"The route to {desired.dst} needs via, dev or nexthops")
    if desired.type in DEAD_ENDS and desired.dev not in (
        None,
        "lo" if desired.version == 6 else None,
    ):
        raise BadInput(f"A {desired.type} route leads nowhere: it has no dev")
    _check_link_local([(desired.via, desired.dev)])
    _check_link_local([(way.via, way.dev) for way in desired.nexthops or ()])
    if desired.version == 6 and any(way.via is None for way in desired.nexthops or ()):
        raise BadInput("Each of several ways to an IPv6 destination needs via")
    if desired.version == 6 and desired.scope not in (None, "global"):
        raise BadInput(
            f"The route to {desired.dst} is IPv6's, which have no scope: {desired.scope}"
        )
    if desired.nexthops is not None and (desired.via is not None or desired.dev is not None):
        raise BadInput("nexthops state the ways of the route: via and dev go without them")


def _check_link_local(ways: t.Iterable[tuple[str | None, str | None]]) -> None:
    """Refuse to guess the link of a gateway that every link may have."""
    for via, dev in ways:
        if via is not None and dev is None and LINK_LOCAL.match(via):
            raise BadInput(
                f"via {via} is a link-local address, which may be there on every link: state dev"
            )
