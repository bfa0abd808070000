# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired rules, normalised from a task's options; None means not stated."""

from __future__ import annotations

import re
import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.record import dataclass, fields
from ..route.spec import protocol
from ..route.spec import table as table_number
from .state import FAMILIES, IPPROTOS, fwmark, ports
from .table import CRITERIA, STATED

Options = t.Mapping[str, t.Any]

LAST_PORT = 65534  # fib_rule_port_range_valid(), include/net/fib_rules.h
ALL = "all"


@dataclass(frozen=True)
class RuleSpec:
    """One desired rule; if it must be present, None means that it must not have the criterion."""

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
        """Return the stated fields as a rule has them: 'all' addresses means no criterion."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: None if value == ALL else value
            for name, value in values.items()
            if value is not None
        }

    def criteria(self) -> dict[str, str | None]:
        """Return all criteria, None for those that it must not have."""
        stated = self.stated()
        return {name: stated.get(name) for name in CRITERIA}


@dataclass(frozen=True)
class RulesSpec:
    """Rules that a namespace must have or must not have."""

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
            raise BadInput("purge=true requires state=present: it removes what is not listed")
        if purge and proto == "kernel":
            raise BadInput("purge=true cannot be combined with proto=kernel")
        listed = options["rules"]
        shared = {name: options[name] for name in (*STATED, "family")}
        if listed is None:
            listed = [{}] if any(shared[name] is not None for name in STATED) else []
        if not (listed or purge):
            raise BadInput("No rule is listed; an empty list requires purge=true")
        wanted = []
        for each in listed:
            own = {name: value for name, value in each.items() if value is not None}
            wanted.append(_read_entry({**shared, **own}, proto, present))
        versions = {each.version for each in wanted} or {
            version for version, name in FAMILIES.items() if options["family"] in (None, name)
        }
        return cls(
            parse.of_option("netns", parse.place, options["netns"]),
            tuple(dict.fromkeys(wanted)),
            frozenset(versions),
            present,
            purge,
            proto or "static",
        )


def _read_entry(options: Options, proto: str | None, present: bool) -> RuleSpec:
    if all(options[name] is None for name in STATED):
        raise BadInput("A rule needs a priority, a criterion or an action")
    src, dst = _prefix("from", options["from"]), _prefix("to", options["to"])
    iif, oif = (
        None if options[name] is None else parse.of_option(name, parse.link_name, options[name])
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
        raise BadInput(f"{name} {text!r} must be an address, a network or 'all'{inet.hint(text)}")
    network, exact = found
    if not exact:
        raise BadInput(f"{name} {text} has host bits set; write it as {network}")
    return network


def _criterion(prefix: str | None) -> str | None:
    """Return a prefix, 'all' for one of length 0, which states only the family."""
    return ALL if prefix is not None and prefix.endswith("/0") else prefix


def _version(options: Options, src: str | None, dst: str | None) -> int:
    versions = {
        name: 6 if ":" in prefix else 4
        for name, prefix in (("from", src or ALL), ("to", dst or ALL))
        if prefix != ALL
    }
    if options["family"] is not None:
        versions["family"] = 6 if options["family"] == "ipv6" else 4
    if len(set(versions.values())) > 1:
        stated = ", ".join(f"{name} {options[name]}" for name in versions)
        raise BadInput(f"All addresses of a rule must be of one family, IPv4 or IPv6: {stated}")
    return next(iter(versions.values()), 4)


def _whole(text: str) -> int | None:
    """Return a decimal number, or a hexadecimal one behind 0x."""
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,8}", text):
        return int(text, 16)
    return parse.whole(text, 0, 0xFFFFFFFF)


def _fwmark(text: str | None) -> str | None:
    """Return a mark and its mask as ip-rule(8) shows them, which omits a mask of ones."""
    if text is None:
        return None
    numbers = [_whole(each) for each in text.split("/")]
    found = [each for each in numbers if each is not None]
    if len(found) != len(numbers) or len(found) > 2:
        raise BadInput(f"fwmark {text!r} must be a 32-bit number (decimal or 0x…) or MARK/MASK")
    mark, mask = found[0], found[-1] if len(found) == 2 else 0xFFFFFFFF
    if mask == 0 or (mark == 0 and len(found) == 1):
        raise BadInput(f"fwmark {text} would match any mark; write MARK/MASK with MASK not 0")
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
    raise BadInput(
        f"ipproto {text!r} must be one of {', '.join(IPPROTOS.values())} or a number from 1 to 255"
    )


def _ports(name: str, text: str | None) -> str | None:
    """Return a port or a range of ports as results show it."""
    if text is None:
        return None
    first, _dash, last = text.partition("-")
    low, high = (parse.whole(each, 0, 1 << 32) for each in (first, last or first))
    if low is None or high is None or text.endswith("-"):
        raise BadInput(f"{name} {text!r} must be a port or a range FIRST-LAST")
    if not 1 <= low <= high <= LAST_PORT:
        raise BadInput(f"{name} {text!r} must be between 1 and {LAST_PORT}, the lower port first")
    return ports(low, high)


def _action(options: Options, present: bool) -> str | None:
    """Return the action, if it is stated or follows from table or goto."""
    action, table, goto = options["action"], options["table"], options["goto"]
    if table is not None and goto is not None:
        raise BadInput("table and goto are mutually exclusive")
    if table is not None and action not in (None, "to_tbl"):
        raise BadInput(f"table cannot be combined with action={action}")
    if goto is not None and action not in (None, "goto"):
        raise BadInput(f"goto cannot be combined with action={action}")
    if action == "goto" and goto is None and present:
        raise BadInput("action=goto requires goto, the priority of the target rule")
    if action is not None:
        return str(action)
    if table is not None:
        return "to_tbl"
    return None if goto is None else "goto"
