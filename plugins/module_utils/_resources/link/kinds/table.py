# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The kinds of links that can be made, and their options: one table for all floors.

An option has the task's name; the table states by which attribute of linux/if_link.h the
kernel knows it, by which word ip-link(8), in what form, and whether it can be changed afterwards
(the changelink() of the driver in linux/drivers/net, net/bridge, net/8021q, net/ipv4).
"""

from __future__ import annotations

import typing as t

from ...._core.record import dataclass


@dataclass(frozen=True)
class Option:
    """One option of a kind. ``form``: number, switch, seconds (in 1/100 on the wire), ip, link, user,
    or the names of an enumeration with their numbers. ``attr6`` is for an IPv6 address."""

    attr: str
    word: str
    form: str | dict[str, int] = "number"
    fixed: bool = False
    attr6: str = ""
    low: int = 0
    high: int = 0xFFFFFFFF


@dataclass(frozen=True)
class Kind:
    """A kind of link. ``parent``: whether it lies on another link: no, may or must.

    ``socket``: it has a socket, which stays in the namespace that it was made from.
    """

    options: dict[str, Option]
    parent: str = "no"
    parent_attr: str = ""  # of its own for what it leaves by; others have IFLA_LINK
    socket: bool = False
    mtu: int | None = None
    multicast: bool = True
    arp: bool = True


def _tunnel(attr: str) -> dict[str, Option]:
    return {
        "local": Option(f"IFLA_{attr}_LOCAL", "local", "ip"),
        "remote": Option(f"IFLA_{attr}_REMOTE", "remote", "ip"),
        "ttl": Option(f"IFLA_{attr}_TTL", "ttl", high=255),
    }


MACVLAN = {"private": 1, "vepa": 2, "bridge": 4, "passthru": 8, "source": 16}
BOND = {
    "balance-rr": 0,
    "active-backup": 1,
    "balance-xor": 2,
    "broadcast": 3,
    "802.3ad": 4,
    "balance-tlb": 5,
    "balance-alb": 6,
}
TUN = {
    "owner": Option("IFLA_TUN_OWNER", "user", "user", fixed=True),
    "group": Option("IFLA_TUN_GROUP", "group", "user", fixed=True),
}

KINDS: dict[str, Kind] = {
    "bridge": Kind(
        {
            "stp": Option("IFLA_BR_STP_STATE", "stp_state", "switch"),
            "vlan_filtering": Option("IFLA_BR_VLAN_FILTERING", "vlan_filtering", "switch"),
            "ageing": Option("IFLA_BR_AGEING_TIME", "ageing_time", "seconds"),
            "forward_delay": Option("IFLA_BR_FORWARD_DELAY", "forward_delay", "seconds"),
            "priority": Option("IFLA_BR_PRIORITY", "priority", high=0xFFFF),
        },
        mtu=1500,
    ),
    "vlan": Kind(
        {
            "protocol": Option(
                "IFLA_VLAN_PROTOCOL", "protocol", {"802.1Q": 0x8100, "802.1ad": 0x88A8}, True
            ),
            "id": Option("IFLA_VLAN_ID", "id", fixed=True, high=4094),
        },
        parent="must",
    ),
    "vxlan": Kind(
        {
            "id": Option("IFLA_VXLAN_ID", "id", fixed=True, high=0xFFFFFF),
            "local": Option("IFLA_VXLAN_LOCAL", "local", "ip", attr6="IFLA_VXLAN_LOCAL6"),
            "remote": Option("IFLA_VXLAN_GROUP", "remote", "ip", attr6="IFLA_VXLAN_GROUP6"),
            "group": Option("IFLA_VXLAN_GROUP", "group", "ip", attr6="IFLA_VXLAN_GROUP6"),
            "device": Option("IFLA_VXLAN_LINK", "dev", "link"),
            "dstport": Option("IFLA_VXLAN_PORT", "dstport", fixed=True, low=1, high=0xFFFF),
            "learning": Option("IFLA_VXLAN_LEARNING", "learning", "switch"),
            "ttl": Option("IFLA_VXLAN_TTL", "ttl", high=255),
        },
        socket=True,
    ),
    "macvlan": Kind({"mode": Option("IFLA_MACVLAN_MODE", "mode", MACVLAN)}, parent="must"),
    "macvtap": Kind({"mode": Option("IFLA_MACVTAP_MODE", "mode", MACVLAN)}, parent="must"),
    "ipvlan": Kind(
        {"mode": Option("IFLA_IPVLAN_MODE", "mode", {"l2": 0, "l3": 1, "l3s": 2})}, parent="must"
    ),
    "vrf": Kind({"table": Option("IFLA_VRF_TABLE", "table", fixed=True, low=1)}),
    "bond": Kind(
        {
            "mode": Option("IFLA_BOND_MODE", "mode", BOND),
            "miimon": Option("IFLA_BOND_MIIMON", "miimon"),
        },
        mtu=1500,
    ),
    "dummy": Kind({}, mtu=1500),
    "ifb": Kind({}, mtu=1500),
    "tun": Kind(TUN, mtu=1500),
    "tap": Kind(TUN, mtu=1500),
    "gre": Kind(_tunnel("GRE"), "may", "IFLA_GRE_LINK", socket=True),
    "gretap": Kind(_tunnel("GRE"), "may", "IFLA_GRE_LINK", socket=True),
    "ipip": Kind(_tunnel("IPIP"), "may", "IFLA_IPIP_LINK", socket=True),
    "sit": Kind(_tunnel("SIT"), "may", "IFLA_SIT_LINK", socket=True),
    "geneve": Kind(
        {
            "id": Option("IFLA_GENEVE_ID", "id", fixed=True, high=0xFFFFFF),
            "remote": Option("IFLA_GENEVE_REMOTE", "remote", "ip", attr6="IFLA_GENEVE_REMOTE6"),
            "dstport": Option("IFLA_GENEVE_PORT", "dstport", fixed=True, low=1, high=0xFFFF),
            "ttl": Option("IFLA_GENEVE_TTL", "ttl", high=255),
        },
        socket=True,
    ),
    "wireguard": Kind({}, socket=True),
}

# What a port of a bridge has: br_port_policy of net/bridge/br_netlink.c.
PORT: dict[str, Option] = {
    "isolated": Option("IFLA_BRPORT_ISOLATED", "isolated", "switch"),
    "learning": Option("IFLA_BRPORT_LEARNING", "learning", "switch"),
    "hairpin": Option("IFLA_BRPORT_MODE", "hairpin", "switch"),
}


# Modes of a bond that need the state of its ports, and the default interval of their check in ms:
# bond_mode_uses_arp(), BOND_DEFAULT_MIIMON.
NO_ARP_MONITOR = ("802.3ad", "balance-tlb", "balance-alb")
DEFAULT_MIIMON = 100
IP_TUNNELS = ("gre", "ipip", "sit")  # whose address on the link is their local one
# What `ip link add` must state to make what the kernel makes by default.
AS_MADE: dict[str, dict[str, str]] = {
    "ipip": {"mode": "ipip"},
    "sit": {"mode": "ip6ip", "ttl": "64"},
}
NOWHERE = ("0.0.0.0", "::")  # unspecified addresses


def kept(option: Option, value: t.Any) -> t.Any:
    """Return an option as the kernel shows it, which omits unspecified addresses."""
    return None if option.form == "ip" and value in NOWHERE else value


def same(option: Option, one: t.Any, other: t.Any) -> bool:
    """Return whether two values are one to the kernel, which counts some times in ticks of its own."""
    if option.form == "seconds" and None not in (one, other):
        return bool(abs(one - other) < 0.0101)  # jiffies_to_clock_t() rounds down
    return bool(kept(option, one) == kept(option, other))


# One attribute of the kernel, with a word for each of what it can be.
ONE_OF = {"remote": "group", "group": "remote"}
ONE_FAMILY = (
    "vxlan",
    "geneve",
)  # which is chosen when they are made: vxlan_nl2conf(), geneve_nl2info()


def family(address: str) -> int:
    """Return 4 or 6."""
    return 6 if ":" in address else 4


def is_fixed(link: t.Any, name: str, value: t.Any) -> bool:
    """Return whether the kernel does not change an option of a link to a value."""
    option, has = KINDS[link.kind].options[name], dict(link.options)
    if option.fixed:
        return True
    if link.kind in ("macvlan", "macvtap") and name == "mode":  # macvlan_changelink()
        return bool((has.get(name) == "passthru") != (value == "passthru"))
    if link.kind == "vxlan" and name == "ttl" and link.index:  # that of the packet inside
        return has.get(name) is None
    if option.form == "ip" and link.kind in ONE_FAMILY and value not in NOWHERE:
        ends = [has.get(each) for each in ("local", "remote", "group")]
        return family(value) != max((family(each) for each in ends if each), default=4)
    return False


def local_mac(address: str | None) -> str:
    """Return the address on the link of an IP tunnel, of which it has no other: __dev_addr_set() in
    ip_tunnel_update() and ipip6_tunnel_update()."""
    octets = (address or "0.0.0.0").split(".")
    return ":".join(f"{int(each):02x}" for each in octets)


def to_wire(option: Option, value: t.Any) -> t.Any:
    """Return the value as the attribute holds it."""
    if isinstance(option.form, dict):
        return option.form[value]
    if option.form == "seconds":
        return round(value * 100)  # USER_HZ
    return int(value) if option.form == "switch" else value


def from_wire(option: Option, value: t.Any) -> t.Any:
    """Return what an attribute holds as a task states it."""
    if isinstance(option.form, dict):
        return next((name for name, number in option.form.items() if number == value), str(value))
    if option.form == "seconds":
        seconds = value / 100
        return int(seconds) if seconds == int(seconds) else seconds
    return bool(value) if option.form == "switch" else value


def words(options: dict[str, Option], values: t.Iterable[tuple[str, t.Any]]) -> list[str]:
    """Return options as ip-link(8) takes them behind the type."""
    arguments = []
    for name, value in values:
        option = options[name]
        if option.word == "learning":
            arguments.append("learning" if value else "nolearning")
        elif option.form == "seconds":
            arguments += [option.word, str(round(value * 100))]
        elif value is None:
            arguments += [option.word, "any"] if option.form == "ip" else []
        else:
            arguments += [option.word, str(int(value)) if option.form == "switch" else str(value)]
    return arguments
