# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired link kinds, normalised from a task's options; None means not stated."""

from __future__ import annotations

import ipaddress
import re
import typing as t

from ...._core import inet, parse
from ...._core.errors import BadInput
from ...._core.record import dataclass
from .consequences import ONE_FAMILY
from .option import Kind, Option, excluded, family, named_links
from .table import KINDS, PORT

if t.TYPE_CHECKING:
    from ...wireguard.state import WgSpec

HEX = re.compile("[0-9a-f]{1,16}")
LAST_ID = 0xFFFFFFFE  # of a user or a group: the next one is (uid_t) -1, which is nobody's
Pairs = tuple[tuple[str, t.Any], ...]


@dataclass(frozen=True)
class PortSpec:
    """How a link is to be as a port of a bridge. VLANs that are stated are all that it has."""

    switches: Pairs
    tagged: tuple[int, ...] | None = None
    untagged: tuple[int, ...] | None = None
    pvid: int | None = None


@dataclass(frozen=True)
class KindSpec:
    """The kind that a link is to be of.

    ``parent`` is the link it lies on, ``source`` the namespace that this is in, or the one that
    its socket stays in; None: where the link is.
    """

    kind: str
    options: Pairs
    parent: str | None = None
    source: str | None = None
    force: bool = False
    wireguard: WgSpec | None = None


def kind_of(options: t.Mapping[str, t.Any]) -> KindSpec | None:
    """Read the options of netns_link that say what a link is to be, None if they say nothing."""
    name = options["type"]
    stated = [each for each in KINDS if options.get(each) is not None]
    if name is None:
        if stated or options["parent"] is not None:
            option_name = stated[0] if stated else "parent"
            raise BadInput(f"{option_name} requires type: it describes a new link")
        return None
    wrong = [each for each in stated if each != name]
    if wrong:
        raise BadInput(f"{wrong[0]} requires type={wrong[0]}, not type={name}")
    kind = KINDS[name]
    source = _source(options, name, kind)
    parent = options["parent"]
    if parent is None and kind.parent == "must":
        raise BadInput(f"parent is required for type={name}")
    if parent is not None and kind.parent == "no":
        raise BadInput(f"parent cannot be combined with type={name}")
    given = options.get(name) or {}
    pairs = tuple(
        (key, _normal(f"{name}.{key}", option, given[key]))
        for key, option in kind.options.items()
        if given.get(key) is not None
    )
    _check(name, dict(pairs))
    return KindSpec(
        name,
        pairs,
        None if parent is None else parse.of_option("parent", parse.link_name, parent),
        source,
        options["force"],
        _wireguard(given) if name == "wireguard" and given else None,
    )


def _wireguard(given: t.Mapping[str, t.Any]) -> WgSpec:
    from ...wireguard.state import WgSpec

    return WgSpec.of(given)


def _source(options: t.Mapping[str, t.Any], name: str, kind: Kind) -> str | None:
    parent_netns, socket_netns = options["parent_netns"], options["socket_netns"]
    if parent_netns is not None and options["parent"] is None:
        raise BadInput("parent_netns requires parent")
    if socket_netns is not None and not kind.socket:
        raise BadInput(f"socket_netns cannot be combined with type={name}, which has no socket")
    if None not in (parent_netns, socket_netns) and parent_netns != socket_netns:
        raise BadInput(
            f"parent_netns {parent_netns} and socket_netns {socket_netns} must be the same namespace,"
            " where the link is created; leave out one of them"
        )
    source: str | None = parent_netns if parent_netns is not None else socket_netns
    if not source:
        return source  # '' is the current namespace
    option_name = "socket_netns" if parent_netns is None else "parent_netns"
    return parse.of_option(option_name, parse.place, source)


def _check(name: str, options: dict[str, t.Any]) -> None:
    below = named_links(KINDS[name].options, options.items())
    if len(set(below.values())) < len(below):
        raise BadInput(
            f"{' and '.join(f'{name}.{each}' for each in below)} are two links; state one of them"
        )
    both = excluded(KINDS[name], options)
    if both:
        raise BadInput(
            f"{name}.{both[0]} and {name}.{both[1]} are mutually exclusive; leave out one"
        )
    if name == "vxlan" and "remote" in options and "group" in options:
        raise BadInput("vxlan.remote and vxlan.group are mutually exclusive")
    if name == "vxlan" and "group" in options and "device" not in options:
        raise BadInput("vxlan.group requires vxlan.device, the link by which the group is reached")
    if name in ONE_FAMILY:
        _check_family(name, options)
    for key in ("group", "remote"):
        many = (
            key in options and name == "vxlan" and ipaddress.ip_address(options[key]).is_multicast
        )
        if many != (key == "group") and key in options and name == "vxlan":
            other = "remote" if key == "group" else "group"
            raise BadInput(
                f"vxlan.{key} {options[key]} must {'not ' if many else ''}be a multicast address;"
                f" state it as vxlan.{other}"
            )


