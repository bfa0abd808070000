# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What hangs on links, from the messages of a snapshot: what identifies a thing, and what sets it again.

What the kernel makes or learns by itself, and what ticks, is no part of a thing here.
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
Numbers = t.Mapping[int, int]  # the numbers of links now, by those that they had


@dataclass(frozen=True)
class Thing:
    """``key`` says which one it is, ``said`` all of it that lasts; ``payload`` makes it again."""

    key: tuple[t.Any, ...]
    link: int
    said: t.Any
    new: int  # RTM_NEW…
    payload: bytes
    flags: int = CREATE | REPLACE
    rank: int = 0  # those with less come first
    gone: bytes = b""  # what deletes it, where that is not what makes it

    @property
    def deletion(self) -> bytes:
        """Return what stands in the request that deletes it."""
        return self.gone or self.payload


def pairs(message: bytes, start: int, without: t.Container[int]) -> Pairs:
    """Return the attributes of a message with the flags of their types, without some."""
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
    """Return attributes as bytes."""
    return b"".join(nla.attribute(kind, value) for kind, value in attributes)


def renumbered(attributes: Pairs, kinds: t.Container[int], at: Numbers) -> Pairs:
    """Return attributes with the numbers that links have now."""
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
UNSAID = {3, 4}  # NDA_CACHEINFO, NDA_PROBES
MANAGED = 1  # NTF_EXT_MANAGED
AF_BRIDGE = 7


def neighbour(message: bytes, at: Numbers) -> Thing | None:
    """Return a neighbour that lasts: one that somebody set."""
    start = codec.HEADER.size
    family, index, state, flags, type_ = NDMSG.unpack_from(message, start)
    if family not in (socket.AF_INET, socket.AF_INET6):
        return None
    attributes = pairs(message, start + NDMSG.size, UNSAID)
    told = {kind & nla.TYPE_MASK: value for kind, value in attributes}
    managed = NDA_FLAGS in told and nla.u32(told[NDA_FLAGS]) & MANAGED
    proxy = flags & PROXY
    if not (proxy or managed or flags & EXT_LEARNED or state & (NOARP | PERMANENT)):
        return None
    if state & NOARP and _by_kernel(told):
        return None
    if not state & (NOARP | PERMANENT):
        # What is proxied is not told to be so, and outlives the loss of a carrier only if it is.
        state = PERMANENT if proxy else 0 if managed else STALE  # else it is the kernel's business
        attributes = [each for each in attributes if each[0] != NDA_LLADDR or not managed]
    number = at.get(index, index)
    payload = NDMSG.pack(family, number, state, flags, type_ if not proxy else 0) + packed(
        attributes
    )
    key = ("neighbour", number, told.get(NDA_DST, b""), bool(proxy))
    return Thing(key, number, payload, RTM_NEWNEIGH, payload)


def _by_kernel(told: t.Mapping[int, bytes]) -> bool:
    """Return whether an entry that needs no resolution is one that the kernel makes: arp_constructor()."""
    address, mac = told.get(NDA_DST, b""), told.get(NDA_LLADDR, b"")
    many = address[:1] == b"\xff" or (len(address) == 4 and address[0] >= 224)
    return many or not any(mac) or mac == b"\xff" * 6


def forward(message: bytes, at: Numbers) -> Thing | None:
    """Return an entry of a forwarding table that lasts."""
    start = codec.HEADER.size
    family, index, state, flags, _type = NDMSG.unpack_from(message, start)
    attributes = pairs(message, start + NDMSG.size, UNSAID)
    told = {kind & nla.TYPE_MASK: value for kind, value in attributes}
    if family != AF_BRIDGE or not (state & (NOARP | PERMANENT) or flags & EXT_LEARNED):
        return None
    mac = told.get(NDA_LLADDR, b"")
    number = at.get(index, index)
    master = nla.u32(told[NDA_MASTER]) if NDA_MASTER in told else 0
    if not master and NDA_DST not in told and mac[:1] and mac[0] & 1:
        return None  # a group that the link listens to
    where = MASTER if master and master != index and not flags & SELF else SELF
    flags = flags & (EXT_LEARNED | STICKY) | where
    attributes = [each for each in attributes if each[0] & nla.TYPE_MASK != NDA_MASTER]
    attributes = renumbered(attributes, {NDA_IFINDEX}, at)
    payload = NDMSG.pack(AF_BRIDGE, number, state, flags, 0) + packed(attributes)
    key = ("forward", number, payload[NDMSG.size :], where)
    # One of several places of a tunnel is told from others by its address.
    many = APPEND if NDA_DST in told and (not any(mac) or mac[0] & 1) else REPLACE
    return Thing(key, number, payload, RTM_NEWNEIGH, payload, CREATE | many)


