# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task may state of neighbours and forwarding entries, and what is wrong with the rest."""

from __future__ import annotations

import re

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb.spec import FdbSpec
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour.spec import (
    NeighboursSpec,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

MAC = "02:00:00:00:00:05"
ZERO = "00:00:00:00:00:00"


def desires(**params):
    options = modules.options("netns_neigh", link="v1", **params)
    return (FdbSpec if options["kind"] == "fdb" else NeighboursSpec).of(options)


def stated(**params):
    (desired,) = desires(**params).entries
    return {name: value for name, value in vars(desired).items() if value not in (None, False)}


@pytest.mark.parametrize(
    ("params", "normal"),
    [
        ({"address": "192.0.2.1"}, {"address": "192.0.2.1"}),
        (
            {"address": "2001:DB8:0::1", "mac": "02-00-00-00-00-0A"},
            {"address": "2001:db8::1", "mac": "02:00:00:00:00:0a"},
        ),
        (
            {"address": "192.0.2.1", "lladdr": "03:00:00:00:00:01"},
            {"address": "192.0.2.1", "mac": "03:00:00:00:00:01"},
        ),
        (
            {"address": "192.0.2.1", "nud": "stale", "proto": "4"},
            {"address": "192.0.2.1", "nud": "dynamic", "state": "stale", "proto": "static"},
        ),
        (
            {"address": "192.0.2.1", "nud": "noarp", "router": True},
            {"address": "192.0.2.1", "nud": "noarp", "state": "noarp", "router": True},
        ),
        ({"address": "192.0.2.1", "proxy": True}, {"address": "192.0.2.1", "proxy": True}),
        ({"kind": "fdb", "mac": MAC.upper()}, {"mac": MAC}),
        ({"kind": "fdb", "mac": MAC, "vlan": 7, "master": True}, {"vlan": 7, "master": True}),
        (
            {"kind": "fdb", "mac": ZERO, "dst": "2001:DB8::0", "port": 5, "vni": 6, "via": "v2"},
            {"mac": ZERO, "dst": "2001:db8::", "port": 5, "vni": 6, "via": "v2"},
        ),
    ],
)
def test_normal_forms(params, normal):
    assert (
        stated(**params) == {"mac": MAC, **normal, "link": "v1"}
        if "mac" in params
        else {
            **normal,
            "link": "v1",
        }
    )


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "No entry is listed; an empty list requires purge=true"),
        ({"entries": []}, "No entry is listed; an empty list requires purge=true"),
        ({"mac": MAC}, "No entry is listed; an empty list requires purge=true"),
        ({"mac": MAC, "entries": [{}]}, "address is required for a neighbour"),
        (
            {"address": "192.0.2.1/24"},
            "address '192.0.2.1/24' must be an IP address without prefix length",
        ),
        ({"address": "192.0.2.1", "mac": "02:00"}, "six pairs"),
        (
            {"address": "192.0.2.1", "nud": "static"},
            "nud=static is not possible with kind=neigh; use one of permanent,",
        ),
        (
            {"address": "192.0.2.1", "proxy": True, "mac": MAC},
            "mac cannot be combined with proxy=true (192.0.2.1): the link answers",
        ),
        (
            {"address": "192.0.2.1", "proxy": True, "nud": "noarp"},
            "nud cannot be combined with proxy=true (192.0.2.1): the link answers",
        ),
        (
            {"address": "192.0.2.1", "proxy": True, "router": False},
            "router cannot be combined with proxy=true (192.0.2.1): the link answers",
        ),
        ({"address": "192.0.2.1", "vlan": 7}, "vlan cannot be combined with kind=neigh"),
        ({"address": "192.0.2.1", "dst": "192.0.2.2"}, "dst cannot be combined with kind=neigh"),
        ({"purge": True, "master": True}, "master cannot be combined with kind=neigh"),
        (
            {"address": "192.0.2.1", "proto": "x"},
            "' must be one of unspec, redirect, kernel, boot, static, ra, dhcp or a",
        ),
        ({"purge": True, "proto": "kernel"}, "purge=true cannot be combined with proto=kernel"),
        (
            {"purge": True, "state": "absent"},
            "purge=true requires state=present: it removes what is not listed",
        ),
        ({"address": "192.0.2.1", "netns": ""}, "must not be empty"),
        (
            {"entries": [{"address": "::1", "mac": MAC}, {"address": "0::1", "router": True}]},
            "::1 is listed twice",
        ),
        ({"kind": "fdb"}, "No entry is listed; an empty list requires purge=true"),
        (
            {"kind": "fdb", "entries": [{"dst": "192.0.2.1"}]},
            "mac is required for a forwarding entry",
        ),
        ({"kind": "fdb", "mac": "x"}, "six pairs"),
        ({"kind": "fdb", "mac": MAC, "address": "::1"}, "address cannot be combined with kind=fdb"),
        ({"kind": "fdb", "mac": MAC, "proxy": False}, "proxy cannot be combined with kind=fdb"),
        (
            {"kind": "fdb", "mac": MAC, "nud": "stale"},
            "nud=stale is not possible with kind=fdb; use one of permanent, static,",
        ),
        (
            {"kind": "fdb", "mac": MAC, "proto": "static"},
            "proto cannot be combined with kind=fdb: forwarding entries have none",
        ),
        ({"kind": "fdb", "mac": MAC, "vlan": 4095}, "vlan must be between 1 and 4094"),
        (
            {"kind": "fdb", "mac": MAC, "dst": "x"},
            "dst 'x' must be an IP address without prefix length",
        ),
        ({"kind": "fdb", "mac": MAC, "dst": "::1", "port": 0}, "port must be between 1 and 65535"),
        ({"kind": "fdb", "mac": MAC, "dst": "::1", "vni": 1 << 24}, "vni must be between 0"),
        ({"kind": "fdb", "mac": MAC, "dst": "::1", "via": "a/b"}, "name of a link"),
        (
            {"kind": "fdb", "mac": MAC, "dst": "::1", "master": True},
            "dst cannot be combined with master=true",
        ),
        (
            {"kind": "fdb", "mac": MAC, "dst": "::1", "vlan": 5},
            "vlan (of a bridge) and dst (of a VXLAN device) are mutually exclusive",
        ),
        (
            {"kind": "fdb", "mac": ZERO, "master": True},
            "mac 00:00:00:00:00:00 cannot be combined with master=true: it is for",
        ),
        (
            {"kind": "fdb", "mac": MAC, "entries": [{"dst": "::1"}, {"dst": "::2"}]},
            f"{MAC} is listed twice",
        ),
        (
            {
                "kind": "fdb",
                "mac": ZERO,
                "entries": [{"dst": "::1", "nud": "static"}, {"dst": "::2", "nud": "permanent"}],
            },
            "nud must be the same for all destinations of",
        ),
    ],
)
def test_what_is_refused(params, words):
    with pytest.raises(BadInput, match=re.escape(words)):
        desires(**params)


def test_what_a_listed_entry_does_not_state_the_options_above_state():
    desired = desires(
        kind="fdb", mac=ZERO, port=5, entries=[{"dst": "::1"}, {"dst": "::2", "port": 6}]
    )
    assert [(each.mac, each.dst, each.port) for each in desired.entries] == [
        (ZERO, "::1", 5),
        (ZERO, "::2", 6),
    ]


@pytest.mark.parametrize(
    ("params", "sorts"),
    [
        ({}, {True, False}),
        ({"proxy": True}, {True}),
        ({"entries": [{"address": "::1"}]}, {False}),
        ({"entries": [{"address": "::1"}, {"address": "::1", "proxy": True}]}, {True, False}),
    ],
)
def test_what_a_purge_is_about(params, sorts):
    assert desires(purge=True, **params).proxy_values == sorts
