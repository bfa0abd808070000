# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times, rates, sizes and percentages: as tc(8) takes them, and there and back again."""

from __future__ import annotations

import random

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import shaping, units


@pytest.mark.parametrize(
    "text, nanoseconds",
    [
        ("10ms", 10_000_000),
        ("1.5s", 1_500_000_000),
        ("500us", 500_000),
        ("0.5us", 500),
        ("7ns", 7),
        ("2secs", 2 * 10**9),
        ("3 msec", 3_000_000),
        ("4usecs", 4000),
        ("10MS", 10_000_000),
        ("0", 0),
        ("0ms", 0),
        ("0.0000001ms", 0),
    ],
)
def test_times(text, nanoseconds):
    assert units.time("delay", text) == nanoseconds


@pytest.mark.parametrize(
    "text, rate",
    [
        ("1mbit", 125_000),
        ("1.5mbit", 187_500),
        ("32kbit", 4000),
        ("1gbit", 125_000_000),
        ("2tbit", 250 * 10**9),
        ("8kibit", 1024),
        ("1mibit", 131_072),
        ("100kbps", 100_000),
        ("1kibps", 1024),
        ("800", 100),
        ("8bit", 1),
        ("0bit", 0),
        ("1MBit", 125_000),
    ],
)
def test_rates(text, rate):
    assert units.rate("rate", text) == rate


@pytest.mark.parametrize(
    "text, size",
    [
        ("1600", 1600),
        ("1600b", 1600),
        ("32kbit", 4096),
        ("16kb", 16384),
        ("16k", 16384),
        ("1mb", 1 << 20),
        ("1.5m", 3 << 19),
        ("8mbit", 1 << 20),
        ("1g", 1 << 30),
    ],
)
def test_sizes(text, size):
    assert units.size("burst", text) == size


@pytest.mark.parametrize(
    "text, share",
    # What tc of iproute2 6.1 sent.
    [
        ("0.5%", 0x0147AE14),
        ("10%", 0x1999999A),
        ("1%", 0x028F5C29),
        ("5%", 0x0CCCCCCD),
        ("0.1%", 0x00418937),
        ("3%", 0x07AE147B),
        ("25%", 0x40000000),
        ("50", 0x80000000),
        ("0%", 0),
        ("100%", 0xFFFFFFFF),
    ],
)
def test_percentages(text, share):
    assert units.percent("loss", text) == share


@pytest.mark.parametrize(
    "read, text",
    [
        (units.time, "10"),
        (units.time, "-1ms"),
        (units.time, "1m"),
        (units.time, "ms"),
        (units.time, ""),
        (units.time, "1e3ms"),
        (units.time, "\u0661ms"),
        (units.rate, "1mb"),
        (units.rate, "fast"),
        (units.rate, "-8bit"),
        (units.rate, "99999999999tbit"),
        (units.size, "1kbits"),
        (units.size, "4gb"),
        (units.size, "1bb"),
        (units.size, "one"),
        (units.percent, "101%"),
        (units.percent, "-1%"),
        (units.percent, "0.5 percent"),
        (units.percent, "%"),
    ],
)
def test_what_is_no_quantity_is_named_in_the_refusal(read, text):
    with pytest.raises(BadInput) as refused:
        read("this", text)
    assert str(refused.value).startswith("this ")
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize(
    "show, value, text",
    [
        (units.shown_time, 10_000_000, "10ms"),
        (units.shown_time, 1_500_000_000, "1.5s"),
        (units.shown_time, 1_234_567, "1.234567ms"),
        (units.shown_time, 960, "960ns"),
        (units.shown_time, 0, "0s"),
        (units.shown_rate, 125_000, "1mbit"),
        (units.shown_rate, 187_500, "1.5mbit"),
        (units.shown_rate, 5 * 10**9, "40gbit"),
        (units.shown_rate, 1, "8bit"),
        (units.shown_rate, 0, "0bit"),
        (units.shown_size, 4096, "4kb"),
        (units.shown_size, 1 << 20, "1mb"),
        (units.shown_size, 1600, "1600b"),
        (units.shown_size, 0, "0b"),
        (units.shown_percent, 0x0147AE14, "0.5%"),
        (units.shown_percent, 0x1999999A, "10%"),
        (units.shown_percent, 1, "0.00000002%"),
        (units.shown_percent, 0xFFFFFFFF, "100%"),
        (units.shown_percent, 0, "0%"),
    ],
)
def test_what_is_shown(show, value, text):
    assert show(value) == text


def some(bound):
    """Return numbers of every length, the same ones in each run."""
    chance = random.Random(1)
    return [chance.randrange(1 << chance.randrange(1, bound)) for _unused in range(300)]


@pytest.mark.parametrize(
    "read, show, bound",
    [
        (units.time, units.shown_time, 62),
        (units.rate, units.shown_rate, 56),
        (units.size, units.shown_size, 32),
        (units.percent, units.shown_percent, 32),
    ],
)
def test_what_is_shown_can_be_stated_again(read, show, bound):
    for value in some(bound):
        assert read("this", show(value)) == value


RATES = (1, 1000, 125_000, 41_625, 12_500_000, 125_000_000, 5 * 10**9, 6_250_000_000)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("stored_by", [shaping.tbf_buffer, shaping.htb_buffer])
def test_a_burst_that_is_shown_is_stored_as_the_one_that_was_stated(rate, stored_by):
    for size in some(31):
        ticks = stored_by(rate, size)
        shown = shaping.burst(ticks, lambda size: stored_by(rate, size))
        if ticks < 1 << 50:
            assert stored_by(rate, shown) == ticks
        if rate <= 12_500_000:  # a byte takes more than a tick
            assert shown == size


def test_round_bursts_are_shown_where_the_kernel_cannot_tell():
    fast = 1_250_000_000  # 80 bytes take 64 ns
    for size in (1600, 4096, 100_000, 1 << 20):
        ticks = shaping.tbf_buffer(fast, size)
        assert shaping.burst(ticks, lambda each: shaping.tbf_buffer(fast, each)) == size


def test_overhead_and_cells_count():
    plain = shaping.tbf_buffer(125_000, 1600)
    assert shaping.tbf_buffer(125_000, 1590, (10, 0, 1)) == plain
    assert shaping.tbf_buffer(125_000, 64, (0, 1600, 1)) == plain
    assert shaping.tbf_buffer(125_000, 48, (0, 0, 2)) == shaping.tbf_buffer(125_000, 53)


@pytest.mark.parametrize("rate", RATES[1:])
@pytest.mark.parametrize("latency", [10**6, 5 * 10**7, 123_456_789, 2 * 10**9])
def test_a_latency_that_is_shown_gives_the_same_limit(rate, latency):
    limit = shaping.limit(rate, 4096, latency)
    shown = shaping.latency(rate, 4096, limit)
    assert shaping.limit(rate, 4096, shown) == limit


@pytest.mark.parametrize("stated, kept", [(5000, 4999), (100_000, 99_999), (1024, 1024), (0, 0)])
def test_the_times_of_codel(stated, kept):
    # tc shows 4.99ms for a target of 5ms.
    assert shaping.codel_time(stated) == kept
    assert shaping.codel_time(kept) in (kept, kept - 1)
    assert shaping.stated_codel_time(kept) == stated


def test_every_time_of_codel_can_be_stated_again():
    for microseconds in some(32):
        kept = shaping.codel_time(microseconds)
        assert shaping.codel_time(shaping.stated_codel_time(kept)) == kept
