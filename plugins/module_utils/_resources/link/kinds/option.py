# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a row of the table of kinds is, and its values as tasks, the kernel and ip-link(8) have them."""

from __future__ import annotations

import typing as t

from ...._core.record import dataclass

# Forms of a value: number, switch (ip-link takes 0 or 1), on/off (ip-link takes these words), seconds
# (in 1/100 on the wire), ip, ip6, link, user, hex, or the names of an enumeration with their numbers.
Form = t.Union[str, dict[str, int]]


@dataclass(frozen=True)
class Option:
    """One option of a kind.

    ``attr`` and ``number``: the attribute in linux/if_link.h, ``wire`` its type there, ``word`` that
    of ip-link(8). ``fixed``: the kernel does not change it afterwards. ``attr6`` and ``number6`` are
    for an IPv6 address. ``hidden``: not all kernels report it; those that do not are not asked to
    change it. ``numeric``: ip-link(8) takes the number of an enumeration's name. ``shown``: the number
    of the attribute in whose last octet the kernel reports it, where that is another one. ``needs``: the
    switch that must be on for the kernel to keep and report it, and that it must be stated with whenever
    that is set on.
    """

    attr: str
    number: int
    wire: str
    word: str
    form: Form = "number"
    fixed: bool = False
    attr6: str = ""
    number6: int = 0
    low: int = 0
    high: int = 0xFFFFFFFF
    required: bool = False
    hidden: bool = False
    numeric: bool = False
    shown: int = 0
    needs: str = ""

    @property
    def is_address(self) -> bool:
        """Return whether it is the address of an end."""
        return self.form in ("ip", "ip6")


@dataclass(frozen=True)
class Kind:
    """A kind of link, and what the planner has to know of it.

    ``parent``: whether it lies on another link: no, may or must; ``parent_attr``: the attribute for
    that, where it is one of the kind's own (number 1) and not IFLA_LINK: then the parent is in the
    link's own namespace. ``socket``: it has a socket, which stays in the namespace that it was made
    from. ``mac``: own, fixed (from when it is made), parent (that of the link below), local (the
    address of the tunnel's end) or none. ``ports``: it takes ports. ``queue``: it has a queue by
    default. ``by_ioctl``: it is made by an ioctl of /dev/net/tun and not by a message, without any of
    the attributes of links. ``whole``: a request that changes something must contain all options, since
    the driver zeroes those that are missing. ``as_made``: the words by which ip-link(8) makes what the
    kernel makes by default. ``ttl_inherit``: the attribute that makes the TTL that of the packet inside.

    ``mtu``: the range of a new link's, 0 for no bound; ``usual_mtu``: what the kernel chooses on a link
    of 1500 bytes. ``mtu_follows``: when the lower link's MTU changes, that of this one becomes "the same",
    or "at most" that, less ``headroom``; with "both" it becomes the same, and is set to at most that.
    ``mtu_late``: it is not taken from the request that makes the link; ``mtu_again``: each change of an
    option sets it again where the request does not state it; ``mtu_down``: it is changed only while the
    link is down.

    ``ends``: the numbers of its attributes link, local, remote and key (0 for none), by which a
    namespace has one tunnel of its kind; ``unique``: the option by which it has one. ``receiver``: what
    the links share that take what a lower link receives, which has one such receiver. ``needs_lower``: it
    is set up only over a link that is up. ``excludes``: options that are not combined: a switch
    that is on, another that is stated, or one with a value (option=value). ``counted``:
    the numbers of attributes that change by themselves. ``no_eui``: it has nothing to make an
    EUI-64 of, so that the kernel sets another addrgenmode when it is up and has a carrier.
    """

    options: dict[str, Option]
    parent: str = "no"
    parent_attr: str = ""
    socket: bool = False
    mtu: tuple[int, int] = (0, 0)
    mac: str = "own"
    ports: bool = False
    queue: bool = False
    by_ioctl: bool = False
    whole: bool = False
    as_made: tuple[tuple[str, str], ...] = ()
    ttl_inherit: int = 0
    usual_mtu: tuple[int, ...] = (1500,)
    mtu_follows: str = ""
    headroom: int = 0
    mtu_late: bool = False
    mtu_again: bool = False
    mtu_down: bool = False
    counted: tuple[int, ...] = ()
    no_eui: bool = False
    ends: tuple[int, int, int, int] | None = None
    unique: str = ""
    receiver: str = ""
    needs_lower: bool = False
    excludes: tuple[tuple[str, str], ...] = ()

    @property
    def is_ethernet(self) -> bool:
        """Return whether its links have a MAC address."""
        return self.mac not in ("local", "none")


