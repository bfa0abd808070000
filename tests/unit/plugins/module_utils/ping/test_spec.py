# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task states of pings, the packets of a run, and the order in which many go."""

from __future__ import annotations

import collections
import itertools
import struct

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._ping import icmp as echo
from ansible_collections.linuxnet.netns.plugins.module_utils._ping import spec as ping
from ansible_collections.linuxnet.netns.plugins.module_utils._ping.schedule import BLOCK, groups
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour import (
    kernel_flush as forget,
)


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


@pytest.mark.parametrize("size", [echo.LEAST, 13, 56, 57, 1500, echo.MOST])
def test_a_request_has_its_size_and_a_right_checksum(size):
    packets = echo.Packets(size)
    for number in (0, 1, 0xFFFF, 0x10000, 39799, 0xFFFFFFFF):
        packet = packets.request(4, number & 0xFFFF, number)
        assert len(packet) == 8 + size
        assert packet[:2] == b"\x08\x00"
        assert checksum(packet) == 0xFFFF


def reply(packets, version, number, sequence=7, **changes):
    packet = bytearray(packets.request(version, sequence, number))
    packet[0] = changes.get("kind", echo.REPLY[version])
    if "identifier" in changes:
        packet[4:6] = changes["identifier"]
    header = b"\x46" + bytes(23) if version == 4 else b""  # with an option
    return header + bytes(packet)


@pytest.mark.parametrize("version", [4, 6])
def test_an_answer_is_known_by_its_token_only(version):
    packets = echo.Packets(56, b"12345678", 0x1234)
    others = echo.Packets(56, b"12345679", 0x1234)
    assert packets.answered(version, reply(packets, version, 39799)) == 39799
    assert packets.answered(version, reply(others, version, 39799)) is None
    assert packets.answered(version, reply(packets, version, 1, identifier=b"ab")) is None
    assert packets.answered(version, reply(packets, version, 1, kind=3)) is None
    assert packets.answered(version, reply(packets, version, 1)[: -56 + 11]) is None
    assert packets.answered(version, b"") is None


def test_an_error_quotes_all_or_the_first_eight_bytes():
    packets = echo.Packets(56, b"12345678", 0x1234)
    packet = packets.request(4, 99, 70000)
    assert packets.quoted(4, packet) == (70000, 99)
    assert packets.quoted(4, packet[:8]) == (None, 99)
    assert packets.quoted(4, packet[:7]) is None
    assert packets.quoted(6, packet) is None
    assert packets.quoted(4, echo.Packets(56, b"x" * 8, 0x1234).request(4, 99, 1)) is None


def test_errors_have_the_same_words_for_both_versions():
    assert echo.words(4, 3, 1) == echo.words(6, 1, 3) == "host unreachable"
    assert echo.words(4, 3, 13) == echo.words(6, 1, 1) == "administratively prohibited"
    assert echo.words(4, 11, 0) == echo.words(6, 3, 0) == "time to live exceeded"
    assert echo.words(4, 3, 15) == "ICMP error 3, code 15"


def test_a_goal_is_an_address_or_a_namespace():
    assert ping.goal("10.9.0.1") == ping.Goal(address="10.9.0.1")
    assert ping.goal("2001:DB8:0::1") == ping.Goal(address="2001:db8::1")
    assert ping.goal("fe80::1%v1") == ping.Goal(address="fe80::1", link="v1")
    assert ping.goal("/run/netns/10.9.0.1") == ping.Goal(place="10.9.0.1")
    assert ping.goal("4711") == ping.Goal(place="4711")
    assert ping.goal("") == ping.Goal(place="")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fe80::1", "needs the link"),
        ("2001:db8::1%v", "only a link-local"),
        ("10.9.0.1%v", "only a link-local"),
        ("ff02::1", "not the address of a single host"),
        ("0.0.0.0", "not the address of a single host"),
        ("255.255.255.255", "not the address of a single host"),
        ("..", "cannot be the name of a namespace"),
    ],
)
def test_what_is_no_goal(text, says):
    with pytest.raises(BadInput, match=says):
        ping.goal(text)


