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
        raise BadInput("A namespace needs a name: it is empty")
    if text in (".", ".."):
        raise BadInput(f"{text!r} is a directory, not the name of a namespace")
    if "/" in text or "\0" in text:
        raise BadInput(f"The name of a namespace holds no '/' and no NUL: {text!r}")
    if len(text.encode(errors="surrogateescape")) > NAME_MAX:
        raise BadInput(f"The name of a namespace has at most {NAME_MAX} bytes: {text!r}")
    if re.search(r"[\x01-\x1f\x7f]", text):
        raise BadInput(f"The name of a namespace holds no line break or other control: {text!r}")
    return text


def place(text: str | None) -> str:
    """Return how a namespace is referred to: '' for here, a name (or PID), or an absolute path."""
    if text is None:
        return ""
    if text.startswith("/"):
        if "\0" in text:
            raise BadInput(f"A path holds no NUL: {text!r}")
        for run in RUN_DIRS:
            if text.startswith(run + "/") and "/" not in text[len(run) + 1 :]:
                return netns_name(text[len(run) + 1 :])
        return text
    return netns_name(text)


def link_name(text: str) -> str:
    """Return the name of a link, or say why dev_valid_name() of the kernel would refuse it."""
    if text == "":
        raise BadInput("A link needs a name: it is empty")
    written = text.encode(errors="surrogateescape")
    if len(written) >= IFNAMSIZ:
        raise BadInput(f"The name of a link has at most {IFNAMSIZ - 1} bytes: {text!r}")
    if text in (".", ".."):
        raise BadInput(f"{text!r} cannot be the name of a link")
    if re.search(r"[/:%\s\0]", text):
        raise BadInput(f"The name of a link holds no space and none of '/', ':', '%': {text!r}")
    if b"\xa0" in written:
        raise BadInput(
            f"The kernel takes a byte of a letter in {text!r} for a space: name it otherwise"
        )
    return text


def of_option(option: str, read: t.Callable[[Stated], Read], text: Stated) -> Read:
    """Return what is read of an option; of several that name something, the error names which."""
    try:
        return read(text)
    except BadInput as error:
        raise BadInput(f"{option}: {error}") from None


def lladdr(text: str) -> str:
    """Return a MAC address as the kernel shows it: six pairs, lower case, with colons."""
    plain = text.lower().replace("-", ":")
    if not re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", plain):
        sexagesimal = _sexagesimal(plain, 6)
        if sexagesimal:
            raise BadInput(
                f"{text!r} is no MAC address, but the number that YAML makes of {sexagesimal}: put it in quotes"
            )
        raise BadInput(f"A MAC address has six pairs of hexadecimal digits: {text!r}")
    return plain


def mac(text: str) -> str:
    """Return the MAC address of a link, which is of one station."""
    plain = lladdr(text)
    if int(plain[:2], 16) & 1:
        raise BadInput(f"{text!r} is a multicast address: no link can bear it as its MAC")
    if plain == "00:00:00:00:00:00":
        raise BadInput("The MAC address of a link cannot be all zeros")
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
        raise BadInput(f"{name} lies between {low} and {high}: {value}")
    return value


def alias(text: str | None) -> str | None:
    """Return the alias of a link, '' for none; IFALIASZ of linux/if_link.h bounds it."""
    if text is not None and (len(text.encode(errors="surrogateescape")) > 255 or "\0" in text):
        raise BadInput("An alias has at most 255 bytes and no NUL")
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
        raise BadInput(f"altnames: {text!r}: names that begin with {MARK} mark what topologies own")
    return text


def lifetime(name: str, text: str | None) -> int | None:
    """Return seconds, FOREVER for 'forever', None where nothing is stated."""
    if text is None:
        return None
    if text == "forever":
        return FOREVER
    seconds = whole(text, 0, FOREVER - 1)
    if seconds is None:
        raise BadInput(f"{name} is a number of seconds or 'forever': {text!r}")
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
    raise BadInput(f"{text!r} is no scope; global, site, link, host and 0 to 255 are")


def scope_number(name: str) -> int:
    """Return the kernel's number of a scope that scope() returned."""
    for value, known in SCOPES.items():
        if known == name:
            return value
    return int(name)