# --- addresses, linux/if_addr.h ------------------------------------------------------------------

IFADDR = struct.Struct("=BBBBI")
LIFETIMES = struct.Struct("=4I")  # preferred, valid, when made and when changed
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
    """An address, its lifetimes as the moments when they end."""

    thing: Thing
    preferred: float
    valid: float
    decided: bool  # the kernel has found that nobody else has it

    def request(self, now: float) -> bytes:
        """Return what makes it again, for what is left of its life."""
        left = [
            FOREVER if each == FOREVER else max(0, round(each - now))
            for each in (self.preferred, self.valid)
        ]
        if left == [FOREVER, FOREVER]:
            return self.thing.payload
        return self.thing.payload + nla.attribute(IFA_CACHEINFO, LIFETIMES.pack(*left, 0, 0))


def address(message: bytes, at: Numbers, when: float) -> Address | None:
    """Return an address, None for one that the kernel makes of the MAC and for temporary ones."""
    start = codec.HEADER.size
    family, length, flags, scope, index = IFADDR.unpack_from(message, start)
    attributes = pairs(message, start + IFADDR.size, ())
    told = {kind & nla.TYPE_MASK: value for kind, value in attributes}
    six = family == socket.AF_INET6
    flags = nla.u32(told[IFA_FLAGS]) if IFA_FLAGS in told else flags
    local = told.get(IFA_LOCAL, told.get(IFA_ADDRESS, b""))
    proto = told.get(IFA_PROTO, b"\0")[0]
    if six and (flags & TEMPORARY_OR_SECONDARY or _made_of_mac(local, length, proto)):
        return None
    preferred, valid, _made, _changed = LIFETIMES.unpack(told[IFA_CACHEINFO])
    number = at.get(index, index)
    stated = [each for each in attributes if each[0] not in (IFA_CACHEINFO, IFA_FLAGS)]
    if flags & STATED_FLAGS:
        stated.append((IFA_FLAGS, struct.pack("=I", flags & STATED_FLAGS)))
    payload = IFADDR.pack(family, length, 0, scope, number) + packed(stated)
    # The kernel finds an IPv6 address by itself, an IPv4 one with its prefix.
    peer = b"" if six else told.get(IFA_ADDRESS, b"")
    key = ("address", number, local, b"" if six else bytes([length]) + peer)
    said = (payload, not six and flags & TEMPORARY_OR_SECONDARY)
    decided = not six or not flags & 0x48  # IFA_F_TENTATIVE, IFA_F_DADFAILED
    bare = IFADDR.pack(family, length, 0, 0, number)
    bare += packed(each for each in stated if each[0] in (IFA_ADDRESS, IFA_LOCAL, IFA_LABEL))
    thing = Thing(key, number, said, RTM_NEWADDR, payload, CREATE, gone=bare)
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
TYPES = (1, 2, 6, 7, 8, 9)


def route(message: bytes, at: Numbers) -> Thing | None:
    """Return a route, None for what the kernel keeps in its own table, and for learned ones."""
    start = codec.HEADER.size
    head = RTMSG.unpack_from(message, start)
    family, length, source, tos, table, proto, _scope, type_, flags = head
    if family not in (socket.AF_INET, socket.AF_INET6) or type_ not in TYPES or flags & CLONED:
        return None
    attributes = pairs(message, start + RTMSG.size, (RTA_CACHEINFO, 20 if family == 2 else 0))
    told = {kind & nla.TYPE_MASK: value for kind, value in attributes}
    number = nla.u32(told[RTA_TABLE]) if RTA_TABLE in told else table
    if proto == BY_ADVERTISEMENT or (proto == KERNEL and number == LOCAL_TABLE):
        return None
    dst = told.get(1, b"")
    if family == socket.AF_INET6 and proto == KERNEL and dst[:2] in (b"\xfe\x80", b"\xff\0"):
        return None
    expires = _expires(message, start)
    if expires:
        attributes.append((RTA_EXPIRES, struct.pack("=I", expires)))
    if RTA_NH_ID in told:  # where it leads is told for reading only
        ways = (RTA_OIF, RTA_GATEWAY, RTA_MULTIPATH, RTA_VIA)
        attributes = [each for each in attributes if each[0] & nla.TYPE_MASK not in ways]
    attributes = [
        (kind, _ways(value, at)) if kind & nla.TYPE_MASK == RTA_MULTIPATH else (kind, value)
        for kind, value in renumbered(attributes, {RTA_OIF}, at)
    ]
    payload = RTMSG.pack(*head[:8], flags & ONLINK) + packed(attributes)
    metric = told.get(RTA_PRIORITY, b"")
    key = ("route", family, dst, length, told.get(2, b""), source, tos, number, metric)
    link = nla.u32(told[RTA_OIF]) if RTA_OIF in told else 0
    said = payload if not expires else packed(attributes[:-1])
    rank = 2 if told.keys() & {RTA_GATEWAY, RTA_VIA, RTA_MULTIPATH, RTA_NH_ID} else 0
    rank += 1 if 7 in told else 0  # RTA_PREFSRC
    return Thing(key, at.get(link, link), said, RTM_NEWROUTE, payload, CREATE | APPEND, rank)


