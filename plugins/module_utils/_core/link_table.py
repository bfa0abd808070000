# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The table of link attributes: a row for each that links of all kinds have.

The rows stand in the order in which they are set. All else follows from them: argument
specifications, what a task states, messages, reading, comparing, commands, results. A row has the
name of the option, which is that of the field of ``host_state.Link``.
"""

from __future__ import annotations

import typing as t

from .argument import argument
from .record import dataclass

MARK = "netns:"  # altnames that begin so mark what belongs to a topology
ALTNAMSIZ = 128  # ALTIFNAMSIZ, linux/if.h
ETHERNET_MTU = (68, 65535)  # ETH_MIN_MTU, ETH_MAX_MTU, linux/if_ether.h
LEGACY_MAX_SIZE = 65536  # GSO_LEGACY_MAX_SIZE, GRO_LEGACY_MAX_SIZE, linux/netdevice.h
IFF_UP, IFF_NOARP, IFF_PROMISC, IFF_MULTICAST = 0x1, 0x80, 0x100, 0x1000  # linux/if.h
READ = ("u8", "u32", "mac", "text")  # what needs nothing but decoding
TYPES = {"u8": "int", "u32": "int", "mac": "str", "text": "str", "link": "str", "flag": "bool"}


@dataclass(frozen=True)
class LinkAttribute:
    """One attribute of a link.

    ``attr`` and ``number``: those of linux/if_link.h, ``wire`` its type there: u32, mac, text, link (an ifindex), or
    flag, whose bit ``flag`` is, ``inverted`` if it is set for false. ``word`` is that of ip-link(8).
    ``values``: the names of its numbers, of which a task cannot state those in ``read_only``.
    ``inet6``: it is one of IFLA_AF_SPEC for AF_INET6, and only there while the link has IPv6.
    ``low`` and ``high`` bound a number, and so does the attribute called ``limit``. ``chosen``: the kernel chooses it for a new link, as the kind
    and the version of the kernel have it. ``fixed``: it is set when the link is made. ``follows``: the
    attribute that sets it along. ``settable``: false for what the
    kernel only reports. ``optional``: older kernels do not have it: results show it where it
    is known. ``veth``: the module veth has the option as well.
    """

    name: str
    attr: str = ""
    number: int = 0
    wire: str = "u32"
    flag: int = 0
    inverted: bool = False
    word: str = ""
    values: t.Mapping[str, int] | None = None
    read_only: tuple[str, ...] = ()
    inet6: bool = False
    low: int = 0
    high: int = 0xFFFFFFFF
    chosen: bool = False
    fixed: bool = False
    follows: str = ""
    limit: str = ""
    optional: bool = False
    veth: bool = False
    settable: bool = True

    def shown(self, number: t.Any) -> t.Any:
        """Return a value as tasks have it."""
        if self.values is None:
            return number
        return next((name for name, each in self.values.items() if each == number), str(number))

    def followed(self, number: t.Any, own: t.Any) -> t.Any:
        """Return the value that it gets when the attribute that it follows is set to a number."""
        return own if number is None or number > LEGACY_MAX_SIZE else number

    def words(self, value: t.Any) -> tuple[str, ...]:
        """Return the attribute as ip-link(8) takes it."""
        if self.name == "up":
            return ("up" if value else "down",)
        if self.wire == "flag":
            return self.name, "on" if value else "off"
        if self.name == "master" and not value:
            return ("nomaster",)
        return self.word or self.name, "" if value is None else str(value)


NEWER: dict[str, t.Any] = {"chosen": True, "optional": True, "veth": True}
# MAX_TCP_HEADER is less, and GSO_MAX_SIZE is GRO_MAX_SIZE: linux/netdevice.h.
SIZE: dict[str, t.Any] = {"low": 512, "high": 8 * 65535}
QUEUES: dict[str, t.Any] = {"low": 1, "high": 4096}  # rtnl_create_link()
ROWS = (
    LinkAttribute("mtu", "IFLA_MTU", 4, high=0x7FFFFFFF, chosen=True, veth=True),
    LinkAttribute("mac", "IFLA_ADDRESS", 1, "mac", word="address", chosen=True, veth=True),
    LinkAttribute("alias", "IFLA_IFALIAS", 20, "text", veth=True),
    LinkAttribute("txqueuelen", "IFLA_TXQLEN", 13, chosen=True, veth=True),
    LinkAttribute("group", "IFLA_GROUP", 27),
    LinkAttribute("arp", wire="flag", flag=IFF_NOARP, inverted=True, chosen=True),
    LinkAttribute("multicast", wire="flag", flag=IFF_MULTICAST, chosen=True),
    LinkAttribute("promisc", wire="flag", flag=IFF_PROMISC),
    LinkAttribute("tso_max_size", "IFLA_TSO_MAX_SIZE", 59, settable=False, **NEWER),
    LinkAttribute("gso_max_size", "IFLA_GSO_MAX_SIZE", 41, limit="tso_max_size", **SIZE, **NEWER),
    LinkAttribute(
        "gso_ipv4_max_size",
        "IFLA_GSO_IPV4_MAX_SIZE",
        63,
        limit="tso_max_size",
        follows="gso_max_size",
        **SIZE,
        **NEWER,
    ),
    LinkAttribute("gro_max_size", "IFLA_GRO_MAX_SIZE", 58, **SIZE, **NEWER),
    LinkAttribute(
        "gro_ipv4_max_size", "IFLA_GRO_IPV4_MAX_SIZE", 64, follows="gro_max_size", **SIZE, **NEWER
    ),
    LinkAttribute("numtxqueues", "IFLA_NUM_TX_QUEUES", 31, fixed=True, **QUEUES, **NEWER),
    LinkAttribute("numrxqueues", "IFLA_NUM_RX_QUEUES", 32, fixed=True, **QUEUES, **NEWER),
    LinkAttribute(
        "addrgenmode",
        number=8,  # IFLA_INET6_ADDR_GEN_MODE
        wire="u8",
        values={"eui64": 0, "none": 1, "stable_secret": 2, "random": 3},
        read_only=("stable_secret",),  # which comes with net.ipv6.conf.LINK.stable_secret
        inet6=True,
        **NEWER,
    ),
    LinkAttribute("master", "IFLA_MASTER", 10, "link"),
    LinkAttribute("up", wire="flag", flag=IFF_UP, veth=True),
)
OPTIONS = tuple(row for row in ROWS if row.settable)
BY_NAME = {row.name: row for row in ROWS}
INET6 = tuple(row.name for row in ROWS if row.inet6)
NO_INET6: dict[str, t.Any] = dict.fromkeys(INET6)  # what a link has of these without IPv6
FIXED = tuple(row.name for row in ROWS if row.fixed)
CHOSEN = tuple(row.name for row in ROWS if row.chosen)


def arguments(only_veth: bool = False) -> dict[str, dict[str, t.Any]]:
    """Return the argument specification of the attributes, or of those that veth has."""
    return {
        **{row.name: _argument(row) for row in OPTIONS if row.veth or not only_veth},
        "altnames": {"type": "list", "elements": "str"},
        "purge_altnames": {"type": "bool", "default": False},
    }


def _argument(row: LinkAttribute) -> dict[str, t.Any]:
    if row.values is None:
        return argument(TYPES[row.wire])
    return argument("str", choices=tuple(each for each in row.values if each not in row.read_only))