SWITCHES = ("switch", "onoff")
NOWHERE = ("0.0.0.0", "::")  # unspecified addresses


def kept(option: Option, value: t.Any) -> t.Any:
    """Return an option as the kernel shows it: not at all, or without unspecified addresses."""
    return None if option.hidden or (option.is_address and value in NOWHERE) else value


def same(option: Option, one: t.Any, other: t.Any) -> bool:
    """Return whether two values are one to the kernel, which counts some times in ticks of its own."""
    if option.form == "seconds" and None not in (one, other):
        return bool(abs(one - other) < 0.0101)  # jiffies_to_clock_t() rounds down
    if option.hidden and one is None:
        return True
    empty = NOWHERE if option.is_address else ()
    return bool((None if one in empty else one) == (None if other in empty else other))


def named_links(
    options: dict[str, Option], values: t.Iterable[tuple[str, t.Any]]
) -> dict[str, str]:
    """Return the links that options name, by the options."""
    return {name: value for name, value in values if value and options[name].form == "link"}


def excluded(kind: Kind, options: t.Mapping[str, t.Any]) -> tuple[str, str] | None:
    """Return two options that cannot be combined, None if there are none."""

    def is_on(each: str) -> bool:
        name, equals, wanted = each.partition("=")
        value = options.get(name)
        if equals:
            return bool(value == wanted)
        return bool(value) if kind.options[name].form in SWITCHES else value is not None

    return next((both for both in kind.excludes if is_on(both[0]) and is_on(both[1])), None)


def family(address: str) -> int:
    """Return 4 or 6."""
    return 6 if ":" in address else 4


def to_wire(option: Option, value: t.Any) -> t.Any:
    """Return the value as the attribute holds it."""
    if isinstance(option.form, dict):
        return option.form[value]
    if option.form == "seconds":
        return round(value * 100)  # USER_HZ
    if option.form == "hex":
        return int(value, 16)
    return int(value) if option.form in SWITCHES else value


def from_wire(option: Option, value: t.Any) -> t.Any:
    """Return what an attribute holds as a task states it."""
    if isinstance(option.form, dict):
        return next((name for name, number in option.form.items() if number == value), str(value))
    if option.form == "seconds":
        seconds = value / 100
        return int(seconds) if seconds == int(seconds) else seconds
    if option.form == "hex":
        return f"{value:016x}"
    return bool(value) if option.form in SWITCHES else value


def words(options: dict[str, Option], values: t.Iterable[tuple[str, t.Any]]) -> list[str]:
    """Return options as ip-link(8) takes them behind the type."""
    arguments = []
    for name, value in values:
        option = options[name]
        if option.word == "learning" and option.form == "switch":
            arguments.append("learning" if value else "nolearning")
        elif option.form == "seconds":
            arguments += [option.word, str(round(value * 100))]
        elif value is None:
            arguments += [option.word, "any"] if option.is_address else []
        elif option.numeric and isinstance(option.form, dict):
            arguments += [option.word, str(option.form[value])]
        elif option.form == "onoff":
            arguments += [option.word, "on" if value else "off"]
        else:
            arguments += [option.word, str(int(value)) if option.form == "switch" else str(value)]
    return arguments
