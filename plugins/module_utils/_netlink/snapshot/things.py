# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Items of a snapshot that belong to links: what identifies them, and the request that creates them
again.

What the kernel creates or learns itself, and counters, are not items.
"""

from __future__ import annotations

import socket
import struct
import typing as t

from ..._core.record import dataclass
from .. import attributes as nla
from .. import codec
from ..socket import CREATE, REPLACE

APPEND = 0x800  # NLM_F_APPEND
Pairs = list[tuple[int, bytes]]
Numbers = t.Mapping[int, int]  # current ifindexes by old ones


@dataclass(frozen=True)
class SnapshotItem:
    """``key`` identifies an item, ``content`` is all of it that lasts; ``payload`` creates it
    again."""

    key: tuple[t.Any, ...]
    link: int
    content: t.Any
    new: int  # RTM_NEW…
    payload: bytes
    flags: int = CREATE | REPLACE
    rank: int = 0  # lower ones are created first
    delete_payload: bytes = b""  # the payload that deletes it, if not the one that creates it

    @property
    def deletion(self) -> bytes:
        """Return the payload of the request that deletes it."""
        return self.delete_payload or self.payload


def pairs(message: bytes, start: int, without: t.Container[int]) -> Pairs:
    """Return the attributes of a message with the flags of their types, except some."""
    found: Pairs = []
    while start + 4 <= len(message):
        length, kind = nla.ATTRIBUTE.unpack_from(message, start)
        if length < 4:
            break
        if kind & nla.TYPE_MASK not in without:
            found.append((kind, message[start + 4 : start + length]))
        start += (length + 3) & ~3
    return found


def packed(attributes: t.Iterable[tuple[int, bytes]]) -> bytes:
    """Return encoded attributes."""
    return b"".join(nla.attribute(kind, value) for kind, value in attributes)


def renumbered(attributes: Pairs, kinds: t.Container[int], at: Numbers) -> Pairs:
    """Return attributes with current ifindexes."""
    return [
        (kind, struct.pack("=I", at.get(nla.u32(value), nla.u32(value))))
        if kind & nla.TYPE_MASK in kinds and len(value) == 4
        else (kind, value)
        for kind, value in attributes
    ]


# --- neighbours, linux/neighbour.h ---------------------------------------------------------------

NDMSG = struct.Struct("=B3xiHBB")
RTM_NEWNEIGH = 28
STALE, NOARP, PERMANENT = 0x04, 0x40, 0x80
SELF, MASTER, PROXY, EXT_LEARNED, STICKY = 0x02, 0x04, 0x08, 0x10, 0x40
NDA_DST, NDA_LLADDR, NDA_VLAN, NDA_IFINDEX, NDA_MASTER, NDA_FLAGS = 1, 2, 5, 8, 9, 15
READ_ONLY = {3, 4}  # NDA_CACHEINFO, NDA_PROBES
MANAGED = 1  # NTF_EXT_MANAGED
AF_BRIDGE = 7


def neighbour(message: bytes, at: Numbers) -> SnapshotItem | None:
    """Return a neighbour that was set, None for one that the kernel learned."""
    start = codec.HEADER.size
    family, index, state, flags, type_ = NDMSG.unpack_from(message, start)
    if family not in (socket.AF_INET, socket.AF_INET6):
        return None
    attributes = pairs(message, start + NDMSG.size, READ_ONLY)
    found = {kind & nla.TYPE_MASK: value for kind, value in attributes}
    managed = NDA_FLAGS in found and nla.u32(found[NDA_FLAGS]) & MANAGED
    proxy = flags & PROXY
    if not (proxy or managed or flags & EXT_LEARNED or state & (NOARP | PERMANENT)):
        return None
    if state & NOARP and _by_kernel(found):
        return None
    if not state & (NOARP | PERMANENT):
        # The kernel does not report a proxied entry as permanent, but it survives the loss of the
        # carrier only if it is.
        state = PERMANENT if proxy else 0 if managed else STALE  # else the kernel manages it
        attributes = [each for each in attributes if each[0] != NDA_LLADDR or not managed]
    number = at.get(index, index)
    payload = NDMSG.pack(family, number, state, flags, type_ if not proxy else 0) + packed(
        attributes
    )
    key = ("neighbour", number, found.get(NDA_DST, b""), bool(proxy))
    return SnapshotItem(key, number, payload, RTM_NEWNEIGH, payload)


def _by_kernel(found: t.Mapping[int, bytes]) -> bool:
    """Return whether the kernel created an entry that needs no resolution: arp_constructor()."""
    address, mac = found.get(NDA_DST, b""), found.get(NDA_LLADDR, b"")
    many = address[:1] == b"\xff" or (len(address) == 4 and address[0] >= 224)
    return many or not any(mac) or mac == b"\xff" * 6


def forward(message: bytes, at: Numbers) -> SnapshotItem | None:
    """Return a static entry of a forwarding table, None for a learned one."""
    start = codec.HEADER.size
    family, index, state, flags, _type = NDMSG.unpack_from(message, start)
    attributes = pairs(message, start + NDMSG.size, READ_ONLY)
    found = {kind & nla.TYPE_MASK: value for kind, value in attributes}
    if family != AF_BRIDGE or not (state & (NOARP | PERMANENT) or flags & EXT_LEARNED):
        return None
    mac = found.get(NDA_LLADDR, b"")
    number = at.get(index, index)
    master = nla.u32(found[NDA_MASTER]) if NDA_MASTER in found else 0
    if not master and NDA_DST not in found and mac[:1] and mac[0] & 1:
        return None  # a group that the link has joined
    where = MASTER if master and master != index and not flags & SELF else SELF
    flags = flags & (EXT_LEARNED | STICKY) | where
    attributes = [each for each in attributes if each[0] & nla.TYPE_MASK != NDA_MASTER]
    attributes = renumbered(attributes, {NDA_IFINDEX}, at)
    payload = NDMSG.pack(AF_BRIDGE, number, state, flags, 0) + packed(attributes)
    key = ("forward", number, payload[NDMSG.size :], where)
    # Destinations of a tunnel that share a MAC differ by address.
    many = APPEND if NDA_DST in found and (not any(mac) or mac[0] & 1) else REPLACE
    return SnapshotItem(key, number, payload, RTM_NEWNEIGH, payload, CREATE | many)


# --- addresses, linux/if_addr.h ------------------------------------------------------------------

IFADDR = struct.Struct("=BBBBI")
LIFETIMES = struct.Struct("=4I")  # preferred, valid, created, changed
RTM_NEWADDR = 20
IFA_ADDRESS, IFA_LOCAL, IFA_LABEL, IFA_CACHEINFO, IFA_FLAGS, IFA_PROTO = 1, 2, 3, 6, 8, 11
TEMPORARY_OR_SECONDARY = 0x01
STATED_FLAGS = (
    0x02 | 0x10 | 0x100 | 0x200 | 0x400
)  # nodad, home, mngtmpaddr, noprefixroute, autojoin
BY_KERNEL_LOCAL = 3  # IFAPROT_KERNEL_LL
FOREVER = 0xFFFFFFFF


@dataclass(frozen=True)
class Address:
    """An address, and when its lifetimes end."""

    thing: SnapshotItem
    preferred: float
    valid: float
    decided: bool  # duplicate address detection has succeeded

    def request(self, now: float) -> bytes:
        """Return the payload that creates it again, with its remaining lifetimes."""
        left = [
            FOREVER if each == FOREVER else max(0, round(each - now))
            for each in (self.preferred, self.valid)
        ]
        if left == [FOREVER, FOREVER]:
            return self.thing.payload
        return self.thing.payload + nla.attribute(IFA_CACHEINFO, LIFETIMES.pack(*left, 0, 0))


def address(message: bytes, at: Numbers, when: float) -> Address | None:
    """Return an address, None for a temporary one and for one derived from the MAC."""
    start = codec.HEADER.size
    family, length, flags, scope, index = IFADDR.unpack_from(message, start)
    attributes = pairs(message, start + IFADDR.size, ())
    found = {kind & nla.TYPE_MASK: value for kind, value in attributes}
    six = family == socket.AF_INET6
    flags = nla.u32(found[IFA_FLAGS]) if IFA_FLAGS in found else flags
    local = found.get(IFA_LOCAL, found.get(IFA_ADDRESS, b""))
    proto = found.get(IFA_PROTO, b"\0")[0]
    if six and (flags & TEMPORARY_OR_SECONDARY or _made_of_mac(local, length, proto)):
        return None
    preferred, valid, _made, _changed = LIFETIMES.unpack(found[IFA_CACHEINFO])
    number = at.get(index, index)
    stated = [each for each in attributes if each[0] not in (IFA_CACHEINFO, IFA_FLAGS)]
    if flags & STATED_FLAGS:
        stated.append((IFA_FLAGS, struct.pack("=I", flags & STATED_FLAGS)))
    payload = IFADDR.pack(family, length, 0, scope, number) + packed(stated)
    # The kernel identifies an IPv6 address by itself, an IPv4 one together with its prefix.
    peer = b"" if six else found.get(IFA_ADDRESS, b"")
    key = ("address", number, local, b"" if six else bytes([length]) + peer)
    content = (payload, not six and flags & TEMPORARY_OR_SECONDARY)
    decided = not six or not flags & 0x48  # IFA_F_TENTATIVE, IFA_F_DADFAILED
    bare = IFADDR.pack(family, length, 0, 0, number)
    bare += packed(each for each in stated if each[0] in (IFA_ADDRESS, IFA_LOCAL, IFA_LABEL))
    thing = SnapshotItem(key, number, content, RTM_NEWADDR, payload, CREATE, delete_payload=bare)
    return Address(thing, _end(preferred, when), _end(valid, when), decided)


def _end(seconds: int, when: float) -> float:
    return FOREVER if seconds == FOREVER else when + seconds


def _made_of_mac(local: bytes, length: int, proto: int) -> bool:
    is_link_local = local[:1] == b"\xfe" and local[1] & 0xC0 == 0x80 and length == 64
    return is_link_local and (proto == BY_KERNEL_LOCAL or local[11:13] == b"\xff\xfe")


# --- routes, nexthops and rules, linux/rtnetlink.h -----------------------------------------------

RTMSG = struct.Struct("=8BI")
RTM_NEWROUTE, RTM_NEWNEXTHOP, RTM_NEWRULE = 24, 104, 32
RTA_OIF, RTA_GATEWAY, RTA_PRIORITY, RTA_MULTIPATH, RTA_CACHEINFO, RTA_VIA = 4, 5, 6, 9, 12, 18
RTA_TABLE, RTA_EXPIRES, RTA_NH_ID = 15, 23, 30
NHA_ID, NHA_GROUP, NHA_OIF, NHA_RES_GROUP = 1, 2, 5, 12  # linux/nexthop.h
KERNEL, BY_ADVERTISEMENT = 2, 9  # RTPROT_KERNEL, RTPROT_RA
LOCAL_TABLE = 255
CLONED = 0x200
ONLINK = 4
UNICAST, BLACKHOLE = 1, 6  # RTN_…
TYPES = (UNICAST, 2, BLACKHOLE, 7, 8, 9)


def route(message: bytes, at: Numbers) -> SnapshotItem | None:
    """Return a route, None for those that the kernel maintains or learned."""
    start = codec.HEADER.size
    head = RTMSG.unpack_from(message, start)
    family, length, source, tos, table, proto, _scope, type_, flags = head
    if family not in (socket.AF_INET, socket.AF_INET6) or type_ not in TYPES or flags & CLONED:
        return None
    attributes = pairs(message, start + RTMSG.size, (RTA_CACHEINFO, 20 if family == 2 else 0))
    found = {kind & nla.TYPE_MASK: value for kind, value in attributes}
    number = nla.u32(found[RTA_TABLE]) if RTA_TABLE in found else table
    if proto == BY_ADVERTISEMENT or (proto == KERNEL and number == LOCAL_TABLE):
        return None
    dst = found.get(1, b"")
    if family == socket.AF_INET6 and proto == KERNEL and dst[:2] in (b"\xfe\x80", b"\xff\0"):
        return None
    expires = _expires(message, start)
    if expires:
        attributes.append((RTA_EXPIRES, struct.pack("=I", expires)))
    if RTA_NH_ID in found:  # the nexthop itself is reported for reading only
        ways = (RTA_OIF, RTA_GATEWAY, RTA_MULTIPATH, RTA_VIA)
        attributes = [each for each in attributes if each[0] & nla.TYPE_MASK not in ways]
        if type_ == BLACKHOLE:  # shown for the nexthop object: the route is an ordinary one
            head = (*head[:7], UNICAST, flags)
    attributes = [
        (kind, _ways(value, at)) if kind & nla.TYPE_MASK == RTA_MULTIPATH else (kind, value)
        for kind, value in renumbered(attributes, {RTA_OIF}, at)
    ]
    payload = RTMSG.pack(*head[:8], flags & ONLINK) + packed(attributes)
    metric = found.get(RTA_PRIORITY, b"")
    key = ("route", family, dst, length, found.get(2, b""), source, tos, number, metric)
    link = nla.u32(found[RTA_OIF]) if RTA_OIF in found else 0
    content = payload if not expires else packed(attributes[:-1])
    rank = 2 if found.keys() & {RTA_GATEWAY, RTA_VIA, RTA_MULTIPATH, RTA_NH_ID} else 0
    rank += 1 if 7 in found else 0  # RTA_PREFSRC
    return SnapshotItem(
        key, at.get(link, link), content, RTM_NEWROUTE, payload, CREATE | APPEND, rank
    )


def _expires(message: bytes, start: int) -> int:
    """Return the seconds until a route expires, 0 for never (struct rta_cacheinfo, in ticks)."""
    for kind, value in nla.attributes(message, start + RTMSG.size, len(message)):
        if kind == RTA_CACHEINFO and len(value) >= 12:
            ticks: int = nla.s32(value[8:12])
            return max(0, ticks) // 100
    return 0


def _ways(data: bytes, at: Numbers) -> bytes:
    """Return RTA_MULTIPATH with current ifindexes, without read-only flags."""
    found, offset = bytearray(data), 0
    while offset + 8 <= len(data):
        length, flags, hops, index = nla.NEXTHOP.unpack_from(data, offset)
        if length < 8:
            break
        nla.NEXTHOP.pack_into(found, offset, length, flags & ONLINK, hops, at.get(index, index))
        offset += (length + 3) & ~3
    return bytes(found)


def links_of(thing: SnapshotItem) -> set[int]:
    """Return the links that a route uses."""
    if thing.link or thing.key[0] != "route":
        return {thing.link}
    found: set[int] = set()
    for kind, value in nla.attributes(thing.payload, RTMSG.size, len(thing.payload)):
        if kind == RTA_MULTIPATH:
            found |= {index for _flags, _hops, index, _way, _others in nla.nexthops(value)}
    return found or {0}  # it uses a nexthop object, or no link


def source_of(thing: SnapshotItem) -> bytes:
    """Return the source address of a route: without the address, the kernel deletes the route."""
    if thing.key[0] != "route":
        return b""
    return dict(nla.attributes(thing.payload, RTMSG.size, len(thing.payload))).get(7, b"")


def nexthop(message: bytes, at: Numbers) -> SnapshotItem:
    """Return a nexthop object."""
    start = codec.HEADER.size
    family, _scope, proto, _unused, flags = struct.unpack_from("=BBBBI", message, start)
    attributes = renumbered(pairs(message, start + 8, set(range(13, 20))), {NHA_OIF}, at)
    attributes = [
        (kind, packed(pairs(value, 0, {4})) if kind & nla.TYPE_MASK == NHA_RES_GROUP else value)
        for kind, value in attributes
    ]
    found = {kind & nla.TYPE_MASK: value for kind, value in attributes}
    group = NHA_GROUP in found
    if group:  # a group reports its family, but must be created without
        family = 0
    payload = struct.pack("=BBBBI", family, 0, proto, 0, flags & ONLINK) + packed(attributes)
    deletion = bytes(8) + nla.attribute(NHA_ID, found[NHA_ID])
    link = nla.u32(found[NHA_OIF]) if NHA_OIF in found else 0
    key = ("nexthop", found[NHA_ID])
    return SnapshotItem(
        key, link, payload, RTM_NEWNEXTHOP, payload, CREATE | REPLACE, group, deletion
    )


def rule(message: bytes, _at: Numbers) -> SnapshotItem:
    """Return a rule."""
    start = codec.HEADER.size
    head = RTMSG.unpack_from(message, start)
    payload = RTMSG.pack(*head[:8], head[8] & 2) + packed(pairs(message, start + 12, {0}))
    return SnapshotItem(("rule", payload), 0, payload, RTM_NEWRULE, payload, CREATE)
