# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Queueing disciplines in the kernel's units and with its rounding.

Times of netem are nanoseconds, rates bytes a second, percentages shares of 2^32 - 1, bursts the
ticks that they take at their rate. What a user cannot state here is kept all the same (`extra`,
`spec`, …), so that a change of something else does not lose it.
"""

from __future__ import annotations

import typing as t

from ..._core.record import dataclass, field
from .shaping import PLAIN, Spec

ROOT = 0xFFFFFFFF  # TC_H_ROOT, linux/pkt_sched.h
CHOSEN_BY_KERNEL = 0x8000  # qdisc_alloc_handle() gives out major numbers from here on


def has_queue(kind: str | None) -> bool:
    """Return whether links of a kind have a queue by default (no IFF_NO_QUEUE, net/core/dev.c)."""
    if kind in ("veth", "team"):
        return False
    from ..link.kinds.table import KINDS  # few tasks ask

    return kind not in KINDS or KINDS[kind].queue


@dataclass(frozen=True)
class Netem:
    """Impairments. ``cell`` is what belongs to rate: packet overhead, cell size, cell overhead."""

    delay: int = 0
    jitter: int = 0
    correlation: int = 0
    loss: int = 0
    loss_correlation: int = 0
    duplicate: int = 0
    duplicate_correlation: int = 0
    corrupt: int = 0
    corrupt_correlation: int = 0
    reorder: int = 0
    reorder_correlation: int = 0
    gap: int = 0
    rate: int = 0
    limit: int = 1000
    cell: tuple[int, int, int] = (0, 0, 0)
    ecn: int = 0
    loss_model: bytes = b""
    slot: bytes = b""
    extra: bytes = b""  # unknown attributes, sent again with each change


@dataclass(frozen=True)
class Tbf:
    """A token bucket; the kernel shows only ``buffer``, which it computed from ``burst``."""

    rate: int
    buffer: int
    limit: int
    spec: Spec = PLAIN
    peak: int = 0
    mtu: int = 0
    burst: int | None = field(default=None, compare=False)
    peak_spec: Spec = PLAIN
    extra: bytes = b""


@dataclass(frozen=True)
class FqCodel:
    """Fair queues with controlled delay; times in microseconds, as codel keeps them."""

    limit: int = 10240
    target: int = 4999
    interval: int = 99999
    quantum: int = 1514
    ecn: bool = True
    flows: int = 1024
    extra: bytes = b""


@dataclass(frozen=True)
class Htb:
    """The root of a tree of classes; ``default`` is the minor number of one."""

    default: int = 0
    r2q: int = 10
    direct_qlen: int | None = field(default=None, compare=False)
    extra: bytes = b""


Options = t.Union[Netem, Tbf, FqCodel, Htb, None]


@dataclass(frozen=True)
class HtbClass:
    """A class. ``parent`` is another one, or the qdisc: its handle, with a minor number of 0."""

    classid: int
    parent: int
    rate: int
    ceil: int
    buffer: int
    cbuffer: int
    prio: int
    quantum: int
    spec: Spec = PLAIN
    ceil_spec: Spec | None = None  # where that is another one
    extra: bytes = b""


@dataclass(frozen=True)
class Filter:
    """A filter at a queueing discipline or class; this collection does not manage filters."""

    parent: int
    kind: str
    classid: int = 0


@dataclass(frozen=True)
class Qdisc:
    """A queueing discipline other than the kernel's default.

    ``handle`` is 0 where the kernel chose it; ``number`` is it in any case, as far as it is known.
    ``wire`` holds the options of a kind that is not known here, to put it back as it was, ``stab``
    its size table (TCA_STAB), which the kernel drops in a change without it.
    """

    link: str
    parent: int
    kind: str
    handle: int = 0
    options: Options = None
    classes: tuple[HtbClass, ...] = ()
    number: int = field(default=0, compare=False)
    wire: bytes = field(default=b"", compare=False, repr=False)
    stab: bytes = field(default=b"", repr=False)


def tree(qdiscs: t.Iterable[Qdisc], top: Qdisc) -> tuple[Qdisc, ...]:
    """Return a queueing discipline and all below it, parents first."""
    qdiscs = list(qdiscs)
    found = [top]
    for each in found:
        if each.number:
            found += [
                other
                for other in qdiscs
                if other.link == top.link
                and other.parent != ROOT
                and other.parent >> 16 == each.number >> 16
            ]
    return tuple(found)


def in_order(classes: t.Iterable[HtbClass]) -> list[HtbClass]:
    """Return classes in an order with parents first."""
    left = {each.classid: each for each in classes}
    found: list[HtbClass] = []
    while left:
        free = [each for each in left.values() if each.parent not in left]
        for each in free or list(left.values()):  # in a cycle, any will do
            found.append(left.pop(each.classid))
    return found


def class_name(number: int) -> str:
    """Return a handle (1:) or a class (1:10) as tc(8) shows it, in hexadecimal."""
    if number == ROOT:
        return "root"
    minor = number & 0xFFFF
    return f"{number >> 16:x}:{minor:x}" if minor else f"{number >> 16:x}:"
