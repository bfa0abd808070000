# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Queueing disciplines, classes and filters of a snapshot, as requests that create them again."""

from __future__ import annotations

import struct
import typing as t

from .. import attributes as nla
from .. import codec
from ..socket import CREATE, EXCL
from .take import TC
from .things import Numbers, Pairs, SnapshotItem, packed, pairs

RTM_NEWQDISC, RTM_NEWTCLASS, RTM_NEWTFILTER = 36, 40, 44
KIND, OPTIONS, STAB, CHAIN = 1, 2, 8, 11
SET = {KIND, OPTIONS, STAB, 13, 14}  # with TCA_INGRESS_BLOCK, TCA_EGRESS_BLOCK
ROOT, INGRESS = 0xFFFFFFFF, 0xFFFFFFF1
HTB_INIT = 2
HTB = struct.Struct("=5I")  # struct tc_htb_glob; the version is encoded differently in replies
# By classifier, of its options: the actions, and the flags for offloading to hardware.
ACTIONS = {"u32": 7, "flower": 3, "matchall": 2, "basic": 3, "fw": 4, "bpf": 1, "route": 6}
OFFLOAD = {"u32": 11, "flower": 22, "matchall": 3, "bpf": 9}
IN_HARDWARE = 4 | 8  # TCA_CLS_FLAGS_IN_HW, TCA_CLS_FLAGS_NOT_IN_HW
ACT_STATS = {4, 9, 10}  # counters, and the state in hardware
U32_DIVISOR, U32_COUNTS = 4, 9
U32_ROOT = 0x800  # handles from here on are assigned by the kernel


def qdisc(message: bytes, at: Numbers) -> SnapshotItem | None:
    """Return a queueing discipline, None for one that the kernel created itself."""
    _family, index, handle, parent, _info = TC.unpack_from(message, codec.HEADER.size)
    if not handle:
        return None
    number, attributes = at.get(index, index), _set(message)
    payload = TC.pack(0, number, handle, parent, 0) + packed(attributes)
    delete_payload = TC.pack(0, number, 0, parent, 0)
    key, flags = ("qdisc", number, parent), CREATE | EXCL
    return SnapshotItem(
        key, number, (handle, attributes), RTM_NEWQDISC, payload, flags, 0, delete_payload
    )


def _set(message: bytes) -> Pairs:
    """Return the attributes that a request may have."""
    start = codec.HEADER.size + TC.size
    return [
        (kind, _as_asked(value) if kind & nla.TYPE_MASK == OPTIONS else value)
        for kind, value in pairs(message, start, ())
        if kind & nla.TYPE_MASK in SET
    ]


def _as_asked(options: bytes) -> bytes:
    """Return the options of htb in the form of a request: a version, no counter."""
    if len(options) < 24 or nla.ATTRIBUTE.unpack_from(options, 0) != (24, HTB_INIT):
        return options
    version, *others, _count = HTB.unpack_from(options, 4)
    return options[:4] + HTB.pack(version >> 16 or version, *others, 0) + options[24:]


def queue_class(message: bytes, at: Numbers) -> SnapshotItem:
    """Return a class."""
    _family, index, handle, parent, _info = TC.unpack_from(message, codec.HEADER.size)
    number, attributes = at.get(index, index), _set(message)
    payload = TC.pack(0, number, handle, parent, 0) + packed(attributes)
    key, content = ("class", number, handle), (parent, attributes)
    return SnapshotItem(key, number, content, RTM_NEWTCLASS, payload, CREATE | EXCL)


def queue_filter(message: bytes, at: Numbers) -> SnapshotItem | None:
    """Return a filter, None for what the kernel creates along with one."""
    _family, index, handle, parent, info = TC.unpack_from(message, codec.HEADER.size)
    attributes = pairs(message, codec.HEADER.size + TC.size, ())
    found = {kind & nla.TYPE_MASK: value for kind, value in attributes}
    if OPTIONS not in found:
        return None
    kind, options = nla.text(found[KIND]), pairs(found[OPTIONS], 0, ())
    inside = {each[0] & nla.TYPE_MASK for each in options}
    if kind == "u32" and U32_DIVISOR in inside and handle >> 20 >= U32_ROOT:
        return None
    number = at.get(index, index)
    head = TC.pack(0, number, handle, parent, info)
    chain = [each for each in attributes if each[0] & nla.TYPE_MASK == CHAIN]
    content = [each for each in _options(kind, options) if not _is_action(kind, each[0])]
    payload = head + packed(
        [(KIND, found[KIND]), *chain, (OPTIONS, packed(_options(kind, options)))]
    )
    key = ("filter", number, parent, info, found.get(CHAIN, b""), handle)
    delete_payload = head + packed([(KIND, found[KIND]), *chain])
    return SnapshotItem(
        key, number, (kind, content), RTM_NEWTFILTER, payload, CREATE | EXCL, 0, delete_payload
    )


def _is_action(kind: str, number: int) -> bool:
    return number & nla.TYPE_MASK == ACTIONS.get(kind)


def _options(kind: str, options: Pairs) -> Pairs:
    """Return the options of a filter in the form of a request."""
    found: Pairs = []
    for number, value in options:
        plain = number & nla.TYPE_MASK
        if kind == "u32" and plain == U32_COUNTS:
            continue
        if plain == OFFLOAD.get(kind) and len(value) == 4:
            value = (nla.u32(value) & ~IN_HARDWARE).to_bytes(4, _order())
        elif _is_action(kind, number):
            value = packed(
                (each, packed(pairs(inner, 0, ACT_STATS))) for each, inner in pairs(value, 0, ())
            )
        found.append((number, value))
    return found


def _order() -> t.Literal["little", "big"]:
    import sys

    return sys.byteorder


def ordered(
    qdiscs: t.Sequence[SnapshotItem], classes: t.Sequence[SnapshotItem]
) -> list[SnapshotItem]:
    """Return queueing disciplines and classes, each after its parent."""
    left = [*qdiscs, *classes]
    done: list[SnapshotItem] = []
    there: set[tuple[int, int]] = set()
    while left:
        ready = [each for each in left if _hangs_on(each, there)] or left
        for each in ready:
            handle = TC.unpack_from(each.payload)[2]
            there.add((each.link, handle))
        done += ready
        left = [each for each in left if each not in ready]
    return done


def _hangs_on(each: SnapshotItem, there: set[tuple[int, int]]) -> bool:
    handle, parent = TC.unpack_from(each.payload)[2:4]
    if each.key[0] == "class":
        own = (each.link, handle & 0xFFFF0000) in there
        return own and (parent in (ROOT, handle & 0xFFFF0000) or (each.link, parent) in there)
    if parent in (ROOT, INGRESS):
        return True
    # Not every kernel lists the classes that a discipline has by itself.
    return (each.link, parent) in there
