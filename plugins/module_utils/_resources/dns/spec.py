# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired name resolution, normalised from a task's options; None means not stated: leave as is."""

from __future__ import annotations

import re
import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.record import dataclass
from . import state as dns

Options = t.Mapping[str, t.Any]

LINK_LOCAL = re.compile(r"fe[89ab].:")  # fe80::/10
STATED = ("nameservers", "search", "options", "entries")


@dataclass(frozen=True)
class DnsSpec:
    """The desired contents of a namespace's files, or that they must be absent."""

    name: str
    present: bool = True
    nameservers: tuple[str, ...] | None = None
    search: tuple[str, ...] | None = None
    options: tuple[str, ...] | None = None
    entries: tuple[dns.Entry, ...] | None = None

    @classmethod
    def of(cls, options: Options) -> DnsSpec:
        """Read the options of the netns_dns module."""
        name = parse.of_option("netns", parse.place, options["netns"])
        if not name or name.startswith("/"):
            raise BadInput(
                f"netns {name or 'here'!r} must be the name of a namespace: the files are in"
                f" {dns.TOP}/NAME"
            )
        stated = [each for each in STATED if options[each] is not None]
        if options["state"] == "absent":
            if stated:
                raise BadInput(
                    f"{stated[0]} cannot be combined with state=absent, which removes both files"
                )
            return cls(name, present=False)
        if not stated:
            raise BadInput(f"One of the options {', '.join(STATED)} is required")
        return cls(
            name,
            True,
            _each("nameservers", options["nameservers"], _server),
            _each("search", options["search"], _word),
            _each("options", options["options"], _word),
            _each("entries", options["entries"], _entry),
        )

    @property
    def has_resolv_conf(self) -> bool:
        """Return whether the task states any contents of resolv.conf."""
        return any(each is not None for each in (self.nameservers, self.search, self.options))


T = t.TypeVar("T")


def _each(
    name: str, listed: t.Sequence[t.Any] | None, read: t.Callable[[str, t.Any], T]
) -> tuple[T, ...] | None:
    """Return the parsed items of a list without duplicates."""
    return None if listed is None else tuple(dict.fromkeys(read(name, each) for each in listed))


def _server(name: str, text: str) -> str:
    """Return the address of a name server, with its zone (the link) if it is link-local.

    glibc's resolver ignores the zone of any other address (res_init.c), and hosts(5) has none.
    """
    host, percent, link = text.partition("%")
    if not percent:
        return _address(name, text)
    address = inet.plain(host)
    try:
        if address is not None and LINK_LOCAL.match(address):
            return f"{address}%{parse.link_name(link)}"
    except BadInput:
        pass
    raise BadInput(
        f"{name}: {text!r} is not an IP address; only a link-local IPv6 address can have a zone, as"
        " in fe80::1%eth0. Leave out the zone"
    )


def _address(name: str, text: str) -> str:
    found = inet.plain(text)
    if found is None:
        raise BadInput(
            f"{name}: {text!r} is not an IP address; write it as 192.0.2.1 or 2001:db8::1"
            f"{inet.hint(text)}"
        )
    return found


def _word(name: str, text: str) -> str:
    # White space would make two words of one, and '#' a comment of the rest of the line.
    if not re.fullmatch(r"[^\s#;\0-\x1f\x7f-\x9f\ud800-\udfff]+", text):
        raise BadInput(f"{name}: {text!r} must be a word without white space, '#' and ';'")
    return text


def _entry(name: str, stated: Options) -> dns.Entry:
    names = tuple(_word("names", each) for each in stated["names"])
    if not names:
        raise BadInput(f"{name}: names of {stated['address']} is empty; list at least one")
    return _address(name, stated["address"]), names