def test_entries_fall_back_on_the_task():
    found = ping.expectations(["a"], ["all"], [{}, {"from": "b,c", "expect": "unreachable"}])
    assert [(each.sources, each.goals, each.reachable) for each in found] == [
        (("a",), None, True),
        (("b", "c"), None, False),
    ]
    assert ping.expectations(["a"], ["/run/netns/all"], "reachable")[0].goals == (
        ping.Goal(place="all"),
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((None, ["b"], "reachable"), "from is missing"),
        ((["a"], None, [{"to": "b"}, {}]), r"expect\[1\]: to is missing"),
        ((["a"], ["b"], []), "a list of expectations"),
        ((["a"], ["b"], ["reachable"]), r"expect\[0\] must be a dictionary"),
        ((["a"], ["b"], [{"expect": True}]), "reachable or unreachable, not True"),
        ((["a"], ["b"], [{"for": "a"}]), "has unknown keys for"),
        ((["a"], ["b"], {"expect": "reachable"}), "a list of expectations"),
    ],
)
def test_what_cannot_be_expected(arguments, says):
    with pytest.raises(BadInput, match=says):
        ping.expectations(*arguments)


def tally(*addresses):
    made = ping.Tally()
    for number, (times, error) in enumerate(addresses, 1):
        made.add(f"10.9.0.{number}", 2, times, 0, error, None)
    return made


def test_reachable_is_each_address_and_unreachable_is_none():
    whole = tally(([1000000, 2000000], None), ([3000000, 3000000], None))
    half = tally(([1000000], None), ([], "host unreachable"))
    none = tally(([], None), ([], None))
    empty = tally()
    assert [each.meets(True) for each in (whole, half, none, empty)] == [True, False, False, False]
    assert [each.meets(False) for each in (whole, half, none, empty)] == [False, False, True, True]
    assert whole.shown() == {
        "reachable": True,
        "sent": 4,
        "received": 4,
        "duplicates": 0,
        "loss": 0.0,
        "rtt": 2.25,
        "error": None,
        "error_from": None,
    }
    assert (half.shown()["loss"], half.shown()["error"]) == (75.0, "no answer")
    assert half.describe_failure() == "no answer at 10.9.0.2"
    assert none.describe_failure() == "no answer"
    assert empty.shown()["error"] == empty.describe_failure() == "has no address"


def test_of_many_broken_pairs_the_first_are_named():
    told = ping.failure_message([(f"a{n}", "b", n % 2 == 1, tally(([], None))) for n in range(30)])
    assert told.startswith("a0 reaches b; a1 does not reach b: no answer; ")
    assert told.endswith("a19 does not reach b: no answer; and 10 other pairs are not as expected")


def test_few_neighbours_need_no_groups():
    pairs = list(itertools.permutations("abcd", 2))
    (order,) = groups(pairs, 400)
    assert sorted(order) == list(range(12))
    sources = [pairs[number][0] for number in order]
    assert sources[:4] == ["a", "b", "c", "d"]


def test_many_neighbours_are_never_too_many_at_a_time():
    names = [f"n{number}" for number in range(50)]
    pairs = list(itertools.permutations(names, 2))
    found = groups(pairs, len(pairs))
    assert sorted(itertools.chain(*found)) == list(range(len(pairs)))
    where = {pairs[number]: at for at, group in enumerate(found) for number in group}
    for source, goal in pairs:
        assert where[source, goal] == where[goal, source]
    assert max(len(group) for group in found) <= 2 * BLOCK * BLOCK


def test_many_addresses_of_one_namespace_are_parted_too():
    found = groups([("a", None)] * 500, 500)
    assert sorted(itertools.chain(*found)) == list(range(500))
    assert max(map(len, found)) <= BLOCK
    assert collections.Counter(map(len, found))[BLOCK] == 500 // BLOCK


def test_a_neighbour_is_forgotten_by_a_message_of_its_length():
    told = forget.message(7, "10.9.0.1")
    assert struct.unpack_from("=IHH", told) == (len(told), 29, 1)
    assert told.endswith(struct.pack("=HH", 8, 1) + bytes([10, 9, 0, 1]))
    assert len(forget.message(7, "2001:db8::1")) == len(told) + 12
