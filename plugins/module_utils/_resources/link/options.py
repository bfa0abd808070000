# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The options of the netns_link module, which are those of an entry of netns_topology too."""

from __future__ import annotations

import typing as t

TUNNEL: dict[str, t.Any] = {
    "local": {"type": "str"},
    "remote": {"type": "str"},
    "ttl": {"type": "int"},
}
MACVLAN: dict[str, t.Any] = {
    "mode": {"type": "str", "choices": ["private", "vepa", "bridge", "passthru", "source"]}
}
WIREGUARD: dict[str, t.Any] = {
    "private_key": {"type": "str", "no_log": True},
    "listen_port": {"type": "int"},
    "fwmark": {"type": "int"},
    "peers": {
        "type": "list",
        "elements": "dict",
        "options": {
            "public_key": {"type": "str", "required": True, "no_log": False},
            "preshared_key": {"type": "str", "no_log": True},
            "endpoint": {"type": "str"},
            "allowed_ips": {"type": "list", "elements": "str"},
            "persistent_keepalive": {"type": "int", "no_log": False},
        },
    },
    "purge_peers": {"type": "bool", "default": False},
}
OWNED: dict[str, t.Any] = {"owner": {"type": "str"}, "group": {"type": "str"}}
BOND_MODES = [
    "balance-rr",
    "active-backup",
    "balance-xor",
    "broadcast",
    "802.3ad",
    "balance-tlb",
    "balance-alb",
]
KINDS: dict[str, dict[str, t.Any]] = {
    "bridge": {
        "stp": {"type": "bool"},
        "vlan_filtering": {"type": "bool"},
        "ageing": {"type": "float"},
        "forward_delay": {"type": "float"},
        "priority": {"type": "int"},
    },
    "vlan": {
        "id": {"type": "int"},
        "protocol": {"type": "str", "choices": ["802.1Q", "802.1ad"]},
    },
    "vxlan": {
        "id": {"type": "int"},
        "local": {"type": "str"},
        "remote": {"type": "str"},
        "group": {"type": "str"},
        "dstport": {"type": "int"},
        "device": {"type": "str"},
        "learning": {"type": "bool"},
        "ttl": {"type": "int"},
    },
    "macvlan": MACVLAN,
    "macvtap": MACVLAN,
    "ipvlan": {"mode": {"type": "str", "choices": ["l2", "l3", "l3s"]}},
    "vrf": {"table": {"type": "int"}},
    "bond": {"mode": {"type": "str", "choices": BOND_MODES}, "miimon": {"type": "int"}},
    "dummy": {},
    "ifb": {},
    "tun": OWNED,
    "tap": OWNED,
    "gre": TUNNEL,
    "gretap": TUNNEL,
    "ipip": TUNNEL,
    "sit": TUNNEL,
    "geneve": {
        "id": {"type": "int"},
        "remote": {"type": "str"},
        "dstport": {"type": "int"},
        "ttl": {"type": "int"},
    },
    "wireguard": WIREGUARD,
}

SPEC: dict[str, t.Any] = {
    "name": {"type": "str", "required": True},
    "netns": {"type": "str"},
    "move_from": {"type": "str"},
    "new_name": {"type": "str"},
    "up": {"type": "bool"},
    "mtu": {"type": "int"},
    "mac": {"type": "str"},
    "alias": {"type": "str"},
    "txqueuelen": {"type": "int"},
    "master": {"type": "str"},
    "arp": {"type": "bool"},
    "multicast": {"type": "bool"},
    "promisc": {"type": "bool"},
    "group": {"type": "int"},
    "type": {"type": "str", "choices": list(KINDS)},
    "parent": {"type": "str"},
    "parent_netns": {"type": "str"},
    "socket_netns": {"type": "str"},
    "force": {"type": "bool", "default": False},
    **{kind: {"type": "dict", "options": options} for kind, options in KINDS.items() if options},
    "bridge_port": {
        "type": "dict",
        "options": {
            "tagged": {"type": "list", "elements": "int"},
            "untagged": {"type": "list", "elements": "int"},
            "pvid": {"type": "int"},
            "isolated": {"type": "bool"},
            "learning": {"type": "bool"},
            "hairpin": {"type": "bool"},
        },
    },
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
