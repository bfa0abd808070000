# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Which addresses links and nodes get out of the networks that they are numbered from."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import DrawingError

Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


class Subnet(t.NamedTuple):
    """The network of a segment, the length of its prefix, and an address for each port."""

    network: str
    length: int
    hosts: tuple[str, ...]


def link_subnets(whole: Network, sizes: t.Iterable[int], length: int) -> list[Subnet]:
    """Return a subnet for each segment of so many ports, one after the other.

    For up to two ports it has the length stated in IPv4, and 127 in IPv6 (RFC 6164). For more it
    is the smallest that holds them.
    """
    laid, end = [], 0
    for size in sizes:
        bits = _bits(whole, size, length)
        start = -(-end >> bits) << bits
        end = start + (1 << bits)
        laid.append((start, bits, size))
    if end > whole.num_addresses:
        raise _too_small("the links", whole, end, whole.num_addresses, (end - 1).bit_length())
    first, make = int(whole.network_address), type(whole.network_address)
    found = []
    for start, bits, size in laid:
        host = first + start + _skipped(bits)
        hosts = tuple(str(make(host + number)) for number in range(size))
        prefix = whole.max_prefixlen - bits
        found.append(Subnet(f"{make(first + start)}/{prefix}", prefix, hosts))
    return found


def loopbacks(whole: Network, count: int) -> list[str]:
    """Return so many addresses, from the first one on that a host can have in this network."""
    bits = whole.max_prefixlen - whole.prefixlen
    skipped = _skipped(bits)
    usable = whole.num_addresses - skipped * (2 if whole.version == 4 else 1)
    if count > usable:
        needed = _holding(whole, count)
        raise _too_small("the loopback addresses", whole, count, usable, needed)
    first, make = int(whole.network_address) + skipped, type(whole.network_address)
    return [str(make(first + number)) for number in range(count)]


def _bits(whole: Network, size: int, length: int) -> int:
    if size <= 2:
        return 1 if whole.version == 6 else whole.max_prefixlen - length
    return _holding(whole, size)


def _holding(whole: Network, size: int) -> int:
    """Return how many bits the smallest network leaves that so many hosts fit in."""
    if size <= 2:
        return size - 1
    # In IPv4 the first is the network and the last the broadcast address, in IPv6 the first is
    # that of any router.
    return (size + (2 if whole.version == 4 else 1) - 1).bit_length()


def _skipped(bits: int) -> int:
    """Return how many addresses come ahead of the first host: none in a pair (RFC 3021)."""
    return 1 if bits > 1 else 0


def _too_small(what: str, whole: Network, needed: int, has: int, bits: int) -> DrawingError:
    fit = whole.max_prefixlen - bits
    hint = f"; a /{fit} would do" if fit >= 0 else ""
    return DrawingError(f"{what} need {needed} addresses, and {whole} has {has}{hint}")
