# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a task states of name resolution, normalised. None: nothing was said, leave it alone."""

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
    """What the files of a namespace are to hold, or that they are not to be there."""

    name: str
    present: bool = True
    nameservers: tuple[str, ...] | None = None
    search: tuple[str, ...] | None = None
    options: tuple[str, ...] | None = None
    entries: tuple[dns.Entry, ...] | None = None

    @classmethod
    def of(cls, options: Options) -> DnsSpec:
        """Read the options of the netns_dns module."""
        name = parse.place(options["netns"])
        if not name or name.startswith("/"):
            raise BadInput(
                f"The files are found by the name of a namespace, and {name or 'here'!r} is none"
            )
        stated = [each for each in STATED if options[each] is not None]
        if options["state"] == "absent":
            if stated:
                raise BadInput(f"state=absent removes both files: it goes without {stated[0]}")
            return cls(name, present=False)
        if not stated:
            raise BadInput(f"Nothing is stated: one of {', '.join(STATED)} is needed")
        return cls(
            name,
            True,
            _each("nameservers", options["nameservers"], _server),
            _each("search", options["search"], _word),
            _each("options", options["options"], _word),
            _each("entries", options["entries"], _entry),
        )

    @property
    def resolves(self) -> bool:
        """Return whether anything is said of resolv.conf."""
        return any(each is not None for each in (self.nameservers, self.search, self.options))


T = t.TypeVar("T")


def _each(
    name: str, listed: t.Sequence[t.Any] | None, read: t.Callable[[str, t.Any], T]
) -> tuple[T, ...] | None:
    """Return a list as it is read, each thing once."""
    return None if listed is None else tuple(dict.fromkeys(read(name, each) for each in listed))


def _server(name: str, text: str) -> str:
    """Return the address of a name server; of one that is link-local, with the link to reach it by.

    Of any other, glibc's resolver passes over the link without a word (res_init.c); hosts(5) knows none.
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
        f"{name} has {text!r}, which is no address;"
        " only a link-local one of IPv6 has the name of a link behind it, as in fe80::1%eth0"
    )


def _address(name: str, text: str) -> str:
    found = inet.plain(text)
    if found is None:
        raise BadInput(
            f"{name} has {text!r}, which is no address; 192.0.2.1 and 2001:db8::1 are{inet.hint(text)}"
        )
    return found


def _word(name: str, text: str) -> str:
    # A blank or a line break would make two of one, and a '#' the rest of the line a comment.
    if not re.fullmatch(r"[^\s#;\0-\x1f\x7f-\x9f\ud800-\udfff]+", text):
        raise BadInput(f"{name} has {text!r}: a word without blanks, '#' and ';' is wanted")
    return text


def _entry(name: str, stated: Options) -> dns.Entry:
    names = tuple(_word("names", each) for each in stated["names"])
    if not names:
        raise BadInput(f"{name} has no name for {stated['address']}")
    return _address(name, stated["address"]), names
