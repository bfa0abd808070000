# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""tc(8) commands for queueing disciplines and classes."""

from __future__ import annotations

import struct
import typing as t

from ..._core.wire import ATTRIBUTE
from . import shaping, units
from .state import FqCodel, Htb, HtbClass, Netem, Options, Qdisc, Tbf, class_name

DEFAULT_QUEUE = 1000  # DEFAULT_TX_QUEUE_LEN, linux/netdevice.h
SIZES = struct.Struct("=BBhiIIII")  # struct tc_sizespec, linux/pkt_sched.h


def place(qdisc: Qdisc) -> list[str]:
    """Return the tc(8) words for the place of a queueing discipline."""
    above = class_name(qdisc.parent)
    return ["dev", qdisc.link, *(["root"] if above == "root" else ["parent", above])]


def qdisc_words(verb: str, new: Qdisc, old: Options = None) -> list[str]:
    """Return a command line; ``old`` are the current options in a change."""
    number = new.handle if verb == "change" else new.handle or new.number
    words = ["qdisc", verb, *place(new)]
    words += ["handle", class_name(number)] if number and verb != "change" else []
    return [*words, *_stab(new.stab), new.kind, *option_words(new.options, old)]


def _stab(wire: bytes) -> list[str]:
    """Return the words for a size table, which the kernel drops in a change without it."""
    if len(wire) < ATTRIBUTE.size + SIZES.size:
        return []
    *_logs, overhead, linklayer, mpu, mtu, size = SIZES.unpack_from(wire, ATTRIBUTE.size)
    words = ["mtu", str(mtu), "tsize", str(size)] if size else []
    return ["stab", *words, *_spec((overhead, mpu, linklayer))]


def _spec(spec: shaping.Spec) -> list[str]:
    """Return the words for what is added to the length of a packet."""
    overhead, mpu, linklayer = spec
    words = ["overhead", str(overhead)] if overhead else []
    words += ["mpu", str(mpu)] if mpu else []
    return words + (["linklayer", "atm"] if linklayer == shaping.ATM else [])


def option_words(new: Options, old: Options = None) -> list[str]:
    """Return the words for the options of a kind."""
    if isinstance(new, Netem):
        return _netem(new, old if isinstance(old, Netem) else Netem(), old is not None)
    if isinstance(new, Tbf):
        return _tbf(new)
    if isinstance(new, FqCodel):
        return _fq_codel(new, old is not None)
    if isinstance(new, Htb):
        words = ["default", f"{new.default:x}"] if new.default else []
        words += ["r2q", str(new.r2q)] if new.r2q != Htb().r2q else []
        if new.direct_qlen not in (None, DEFAULT_QUEUE):
            words += ["direct_qlen", str(new.direct_qlen)]
        return words
    return []


def _shares(word: str, new: t.Sequence[int], old: t.Sequence[int]) -> list[str]:
    """Return the words for a percentage and its correlation if they are or were set."""
    if not (any(new) or any(old)):
        return []
    correlated = new[1] or old[1]
    return [word, *map(units.shown_percent, new if correlated else new[:1])]


def _netem(new: Netem, old: Netem, change: bool) -> list[str]:
    words = ["limit", str(new.limit)] if change or new.limit != Netem().limit else []
    correlated = new.correlation or old.correlation
    if new.delay or new.jitter or correlated:
        words += ["delay", units.shown_time(new.delay)]
        words += [units.shown_time(new.jitter)] if new.jitter or correlated else []
        words += [units.shown_percent(new.correlation)] if correlated else []
    for name in ("loss", "duplicate", "corrupt", "reorder"):
        values = [
            (getattr(each, name), getattr(each, f"{name}_correlation")) for each in (new, old)
        ]
        words += _shares(name, *values)
        if name == "reorder" and new.gap > 1:
            words += ["gap", str(new.gap)]
    return words + (["rate", units.shown_rate(new.rate)] if new.rate or old.rate else [])


def _tbf(new: Tbf) -> list[str]:
    size = shaping.tbf_burst(new.rate, new.buffer, new.spec)
    words = ["rate", units.shown_rate(new.rate), "burst", str(size)]
    words += ["limit", str(new.limit)]
    if new.peak:
        mtu = shaping.tbf_burst(new.peak, new.mtu, new.peak_spec)
        words += ["peakrate", units.shown_rate(new.peak), "mtu", str(mtu)]
    return words + _spec(new.spec)


def _fq_codel(new: FqCodel, change: bool) -> list[str]:
    words = ["limit", str(new.limit)]
    words += [] if change else ["flows", str(new.flows)]
    for name in ("target", "interval"):
        words += [name, units.shown_time(1000 * shaping.stated_codel_time(getattr(new, name)))]
    return [*words, "quantum", str(new.quantum), "ecn" if new.ecn else "noecn"]


def class_words(verb: str, link: str, new: HtbClass, quantum: int = 0) -> list[str]:
    """Return the words for a htb class, with the quantum only if it does not follow from the rate."""
    words = ["class", verb, "dev", link]
    if verb == "del":
        return [*words, "classid", class_name(new.classid)]
    words += ["parent", class_name(new.parent), "classid", class_name(new.classid), "htb"]
    words += ["rate", units.shown_rate(new.rate), "ceil", units.shown_rate(new.ceil)]
    words += ["burst", str(shaping.htb_burst(new.rate, new.buffer))]
    words += ["cburst", str(shaping.htb_burst(new.ceil, new.cbuffer))]
    words += ["prio", str(new.prio)] if new.prio else []
    words += ["quantum", str(quantum)] if quantum else []
    return words + _spec(new.spec)
