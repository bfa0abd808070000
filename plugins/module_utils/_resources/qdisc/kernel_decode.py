# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Decode the options of queueing disciplines and classes (linux/pkt_sched.h).

pyroute2's classes for these convert units and lack attributes newer than 2018 (64-bit rates, times
in nanoseconds), so only its message framing is used.
"""

from __future__ import annotations

import struct
import sys
import typing as t

from ..._netlink.attributes import Reader, attribute, attributes, text, u32
from ..._netlink.codec import NetlinkMessage
from .shaping import PLAIN, Spec
from .state import Filter, FqCodel, Htb, HtbClass, Netem, Options, Tbf
from .units import TICK

NETEM = struct.Struct("=6I")  # struct tc_netem_qopt: latency, limit, loss, gap, duplicate, jitter
CORRELATIONS = struct.Struct("=3I")  # struct tc_netem_corr: delay, loss, duplicate
PAIR = struct.Struct("=2I")  # struct tc_netem_reorder, tc_netem_corrupt
NETEM_RATE = struct.Struct("=IiIi")  # struct tc_netem_rate
RATE = struct.Struct("=BBHhHI")  # struct tc_ratespec
TBF = struct.Struct("=3I")  # struct tc_tbf_qopt, after two rates: limit, buffer, mtu
HTB_INIT = struct.Struct("=5I")  # struct tc_htb_glob
HTB = struct.Struct("=5I")  # struct tc_htb_opt, after two rates: buffer … prio
BYTE_ORDER: t.Literal["little", "big"] = sys.byteorder


class TrafficMessage(NetlinkMessage):
    """RTM_NEWQDISC and RTM_NEWTCLASS: struct tcmsg and two attributes, linux/rtnetlink.h."""

    fields = (
        ("family", "B"),
        ("pad1", "B"),
        ("pad2", "H"),
        ("index", "i"),
        ("handle", "I"),
        ("parent", "I"),
        ("info", "I"),
    )
    nla_map = (
        (1, "TCA_KIND", "asciiz"),
        (2, "TCA_OPTIONS", "cdata"),
        (8, "TCA_STAB", "cdata"),
    )
    wanted: t.ClassVar[dict[int, tuple[str, Reader]]] = {
        1: ("kind", text),
        2: ("options", bytes),
        8: ("stab", bytes),
    }


# Attributes that are decoded for each kind, including padding; others are kept as they are.
KNOWN = {
    "netem": range(1, 14),
    "tbf": range(1, 9),
    "htb": range(1, 9),
    "htb class": range(1, 9),
}


def _extra(kind: str, found: dict[int, bytes]) -> bytes:
    return b"".join(
        attribute(number, value) for number, value in found.items() if number not in KNOWN[kind]
    )


def _found(data: bytes, start: int = 0) -> dict[int, bytes]:
    return dict(attributes(data, start, len(data)))


def _u64_of(found: dict[int, bytes], kind: int, otherwise: int) -> int:
    return int.from_bytes(found[kind], BYTE_ORDER) if kind in found else otherwise


def _spec_of(data: bytes, offset: int) -> tuple[int, Spec]:
    _log, linklayer, overhead, _align, mpu, rate = RATE.unpack_from(data, offset)
    return rate, (overhead, mpu, linklayer & 0x0F)


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
        extra=_extra("netem", found),
    )


def tbf_of(data: bytes) -> Tbf:
    """Read the options of a tbf."""
    found = _found(data)
    rate, spec = _spec_of(found[1], 0)
    peak, peak_spec = _spec_of(found[1], RATE.size)
    limit, buffer, mtu = TBF.unpack_from(found[1], 2 * RATE.size)
    return Tbf(
        _u64_of(found, 4, rate),
        buffer,
        limit,
        spec,
        _u64_of(found, 5, peak),
        mtu,
        peak_spec=peak_spec if peak else PLAIN,
        extra=_extra("tbf", found),
    )


def fq_codel_of(data: bytes) -> FqCodel:
    """Read the options of a fq_codel."""
    found = _found(data)
    numbers = {kind: u32(found[kind]) if kind in found else 0 for kind in range(1, 7)}
    extra = b"".join(attribute(kind, found[kind]) for kind in sorted(found) if kind > 6)
    return FqCodel(
        limit=numbers[2],
        target=numbers[1],
        interval=numbers[3],
        quantum=numbers[6],
        ecn=bool(numbers[4]),
        flows=numbers[5],
        extra=extra,
    )


def htb_of(data: bytes) -> Htb:
    """Read the options of a htb."""
    found = _found(data)
    _version, r2q, default, _debug, _packets = HTB_INIT.unpack_from(found[2])
    direct = u32(found[5]) if 5 in found else None
    return Htb(default, r2q, direct, _extra("htb", found))


def htb_class_of(data: bytes, classid: int, parent: int) -> HtbClass:
    """Read the options of a class."""
    found = _found(data)
    rate, spec = _spec_of(found[1], 0)
    ceil, ceil_spec = _spec_of(found[1], RATE.size)
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
        ceil_spec if ceil_spec != spec else None,
        _extra("htb class", found),
    )


def filter_of(message: t.Any) -> Filter:
    """Read a filter; for most kinds attribute 1 is the class to which it sends packets."""
    found = message.found
    options = _found(found.get("options", b""))
    number = 3 if found["kind"] == "bpf" else 1  # TCA_BPF_CLASSID, TCA_U32_CLASSID and others
    data = options.get(number, b"")
    return Filter(message["parent"], found["kind"], u32(data) if len(data) == 4 else 0)


def decoded(kind: str, data: bytes) -> Options:
    """Read the options of the known kinds."""
    readers: dict[str, t.Callable[[bytes], Options]] = {
        "netem": netem_of,
        "tbf": tbf_of,
        "fq_codel": fq_codel_of,
        "htb": htb_of,
    }
    return readers[kind](data) if kind in readers else None
