# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of links, and for each option another value: what the matrix tries on a real kernel."""

from __future__ import annotations

import typing as t

Options = dict[str, t.Any]

# Two namespaces; in the first one two cables, one of them in use, and a bridge.
GIVEN = (
    "ip netns add a",
    "ip netns add b",
    "ip link add p0 netns a address 02:00:00:00:00:10 type veth"
    " peer name p1 netns a address 02:00:00:00:00:11",
    "ip link add q0 netns a address 02:00:00:00:00:12 type veth"
    " peer name q1 netns a address 02:00:00:00:00:13",
    "ip -n a link set p0 up",
    "ip -n a link set p1 up",
    "ip -n a addr add 192.0.2.1/24 dev p0",
    "ip -n a addr add 2001:db8::1/64 dev p0 nodad",
    "ip -n a link add br0 address 02:00:00:00:00:14 type bridge",
    "ip -n a link set br0 up",
)

KEY = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
OTHER_KEY = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
PEER = "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="
OTHER_PEER = "BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ="


class Kind(t.NamedTuple):
    """What a link of a kind is made with, and each of its own options with another value."""

    made: Options
    changes: tuple[Options, ...] = ()
    tool: str = ""  # for `ip link add x type KIND`, to ask whether the kernel has it
    mac: bool = True  # whether it has a MAC address


def _each(kind: str, *changes: Options) -> tuple[Options, ...]:
    return tuple({kind: change} for change in changes)


def _tunnel(kind: str, ethernet: bool = False) -> Kind:
    return Kind(
        {kind: {"local": "192.0.2.1", "remote": "192.0.2.2"}},
        (
            *_each(kind, {"local": "192.0.2.7"}, {"remote": "192.0.2.3"}, {"ttl": 9}),
            {"parent": "p0"},
        ),
        "local 192.0.2.1 remote 192.0.2.2",
        mac=ethernet,
    )


def _tunnel6(kind: str, *changes: Options) -> Kind:
    return Kind(
        {kind: {"local": "2001:db8::1", "remote": "2001:db8::2"}},
        (
            *_each(kind, {"local": "2001:db8::7"}, {"remote": "2001:db8::3"}, *changes),
            {"parent": "p0"},
        ),
        "local 2001:db8::1 remote 2001:db8::2",
        mac=False,
    )


def _macvlan(kind: str) -> Kind:
    modes = ({"mode": mode} for mode in ("private", "vepa", "passthru", "source"))
    made = {"parent": "p0", kind: {"mode": "bridge"}}
    return Kind(made, (*_each(kind, *modes), {"parent": "q0"}))


def _peer(key: str, *allowed: str, **more: t.Any) -> Options:
    return {"public_key": key, "allowed_ips": list(allowed), **more}