def _check_family(name: str, options: dict[str, t.Any]) -> None:
    """Refuse ends of two families, and an address of many where that of one is needed."""
    ends = {each: options[each] for each in ("local", "remote", "group") if each in options}
    if len({family(address) for address in ends.values()}) > 1:
        shown = " and ".join(f"{each} {address}" for each, address in ends.items())
        raise BadInput(f"{name}: {shown} must all be IPv4 or all be IPv6")
    alone = "local" if name == "vxlan" else "remote"
    if alone in ends and ipaddress.ip_address(ends[alone]).is_multicast:
        raise BadInput(
            f"{name}.{alone} {ends[alone]} must be the address of a host, not of a group"
        )


def require(desired: KindSpec) -> None:
    """Refuse to make a link without what its kind cannot do without."""
    stated = dict(desired.options)
    options = KINDS[desired.kind].options
    missing = [key for key, option in options.items() if option.required and key not in stated]
    if missing:
        raise BadInput(
            f"{desired.kind}.{missing[0]} is required for a new link of type {desired.kind}"
        )
    check_needs(desired, {})


def check_needs(desired: KindSpec, has: t.Mapping[str, t.Any]) -> None:
    """Refuse an option without the switch that makes it count, and that switch without the option."""
    stated, kind = dict(desired.options), desired.kind
    for name, option in KINDS[kind].options.items():
        if not option.needs:
            continue
        switch = f"{kind}.{option.needs}"
        if name in stated and not stated.get(option.needs, has.get(option.needs)):
            raise BadInput(f"{kind}.{name} requires {switch}: set {switch} to true as well")
        if stated.get(option.needs) and name not in stated and has.get(name) is None:
            raise BadInput(f"{switch} requires {kind}.{name}: set {kind}.{name} as well")


def _normal(name: str, option: Option, value: t.Any) -> t.Any:
    if option.is_address:
        address = inet.plain(value)
        if address is None:
            link = "device" if name.startswith("vxlan.") else ""
            raise BadInput(f"{name} {value!r} must be an IP address{inet.hint(value, link)}")
        if option.form == "ip" and ":" in address and not option.attr6:
            raise BadInput(f"{name} {value!r} must be an IPv4 address")
        if option.form == "ip6" and ":" not in address:
            raise BadInput(f"{name} {value!r} must be an IPv6 address")
        return address
    if option.form == "hex":
        digits = str(value).lower()
        if not HEX.fullmatch(digits):
            raise BadInput(
                f"{name} {value!r} must be up to 16 hexadecimal digits in quotes, as"
                " '0200000000010001'"
            )
        return digits.zfill(16)
    if option.form == "link":
        return parse.of_option(name, parse.link_name, value)
    if option.form == "user":
        return _identity(name, value)
    if option.form == "number":
        return parse.number(name, value, option.low, option.high)
    if option.form == "seconds" and not 0 <= value <= 0xFFFFFFFF / 100:
        raise BadInput(f"{name} must be a number of seconds from 0 to 42949672, not {value}")
    return value


def _identity(name: str, text: str) -> int:
    """Return the number of a user or a group of the managed host."""
    if text.isascii() and text.isdigit():
        number = parse.whole(text, 0, LAST_ID)
        if number is None:
            raise BadInput(f"{name} {text!r} must be a name, or a number from 0 to {LAST_ID}")
        return number
    try:
        if name.endswith("owner"):
            import pwd

            return pwd.getpwnam(text).pw_uid
        import grp

        return grp.getgrnam(text).gr_gid
    except KeyError:
        raise BadInput(
            f"{name} {text!r} not found on this host; create it first, or state a number"
        ) from None


def port_of(options: t.Mapping[str, t.Any] | None) -> PortSpec | None:
    """Read bridge_port, None if it states nothing."""
    if options is None:
        return None
    lists = []
    for name in ("tagged", "untagged"):
        listed = options[name]
        for vid in listed or ():
            parse.number(f"bridge_port.{name}", vid, 1, 4094)
        lists.append(None if listed is None else tuple(sorted(set(listed))))
    twice = set(lists[0] or ()) & set(lists[1] or ())
    if twice:
        raise BadInput(
            f"bridge_port: VLAN {min(twice)} cannot be both tagged and untagged; list it once"
        )
    return PortSpec(
        tuple((name, options[name]) for name in PORT if options[name] is not None),
        lists[0],
        lists[1],
        parse.number("bridge_port.pvid", options["pvid"], 0, 4094),
    )
