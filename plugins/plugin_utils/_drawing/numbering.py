# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Assign addresses to links and nodes from networks."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import DrawingError

Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


class Subnet(t.NamedTuple):
    """The network of a segment, its prefix length, and an address for each port."""

    network: str
    length: int
    hosts: tuple[str, ...]


def link_subnets(whole: Network, sizes: t.Iterable[int], length: int) -> list[Subnet]:
    """Return consecutive subnets for segments with these numbers of ports.

    For up to two ports, the IPv4 length is ``length`` and the IPv6 length 127 (RFC 6164); for more,
    it is the smallest that suffices.
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
    """Return the first host addresses of a network."""
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
    """Return the number of host bits of the smallest network for that many hosts."""
    if size <= 2:
        return size - 1
    # In IPv4 the first address is the network and the last one broadcast; in IPv6 the first is the
    # subnet-router anycast address.
    return (size + (2 if whole.version == 4 else 1) - 1).bit_length()


def _skipped(bits: int) -> int:
    """Return the number of addresses before the first host: none in a pair (RFC 3021)."""
    return 1 if bits > 1 else 0


def _too_small(what: str, whole: Network, needed: int, has: int, bits: int) -> DrawingError:
    fit = whole.max_prefixlen - bits
    hint = f"; a /{fit} would do" if fit >= 0 else ""
    return DrawingError(f"{what} need {needed} addresses, and {whole} has {has}{hint}")
