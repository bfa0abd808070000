# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Restore the VLANs of bridge ports, and multicast groups of bridges (mdb)."""

from __future__ import annotations

import contextlib
import struct
import typing as t

from ..._core.errors import KernelError
from .. import attributes as nla
from .. import codec
from ..socket import CREATE, EXCL, Socket
from .links import AF_SPEC, HEAD, IFINFO
from .take import AF_BRIDGE, send
from .things import Numbers

if t.TYPE_CHECKING:
    from .restore_place import NamespaceRestore
    from .take import NamespaceSnapshot

RTM_SETLINK, RTM_DELLINK, RTM_NEWMDB, RTM_DELMDB = 19, 17, 84, 85
VLAN_INFO, BRIDGE_FLAGS, BRIDGE_SELF = 2, 0, 2  # linux/if_bridge.h, as the following
VLAN = struct.Struct("=HH")  # struct bridge_vlan_info
LASTING_VLAN_FLAGS = 0x02 | 0x04  # pvid, untagged
MDB, MDB_ENTRY, MDB_INFO = 1, 1, 1
ENTRY = struct.Struct("=IBBH16sH2x")  # struct br_mdb_entry
PERMANENT = 1
# Attribute numbers when reported and when set: source, filter mode and protocol.
ENTRY_ATTRIBUTES = {4: 1, 3: 3, 5: 4}
PORT_MESSAGE = struct.Struct("=B3xI")  # struct br_port_msg

Vlans = dict[int, int]
Groups = dict[tuple[int, bytes], bytes]


def vlans(taken: NamespaceSnapshot, at: Numbers, wanted: t.Container[int]) -> dict[int, Vlans]:
    """Return the VLANs of ports and bridges, with their flags."""
    found: dict[int, Vlans] = {}
    for message in taken.messages["ports"]:
        index = IFINFO.unpack_from(message, codec.HEADER.size)[2]
        number = at.get(index, index)
        spec = dict(nla.attributes(message, HEAD, len(message))).get(AF_SPEC, b"")
        for kind, value in nla.attributes(spec, 0, len(spec)):
            if kind == VLAN_INFO and number in wanted:
                flags, vid = VLAN.unpack(value)
                found.setdefault(number, {})[vid] = flags & LASTING_VLAN_FLAGS
    return found


def groups(taken: NamespaceSnapshot, at: Numbers, wanted: t.Container[int]) -> Groups:
    """Return the permanent groups: the further attributes by bridge and entry."""
    found: Groups = {}
    for message in taken.messages["groups"]:
        _family, bridge = PORT_MESSAGE.unpack_from(message, codec.HEADER.size)
        for table in _inside(message, codec.HEADER.size + PORT_MESSAGE.size, MDB):
            for entry in _inside(table, 0, MDB_ENTRY):
                for info in _inside(entry, 0, MDB_INFO):
                    index, state, flags, vid, group, proto = ENTRY.unpack_from(info)
                    number = at.get(index, index)
                    if state != PERMANENT or not {number, at.get(bridge, bridge)} & _set(wanted):
                        continue
                    attributes = dict(nla.attributes(info, ENTRY.size, len(info)))
                    more = b"".join(
                        nla.attribute(ENTRY_ATTRIBUTES[kind], value)
                        for kind, value in attributes.items()
                        if kind in ENTRY_ATTRIBUTES
                    )
                    one = ENTRY.pack(number, state, flags & 0, vid, group, proto)
                    found[at.get(bridge, bridge), one] = more
    return found


def _set(wanted: t.Any) -> set[int]:
    return set(wanted)


def _inside(data: bytes, start: int, wanted: int) -> t.Iterator[bytes]:
    for kind, value in nla.attributes(data, start, len(data)):
        if kind == wanted:
            yield value


def restore(sock: Socket, place: NamespaceRestore, there: NamespaceSnapshot) -> None:
    """Restore the VLANs of ports and the groups of bridges."""
    numbers = place.numbers
    was, has = vlans(place.taken, place.at, numbers), vlans(there, {}, numbers)
    for number in was.keys() | has.keys():
        old, new = was.get(number, {}), has.get(number, {})
        is_bridge = number in _bridges(place)
        for vid in sorted(new.keys() - old.keys()):
            _vlan(sock, RTM_DELLINK, number, is_bridge, 0, vid)
        for vid, flags in sorted(old.items()):
            if new.get(vid) != flags:
                _vlan(sock, RTM_SETLINK, number, is_bridge, flags, vid)
    before, after = groups(place.taken, place.at, numbers), groups(there, {}, numbers)
    for (bridge, entry), more in before.items():
        if after.get((bridge, entry)) != more:
            payload = PORT_MESSAGE.pack(AF_BRIDGE, bridge) + nla.attribute(1, entry)
            attributes = nla.attribute(2 | nla.NESTED, more) if more else b""
            if not _try(sock, RTM_NEWMDB, payload + attributes, CREATE | EXCL):
                # Before Linux 6.3 the kernel reports more attributes of a group than it accepts.
                _try(sock, RTM_NEWMDB, payload, CREATE | EXCL)
    for bridge, entry in after.keys() - before.keys():
        _try(sock, RTM_DELMDB, PORT_MESSAGE.pack(AF_BRIDGE, bridge) + nla.attribute(1, entry))


def _bridges(place: NamespaceRestore) -> set[int]:
    return {
        place.at.get(index, index) for index, link in place.links.items() if link.kind == "bridge"
    }


def _vlan(sock: Socket, kind: int, number: int, is_bridge: bool, flags: int, vid: int) -> None:
    inside = nla.attribute(BRIDGE_FLAGS, struct.pack("=H", BRIDGE_SELF)) if is_bridge else b""
    inside += nla.attribute(VLAN_INFO, VLAN.pack(flags, vid))
    payload = IFINFO.pack(AF_BRIDGE, 0, number, 0, 0)
    _try(sock, kind, payload + nla.attribute(AF_SPEC | nla.NESTED, inside))


def _try(sock: Socket, kind: int, payload: bytes, flags: int = 0) -> bool:
    """Send a request; return whether the kernel accepted it. The comparison afterwards reports
    errors."""
    with contextlib.suppress(KernelError):
        send(sock, "put back what a bridge had", kind, payload, flags)
        return True
    return False
