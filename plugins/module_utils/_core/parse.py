# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From what a user typed to what the kernel will show: checked and normalised once, here.

Every function takes the text and returns the normal form, or raises BadInput with a sentence
that names the text. Normal forms pass through unchanged.
"""

from __future__ import annotations

import re
import typing as t

from .errors import BadInput
from .link_table import ALTNAMSIZ, MARK

Stated = t.TypeVar("Stated")
Read = t.TypeVar("Read")

FOREVER = 0xFFFFFFFF  # INFINITY_LIFE_TIME, linux/if_addr.h
RUN_DIRS = ("/run/netns", "/var/run/netns")  # NETNS_RUN_DIR of ip-netns(8), and its old name
IFNAMSIZ = 16  # linux/if.h, with the closing NUL
NAME_MAX = 255  # linux/limits.h
# RTPROT_…, linux/rtnetlink.h: who made a route, a rule or a neighbour
PROTOS = {0: "unspec", 1: "redirect", 2: "kernel", 3: "boot", 4: "static", 9: "ra", 16: "dhcp"}
SCOPES = {0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"}  # rt_scope_t


def netns_name(text: str) -> str:
    """Return the name of a namespace, as ip-netns(8) takes it, or say what is wrong with it."""
    if text == "":
        raise BadInput("the name of a namespace must not be empty; state a name")
    if text in (".", ".."):
        raise BadInput(
            f"{text!r} cannot be the name of a namespace: it is a directory; choose another"
        )
    if "/" in text or "\0" in text:
        raise BadInput(
            f"{text!r} cannot be the name of a namespace: it must not contain '/' and NUL"
        )
    if len(text.encode(errors="surrogateescape")) > NAME_MAX:
        raise BadInput(
            f"{text!r} cannot be the name of a namespace: it must have at most {NAME_MAX} bytes"
        )
    if re.search(r"[\x01-\x1f\x7f]", text):
        raise BadInput(
            f"{text!r} cannot be the name of a namespace: it must not contain control characters"
        )
    return text


def place(text: str | None) -> str:
    """Return how a namespace is referred to: '' for here, a name (or PID), or an absolute path."""
    if text is None:
        return ""
    if text.startswith("/"):
        if "\0" in text:
            raise BadInput(f"path {text!r} must not contain a NUL character")
        for run in RUN_DIRS:
            if text.startswith(run + "/") and "/" not in text[len(run) + 1 :]:
                return netns_name(text[len(run) + 1 :])
        return text
    return netns_name(text)


def link_name(text: str) -> str:
    """Return the name of a link, or say why dev_valid_name() of the kernel would refuse it."""
    if text == "":
        raise BadInput("the name of a link must not be empty; state a name")
    written = text.encode(errors="surrogateescape")
    if len(written) >= IFNAMSIZ:
        raise BadInput(
            f"{text!r} cannot be the name of a link: it must have at most {IFNAMSIZ - 1} bytes"
        )
    if text in (".", ".."):
        raise BadInput(f"{text!r} cannot be the name of a link: it is a directory; choose another")
    if re.search(r"[/:%\s\0]", text):
        raise BadInput(
            f"{text!r} cannot be the name of a link: it must not contain space, '/', ':' and '%'"
        )
    if b"\xa0" in written:
        raise BadInput(
            f"{text!r} cannot be the name of a link: the kernel takes a byte of a letter in it for a"
            " space; use other letters"
        )
    return text


def of_option(option: str, read: t.Callable[[Stated], Read], text: Stated) -> Read:
    """Return what is read of an option; of several that name something, the error names which."""
    try:
        return read(text)
    except BadInput as error:
        raise BadInput(f"{option}: {error}") from None


def each_of(
    option: str, read: t.Callable[[Stated], Read], texts: t.Iterable[Stated]
) -> tuple[Read, ...]:
    """Return what is read of the entries of a list, each once; the error names which is wrong."""
    found: dict[Read, None] = {}
    for number, text in enumerate(texts):
        try:
            found[read(text)] = None
        except BadInput as error:
            raise BadInput(f"{option}[{number}]: {error}") from None
    return tuple(found)


def lladdr(text: str) -> str:
    """Return a MAC address as the kernel shows it: six pairs, lower case, with colons."""
    plain = text.lower().replace("-", ":")
    if not re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", plain):
        sexagesimal = _sexagesimal(plain, 6)
        if sexagesimal:
            raise BadInput(
                f"MAC address {text!r} is the number that YAML makes of {sexagesimal}; put it in quotes"
            )
        raise BadInput(
            f"MAC address {text!r} must be six pairs of hexadecimal digits, as 02:00:00:00:00:01"
        )
    return plain


def mac(text: str) -> str:
    """Return the MAC address of a link, which is of one station."""
    plain = lladdr(text)
    if int(plain[:2], 16) & 1:
        raise BadInput(
            f"MAC address {text!r} is a multicast address, which a link cannot have; use one with"
            " an even first byte"
        )
    if plain == "00:00:00:00:00:00":
        raise BadInput("the MAC address of a link must not be all zeros; use another")
    return plain


def _sexagesimal(text: str, count: int) -> str:
    """Return the pairs of digits of which YAML 1.1 makes a number, to the base 60; '' if of none."""
    rest = whole(text, 60 ** (count - 1), 100 * 60 ** (count - 1) - 1)
    if rest is None or text.startswith("0"):
        return ""
    pairs = []
    for power in range(count - 1, -1, -1):
        digit, rest = divmod(rest, 60**power)
        pairs.append(f"{digit:02d}")
    return ":".join(pairs)


def whole(text: str, low: int, high: int) -> int | None:
    """Return a number written in decimal digits, None if a text is none that lies in these bounds.

    int() reads digits of any script, underscores and blanks as well, and raises at the 5,000th digit.
    """
    if not re.fullmatch(r"[0-9]{1,20}", text):
        return None
    value = int(text)
    return value if low <= value <= high else None


def number(name: str, value: int | None, low: int, high: int) -> int | None:
    """Return the value if it lies in the range that the field of the message can hold."""
    if value is not None and (isinstance(value, bool) or not low <= value <= high):
        raise BadInput(f"{name} must be between {low} and {high}, not {value}")
    return value


def alias(text: str | None) -> str | None:
    """Return the alias of a link, '' for none; IFALIASZ of linux/if_link.h bounds it."""
    if text is not None and (len(text.encode(errors="surrogateescape")) > 255 or "\0" in text):
        raise BadInput("alias must have at most 255 bytes and no NUL character")
    return text


def altname(text: str) -> str:
    """Return an altname of a link; those of topologies are reserved for these."""
    if not 0 < len(text.encode(errors="surrogateescape")) < ALTNAMSIZ or re.search(
        r"[/\s\0]", text
    ):
        raise BadInput(
            f"altnames: {text!r} must have 1 to {ALTNAMSIZ - 1} bytes, without a space and without '/'"
        )
    if text.startswith(MARK):
        raise BadInput(
            f"altnames: {text!r}: names that begin with {MARK} mark what topologies own; use others"
        )
    return text


def lifetime(name: str, text: str | None) -> int | None:
    """Return seconds, FOREVER for 'forever', None where nothing is stated."""
    if text is None:
        return None
    if text == "forever":
        return FOREVER
    seconds = whole(text, 0, FOREVER - 1)
    if seconds is None:
        raise BadInput(f"{name} {text!r} must be a number of seconds, or 'forever'")
    return seconds


def scope(text: str | None) -> str | None:
    """Return a scope of an address as the kernel's number is shown: a name, else the number."""
    if text is None:
        return None
    if text in SCOPES.values():
        return text
    if text == "universe":
        return "global"
    value = whole(text, 0, 255)
    if value is not None:
        return SCOPES.get(value, str(value))
    raise BadInput(f"scope {text!r} must be global, site, link, host, or a number from 0 to 255")


def scope_number(name: str) -> int:
    """Return the kernel's number of a scope that scope() returned."""
    for value, known in SCOPES.items():
        if known == name:
            return value
    return int(name)
