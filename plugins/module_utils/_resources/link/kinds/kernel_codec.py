# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Encode and decode the attributes of link kinds (linux/if_link.h): those with options are parsed,
all others are kept as the kernel showed them."""

from __future__ import annotations

import struct
import typing as t

from ...._netlink import attributes as nla
from ...._netlink import codec
from .table import KINDS, PORT


def _numbers() -> t.Iterator[tuple[str, tuple[int, str]]]:
    for kind in KINDS.values():
        if kind.parent_attr:
            yield kind.parent_attr, (1, "u32")
        for option in kind.options.values():
            yield option.attr, (option.number, option.wire)
            if option.attr6:
                yield option.attr6, (option.number6, option.wire)
    for option in PORT.values():
        yield option.attr, (option.number, option.wire)


# The numbers and the wire forms of all attributes. ``ip`` is as long as the address is.
NUMBERS = dict(_numbers())
# Of these the kernel has one, in an attribute for each family.
FAMILIES = {
    (option.attr, option.attr6)
    for kind in KINDS.values()
    for option in kind.options.values()
    if option.attr6
}
# Attributes that the kernel shows but refuses or misreads in a request for a new link.
READ_ONLY: dict[str, tuple[int, ...]] = {
    "macvlan": (6, 8),  # IFLA_MACVLAN_MACADDR_COUNT, IFLA_MACVLAN_BC_QUEUE_LEN_USED
    "macvtap": (6, 8),
}
# Attributes that it shows as a number, and takes as a flag.
FLAGS: dict[str, tuple[int, ...]] = {"vxlan": (28,)}  # IFLA_VXLAN_TTL_INHERIT
# Flags that are on if present: IFLA_VXLAN_REMCSUM_TX, IFLA_VXLAN_REMCSUM_RX.
OFF: dict[str, tuple[int, ...]] = {"vxlan": (21, 22)}
# It shows a VLAN's flags with a mask of all bits, and takes only the bits that it knows:
# vlan_dev_change_flags(), net/8021q/vlan_dev.c.
VLAN_FLAGS, KNOWN_VLAN_FLAGS = 2, 0x0F  # IFLA_VLAN_FLAGS, VLAN_FLAG_…
TWO = struct.Struct("=II")
MACADDR_MODE, MACADDR_DATA, MACADDR_SET = 3, 5, 3  # IFLA_MACVLAN_MACADDR_…, MACVLAN_MACADDR_SET
# Of a port of a bridge: its state, what the spanning tree works out, counters, and IFLA_BRPORT_FLUSH.
PORT_READ_ONLY = frozenset((1, *range(13, 25), 26, 35, 36, 38, 41))

Attrs = t.Sequence[tuple[str, t.Any]]


def packed(attrs: Attrs) -> bytes:
    """Return attributes as bytes."""
    return b"".join(
        nla.attribute(NUMBERS[name][0], codec.WRITERS[NUMBERS[name][1]](value))
        for name, value in attrs
    )


def read(data: bytes) -> dict[int, bytes]:
    """Return attributes by their numbers."""
    return dict(nla.attributes(data, 0, len(data)))


def value(found: t.Mapping[int, bytes], name: str) -> t.Any:
    """Return what an attribute holds, None if it is not there."""
    number, form = NUMBERS[name]
    return codec.READERS[form](found[number]) if number in found else None


def over(wire: bytes, attrs: Attrs, without: t.Iterable[int] = ()) -> bytes:
    """Return the kernel's attributes with other values for some of them."""
    dropped = set(without)
    for name, _value in attrs:
        names = next((pair for pair in FAMILIES if name in pair), (name,))
        dropped.update(NUMBERS[each][0] for each in names)
    kept = [
        nla.attribute(number, value)
        for number, value in nla.attributes(wire, 0, len(wire))
        if number not in dropped
    ]
    return b"".join(kept) + packed(attrs)


def made_again(kind: str, wire: bytes, attrs: Attrs) -> bytes:
    """Return the options of a link that is made like one that was there."""
    found = read(wire)
    as_flags = [number for number in FLAGS.get(kind, ()) if number in found]
    off = [number for number in OFF.get(kind, ()) if not any(found.get(number, b""))]
    stated = {name for name, _value in attrs}
    if attrs and kind in KINDS:  # what not all kernels report is stated, or does not apply
        options = KINDS[kind].options.values()
        off += [each.number for each in options if each.hidden and each.attr not in stated]
    data = over(wire, attrs, (*READ_ONLY.get(kind, ()), *as_flags, *off))
    for number in as_flags:
        if any(found[number]) and not (kind == "vxlan" and "IFLA_VXLAN_TTL" in stated):
            data += nla.attribute(number, b"")
    data += _as_stated(kind, found, attrs)
    if kind == "vlan" and VLAN_FLAGS in found:
        data = over(data, (), (VLAN_FLAGS,))
        data += nla.attribute(VLAN_FLAGS, vlan_flags(found[VLAN_FLAGS]))
    if kind in READ_ONLY and MACADDR_DATA in read(data):
        data += nla.attribute(MACADDR_MODE, codec.WRITERS["uint32"](MACADDR_SET))
    return data


def together(kind: str, some: dict[int, bytes], every: t.Mapping[int, bytes]) -> dict[int, bytes]:
    """Return what of all attributes of a link has to be in one request with some, to set these."""
    if kind not in KINDS:
        return some
    options = KINDS[kind].options
    if KINDS[kind].whole:
        fixed = {option.number for option in options.values() if option.fixed}
        return {number: value for number, value in every.items() if number not in fixed}
    needed = {
        option.number: every[option.number]
        for option in options.values()
        if option.needs and options[option.needs].number in some and option.number in every
    }
    return {**some, **needed}


def _as_stated(kind: str, found: t.Mapping[int, bytes], attrs: Attrs) -> bytes:
    """Return the attributes of options that the kernel reports in other ones."""
    names = {name for name, _value in attrs}
    return b"".join(
        nla.attribute(option.number, found[option.shown][-1:])
        for option in (KINDS[kind].options.values() if kind in KINDS else ())
        if option.shown in found and option.attr not in names
    )


def vlan_flags(found: bytes) -> bytes:
    """Return the flags of a VLAN as a request takes them."""
    flags, _mask = TWO.unpack(found)
    return TWO.pack(flags, KNOWN_VLAN_FLAGS | flags)


def port_again(wire: bytes) -> bytes:
    """Return what can be set again of a port of a bridge."""
    return over(wire, (), PORT_READ_ONLY)


def info(kind: str, data: bytes) -> tuple[str, bytes]:
    """Return IFLA_LINKINFO with a kind and its options."""
    inner = nla.attribute(1, codec.WRITERS["asciiz"](kind))  # IFLA_INFO_KIND, IFLA_INFO_DATA
    return "IFLA_LINKINFO", inner + (nla.attribute(2, data) if data else b"")


def port_info(data: bytes) -> tuple[str, bytes]:
    """Return IFLA_LINKINFO with options of a port of a bridge."""
    kind = nla.attribute(4, codec.WRITERS["asciiz"]("bridge"))
    return "IFLA_LINKINFO", kind + nla.attribute(5, data)  # IFLA_INFO_SLAVE_KIND, …_DATA
