# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a task states of rules, normalised. None: nothing was said."""

from __future__ import annotations

import re
import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.record import dataclass, fields
from ..route.spec import protocol
from ..route.spec import table as table_number
from .state import CRITERIA, FAMILIES, IPPROTOS, fwmark, ports

Options = t.Mapping[str, t.Any]

STATED = (
    "priority",
    "from",
    "to",
    "iif",
    "oif",
    "fwmark",
    "ipproto",
    "sport",
    "dport",
    "action",
    "table",
    "goto",
)
LAST_PORT = 65534  # fib_rule_port_range_valid(), include/net/fib_rules.h
ALL = "all"


@dataclass(frozen=True)
class RuleSpec:
    """One rule. Of a rule that is to be there, criteria that are None are criteria it has not."""

    version: int
    priority: int | None = None
    src: str | None = None
    dst: str | None = None
    iif: str | None = None
    oif: str | None = None
    fwmark: str | None = None
    ipproto: str | None = None
    sport: str | None = None
    dport: str | None = None
    action: str | None = None
    table: int | None = None
    goto: int | None = None
    proto: str | None = None

    def stated(self) -> dict[str, t.Any]:
        """Return what is stated, as a rule has it: for all addresses it has no criterion."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: None if value == ALL else value
            for name, value in values.items()
            if value is not None
        }

    def criteria(self) -> dict[str, str | None]:
        """Return the criteria, those that it has not as None."""
        stated = self.stated()
        return {name: stated.get(name) for name in CRITERIA}


@dataclass(frozen=True)
class RulesSpec:
    """Rules that a namespace is to have, or not to have."""

    place: str
    rules: tuple[RuleSpec, ...]
    versions: frozenset[int]
    present: bool = True
    purge: bool = False
    proto: str = "static"

    @classmethod
    def of(cls, options: Options) -> RulesSpec:
        """Read the options of the netns_rule module."""
        present, purge = options["state"] == "present", options["purge"]
        proto = protocol(options["proto"])
        if purge and not present:
            raise BadInput("purge goes with state=present: it removes what is not listed")
        if purge and proto == "kernel":
            raise BadInput("purge leaves the rules of the kernel: it does not go with proto=kernel")
        listed = options["rules"]
        shared = {name: options[name] for name in (*STATED, "family")}
        if listed is None:
            listed = [{}] if any(shared[name] is not None for name in STATED) else []
        if not (listed or purge):
            raise BadInput("No rule is stated: an empty list goes with purge=true only")
        wanted = []
        for each in listed:
            own = {name: value for name, value in each.items() if value is not None}
            wanted.append(_read_entry({**shared, **own}, proto, present))
        versions = {each.version for each in wanted} or {
            version for version, name in FAMILIES.items() if options["family"] in (None, name)
        }
        return cls(
            parse.place(options["netns"]),
            tuple(dict.fromkeys(wanted)),
            frozenset(versions),
            present,
            purge,
            proto or "static",
        )


def _read_entry(options: Options, proto: str | None, present: bool) -> RuleSpec:
    if all(options[name] is None for name in STATED):
        raise BadInput("A rule states something: a priority, a criterion or what it does")
    src, dst = _prefix("from", options["from"]), _prefix("to", options["to"])
    iif, oif = (
        None if options[name] is None else parse.said(name, parse.link_name, options[name])
        for name in ("iif", "oif")
    )
    return RuleSpec(
        _version(options, src, dst),
        parse.number("priority", options["priority"], 0, 0xFFFFFFFF),
        _criterion(src),
        _criterion(dst),
        iif,
        oif,
        _fwmark(options["fwmark"]),
        _ipproto(options["ipproto"]),
        _ports("sport", options["sport"]),
        _ports("dport", options["dport"]),
        _action(options, present),
        None if options["table"] is None else table_number(options["table"]),
        parse.number("goto", options["goto"], 1, 0xFFFFFFFF),
        proto,
    )


def _prefix(name: str, text: str | None) -> str | None:
    """Return a prefix as the kernel shows it, or 'all'."""
    if text is None or text == ALL:
        return text
    found = inet.network(text)
    if found is None:
        raise BadInput(f"{name} is an address, a network or 'all': {text!r}{inet.hint(text)}")
    network, exact = found
    if not exact:
        raise BadInput(f"{name}: {text} is an address in the network {network}; state that")
    return network


def _criterion(prefix: str | None) -> str | None:
    """Return a prefix; one of no length only tells the family, and stands for all."""
    return ALL if prefix is not None and prefix.endswith("/0") else prefix


def _version(options: Options, src: str | None, dst: str | None) -> int:
    told = {
        name: 6 if ":" in prefix else 4
        for name, prefix in (("from", src or ALL), ("to", dst or ALL))
        if prefix != ALL
    }
    if options["family"] is not None:
        told["family"] = 6 if options["family"] == "ipv6" else 4
    if len(set(told.values())) > 1:
        said = ", ".join(f"{name} {options[name]}" for name in told)
        raise BadInput(f"A rule is of one family, IPv4 or IPv6: {said}")
    return next(iter(told.values()), 4)


def _whole(text: str) -> int | None:
    """Return a number that is written in decimal or, after 0x, in hexadecimal."""
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,8}", text):
        return int(text, 16)
    return parse.whole(text, 0, 0xFFFFFFFF)


def _fwmark(text: str | None) -> str | None:
    """Return a mark and its mask as ip-rule(8) shows them; a mask of ones is not shown."""
    if text is None:
        return None
    numbers = [_whole(each) for each in text.split("/")]
    found = [each for each in numbers if each is not None]
    if len(found) != len(numbers) or len(found) > 2:
        raise BadInput(f"fwmark is a number of 32 bits, 0x for hexadecimal, or MARK/MASK: {text!r}")
    mark, mask = found[0], found[-1] if len(found) == 2 else 0xFFFFFFFF
    if mask == 0 or (mark == 0 and len(found) == 1):
        raise BadInput(f"fwmark {text} is any mark to the kernel: state MARK/MASK, MASK not 0")
    return fwmark(mark, mask)


def _ipproto(text: str | None) -> str | None:
    if text is None:
        return None
    known = {**{name: name for name in IPPROTOS.values()}, "icmpv6": "ipv6-icmp"}
    plain = text.lower()
    if plain in known:
        return known[plain]
    number = parse.whole(plain, 1, 255)
    if number is not None:
        return IPPROTOS.get(number, str(number))
    raise BadInput(f"ipproto is {', '.join(IPPROTOS.values())} or a number from 1 to 255: {text!r}")


def _ports(name: str, text: str | None) -> str | None:
    """Return a port, or a range of ports, as it is shown."""
    if text is None:
        return None
    first, _dash, last = text.partition("-")
    low, high = (parse.whole(each, 0, 1 << 32) for each in (first, last or first))
    if low is None or high is None or text.endswith("-"):
        raise BadInput(f"{name} is a port or a range FIRST-LAST: {text!r}")
    if not 1 <= low <= high <= LAST_PORT:
        raise BadInput(f"{name} lies between 1 and {LAST_PORT}, the lower one first: {text!r}")
    return ports(low, high)


def _action(options: Options, present: bool) -> str | None:
    """Return what becomes of the packets, where that is stated or follows from what is."""
    action, table, goto = options["action"], options["table"], options["goto"]
    if table is not None and goto is not None:
        raise BadInput("A rule either looks into a table or goes to another rule: not both")
    if table is not None and action not in (None, "to_tbl"):
        raise BadInput(f"A rule with action={action} has no table")
    if goto is not None and action not in (None, "goto"):
        raise BadInput(f"A rule with action={action} has no goto")
    if action == "goto" and goto is None and present:
        raise BadInput("action=goto needs goto, the priority of the rule to go to")
    if action is not None:
        return str(action)
    if table is not None:
        return "to_tbl"
    return None if goto is None else "goto"
