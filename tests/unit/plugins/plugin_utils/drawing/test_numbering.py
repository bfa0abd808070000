# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which addresses come out of a network, and what is said when it is too small."""

from __future__ import annotations

import ipaddress

import pytest

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import DrawingError
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.numbering import (
    link_subnets,
    loopbacks,
)


def links(whole, sizes, length=31):
    subnets = link_subnets(ipaddress.ip_network(whole), sizes, length)
    return [(subnet.network, *subnet.hosts) for subnet in subnets]


def nodes(whole, count):
    return loopbacks(ipaddress.ip_network(whole), count)


def test_pairs_one_after_the_other():
    assert links("10.0.0.0/30", [2, 2]) == [
        ("10.0.0.0/31", "10.0.0.0", "10.0.0.1"),
        ("10.0.0.2/31", "10.0.0.2", "10.0.0.3"),
    ]


def test_pairs_of_30():
    assert links("10.0.0.0/29", [2, 2], 30) == [
        ("10.0.0.0/30", "10.0.0.1", "10.0.0.2"),
        ("10.0.0.4/30", "10.0.0.5", "10.0.0.6"),
    ]


@pytest.mark.parametrize("length", [30, 31])
def test_pairs_of_ipv6_are_127(length):
    assert links("fd00::/64", [2, 2], length)[1] == ("fd00::2/127", "fd00::2", "fd00::3")


def test_a_segment_of_more_gets_the_smallest_subnet_that_holds_it_where_it_may_lie():
    assert links("10.0.0.0/24", [2, 3, 2, 6, 7, 1]) == [
        ("10.0.0.0/31", "10.0.0.0", "10.0.0.1"),
        ("10.0.0.8/29", "10.0.0.9", "10.0.0.10", "10.0.0.11"),
        ("10.0.0.16/31", "10.0.0.16", "10.0.0.17"),
        ("10.0.0.24/29", *(f"10.0.0.{n}" for n in range(25, 31))),
        ("10.0.0.32/28", *(f"10.0.0.{n}" for n in range(33, 40))),
        ("10.0.0.48/31", "10.0.0.48"),
    ]
    assert links("fd00::/64", [3, 4]) == [
        ("fd00::/126", "fd00::1", "fd00::2", "fd00::3"),
        ("fd00::8/125", "fd00::9", "fd00::a", "fd00::b", "fd00::c"),
    ]


def test_no_two_subnets_overlap_and_all_lie_inside():
    sizes = [2, 5, 2, 2, 30, 2, 3, 1, 14]
    for whole in ("10.1.0.0/24", "fd00::/120"):
        found = [ipaddress.ip_network(network) for network, *hosts in links(whole, sizes)]
        assert all(each.subnet_of(ipaddress.ip_network(whole)) for each in found)
        ordered = sorted(found)
        assert not any(a.overlaps(b) for a, b in zip(ordered, ordered[1:]))


@pytest.mark.parametrize(
    ("whole", "sizes", "length", "said"),
    [
        ("10.0.0.0/28", 9 * [2], 31, "need 18 addresses, and 10.0.0.0/28 has 16; a /27 would do"),
        ("10.0.0.0/28", 5 * [2], 30, "need 20 addresses, and 10.0.0.0/28 has 16; a /27 would do"),
        ("10.0.0.0/32", [2], 31, "need 2 addresses, and 10.0.0.0/32 has 1; a /31 would do"),
        ("fd00::/126", 3 * [2], 31, "need 6 addresses, and fd00::/126 has 4; a /125 would do"),
    ],
)
def test_a_network_that_is_too_small_for_links(whole, sizes, length, said):
    with pytest.raises(DrawingError, match=f"the links {said}"):
        links(whole, sizes, length)


@pytest.mark.parametrize(
    ("whole", "count", "first", "last"),
    [
        ("10.0.0.0/24", 254, "10.0.0.1", "10.0.0.254"),
        ("10.0.0.0/30", 2, "10.0.0.1", "10.0.0.2"),
        ("10.0.0.0/31", 2, "10.0.0.0", "10.0.0.1"),
        ("10.0.0.7/32", 1, "10.0.0.7", "10.0.0.7"),
        ("fd00::/126", 3, "fd00::1", "fd00::3"),
        ("fd00::7/128", 1, "fd00::7", "fd00::7"),
    ],
)
def test_the_addresses_of_nodes(whole, count, first, last):
    found = nodes(whole, count)
    assert (len(found), found[0], found[-1]) == (count, first, last)
    with pytest.raises(DrawingError, match=f"need {count + 1} addresses, and {whole} has {count};"):
        nodes(whole, count + 1)


@pytest.mark.parametrize("count", [2, 3, 6, 7, 14, 15, 254, 255])
@pytest.mark.parametrize(("small", "bits"), [("10.0.0.0/32", 32), ("fd00::/128", 128)])
def test_the_size_that_would_do_does_and_the_next_one_does_not(small, bits, count):
    with pytest.raises(DrawingError, match="would do") as caught:
        nodes(small, count)
    length = int(str(caught.value).split("a /")[1].split()[0])
    whole = small.partition("/")[0]
    assert len(nodes(f"{whole}/{length}", count)) == count
    with pytest.raises(DrawingError):
        nodes(f"{whole}/{length + 1}", count)


def test_nothing_needs_nothing():
    assert links("10.0.0.0/32", []) == []
    assert nodes("10.0.0.0/32", 0) == []