def _expires(message: bytes, start: int) -> int:
    """Return in how many seconds a route ends, 0 for never (struct rta_cacheinfo, in ticks)."""
    for kind, value in nla.attributes(message, start + RTMSG.size, len(message)):
        if kind == RTA_CACHEINFO and len(value) >= 12:
            ticks: int = nla.s32(value[8:12])
            return max(0, ticks) // 100
    return 0


def _ways(data: bytes, at: Numbers) -> bytes:
    """Return RTA_MULTIPATH with the numbers of links now, and no flags that only tell."""
    found, offset = bytearray(data), 0
    while offset + 8 <= len(data):
        length, flags, hops, index = nla.NEXTHOP.unpack_from(data, offset)
        if length < 8:
            break
        nla.NEXTHOP.pack_into(found, offset, length, flags & ONLINK, hops, at.get(index, index))
        offset += (length + 3) & ~3
    return bytes(found)


def links_of(thing: Thing) -> set[int]:
    """Return the links that a route leaves by."""
    if thing.link or thing.key[0] != "route":
        return {thing.link}
    found: set[int] = set()
    for kind, value in nla.attributes(thing.payload, RTMSG.size, len(thing.payload)):
        if kind == RTA_MULTIPATH:
            found |= {index for _flags, _hops, index, _way, _others in nla.nexthops(value)}
    return found or {0}  # it leaves by a nexthop object, or by none


def source_of(thing: Thing) -> bytes:
    """Return the address that a route tells as its source: the route falls with it."""
    if thing.key[0] != "route":
        return b""
    return dict(nla.attributes(thing.payload, RTMSG.size, len(thing.payload))).get(7, b"")


def nexthop(message: bytes, at: Numbers) -> Thing:
    """Return a nexthop object."""
    start = codec.HEADER.size
    family, _scope, proto, _unused, flags = struct.unpack_from("=BBBBI", message, start)
    attributes = renumbered(pairs(message, start + 8, set(range(13, 20))), {NHA_OIF}, at)
    attributes = [
        (kind, packed(pairs(value, 0, {4})) if kind & nla.TYPE_MASK == NHA_RES_GROUP else value)
        for kind, value in attributes
    ]
    told = {kind & nla.TYPE_MASK: value for kind, value in attributes}
    group = NHA_GROUP in told
    if group:  # a group tells its type, and a plain one takes it
        family = 0
    payload = struct.pack("=BBBBI", family, 0, proto, 0, flags & ONLINK) + packed(attributes)
    deletion = bytes(8) + nla.attribute(NHA_ID, told[NHA_ID])
    link = nla.u32(told[NHA_OIF]) if NHA_OIF in told else 0
    key = ("nexthop", told[NHA_ID])
    return Thing(key, link, payload, RTM_NEWNEXTHOP, payload, CREATE | REPLACE, group, deletion)


def rule(message: bytes, _at: Numbers) -> Thing:
    """Return a rule."""
    start = codec.HEADER.size
    head = RTMSG.unpack_from(message, start)
    payload = RTMSG.pack(*head[:8], head[8] & 2) + packed(pairs(message, start + 12, {0}))
    return Thing(("rule", payload), 0, payload, RTM_NEWRULE, payload, CREATE)
