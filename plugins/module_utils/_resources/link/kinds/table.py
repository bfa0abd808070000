# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The table of kinds: a row for each kind, with a row for each of its options.

An option has the task's name; the row states by which attribute of linux/if_link.h the kernel knows
it, in what form, by which word ip-link(8), and whether it can be changed afterwards (the
changelink() of the driver in linux/drivers/net, net/bridge, net/8021q, net/ipv4). All else follows from
the rows: the module's argument specification, reading, comparing, changing, commands, roll back.
"""

from __future__ import annotations

from ...._core.link_table import ETHERNET_MTU
from .option import Kind, Option

GRE_ENDS, IP_ENDS = (1, 6, 7, 4), (1, 2, 3, 0)  # IFLA_GRE_…, IFLA_IPTUN_…


def _tunnel(attr: str, first: int) -> dict[str, Option]:
    """Return the options of a tunnel over IPv4, whose attributes have consecutive numbers."""
    return {
        "local": Option(f"IFLA_{attr}_LOCAL", first, "ip", "local", "ip"),
        "remote": Option(f"IFLA_{attr}_REMOTE", first + 1, "ip", "remote", "ip"),
        "ttl": Option(f"IFLA_{attr}_TTL", first + 2, "u8", "ttl", high=255),
    }


def _tunnel6(attr: str, first: int, limit: int) -> dict[str, Option]:
    """Return the options of a tunnel over IPv6."""
    return {
        "local": Option(f"IFLA_{attr}_LOCAL", first, "ip", "local", "ip6"),
        "remote": Option(f"IFLA_{attr}_REMOTE", first + 1, "ip", "remote", "ip6"),
        "ttl": Option(f"IFLA_{attr}_TTL", first + 2, "u8", "hoplimit", high=255),
        "encap_limit": Option(f"IFLA_{attr}_ENCAP_LIMIT", limit, "u8", "encaplimit", high=255),
    }


def _vti(form: str) -> dict[str, Option]:
    """Return the options of a link whose packets IPsec policies match by their keys."""
    return {
        "local": Option("IFLA_VTI_LOCAL", 4, "ip", "local", form),
        "remote": Option("IFLA_VTI_REMOTE", 5, "ip", "remote", form),
        "ikey": Option("IFLA_VTI_IKEY", 2, "be32", "ikey"),
        "okey": Option("IFLA_VTI_OKEY", 3, "be32", "okey"),
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
# Linux 0x0080C20001000001, too, but reports the one that it had before the standard.
CIPHERS = {
    "gcm-aes-128": 0x0080020001000001,
    "gcm-aes-256": 0x0080C20001000002,
    "gcm-aes-xpn-128": 0x0080C20001000003,
    "gcm-aes-xpn-256": 0x0080C20001000004,
}
TUN = {
    "owner": Option("IFLA_TUN_OWNER", 1, "u32", "user", "user", fixed=True),
    "group": Option("IFLA_TUN_GROUP", 2, "u32", "group", "user", fixed=True),
}

KINDS: dict[str, Kind] = {
    "bridge": Kind(
        {
            "stp": Option("IFLA_BR_STP_STATE", 5, "u32", "stp_state", "switch"),
            "vlan_filtering": Option("IFLA_BR_VLAN_FILTERING", 7, "u8", "vlan_filtering", "switch"),
            "ageing": Option("IFLA_BR_AGEING_TIME", 4, "u32", "ageing_time", "seconds"),
            "forward_delay": Option("IFLA_BR_FORWARD_DELAY", 1, "u32", "forward_delay", "seconds"),
            "priority": Option("IFLA_BR_PRIORITY", 6, "u16", "priority", high=0xFFFF),
        },
        mtu=ETHERNET_MTU,
        ports=True,
    ),
    "vlan": Kind(
        {
            "protocol": Option(
                "IFLA_VLAN_PROTOCOL",
                5,
                "be16",
                "protocol",
                {"802.1Q": 0x8100, "802.1ad": 0x88A8},
                fixed=True,
            ),
            "id": Option("IFLA_VLAN_ID", 1, "u16", "id", fixed=True, high=4094, required=True),
        },
        parent="must",
        mtu=(0, 65535),
        mtu_follows="at most",
        needs_lower=True,
    ),
    "vxlan": Kind(
        {
            "id": Option("IFLA_VXLAN_ID", 1, "u32", "id", fixed=True, high=0xFFFFFF, required=True),
            "local": Option(
                "IFLA_VXLAN_LOCAL", 4, "ip", "local", "ip", False, "IFLA_VXLAN_LOCAL6", 17
            ),
            "remote": Option(
                "IFLA_VXLAN_GROUP", 2, "ip", "remote", "ip", False, "IFLA_VXLAN_GROUP6", 16
            ),
            "group": Option(
                "IFLA_VXLAN_GROUP", 2, "ip", "group", "ip", False, "IFLA_VXLAN_GROUP6", 16
            ),
            "device": Option("IFLA_VXLAN_LINK", 3, "u32", "dev", "link"),
            "dstport": Option(
                "IFLA_VXLAN_PORT", 15, "be16", "dstport", fixed=True, low=1, high=0xFFFF
            ),
            "learning": Option("IFLA_VXLAN_LEARNING", 7, "u8", "learning", "switch"),
            "ttl": Option("IFLA_VXLAN_TTL", 5, "u8", "ttl", high=255),
        },
        socket=True,
        mtu=ETHERNET_MTU,
        usual_mtu=(1450, 1430),
        ttl_inherit=28,  # IFLA_VXLAN_TTL_INHERIT
    ),
    "macvlan": Kind(
        {"mode": Option("IFLA_MACVLAN_MODE", 1, "u32", "mode", MACVLAN)},
        parent="must",
        mtu=ETHERNET_MTU,
        mtu_follows="at most",
        receiver="macvlan",
    ),
    "macvtap": Kind(
        {"mode": Option("IFLA_MACVTAP_MODE", 1, "u32", "mode", MACVLAN)},
        parent="must",
        mtu=ETHERNET_MTU,
        mtu_follows="at most",
        receiver="macvlan",
    ),
    "ipvlan": Kind(
        {"mode": Option("IFLA_IPVLAN_MODE", 1, "u16", "mode", {"l2": 0, "l3": 1, "l3s": 2})},
        parent="must",
        mtu=ETHERNET_MTU,
        mac="parent",
        mtu_follows="the same",
        receiver="ipvlan",
    ),
    "vrf": Kind(
        {"table": Option("IFLA_VRF_TABLE", 1, "u32", "table", fixed=True, low=1, required=True)},
        mtu=(1280, 65575),
        usual_mtu=(65575, 65536),
        ports=True,
    ),
    "bond": Kind(
        {
            "mode": Option("IFLA_BOND_MODE", 1, "u8", "mode", BOND),
            "miimon": Option("IFLA_BOND_MIIMON", 3, "u32", "miimon"),
        },
        mtu=ETHERNET_MTU,
        ports=True,
    ),
    "dummy": Kind({}),
    "ifb": Kind({}, mac="fixed", queue=True),  # it has no ndo_set_mac_address()
    "tun": Kind(TUN, mtu=ETHERNET_MTU, mac="none", queue=True, by_ioctl=True, no_eui=True),
    "tap": Kind(TUN, mtu=(68, 65521), queue=True, by_ioctl=True),
    "gre": Kind(
        _tunnel("GRE", 6),
        "may",
        "IFLA_GRE_LINK",
        True,
        mtu=(68, 0),
        usual_mtu=(1476,),
        mac="local",
        whole=True,
        ends=GRE_ENDS,
    ),
    "gretap": Kind(
        _tunnel("GRE", 6),
        "may",
        "IFLA_GRE_LINK",
        True,
        mtu=(68, 0),
        usual_mtu=(1462,),
        whole=True,
        ends=GRE_ENDS,
    ),
    "ipip": Kind(
        _tunnel("IPIP", 2),
        "may",
        "IFLA_IPIP_LINK",
        True,
        mtu=(68, 0),
        usual_mtu=(1480,),
        mac="local",
        whole=True,
        as_made=(("mode", "ipip"),),
        ends=IP_ENDS,
    ),
    "sit": Kind(
        _tunnel("SIT", 2),
        "may",
        "IFLA_SIT_LINK",
        True,
        mtu=(1280, 0),
        usual_mtu=(1480,),
        mac="local",
        whole=True,
        as_made=(("mode", "ip6ip"), ("ttl", "64")),
        ends=IP_ENDS,
    ),
    "geneve": Kind(
        {
            "id": Option(
                "IFLA_GENEVE_ID", 1, "u32", "id", fixed=True, high=0xFFFFFF, required=True
            ),
            "remote": Option(
                "IFLA_GENEVE_REMOTE",
                2,
                "ip",
                "remote",
                "ip",
                attr6="IFLA_GENEVE_REMOTE6",
                number6=7,
                required=True,
            ),
            "dstport": Option(
                "IFLA_GENEVE_PORT", 5, "be16", "dstport", fixed=True, low=1, high=0xFFFF
            ),
            "ttl": Option("IFLA_GENEVE_TTL", 3, "u8", "ttl", high=255),
        },
        socket=True,
        mtu=(68, 0),
        usual_mtu=(1450, 1430),
        ttl_inherit=12,  # IFLA_GENEVE_TTL_INHERIT
    ),
    "ip6gre": Kind(
        _tunnel6("GRE", 6, limit=11),
        "may",
        "IFLA_GRE_LINK",
        mtu=(68, 0),
        usual_mtu=(1448, 1456),
        mac="local",
        whole=True,
        as_made=(("hoplimit", "0"), ("encaplimit", "0")),
        mtu_again=True,
        ends=GRE_ENDS,
    ),
    "ip6tnl": Kind(
        {
            **_tunnel6("IPTUN", 2, limit=6),
            "mode": Option(
                "IFLA_IPTUN_PROTO", 9, "u8", "mode", {"any": 0, "ipip6": 4, "ip6ip6": 41}
            ),
        },
        "may",
        "IFLA_IPTUN_LINK",
        mtu=(68, 65535),
        usual_mtu=(1452, 1460),
        mac="local",
        whole=True,
        as_made=(("hoplimit", "0"), ("encaplimit", "0")),
        mtu_again=True,
        ends=IP_ENDS,
    ),
    "vti": Kind(
        _vti("ip"),
        "may",
        "IFLA_VTI_LINK",
        mtu=(68, 0),
        usual_mtu=(1480,),
        mac="local",
        whole=True,
        ends=(1, 4, 5, 0),  # vti_tunnel_init(): its keys do not tell it from others
    ),
    "vti6": Kind(
        _vti("ip6"),
        "may",
        "IFLA_VTI_LINK",
        mtu=(68, 65495),
        usual_mtu=(1460, 1428),
        mac="local",
        whole=True,
        mtu_again=True,
        ends=(0, 4, 5, 0),  # vti6_locate()
    ),
    "xfrm": Kind(
        {"if_id": Option("IFLA_XFRM_IF_ID", 2, "u32", "if_id", low=1, required=True)},
        "may",
        "IFLA_XFRM_LINK",
        mtu=(68, 65535),
        mac="none",
        whole=True,
        unique="if_id",
        no_eui=True,
    ),
    "macsec": Kind(
        {
            "sci": Option("IFLA_MACSEC_SCI", 1, "be64", "sci", "hex", fixed=True),
            "cipher": Option("IFLA_MACSEC_CIPHER_SUITE", 4, "u64", "cipher", CIPHERS, fixed=True),
            "icv_len": Option("IFLA_MACSEC_ICV_LEN", 3, "u8", "icvlen", fixed=True, low=8, high=16),
            "encrypt": Option("IFLA_MACSEC_ENCRYPT", 7, "u8", "encrypt", "onoff"),
            "send_sci": Option("IFLA_MACSEC_INC_SCI", 9, "u8", "send_sci", "onoff"),
            "end_station": Option("IFLA_MACSEC_ES", 10, "u8", "end_station", "onoff"),
            "scb": Option("IFLA_MACSEC_SCB", 11, "u8", "scb", "onoff"),
            "protect": Option("IFLA_MACSEC_PROTECT", 8, "u8", "protect", "onoff"),
            "replay_protect": Option("IFLA_MACSEC_REPLAY_PROTECT", 12, "u8", "replay", "onoff"),
            "window": Option("IFLA_MACSEC_WINDOW", 5, "u32", "window", needs="replay_protect"),
            "validate": Option(
                "IFLA_MACSEC_VALIDATION",
                13,
                "u8",
                "validate",
                {"disabled": 0, "check": 1, "strict": 2},
            ),
            "encoding_sa": Option("IFLA_MACSEC_ENCODING_SA", 6, "u8", "encodingsa", high=3),
        },
        parent="must",
        mtu=(0, 65535),
        usual_mtu=(1468,),
        mtu_follows="at most",
        headroom=16,  # MACSEC_TAG_LEN, an SCI, ETH_P_MACSEC; less the integrity check value
        mtu_late=True,
        receiver="macsec",
        needs_lower=True,
        excludes=(("end_station", "send_sci"), ("end_station", "scb")),
    ),
    "hsr": Kind(
        {
            "slave1": Option(
                "IFLA_HSR_SLAVE1", 1, "u32", "slave1", "link", fixed=True, required=True
            ),
            "slave2": Option(
                "IFLA_HSR_SLAVE2", 2, "u32", "slave2", "link", fixed=True, required=True
            ),
            # Reported as the last octet of IFLA_HSR_SUPERVISION_ADDR.
            "supervision": Option(
                "IFLA_HSR_MULTICAST_SPEC", 3, "u8", "supervision", fixed=True, high=255, shown=4
            ),
            "version": Option(
                "IFLA_HSR_VERSION", 6, "u8", "version", fixed=True, high=1, hidden=True
            ),
            "protocol": Option(
                "IFLA_HSR_PROTOCOL",
                7,
                "u8",
                "proto",
                {"hsr": 0, "prp": 1},
                fixed=True,
                numeric=True,
            ),
        },
        mtu=(0, 1500),
        usual_mtu=(1494,),
        mac="parent",
        mtu_follows="both",
        headroom=6,  # HSR_HLEN
        mtu_late=True,
        receiver="hsr",
        counted=(5,),  # IFLA_HSR_SEQ_NR
        excludes=(("version", "protocol=prp"),),
    ),
    "nlmon": Kind({}, mtu=(16, 0), usual_mtu=(3776,), mac="none"),
    "vcan": Kind({}, mtu=(16, 2060), usual_mtu=(72, 2060), mac="none", mtu_down=True),
    "wireguard": Kind({}, socket=True, usual_mtu=(1420,), mac="none", no_eui=True),
}

# What a port of a bridge has: br_port_policy of net/bridge/br_netlink.c.
PORT: dict[str, Option] = {
    "isolated": Option("IFLA_BRPORT_ISOLATED", 33, "u8", "isolated", "onoff"),
    "learning": Option("IFLA_BRPORT_LEARNING", 8, "u8", "learning", "onoff"),
    "hairpin": Option("IFLA_BRPORT_MODE", 4, "u8", "hairpin", "onoff"),
}
