# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The expectations of a task about reachability, and the results as returned."""

from __future__ import annotations

import ipaddress
import typing as t

from .._core import inet, parse
from .._core.errors import BadInput
from .._core.options import text
from .._core.record import dataclass, field
from .icmp import LEAST, MOST

ALL = "all"
REACHABLE, UNREACHABLE = "reachable", "unreachable"
NO_ANSWER = "no answer"
NO_ADDRESS = "has no address"
SHOWN_AT_MOST = 20  # pairs in a message


@dataclass(frozen=True)
class Goal:
    """A namespace, or an address with the link that a link-local one needs."""

    place: str | None = None
    address: str = ""
    link: str = ""


@dataclass(frozen=True)
class Expectation:
    """That some namespaces reach some goals, or do not; None means all."""

    sources: tuple[str, ...] | None
    goals: tuple[Goal, ...] | None
    reachable: bool = True


@dataclass
class Tally:
    """The results of all pings from one namespace to one goal; times in nanoseconds."""

    addresses: list[str] = field(default_factory=list)
    sent: int = 0
    received: int = 0
    duplicates: int = 0
    times: list[int] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # addresses that never replied
    error: str | None = None
    error_from: str | None = None

    def add(
        self,
        address: str,
        sent: int,
        times: t.Sequence[int],
        duplicates: int,
        error: str | None,
        error_from: str | None,
    ) -> None:
        """Add the results of one address."""
        self.addresses.append(address)
        self.sent += sent
        self.received += len(times)
        self.duplicates += duplicates
        self.times += times
        if not times:
            self.missing.append(address)
        if self.error is None and len(times) < sent:
            self.error, self.error_from = error or NO_ANSWER, error_from

    @property
    def reachable(self) -> bool:
        """Return whether every address has replied."""
        return bool(self.addresses) and not self.missing

    def meets(self, reachable: bool) -> bool:
        """Return whether the expectation is met: every address has replied, or none has."""
        return self.reachable if reachable else not self.received

    def shown(self) -> dict[str, t.Any]:
        """Return the results as a dictionary; times in milliseconds."""
        lost = self.sent - self.received
        return {
            "reachable": self.reachable,
            "sent": self.sent,
            "received": self.received,
            "duplicates": self.duplicates,
            "loss": round(100 * lost / self.sent, 1) if self.sent else 100.0,
            "rtt": round(sum(self.times) / len(self.times) / 1e6, 3) if self.times else None,
            "error": self.error if self.addresses else NO_ADDRESS,
            "error_from": self.error_from,
        }

    def describe_failure(self) -> str:
        """Return a short description of what is not as expected."""
        if not self.addresses:
            return NO_ADDRESS
        if not self.missing:
            return "answers"
        at = f" at {', '.join(self.missing)}" if self.missing != self.addresses else ""
        return f"{self.error}{f' (from {self.error_from})' if self.error_from else ''}{at}"


def expectations(sources: t.Any, goals: t.Any, expect: t.Any) -> tuple[Expectation, ...]:
    """Return the expectations of a task: one for all its pairs, or a list in which the last match
    counts.

    Raises BadInput.
    """
    if isinstance(expect, str):
        return (_expectation(sources, goals, expect, ""),)
    if not isinstance(expect, list) or not expect:
        raise BadInput("expect must be reachable, unreachable, or a list of expectations")
    found = []
    for number, each in enumerate(expect):
        at = f"expect[{number}]"
        if not isinstance(each, dict):
            raise BadInput(f"{at} must be a dictionary with from, to and expect, not {each!r}")
        unknown = sorted(str(key) for key in each.keys() - {"from", "to", "expect"})
        if unknown:
            raise BadInput(f"{at} has unknown keys {', '.join(unknown)}; use from, to and expect")
        lines = each.get("expect", REACHABLE)
        ends = (each.get("from"), each.get("to"))
        found.append(
            _expectation(
                sources if ends[0] is None else ends[0],
                goals if ends[1] is None else ends[1],
                lines,
                f"{at}: ",
            )
        )
    return tuple(found)


def _expectation(sources: t.Any, goals: t.Any, expect: t.Any, at: str) -> Expectation:
    if expect not in (REACHABLE, UNREACHABLE):
        raise BadInput(f"{at}expect must be reachable or unreachable, not {repr(expect)[:60]}")
    froms, tos = _as_list(sources, f"{at}from"), _as_list(goals, f"{at}to")
    return Expectation(
        None
        if ALL in froms
        else parse.each_of(f"{at}from", parse.place, (each or None for each in froms)),
        None if ALL in tos else parse.each_of(f"{at}to", goal, tos),
        expect == REACHABLE,
    )


def _as_list(value: t.Any, name: str) -> list[str]:
    if value is None:
        raise BadInput(f"{name} is missing: state a list of namespaces, or all")
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list) or not value:
        raise BadInput(f"{name} must be a list of names, with at least one")
    for number, each in enumerate(value):
        if isinstance(each, bool) or not isinstance(each, (str, int)):
            raise BadInput(f"{name}[{number}] must be a name or an address, not {each!r}")
    return [text(str(each), f"{name}[{number}]") for number, each in enumerate(value)]


def goal(stated: str) -> Goal:
    """Return the goal that a text names: an address, or else a namespace."""
    plain, _percent, link = stated.partition("%")
    shown = inet.plain(plain)
    if shown is None:
        return Goal(place=parse.place(stated or None))
    address = ipaddress.ip_address(shown)
    if address.is_multicast or address.is_unspecified or str(address) == "255.255.255.255":
        raise BadInput(f"{stated} is not the address of a single host; state that of one")
    if address.version == 6 and address.is_link_local and not link:
        raise BadInput(
            f"{stated} is link-local and needs the link to reach it by, for example {stated}%veth01"
        )
    if link and not (address.version == 6 and address.is_link_local):
        raise BadInput(f"{stated}: only a link-local IPv6 address can have a link; leave out '%…'")
    return Goal(address=shown, link=parse.link_name(link) if link else "")


def check_numbers(count: int, size: int, timeout: float) -> None:
    """Raise BadInput if a number is out of range."""
    parse.number("count", count, 1, 1000)
    parse.number("size", size, LEAST, MOST)
    if not 0 < timeout <= 3600:
        raise BadInput(f"timeout must be more than 0 and at most 3600 seconds, not {timeout:g}")


def failure_message(unmet: t.Sequence[tuple[str, str, bool, Tally]]) -> str:
    """Return a sentence that names the pairs that are not as expected."""
    lines = [
        f"{source} does not reach {goal}: {tally.describe_failure()}"
        if reachable
        else f"{source} reaches {goal}"
        for source, goal, reachable, tally in unmet[:SHOWN_AT_MOST]
    ]
    more = len(unmet) - len(lines)
    return "; ".join(lines) + (f"; and {more} other pairs are not as expected" if more else "")
