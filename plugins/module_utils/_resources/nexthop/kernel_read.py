# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read nexthop objects from netlink messages."""

from __future__ import annotations

import errno
import struct
import typing as t

from ..._core.errors import KernelError
from ..._core.host_state import NamespaceState, Route, phrase
from ..._core.parse import PROTOS
from ..._netlink import attributes as nla
from ..._netlink import codec, read
from ..._netlink.handles import Handles
from ..._netlink.socket import Socket
from ..fdb.kernel_read import forwards
from ..fdb.state import Forward
from ..route.kernel_read import routes
from .state import GROUP_TYPE, RES_GROUP, Group, NexthopObject

RTM_GETNEXTHOP = 106  # linux/rtnetlink.h
MEMBER = struct.Struct("=IBB2x")  # struct nexthop_grp, linux/nexthop.h: the weights are one less
ONLINK = 4  # RTNH_F_ONLINK
UNBALANCED_TIME = 4  # NHA_RES_GROUP_UNBALANCED_TIME: a time that passed
VERSIONS = {2: 4, 10: 6}  # by AF_…
# The kernel has no nexthop objects (before Linux 5.3), or none here.
NOTHING = (errno.EOPNOTSUPP, errno.EINVAL)


def _group(data: bytes) -> Group:
    return tuple(
        (each, weight + (high << 8) + 1) for each, weight, high in MEMBER.iter_unpack(data)
    )


class NexthopMessage(codec.NetlinkMessage):
    """RTM_NEWNEXTHOP and RTM_GETNEXTHOP; numbers from linux/nexthop.h."""

    fields = (
        ("family", "B"),
        ("scope", "B"),
        ("proto", "B"),
        ("resvd", "B"),
        ("flags", "I"),
    )
    nla_map = (
        (1, "NHA_ID", "uint32"),
        (2, "NHA_GROUP", "cdata"),
        (4, "NHA_BLACKHOLE", "cdata"),
        (5, "NHA_OIF", "uint32"),
        (6, "NHA_GATEWAY", "ipaddr"),
        (11, "NHA_FDB", "cdata"),
    )
    wanted: t.ClassVar[dict[int, tuple[str, nla.Reader]]] = {
        1: ("id", nla.u32),
        2: ("group", _group),
        4: ("blackhole", bytes),
        5: ("dev", nla.u32),
        6: ("via", nla.ip),
        11: ("fdb", bytes),
    }
    # Counters of hardware and of groups, and how they are asked for: NHA_OP_FLAGS, NHA_HW_STATS_….
    ignored = frozenset({13, 14, 15, 16, 17, 18, 19})


def nexthops(sock: Socket, what: str, names: dict[int, str]) -> tuple[NexthopObject, ...]:
    """Return the nexthop objects by ID."""
    try:
        messages = sock.dump(f"read the nexthop objects {what}", NexthopMessage, RTM_GETNEXTHOP, {})
    except KernelError as error:
        if error.errno not in NOTHING:
            raise
        messages = []
    return tuple(sorted((_nexthop(each, names) for each in messages), key=lambda each: each.id))


def _nexthop(message: t.Any, names: dict[int, str]) -> NexthopObject:
    found = message.found
    group = found.get("group", ())
    return NexthopObject(
        found["id"],
        0 if group else VERSIONS.get(message["family"], 0),
        found.get("via"),
        names.get(found["dev"]) if "dev" in found else None,
        bool(message["flags"] & ONLINK),
        "blackhole" in found,
        group,
        "fdb" in found,
        PROTOS.get(message["proto"]) or str(message["proto"]),
        tuple(_extras(found.get("others", ()))),
    )


def _extras(others: t.Iterable[tuple[int, bytes]]) -> t.Iterator[tuple[int, bytes]]:
    """Yield the attributes that no task can state, as they are sent back."""
    for number, value in others:
        kind = number & nla.TYPE_MASK
        if kind == GROUP_TYPE and not any(value):
            continue  # as all groups are that hash
        if kind == RES_GROUP:
            inner = nla.attributes(value, 0, len(value))
            value = b"".join(nla.attribute(*each) for each in inner if each[0] != UNBALANCED_TIME)
        yield number, value


def forwards_by(kernel: Handles, key: str) -> list[Forward]:
    """Return the forwarding entries of a namespace that use nexthop objects: of VXLANs alone."""
    sock = kernel.socket(key)
    found = read.links(sock, phrase(key))
    namespace = NamespaceState(key, links={each.link.name: each.link for each in found})
    wanted = frozenset(each.link.name for each in found if each.link.kind == "vxlan")
    if wanted:
        forwards(sock, namespace, found, wanted)
    return [each for each in namespace.fdb if each.nhid]


def routes_by(kernel: Handles, key: str) -> list[Route]:
    """Return the routes of a namespace that use nexthop objects, of all tables."""
    names = {index: name for (place, name), index in kernel.indexes.items() if place == key}
    found = routes(kernel.socket(key), phrase(key), names, local=True)
    return [each for each in found if each.nhid]
