# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Messages in and out: lean classes for what tasks deal with all the time, pyroute2's for the rest.

pyroute2 makes an object of every attribute, and a link has sixty: 200 to 300 us a link, and 80 to
load its classes. The classes here walk a message and read only the attributes that the model has.
"""

from __future__ import annotations

import itertools
import socket
import struct
import typing as t

HEADER = struct.Struct("=IHHII")  # struct nlmsghdr, linux/netlink.h
LENGTH = struct.Struct("=I")  # at its start
ATTRIBUTE = struct.Struct("=HH")  # struct nlattr
NEXTHOP = struct.Struct("=HBBi")  # struct rtnexthop, linux/rtnetlink.h
NESTED = 0x8000  # NLA_F_NESTED
KEEP_ADDR_ON_DOWN = 42  # DEVCONF_KEEP_ADDR_ON_DOWN, linux/ipv6.h
NOTHING = itertools.repeat(0)
TYPE_MASK = 0x3FFF  # NLA_TYPE_MASK: without NLA_F_NESTED and NLA_F_NET_BYTEORDER

Reader = t.Callable[[bytes], t.Any]
Writer = t.Callable[[t.Any], bytes]
Attributes = t.Sequence[tuple[str, t.Any]]


def _unpack(layout: str) -> Reader:
    reader = struct.Struct(layout).unpack_from
    return lambda data: reader(data)[0]


u8, u16, u32, s32 = _unpack("=B"), _unpack("=H"), _unpack("=I"), _unpack("=i")
NUMBERS: dict[Reader, str] = {u8: "B", u16: "H", u32: "I", s32: "i"}


def text(data: bytes) -> str:
    """Read a string that ends with NUL."""
    return data.rstrip(b"\0").decode(errors="surrogateescape")


def mac(data: bytes) -> str:
    """Read a link-layer address, however long."""
    return data.hex(":")


def ip(data: bytes) -> str:
    """Read an IPv4 or IPv6 address."""
    return socket.inet_ntop(socket.AF_INET if len(data) == 4 else socket.AF_INET6, data)


def via(data: bytes) -> str:
    """Read RTA_VIA: a family, then an address of it (struct rtvia, linux/rtnetlink.h)."""
    return ip(data[2:])


def altnames(data: bytes) -> tuple[str, ...]:
    """Read IFLA_PROP_LIST: the other names of a link (IFLA_ALT_IFNAME, linux/if_link.h)."""
    return tuple(text(value) for kind, value in attributes(data, 0, len(data)) if kind == 53)


def attributes(data: bytes, start: int, end: int) -> t.Iterator[tuple[int, bytes]]:
    """Walk the attributes between two offsets."""
    while start + 4 <= end:
        length, kind = ATTRIBUTE.unpack_from(data, start)
        if length < 4:
            return
        yield kind & TYPE_MASK, data[start + 4 : start + length]
        start += (length + 3) & ~3


def find(data: bytes | bytearray, start: int, kind: int) -> int:
    """Return the offset of the value of an attribute that is there."""
    while (each := ATTRIBUTE.unpack_from(data, start))[1] & TYPE_MASK != kind:
        start += (each[0] + 3) & ~3
    return start + ATTRIBUTE.size


def u32_at(number: int) -> Reader:
    """Read one of an array of 32-bit numbers, 0 where it has not as many."""
    reader, needed = struct.Struct(f"={4 * number}xI").unpack_from, 4 * number + 4
    return lambda data: reader(data)[0] if len(data) >= needed else 0


def nested(wanted: dict[int, tuple[str, Reader]]) -> Reader:
    """Read attributes within an attribute, as a dict."""
    read = Wanted(wanted).read
    return lambda data: read(data, 0, len(data))


class Wanted:
    """Which attributes are read where attributes lie in a row: by their number a name and a reader."""

    def __init__(self, wanted: dict[int, tuple[str, Reader]]) -> None:
        self.wanted = wanted
        self.shapes: dict[int, Shape] = {}  # the last one of each length

    def read(self, data: bytes, start: int, end: int) -> dict[str, t.Any]:
        """Return those that lie between two offsets, by their names."""
        shape = self.shapes.get(end - start)
        if shape is None or shape.headers(data, start) != shape.told:
            shape = self.shapes[end - start] = Shape(self.wanted, data, start, end)
        found = dict(zip(shape.names, shape.values(data, start)))
        for name, reader in shape.readers:
            found[name] = reader(found[name])
        return found


class Shape:
    """Where attributes lie in a row: mostly as they lay in the last one of its length.

    ``headers`` reads the headers of all of them at once, ``told`` is what they were. ``values`` reads
    all that are wanted: numbers as such, the others as bytes, which the ``readers`` are for.
    """

    __slots__ = ("headers", "names", "readers", "told", "values")

    def __init__(
        self, wanted: dict[int, tuple[str, Reader]], data: bytes, start: int, end: int
    ) -> None:
        self.names: list[str] = []
        self.readers: list[tuple[str, Reader]] = []
        headers, values, told = ["="], ["="], []
        while start + 4 <= end:
            length, kind = ATTRIBUTE.unpack_from(data, start)
            if length < 4 or start + length > end:
                break
            room = min((length + 3) & ~3, end - start) - 4
            headers.append(f"HH{room}x")
            known = wanted.get(kind & TYPE_MASK)
            if known is None:
                values.append(f"{4 + room}x")
            else:
                name, reader = known
                form = NUMBERS.get(reader, "")
                if not form or struct.calcsize(form) != length - 4:
                    form = f"{length - 4}s"
                    self.readers.append(known)
                self.names.append(name)
                values.append(f"4x{form}{room - length + 4}x")
            told += [length, kind]
            start += (length + 3) & ~3
        self.headers = struct.Struct("".join(headers)).unpack_from
        self.values = struct.Struct("".join(values)).unpack_from
        self.told = tuple(told)


def nexthops(data: bytes) -> list[tuple[int, int, int, str | None]]:
    """Read RTA_MULTIPATH: flags, weight less one, ifindex and gateway of each (struct rtnexthop)."""
    found, offset = [], 0
    while offset + 8 <= len(data):
        length, flags, hops, index = NEXTHOP.unpack_from(data, offset)
        if length < 8:
            break
        ways = {5: ip, 18: via}
        gateways = [
            ways[kind](value)
            for kind, value in attributes(data, offset + 8, offset + length)
            if kind in ways
        ]
        found.append((flags, hops, index, gateways[0] if gateways else None))
        offset += (length + 3) & ~3
    return found


def _text(value: str) -> bytes:
    return value.encode(errors="surrogateescape") + b"\0"


def _ip(value: str) -> bytes:
    return socket.inet_pton(socket.AF_INET6 if ":" in value else socket.AF_INET, value)


def _mac(value: str) -> bytes:
    return bytes.fromhex(value.replace(":", ""))


WRITERS: dict[str, Writer] = {  # by the names that pyroute2 has for the forms of attributes
    "uint8": struct.Struct("=B").pack,
    "uint16": struct.Struct("=H").pack,
    "be16": struct.Struct(">H").pack,
    "uint32": struct.Struct("=I").pack,
    "int32": struct.Struct("=i").pack,
    "asciiz": _text,
    "ipaddr": _ip,
    "l2addr": _mac,
    "lladdr": _mac,
    "cdata": bytes,
}


def attribute(kind: int, value: bytes) -> bytes:
    """Return an attribute with what fills it up to the next multiple of four bytes."""
    return ATTRIBUTE.pack(4 + len(value), kind) + value + bytes(-len(value) % 4)


class Reply(dict[str, int]):
    """The fields of a message. ``found`` holds its attributes; in ``data``, it is at ``offset``."""

    __slots__ = ("data", "found", "length", "offset")
    found: dict[str, t.Any]
    data: bytes
    offset: int
    length: int


class Lean:
    """A kind of message: its ``fields``, the attributes that a request may have, and the ``wanted``.

    ``fields`` and ``nla_map`` are written as in pyroute2's classes, with the numbers of attributes.
    """

    fields: t.ClassVar[tuple[tuple[str, str], ...]]
    nla_map: t.ClassVar[tuple[tuple[int, str, str], ...]] = ()
    wanted: t.ClassVar[dict[int, tuple[str, Reader]]] = {}
    layout: t.ClassVar[struct.Struct]
    names: t.ClassVar[list[str]]
    attributes: t.ClassVar[t.Callable[[bytes, int, int], dict[str, t.Any]]]
    written: t.ClassVar[dict[str, tuple[int, Writer]]]

    def __init_subclass__(cls) -> None:
        cls.layout = struct.Struct("=" + "".join(layout for _unused, layout in cls.fields))
        cls.names = [name for name, layout in cls.fields if not layout.endswith("x")]
        cls.attributes = Wanted(cls.wanted).read
        cls.written = {name: (number, WRITERS[form]) for number, name, form in cls.nla_map}

    @classmethod
    def write(cls, fields: t.Mapping[str, int], attrs: Attributes) -> bytes:
        """Return the fields, those that are not stated as 0, and the attributes."""
        data = cls.layout.pack(*map(fields.get, cls.names, NOTHING))
        data += bytes(-len(data) % 4)
        for name, value in attrs:
            number, writer = cls.written[name]
            data += attribute(number, writer(value))
        return data

    @classmethod
    def read(cls, data: bytes, start: int) -> Reply:
        """Return the message at an offset of a datagram."""
        offset = start + HEADER.size
        reply = Reply(zip(cls.names, cls.layout.unpack_from(data, offset)))
        reply.data, reply.offset = data, start
        reply.length = LENGTH.unpack_from(data, start)[0]
        offset += (cls.layout.size + 3) & ~3
        reply.found = cls.attributes(data, offset, start + reply.length)
        return reply


class LinkMessage(Lean):
    """RTM_NEWLINK and RTM_GETLINK; numbers from linux/if_link.h."""

    fields = (
        ("family", "B"),
        ("pad", "x"),
        ("ifi_type", "H"),
        ("index", "i"),
        ("flags", "I"),
        ("change", "I"),
    )
    nla_map = (
        (3, "IFLA_IFNAME", "asciiz"),
        (29, "IFLA_EXT_MASK", "uint32"),
        (46, "IFLA_IF_NETNSID", "int32"),
    )
    wanted: t.ClassVar[dict[int, tuple[str, Reader]]] = {
        1: ("mac", mac),
        3: ("name", text),
        4: ("mtu", u32),
        5: ("iflink", u32),
        10: ("master", u32),
        13: ("txqueuelen", u32),
        16: ("operstate", u8),
        18: (
            "info",
            nested(
                {1: ("kind", text), 2: ("data", bytes), 4: ("port", text), 5: ("port_data", bytes)}
            ),
        ),
        20: ("alias", text),
        26: ("af_spec", nested({10: ("v6", nested({2: ("keeps", u32_at(KEEP_ADDR_ON_DOWN))}))})),
        27: ("group", u32),
        37: ("nsid", s32),
        50: ("min_mtu", u32),
        51: ("max_mtu", u32),
        52: ("altnames", altnames),
    }


class AddressMessage(Lean):
    """RTM_NEWADDR; numbers from linux/if_addr.h."""

    fields = (
        ("family", "B"),
        ("prefixlen", "B"),
        ("flags", "B"),
        ("scope", "B"),
        ("index", "I"),
    )
    wanted: t.ClassVar[dict[int, tuple[str, Reader]]] = {
        1: ("address", ip),
        2: ("local", ip),
        3: ("label", text),
        4: ("broadcast", ip),
        # Preferred, valid, and when created and set, in 1/100 s of uptime (struct ifa_cacheinfo).
        6: ("cacheinfo", struct.Struct("=4I").unpack_from),
        8: ("flags", u32),
        9: ("metric", u32),
        11: ("proto", u8),
    }


class RouteMessage(Lean):
    """RTM_NEWROUTE; numbers from linux/rtnetlink.h."""

    fields = (
        ("family", "B"),
        ("dst_len", "B"),
        ("src_len", "B"),
        ("tos", "B"),
        ("table", "B"),
        ("proto", "B"),
        ("scope", "B"),
        ("type", "B"),
        ("flags", "I"),
    )
    nla_map = ((15, "RTA_TABLE", "uint32"),)
    wanted: t.ClassVar[dict[int, tuple[str, Reader]]] = {
        1: ("dst", ip),
        4: ("dev", u32),
        5: ("via", ip),
        6: ("metric", u32),
        7: ("src", ip),
        8: ("metrics", nested({2: ("mtu", u32)})),
        9: ("multipath", nexthops),
        15: ("table", u32),
        18: ("via", via),
    }


class NsidMessage(Lean):
    """RTM_NEWNSID and RTM_GETNSID; numbers from linux/net_namespace.h."""

    fields = (("rtgen_family", "B"), ("pad", "3x"))
    nla_map = ((3, "NETNSA_FD", "uint32"),)
    wanted: t.ClassVar[dict[int, tuple[str, Reader]]] = {1: ("nsid", s32)}


def encode(
    cls: t.Any,
    kind: int,
    flags: int,
    sequence: int,
    fields: t.Mapping[str, int],
    attrs: Attributes,
) -> bytes:
    """Return a request as bytes, encoded by a lean class or by one of pyroute2's."""
    if issubclass(cls, Lean):
        data: bytes = cls.write(fields, attrs)
        return HEADER.pack(HEADER.size + len(data), kind, flags, sequence, 0) + data
    message = cls()
    message.update(fields)
    message["attrs"] = list(attrs)
    message["header"] = {"type": kind, "flags": flags, "sequence_number": sequence, "pid": 0}
    message.encode()
    return bytes(message.data)


def nlmsg_pieces(data: bytes) -> t.Iterator[tuple[int, int, int, int, int]]:
    """Walk a datagram: offset, length, type, flags and sequence number of each message."""
    offset = 0
    while offset + HEADER.size <= len(data):
        length, kind, flags, sequence, _unused = HEADER.unpack_from(data, offset)
        if length < HEADER.size:
            return
        yield offset, length, kind, flags, sequence
        offset += (length + 3) & ~3
