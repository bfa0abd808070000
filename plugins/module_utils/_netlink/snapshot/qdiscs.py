# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Queueing disciplines, their classes and filters, as things that can be set again."""

from __future__ import annotations

import struct
import typing as t

from .. import attributes as nla
from .. import codec
from ..socket import CREATE, EXCL
from .take import TC
from .things import Numbers, Pairs, Thing, packed, pairs

RTM_NEWQDISC, RTM_NEWTCLASS, RTM_NEWTFILTER = 36, 40, 44
KIND, OPTIONS, STAB, CHAIN = 1, 2, 8, 11
SET = {KIND, OPTIONS, STAB, 13, 14}  # with TCA_INGRESS_BLOCK, TCA_EGRESS_BLOCK
ROOT, INGRESS = 0xFFFFFFFF, 0xFFFFFFF1
HTB_INIT = 2
HTB = struct.Struct("=5I")  # struct tc_htb_glob; its version has another form where it is told
# By classifier, of its options: the actions, and the flags that hardware has its part in.
ACTIONS = {"u32": 7, "flower": 3, "matchall": 2, "basic": 3, "fw": 4, "bpf": 1, "route": 6}
OFFLOAD = {"u32": 11, "flower": 22, "matchall": 3, "bpf": 9}
IN_HARDWARE = 4 | 8  # TCA_CLS_FLAGS_IN_HW, TCA_CLS_FLAGS_NOT_IN_HW
ACT_STATS = {4, 9, 10}  # and what of it is in hardware
U32_DIVISOR, U32_COUNTS = 4, 9
U32_ROOT = 0x800  # from here on the kernel numbers the tables of u32 itself


def qdisc(message: bytes, at: Numbers) -> Thing | None:
    """Return a queueing discipline, None for one that the kernel put there by itself."""
    _family, index, handle, parent, _info = TC.unpack_from(message, codec.HEADER.size)
    if not handle:
        return None
    number, attributes = at.get(index, index), _set(message)
    payload = TC.pack(0, number, handle, parent, 0) + packed(attributes)
    gone = TC.pack(0, number, 0, parent, 0)
    key, flags = ("qdisc", number, parent), CREATE | EXCL
    return Thing(key, number, (handle, attributes), RTM_NEWQDISC, payload, flags, 0, gone)


def _set(message: bytes) -> Pairs:
    """Return the attributes that a request may have."""
    start = codec.HEADER.size + TC.size
    return [
        (kind, _as_asked(value) if kind & nla.TYPE_MASK == OPTIONS else value)
        for kind, value in pairs(message, start, ())
        if kind & nla.TYPE_MASK in SET
    ]


def _as_asked(options: bytes) -> bytes:
    """Return the options of htb as they are asked for: by the version alone, without a count."""
    if len(options) < 24 or nla.ATTRIBUTE.unpack_from(options, 0) != (24, HTB_INIT):
        return options
    version, *others, _count = HTB.unpack_from(options, 4)
    return options[:4] + HTB.pack(version >> 16 or version, *others, 0) + options[24:]


def queue_class(message: bytes, at: Numbers) -> Thing:
    """Return a class."""
    _family, index, handle, parent, _info = TC.unpack_from(message, codec.HEADER.size)
    number, attributes = at.get(index, index), _set(message)
    payload = TC.pack(0, number, handle, parent, 0) + packed(attributes)
    key, said = ("class", number, handle), (parent, attributes)
    return Thing(key, number, said, RTM_NEWTCLASS, payload, CREATE | EXCL)


def queue_filter(message: bytes, at: Numbers) -> Thing | None:
    """Return a filter, None for what the kernel makes along with one."""
    _family, index, handle, parent, info = TC.unpack_from(message, codec.HEADER.size)
    attributes = pairs(message, codec.HEADER.size + TC.size, ())
    told = {kind & nla.TYPE_MASK: value for kind, value in attributes}
    if OPTIONS not in told:
        return None
    kind, options = nla.text(told[KIND]), pairs(told[OPTIONS], 0, ())
    inside = {each[0] & nla.TYPE_MASK for each in options}
    if kind == "u32" and U32_DIVISOR in inside and handle >> 20 >= U32_ROOT:
        return None
    number = at.get(index, index)
    head = TC.pack(0, number, handle, parent, info)
    chain = [each for each in attributes if each[0] & nla.TYPE_MASK == CHAIN]
    said = [each for each in _options(kind, options) if not _is_action(kind, each[0])]
    payload = head + packed(
        [(KIND, told[KIND]), *chain, (OPTIONS, packed(_options(kind, options)))]
    )
    key = ("filter", number, parent, info, told.get(CHAIN, b""), handle)
    gone = head + packed([(KIND, told[KIND]), *chain])
    return Thing(key, number, (kind, said), RTM_NEWTFILTER, payload, CREATE | EXCL, 0, gone)


def _is_action(kind: str, number: int) -> bool:
    return number & nla.TYPE_MASK == ACTIONS.get(kind)


def _options(kind: str, options: Pairs) -> Pairs:
    """Return the options of a filter as a request takes them."""
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


def ordered(qdiscs: t.Sequence[Thing], classes: t.Sequence[Thing]) -> list[Thing]:
    """Return queueing disciplines and classes, each after what it hangs on."""
    left = [*qdiscs, *classes]
    done: list[Thing] = []
    there: set[tuple[int, int]] = set()
    while left:
        ready = [each for each in left if _hangs_on(each, there)] or left
        for each in ready:
            handle = TC.unpack_from(each.payload)[2]
            there.add((each.link, handle))
        done += ready
        left = [each for each in left if each not in ready]
    return done


def _hangs_on(each: Thing, there: set[tuple[int, int]]) -> bool:
    handle, parent = TC.unpack_from(each.payload)[2:4]
    if each.key[0] == "class":
        own = (each.link, handle & 0xFFFF0000) in there
        return own and (parent in (ROOT, handle & 0xFFFF0000) or (each.link, parent) in there)
    if parent in (ROOT, INGRESS):
        return True
    # A class that the discipline has by itself is not told of in every kernel.
    return (each.link, parent) in there
