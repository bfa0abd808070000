# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What results and diffs show, and what they leave out."""

from __future__ import annotations

from ansible_collections.linuxnet.netns.plugins.module_utils._core import render
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    Address,
    HostState,
    Link,
    NamespaceState,
    Peer,
    Route,
    fresh,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.parse import FOREVER

SPACE = NamespaceState(
    "a",
    nsid=4,
    links={"v": Link("v", "veth", 7, "02:00:00:00:00:01", peer=Peer("w", ""))},
    addresses=[
        Address("v", "2001:db8::10/64"),
        Address("v", "2001:db8::9/64"),
        Address("v", "fe80::1/64", kernel_made=True),
        Address("v", "192.0.2.100/24"),
        Address("v", "192.0.2.20/24", secondary=True, valid_lft=9, preferred_lft=0),
        Address("w", "192.0.2.1/24"),
    ],
)
WORLD = HostState({"a": SPACE, "": fresh(""), "gone": fresh("gone", "absent")})


def test_namespaces():
    assert render.namespace(SPACE) == {
        "name": "a",
        "path": "/run/netns/a",
        "state": "present",
        "nsid": 4,
        "lo_up": None,
    }
    born = fresh("b")
    assert render.namespace(born)["lo_up"] is False
    gone = render.namespace(WORLD.namespaces["gone"])
    assert (gone["state"], gone["nsid"], gone["lo_up"]) == ("absent", None, None)


def test_links_show_addresses_by_number_and_not_those_of_the_kernel():
    shown = render.link(WORLD, "a", "v")
    assert (shown["name"], shown["netns"], shown["state"]) == ("v", "a", "present")
    assert shown["addresses"] == [
        "192.0.2.20/24",
        "192.0.2.100/24",
        "2001:db8::9/64",
        "2001:db8::10/64",
    ]
    assert render.link(WORLD, "", "lo")["netns"] is None


def test_what_is_not_there_has_only_a_state():
    absent = {"name": "x", "netns": "a", "state": "absent"}
    assert render.link(WORLD, "a", "x") == absent
    assert render.link(WORLD, "nowhere", "x") == {**absent, "netns": "nowhere"}
    assert render.addresses(WORLD, "nowhere", "x") == []
    assert render.veth(WORLD, ("a", "x"), None) == absent
    assert render.veth(WORLD, ("a", "x"), ("a", "y"))["peer"]["state"] == "absent"


def test_addresses_show_all_that_can_be_stated():
    shown = render.addresses(WORLD, "a", "v")[0]
    assert shown == {
        "address": "192.0.2.20/24",
        "peer": None,
        "scope": "global",
        "label": None,
        "broadcast": None,
        "valid_lft": 9,
        "preferred_lft": 0,
        "nodad": False,
        "noprefixroute": False,
        "metric": 0,
        "secondary": True,
        "dadfailed": False,
    }
    assert render.lifetime(FOREVER) == "forever"


def test_found_links_name_their_peers_with_their_namespace():
    peers = [Peer("w", ""), Peer("w", "b"), Peer("w", None, 3), None]
    assert [render.found(Link("v", peer=peer), [])["peer"] for peer in peers] == [
        {"name": "w", "netns": None, "nsid": None},
        {"name": "w", "netns": "b", "nsid": None},
        {"name": "w", "netns": None, "nsid": 3},
        None,
    ]


def test_routes():
    shown = render.route(Route("192.0.2.0/24", 4, "v", metric=3, wire=b"x"))
    assert (shown["dst"], shown["dev"], shown["metric"], shown["table"]) == (
        "192.0.2.0/24",
        "v",
        3,
        254,
    )
    assert "wire" not in shown
