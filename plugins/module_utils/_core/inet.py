# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Addresses and networks as a task states them, in the form in which the kernel shows them.

Python's ipaddress takes more than the kernel does: a zone, which is lost on the way or fails deep
inside, and host masks; and Pythons differ on leading zeros and on ::ffff:192.0.2.1.
"""

from __future__ import annotations

import ipaddress
import socket

from . import parse
from .errors import BadInput

FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
MIN_V6_MTU = 1280  # IPV6_MIN_MTU, linux/ipv6.h: below it the kernel takes IPv6 off a link


def plain(text: str) -> str | None:
    """Return an address as it is shown, None if a text is not one, as with a zone."""
    family = FAMILIES[6 if ":" in text else 4]
    try:
        return socket.inet_ntop(family, socket.inet_pton(family, text))
    except (OSError, ValueError):
        return None


def address(name: str, text: str, link: str = "") -> str:
    """Return an address as it is shown. ``link`` is the option for what a zone would state."""
    found = plain(text)
    if found is None:
        raise BadInput(
            f"{name} {text!r} must be an IP address without prefix length{hint(text, link)}"
        )
    return found


def hint(text: str, link: str = "") -> str:
    """Return what else to say of a text that is not an address, for what it seems to be."""
    before, percent, _zone = text.partition("%")
    if percent and plain(before) is not None:
        return f"; state the link by {link}, without '%'" if link else "; leave out the zone ('%…')"
    if text.isascii() and text.isdigit():
        return "; YAML takes numbers with colons, as 1:10, for one number: put it in quotes"
    return ""


def network(text: str) -> tuple[str, bool] | None:
    """Return a network as it is shown, and whether a text names that, not an address in it; None if
    it names none. An address alone is the network of itself."""
    host, slash, prefix = text.partition("/")
    found = plain(host)
    if found is None:
        return None
    most = 128 if ":" in found else 32
    length = _length(prefix, most) if slash else most
    if length is None:
        return None
    first = ipaddress.ip_network(f"{found}/{length}", strict=False).network_address
    exact = plain(str(first))
    return f"{exact}/{length}", exact == found


def _length(text: str, most: int) -> int | None:
    """Return the length of a prefix, which may be written as the mask of an IPv4 network."""
    length = parse.whole(text, 0, most)
    if length is not None or most != 32 or plain(text) is None:
        return length
    bits = f"{int(ipaddress.IPv4Address(text)):032b}"
    return None if "01" in bits else bits.count("1")
