# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The options of queueing disciplines and of classes, byte by byte (linux/pkt_sched.h).

pyroute2's own classes for these convert units and lack what came after 2018 (64-bit rates, times in
nanoseconds); of it only the frame of the message is used.
"""

from __future__ import annotations

import struct
import sys
import typing as t

from .._model.qdisc import FqCodel, Htb, HtbClass, Netem, Options, Tbf
from .._model.shaping import LARGEST, Spec, stated_codel_time
from .._model.units import TICK
from .codec import ATTRIBUTE, Lean, Reader, attributes, text, u32
from .messages import nlmsg

NETEM = struct.Struct("=6I")  # struct tc_netem_qopt: latency, limit, loss, gap, duplicate, jitter
CORRELATIONS = struct.Struct("=3I")  # struct tc_netem_corr: delay, loss, duplicate
PAIR = struct.Struct("=2I")  # struct tc_netem_reorder, tc_netem_corrupt
NETEM_RATE = struct.Struct("=IiIi")  # struct tc_netem_rate
RATE = struct.Struct("=BBHhHI")  # struct tc_ratespec
TBF = struct.Struct("=3I")  # struct tc_tbf_qopt, after two rates: limit, buffer, mtu
HTB_INIT = struct.Struct("=5I")  # struct tc_htb_glob
HTB = struct.Struct("=5I")  # struct tc_htb_opt, after two rates: buffer … prio
HTB_VERSION = 3
NESTED = 0x8000
BYTE_ORDER: t.Literal["little", "big"] = sys.byteorder


class TrafficMessage(Lean, nlmsg):
    """RTM_NEWQDISC and RTM_NEWTCLASS: struct tcmsg and two attributes, linux/rtnetlink.h."""

    prefix = "TCA_"
    fields = (
        ("family", "B"),
        ("pad1", "B"),
        ("pad2", "H"),
        ("index", "i"),
        ("handle", "I"),
        ("parent", "I"),
        ("info", "I"),
    )
    nla_map = (("TCA_UNSPEC", "none"), ("TCA_KIND", "asciiz"), ("TCA_OPTIONS", "cdata"))
    wanted: t.ClassVar[dict[int, tuple[str, Reader]]] = {1: ("kind", text), 2: ("options", bytes)}


def _attribute(kind: int, value: bytes) -> bytes:
    padding = b"\0" * (-len(value) % 4)
    return ATTRIBUTE.pack(len(value) + 4, kind) + value + padding


def _u32(kind: int, value: int) -> bytes:
    return _attribute(kind, struct.pack("=I", value))


def _u64(kind: int, value: int) -> bytes:
    return _attribute(kind, struct.pack("=Q", value))


def _found(data: bytes, start: int = 0) -> dict[int, bytes]:
    return dict(attributes(data, start, len(data)))


def _u64_of(found: dict[int, bytes], kind: int, otherwise: int) -> int:
    return int.from_bytes(found[kind], BYTE_ORDER) if kind in found else otherwise


def _rate_spec(rate: int, spec: Spec) -> bytes:
    # A cell of 8 bytes, aligned as tc does it; the kernel has long computed without them.
    overhead, mpu, linklayer = spec
    return RATE.pack(3, linklayer, overhead, -1, mpu, min(rate, LARGEST))


def _spec_of(data: bytes, offset: int) -> tuple[int, Spec]:
    _log, linklayer, overhead, _align, mpu, rate = RATE.unpack_from(data, offset)
    return rate, (overhead, mpu, linklayer & 0x0F)


# --- netem ---------------------------------------------------------------------------------------


def netem(new: Netem, old: Netem | None) -> bytes:
    """Return the options of a netem, or of its change: what is not sent, the kernel keeps."""
    was = old or Netem()
    ticks = [min(each // TICK, LARGEST) for each in (new.delay, new.jitter)]
    data = NETEM.pack(ticks[0], new.limit, new.loss, new.gap, new.duplicate, ticks[1])
    correlations = [
        (each.correlation, each.loss_correlation, each.duplicate_correlation) for each in (new, was)
    ]
    if any(map(any, correlations)):
        data += _attribute(1, CORRELATIONS.pack(*correlations[0]))
    pairs = (
        (3, (new.reorder, new.reorder_correlation), (was.reorder, was.reorder_correlation)),
        (4, (new.corrupt, new.corrupt_correlation), (was.corrupt, was.corrupt_correlation)),
    )
    for kind, pair, had in pairs:
        if any(pair) or any(had):
            data += _attribute(kind, PAIR.pack(*pair))
    if new.loss_model:
        data += _attribute(5 | NESTED, new.loss_model)
    if new.rate > LARGEST:
        data += _u64(8, new.rate)
    if any((new.rate, was.rate, *new.cell, *was.cell)):
        data += _attribute(6, NETEM_RATE.pack(min(new.rate, LARGEST), *new.cell))
    if new.ecn or was.ecn:
        data += _u32(7, new.ecn)
    # Ticks do not hold every time: these do.
    for kind, each, tick in ((10, new.delay, ticks[0]), (11, new.jitter, ticks[1])):
        data += b"" if each == tick * TICK else _u64(kind, each)
    return data + (_attribute(12, new.slot) if new.slot and old is None else b"")


def netem_of(data: bytes) -> Netem:
    """Read the options of a netem."""
    latency, limit, loss, gap, duplicate, jitter = NETEM.unpack_from(data)
    found = _found(data, NETEM.size)
    correlations = CORRELATIONS.unpack(found.get(1, bytes(CORRELATIONS.size)))
    reorder = PAIR.unpack(found.get(3, bytes(PAIR.size)))
    corrupt = PAIR.unpack(found.get(4, bytes(PAIR.size)))
    rate, *cell = NETEM_RATE.unpack(found.get(6, bytes(NETEM_RATE.size)))
    return Netem(
        delay=_u64_of(found, 10, latency * TICK),
        jitter=_u64_of(found, 11, jitter * TICK),
        correlation=correlations[0],
        loss=loss,
        loss_correlation=correlations[1],
        duplicate=duplicate,
        duplicate_correlation=correlations[2],
        corrupt=corrupt[0],
        corrupt_correlation=corrupt[1],
        reorder=reorder[0],
        reorder_correlation=reorder[1],
        gap=gap,
        rate=_u64_of(found, 8, rate),
        limit=limit,
        cell=(cell[0], cell[1], cell[2]),
        ecn=u32(found[7]) if 7 in found else 0,
        loss_model=found.get(5, b""),
        slot=found.get(12, b""),
    )


# --- tbf -----------------------------------------------------------------------------------------


def tbf(new: Tbf) -> bytes:
    """Return the options of a tbf; with TCA_TBF_BURST the kernel computes the buffer itself."""
    peak = _rate_spec(new.peak, new.spec) if new.peak else bytes(RATE.size)
    data = _rate_spec(new.rate, new.spec) + peak + TBF.pack(new.limit, new.buffer, new.mtu)
    data = _attribute(1, data)
    data += b"" if new.burst is None else _u32(6, new.burst)
    data += _u64(4, new.rate) if new.rate > LARGEST else b""
    return data + (_u64(5, new.peak) if new.peak > LARGEST else b"")


def tbf_of(data: bytes) -> Tbf:
    """Read the options of a tbf."""
    found = _found(data)
    rate, spec = _spec_of(found[1], 0)
    peak, _unused = _spec_of(found[1], RATE.size)
    limit, buffer, mtu = TBF.unpack_from(found[1], 2 * RATE.size)
    return Tbf(_u64_of(found, 4, rate), buffer, limit, spec, _u64_of(found, 5, peak), mtu)


# --- fq_codel ------------------------------------------------------------------------------------


def fq_codel(new: FqCodel, old: FqCodel | None) -> bytes:
    """Return the options of a fq_codel; how many flows it has is said only once."""
    data = _u32(2, new.limit)
    data += b"" if old else _u32(5, new.flows)
    data += _u32(6, new.quantum)
    data += _u32(3, stated_codel_time(new.interval)) + _u32(1, stated_codel_time(new.target))
    return data + _u32(4, int(new.ecn)) + (b"" if old else new.extra)


def fq_codel_of(data: bytes) -> FqCodel:
    """Read the options of a fq_codel."""
    found = _found(data)
    numbers = {kind: u32(found[kind]) if kind in found else 0 for kind in range(1, 7)}
    extra = b"".join(_attribute(kind, found[kind]) for kind in sorted(found) if kind > 6)
    return FqCodel(
        limit=numbers[2],
        target=numbers[1],
        interval=numbers[3],
        quantum=numbers[6],
        ecn=bool(numbers[4]),
        flows=numbers[5],
        extra=extra,
    )


# --- htb -----------------------------------------------------------------------------------------


def htb(new: Htb) -> bytes:
    """Return the options of a htb."""
    data = _attribute(2, HTB_INIT.pack(HTB_VERSION, new.r2q, new.default, 0, 0))
    return data + (b"" if new.direct_qlen is None else _u32(5, new.direct_qlen))


def htb_of(data: bytes) -> Htb:
    """Read the options of a htb."""
    found = _found(data)
    _version, r2q, default, _debug, _packets = HTB_INIT.unpack_from(found[2])
    return Htb(default, r2q, u32(found[5]) if 5 in found else None)


def htb_class(new: HtbClass, quantum: int) -> bytes:
    """Return the options of a class; with a quantum of 0 the kernel computes it from the rate."""
    data = _u64(6, new.rate) if new.rate > LARGEST else b""
    data += _u64(7, new.ceil) if new.ceil > LARGEST else b""
    rates = _rate_spec(new.rate, new.spec) + _rate_spec(new.ceil, new.spec)
    return data + _attribute(1, rates + HTB.pack(new.buffer, new.cbuffer, quantum, 0, new.prio))


def htb_class_of(data: bytes, classid: int, parent: int) -> HtbClass:
    """Read the options of a class."""
    found = _found(data)
    rate, spec = _spec_of(found[1], 0)
    ceil, _unused = _spec_of(found[1], RATE.size)
    buffer, cbuffer, quantum, _level, prio = HTB.unpack_from(found[1], 2 * RATE.size)
    return HtbClass(
        classid,
        parent,
        _u64_of(found, 6, rate),
        _u64_of(found, 7, ceil),
        buffer,
        cbuffer,
        prio,
        quantum,
        spec,
    )


def encoded(new: Options, old: Options) -> bytes:
    """Return the options of a queueing discipline; ``old`` is what is to be changed, if it is."""
    if isinstance(new, Netem):
        return netem(new, old if isinstance(old, Netem) else None)
    if isinstance(new, Tbf):
        return tbf(new)
    if isinstance(new, FqCodel):
        return fq_codel(new, old if isinstance(old, FqCodel) else None)
    return htb(new) if new is not None else b""


def decoded(kind: str, data: bytes) -> Options:
    """Read the options of the kinds that we know."""
    readers: dict[str, t.Callable[[bytes], Options]] = {
        "netem": netem_of,
        "tbf": tbf_of,
        "fq_codel": fq_codel_of,
        "htb": htb_of,
    }
    return readers[kind](data) if kind in readers else None
