# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Requests about links of whatever kind, and about veths.

pyroute2's own class of links knows every kind: 10 ms to load, which most tasks can do without.
"""

from __future__ import annotations

import typing as t

from ..._core.link_table import ROWS, LinkAttribute
from ..._netlink import attributes as nla
from ..._netlink import codec

ALT_IFNAME = 53
INFO_KIND, INFO_DATA, VETH_INFO_PEER = 1, 2, 1  # linux/if_link.h, linux/veth.h


AF_INET6 = 10  # linux/socket.h


class LinkRequest(codec.NetlinkMessage):
    """RTM_NEWLINK, RTM_SETLINK and RTM_DELLINK; numbers from linux/if_link.h."""

    fields = codec.LinkMessage.fields
    nla_map = (
        *((row.number, row.attr, row.wire) for row in ROWS if row.number and not row.inet6),
        (3, "IFLA_IFNAME", "asciiz"),
        (5, "IFLA_LINK", "uint32"),
        (18, "IFLA_LINKINFO", "cdata"),
        (26, "IFLA_AF_SPEC", "cdata"),
        (28, "IFLA_NET_NS_FD", "uint32"),
        (49, "IFLA_NEW_IFINDEX", "uint32"),
        (52 | nla.NESTED, "IFLA_PROP_LIST", "cdata"),
    )


def veth(attrs: codec.Attributes, index: int = 0) -> tuple[str, bytes]:
    """Return the attribute that makes a new link a veth, whose other end has these attributes."""
    peer = LinkRequest.write({"index": index}, attrs)
    data = nla.attribute(VETH_INFO_PEER, peer)
    return "IFLA_LINKINFO", nla.attribute(INFO_KIND, b"veth\0") + nla.attribute(INFO_DATA, data)


def inet6(row: LinkAttribute, value: t.Any) -> tuple[str, bytes]:
    """Return the attribute that holds one of IPv6: inet6_set_link_af(), net/ipv6/addrconf.c."""
    number = row.values[value] if row.values else value
    inside = nla.attribute(row.number, codec.WRITERS[row.wire](number))
    return "IFLA_AF_SPEC", nla.attribute(AF_INET6, inside)


def altname(name: str) -> tuple[str, bytes]:
    """Return the attribute that holds another name of a link (RTM_NEWLINKPROP, RTM_DELLINKPROP)."""
    return "IFLA_PROP_LIST", nla.attribute(ALT_IFNAME, codec.WRITERS["asciiz"](name))
