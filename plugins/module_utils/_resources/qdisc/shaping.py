# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Convert bursts, latencies and targets to what the kernel stores: times instead of bytes.

Each conversion has an inverse that returns the roundest of the values that the kernel stores alike,
so that results show what a task stated.
"""

from __future__ import annotations

import typing as t

from .units import SECOND, TICK, roundest

BYTES = (1 << 20, 1 << 10, 1000, 100, 10, 1)
TIMES: tuple[int, ...] = tuple(10**power for power in range(9, -1, -1))
LARGEST = 0xFFFFFFFF
PACKET = 1600  # the burst of a class, where none is stated: q_htb.c of iproute2

Spec = tuple[int, int, int]  # overhead, mpu and linklayer of struct tc_ratespec
PLAIN: Spec = (0, 0, 1)  # TC_LINKLAYER_ETHERNET
ATM = 2


def tbf_buffer(rate: int, size: int, spec: Spec = PLAIN) -> int:
    """Return the ticks that tbf shows for a burst of bytes: psched_l2t_ns(), net/sch_generic.h."""
    factor, shift = SECOND, 0  # psched_ratecfg_precompute__(), net/sched/sch_generic.c
    while True:
        multiplier = factor // rate & LARGEST
        if multiplier >> 31 or factor >> 63:
            break
        factor <<= 1
        shift += 1
    overhead, mpu, linklayer = spec
    length = max(size + overhead, mpu)
    if linklayer == ATM:
        length = -(-length // 48) * 53
    return (length * multiplier >> shift) // TICK


def htb_buffer(rate: int, size: int) -> int:
    """Return the ticks that a class of htb gets for a burst: tc_calc_xmittime() of iproute2."""
    return -(-size * SECOND // (rate * TICK))


def burst(ticks: int, stored: t.Callable[[int], int]) -> int:
    """Return the bytes for which these ticks are stored."""
    low, above = _first(ticks, stored), _first(ticks + 1, stored)
    if low <= PACKET < above:
        return PACKET
    return roundest(low, max(low, above - 1), BYTES)


def _first(ticks: int, stored: t.Callable[[int], int]) -> int:
    """Return the smallest size for which at least these ticks are stored."""
    low, high = 0, LARGEST
    while low < high:
        middle = (low + high) // 2
        if stored(middle) < ticks:
            low = middle + 1
        else:
            high = middle
    return low


def tbf_burst(rate: int, ticks: int, spec: Spec) -> int:
    """Return the bytes of the burst of a tbf."""
    return burst(ticks, lambda size: tbf_buffer(rate, size, spec))


def htb_burst(rate: int, ticks: int) -> int:
    """Return the bytes of the burst of a class, at its rate or at its ceiling."""
    return burst(ticks, lambda size: htb_buffer(rate, size))


def limit(rate: int, size: int, latency: int) -> int:
    """Return the bytes that may wait so that none waits longer, as tc(8) counts them."""
    return rate * latency // SECOND + size


def latency(rate: int, size: int, bytes_waiting: int) -> int:
    """Return the time for which limit() gives these bytes."""
    waiting = max(0, bytes_waiting - size)
    low = -(-waiting * SECOND // rate)
    high = -(-(waiting + 1) * SECOND // rate) - 1
    return roundest(low, max(low, high), TIMES)


def codel_time(microseconds: int) -> int:
    """Return a time as codel keeps it, in 1024 ns: codel_time_to_us(), net/codel.h."""
    return (microseconds * 1000 >> 10 << 10) // 1000


def stated_codel_time(microseconds: int) -> int:
    """Return the roundest time, in microseconds, that is kept as this one."""
    low = microseconds
    while codel_time(low) < microseconds:
        low += 1
    high = low
    while codel_time(high + 1) == codel_time(low):
        high += 1
    return roundest(low, high, TIMES)