BOND_MODES = ("balance-rr", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb")

KINDS: dict[str, Kind] = {
    "bridge": Kind(
        {"bridge": {"ageing": 100}},
        _each(
            "bridge",
            {"stp": True},
            {"vlan_filtering": True},
            {"ageing": 300.005},
            {"forward_delay": 4},
            {"priority": 4096},
        ),
    ),
    "vlan": Kind(
        {"parent": "p0", "vlan": {"id": 4}},
        (
            *_each("vlan", {"id": 5}, {"protocol": "802.1ad"}),
            {"parent": "p1"},
        ),
        "id 4",
    ),
    "vxlan": Kind(
        {"vxlan": {"id": 42, "remote": "192.0.2.2", "dstport": 4789}},
        (
            *_each(
                "vxlan",
                {"id": 43},
                {"local": "192.0.2.1"},
                {"remote": "192.0.2.3"},
                {"remote": "2001:db8::2"},
                {"group": "239.1.1.1", "device": "p0"},
                {"dstport": 4790},
                {"device": "p0"},
                {"learning": False},
                {"ttl": 9},
            ),
            {"vxlan": {"device": "p0"}, "mtu": 1400},
        ),
        "id 42 dstport 4789",
    ),
    "macvlan": _macvlan("macvlan"),
    "macvtap": _macvlan("macvtap"),
    "ipvlan": Kind(
        {"parent": "p0", "ipvlan": {"mode": "l3"}},
        (*_each("ipvlan", {"mode": "l2"}, {"mode": "l3s"}), {"parent": "q0"}),
        mac=False,
    ),
    "vrf": Kind({"vrf": {"table": 10}}, _each("vrf", {"table": 11}), "table 10"),
    "bond": Kind(
        {"bond": {"mode": "active-backup"}},
        (*_each("bond", *({"mode": mode} for mode in BOND_MODES)), *_each("bond", {"miimon": 100})),
    ),
    "dummy": Kind({}),
    "ifb": Kind({}),
    "tun": Kind({"tun": {"owner": "0"}}, _each("tun", {"owner": "1"}, {"group": "1"}), mac=False),
    "tap": Kind({"tap": {"group": "0"}}, _each("tap", {"owner": "1"}, {"group": "1"})),
    "gre": _tunnel("gre"),
    "gretap": _tunnel("gretap", ethernet=True),
    "ipip": _tunnel("ipip"),
    "sit": _tunnel("sit"),
    "geneve": Kind(
        {"geneve": {"id": 5, "remote": "192.0.2.2"}},
        _each(
            "geneve",
            {"id": 6},
            {"remote": "192.0.2.3"},
            {"remote": "2001:db8::2"},
            {"dstport": 7000},
            {"ttl": 9},
        ),
        "id 5 remote 192.0.2.2",
    ),
    "ip6gre": _tunnel6("ip6gre", {"ttl": 9}, {"encap_limit": 3}),
    "ip6tnl": _tunnel6(
        "ip6tnl", {"ttl": 9}, {"encap_limit": 3}, {"mode": "ipip6"}, {"mode": "ip6ip6"}
    ),
    "vti": Kind(
        {"vti": {"local": "192.0.2.1", "remote": "192.0.2.2", "ikey": 5}},
        (
            *_each("vti", {"local": "192.0.2.7"}, {"remote": "192.0.2.3"}, {"ikey": 9}),
            *_each("vti", {"okey": 0xC0000201}),
            {"parent": "p0"},
        ),
        "local 192.0.2.1 remote 192.0.2.2",
        mac=False,
    ),
    "vti6": _tunnel6("vti6", {"ikey": 9}, {"okey": 0xC0000201}),
    "xfrm": Kind(
        {"xfrm": {"if_id": 4}},
        (*_each("xfrm", {"if_id": 5}), {"parent": "p0"}),
        "if_id 4",
        mac=False,
    ),
    "macsec": Kind(
        {"parent": "p0", "macsec": {"encrypt": True}},
        (
            *_each(
                "macsec",
                {"sci": "0200000000001234"},
                {"cipher": "gcm-aes-256"},
                {"cipher": "gcm-aes-xpn-128"},
                {"icv_len": 12},
                {"encrypt": False},
                {"send_sci": False},
                {"send_sci": False, "end_station": True},
                {"scb": True},
                {"protect": False},
                {"replay_protect": True, "window": 32},
                {"validate": "check"},
                {"validate": "disabled"},
                {"encoding_sa": 1},
            ),
            {"parent": "p1"},
        ),
    ),
    "hsr": Kind(
        {"hsr": {"slave1": "p0", "slave2": "q0", "version": 1}},
        _each(
            "hsr",
            {"slave1": "p1"},
            {"slave2": "q1"},
            {"supervision": 5},
            {"protocol": "prp"},
        ),
        "slave1 p0 slave2 q0",
    ),
    "nlmon": Kind({}, mac=False),
    "vcan": Kind({}, mac=False),
    "wireguard": Kind(
        {
            "wireguard": {
                "private_key": KEY,
                "listen_port": 51820,
                "peers": [_peer(PEER, "10.1.0.0/16")],
            }
        },
        _each(
            "wireguard",
            {"private_key": OTHER_KEY},
            {"listen_port": 51821},
            {"fwmark": 7},
            {"peers": [_peer(PEER, "10.1.0.0/16", endpoint="192.0.2.2:51820")]},
            {"peers": [_peer(PEER, "10.1.0.0/16", endpoint="[2001:db8::2]:51820")]},
            {"peers": [_peer(PEER, "10.1.0.0/16", preshared_key=OTHER_KEY)]},
            {"peers": [_peer(PEER, "10.1.0.0/16", persistent_keepalive=25)]},
            {"peers": [_peer(PEER, "10.2.0.0/16")]},
            {"peers": [_peer(PEER)]},
            {"peers": [_peer(PEER), _peer(OTHER_PEER, "10.1.0.0/16")]},
            {"peers": [_peer(OTHER_PEER, "10.1.0.0/16")], "purge_peers": True},
        ),
        mac=False,
    ),
}

# What is tried of bridges beside their kind: the rows of ports.py.
OF_BRIDGES = ("bridge-port", "fdb-vlan", "topology-vlan")
# What links of all kinds have.
COMMON: tuple[Options, ...] = (
    {"up": True},
    {"mtu": 1300},
    {"mac": "02:00:00:00:00:aa"},
    {"alias": "a link"},
    {"txqueuelen": 77},
    {"master": "br0"},
    {"arp": False},
    {"multicast": False},
    {"promisc": True},
    {"group": 7},
    {"new_name": "y"},
)
