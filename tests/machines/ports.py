# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VLANs of bridges, which are no kind of link: what the matrix tries of them."""

from __future__ import annotations

import typing as t

from .kinds import GIVEN, OF_BRIDGES, Options

BRIDGE = (*GIVEN, "ip -n a link set br0 type bridge vlan_filtering 1")
PORT = (*BRIDGE, "ip -n a link set q0 up master br0", "bridge -n a vlan add dev q0 vid 10")


class Row(t.NamedTuple):
    """Tasks that are tried each alone, on what is given: what makes, what changes, what removes."""

    given: tuple[str, ...]
    module: str
    creates: tuple[Options, ...]
    changes: tuple[Options, ...]
    absents: tuple[Options, ...]


def _port(**what: t.Any) -> Options:
    return {"netns": "a", "name": "q0", "master": "br0", "bridge_port": what}


def _entry(**what: t.Any) -> Options:
    return {"netns": "a", "link": "q0", "kind": "fdb", "mac": "02:00:00:00:00:99", **what}


def _network(*links: Options, purge: bool = False) -> Options:
    return {"name": "lab", "namespaces": [{"name": "n"}], "links": list(links), "purge": purge}


# With MACs, which would be drawn at random: forwarding entries have them.
SWITCH: Options = {
    "name": "sw",
    "netns": "n",
    "type": "bridge",
    "mac": "02:00:00:00:00:21",
    "bridge": {"vlan_filtering": True},
}
LINK: Options = {
    "name": "port",
    "netns": "n",
    "type": "ifb",
    "mac": "02:00:00:00:00:22",
    "master": "sw",
    "up": True,
}

PORTS, ENTRIES, NETWORKS = OF_BRIDGES
ROWS: dict[str, Row] = {
    PORTS: Row(
        PORT,
        "netns_link",
        tuple(
            {**_port(**what), "name": "q1"}
            for what in (
                {"tagged": [10]},
                {"untagged": [20], "pvid": 20},
                {"tagged": [10, 11], "untagged": [], "pvid": 0},
                {"hairpin": True, "learning": True},
            )
        ),
        tuple(
            _port(**what)
            for what in (
                {"tagged": [10, 20]},
                {"tagged": []},
                {"untagged": [1, 30]},
                {"untagged": [30], "pvid": 30},
                {"pvid": 0},
                {"pvid": 10},
                {"isolated": True},
                {"learning": False},
                {"hairpin": True},
            )
        ),
        ({"netns": "a", "name": "q0", "master": ""},),
    ),
    ENTRIES: Row(
        (*PORT, "bridge -n a fdb add 02:00:00:00:00:98 dev q0 master static vlan 10"),
        "netns_neigh",
        (_entry(vlan=10, nud="static"), _entry(vlan=1), _entry()),
        (
            _entry(mac="02:00:00:00:00:98", vlan=10, nud="permanent"),
            _entry(vlan=10, purge=True),
        ),
        (_entry(mac="02:00:00:00:00:98", vlan=10, state="absent"),),
    ),
    NETWORKS: Row(
        (),
        "netns_topology",
        (
            _network(SWITCH, LINK),
            _network(SWITCH, {**LINK, "bridge_port": {"tagged": [10], "untagged": [1]}}),
            _network(SWITCH, {**LINK, "bridge_port": {"untagged": [20], "pvid": 20}}),
        ),
        (),
        (),
    ),
}
