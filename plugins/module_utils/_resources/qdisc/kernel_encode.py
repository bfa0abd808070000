# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Encode the options of queueing disciplines and classes (linux/pkt_sched.h)."""

from __future__ import annotations

import struct

from ..._netlink.attributes import attribute
from .kernel_decode import CORRELATIONS, HTB, HTB_INIT, NETEM, NETEM_RATE, PAIR, RATE, TBF
from .shaping import ATM, LARGEST, Spec, stated_codel_time
from .state import FqCodel, Htb, HtbClass, Netem, Options, Tbf
from .units import TICK

HTB_VERSION = 3
STAB = struct.Struct("=BBhiIIII")  # struct tc_sizespec
NESTED = 0x8000  # NLA_F_NESTED


def _u32(kind: int, value: int) -> bytes:
    return attribute(kind, struct.pack("=I", value))


def _u64(kind: int, value: int) -> bytes:
    return attribute(kind, struct.pack("=Q", value))


def _rate_spec(rate: int, spec: Spec) -> bytes:
    # A cell of 8 bytes, aligned like tc's; current kernels ignore it.
    overhead, mpu, linklayer = spec
    return RATE.pack(3, linklayer, overhead, -1, mpu, min(rate, LARGEST))


def netem(new: Netem, old: Netem | None) -> bytes:
    """Return the options of a netem or of its change, in which the kernel keeps omitted ones."""
    was = old or Netem()
    ticks = [min(each // TICK, LARGEST) for each in (new.delay, new.jitter)]
    data = NETEM.pack(ticks[0], new.limit, new.loss, new.gap, new.duplicate, ticks[1])
    correlations = [
        (each.correlation, each.loss_correlation, each.duplicate_correlation) for each in (new, was)
    ]
    if any(map(any, correlations)):
        data += attribute(1, CORRELATIONS.pack(*correlations[0]))
    pairs = (
        (3, (new.reorder, new.reorder_correlation), (was.reorder, was.reorder_correlation)),
        (4, (new.corrupt, new.corrupt_correlation), (was.corrupt, was.corrupt_correlation)),
    )
    for kind, pair, had in pairs:
        if any(pair) or any(had):
            data += attribute(kind, PAIR.pack(*pair))
    if new.loss_model:
        data += attribute(5 | NESTED, new.loss_model)
    if new.rate > LARGEST:
        data += _u64(8, new.rate)
    if any((new.rate, was.rate, *new.cell, *was.cell)):
        data += attribute(6, NETEM_RATE.pack(min(new.rate, LARGEST), *new.cell))
    if new.ecn or was.ecn:
        data += _u32(7, new.ecn)
    # Ticks cannot represent every time; nanoseconds can.
    for kind, each, tick in ((10, new.delay, ticks[0]), (11, new.jitter, ticks[1])):
        data += b"" if each == tick * TICK else _u64(kind, each)
    return data + (attribute(12, new.slot) if new.slot and old is None else b"") + new.extra


def tbf(new: Tbf) -> bytes:
    """Return the options of a tbf; with TCA_TBF_BURST the kernel computes the buffer itself."""
    peak = _rate_spec(new.peak, new.peak_spec) if new.peak else bytes(RATE.size)
    data = _rate_spec(new.rate, new.spec) + peak + TBF.pack(new.limit, new.buffer, new.mtu)
    data = attribute(1, data)
    data += b"" if new.burst is None else _u32(6, new.burst)
    data += _u64(4, new.rate) if new.rate > LARGEST else b""
    return data + (_u64(5, new.peak) if new.peak > LARGEST else b"") + new.extra


def fq_codel(new: FqCodel, old: FqCodel | None) -> bytes:
    """Return the options of a fq_codel, with flows only for a new one."""
    data = _u32(2, new.limit)
    data += b"" if old else _u32(5, new.flows)
    data += _u32(6, new.quantum)
    data += _u32(3, stated_codel_time(new.interval)) + _u32(1, stated_codel_time(new.target))
    return data + _u32(4, int(new.ecn)) + (b"" if old else new.extra)


def htb(new: Htb) -> bytes:
    """Return the options of a htb."""
    data = attribute(2, HTB_INIT.pack(HTB_VERSION, new.r2q, new.default, 0, 0))
    return data + (b"" if new.direct_qlen is None else _u32(5, new.direct_qlen)) + new.extra


def htb_class(new: HtbClass, quantum: int) -> bytes:
    """Return the options of a class; with a quantum of 0 the kernel computes it from the rate."""
    data = _u64(6, new.rate) if new.rate > LARGEST else b""
    data += _u64(7, new.ceil) if new.ceil > LARGEST else b""
    rates = _rate_spec(new.rate, new.spec) + _rate_spec(new.ceil, new.ceil_spec or new.spec)
    data += attribute(1, rates + HTB.pack(new.buffer, new.cbuffer, quantum, 0, new.prio))
    return data + new.extra


def encoded(new: Options, old: Options) -> bytes:
    """Return the options of a queueing discipline; ``old`` are the current ones in a change."""
    if isinstance(new, Netem):
        return netem(new, old if isinstance(old, Netem) else None)
    if isinstance(new, Tbf):
        return tbf(new)
    if isinstance(new, FqCodel):
        return fq_codel(new, old if isinstance(old, FqCodel) else None)
    return htb(new) if new is not None else b""


def stab(wire: bytes) -> bytes:
    """Return a size table for a request: the kernel shows only its parameters, from which the table is
    computed as in iproute2's tc_calc_size_table()."""
    base = wire[4 : 4 + STAB.size]  # TCA_STAB_BASE, struct tc_sizespec
    cell_log, size_log, _align, _overhead, linklayer, mpu, _mtu, size = STAB.unpack(base)
    data = attribute(1, base)
    if not size:
        return data
    lengths = [max((number + 1) << cell_log, mpu) for number in range(size)]
    if linklayer == ATM:
        lengths = [-(-length // 48) * 53 for length in lengths]
    return data + attribute(2, struct.pack(f"={size}H", *(each >> size_log for each in lengths)))
