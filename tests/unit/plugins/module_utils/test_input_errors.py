# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Input that is refused before anything is read, with the whole message that a user sees."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._exec.spec import argv_of
from ansible_collections.linuxnet.netns.plugins.module_utils._ping import spec as ping
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

MAC = "02:00:00:00:00:01"
ZERO = "00:00:00:00:00:00"
FDB = {"link": "v", "kind": "fdb", "mac": MAC}
VXLAN = {"name": "x", "type": "vxlan"}
KEY = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="

# By module: options, and what the user is told.
REFUSED = [
    (
        "netns_neigh",
        {"link": "v", "kind": "fdb", "entries": [{"dst": "192.0.2.1"}]},
        "mac is required for a forwarding entry",
    ),
    (
        "netns_neigh",
        {**FDB, "nud": "stale"},
        "nud=stale is not possible with kind=fdb; use one of permanent, static, dynamic",
    ),
    (
        "netns_neigh",
        {**FDB, "dst": "192.0.2.1", "master": True},
        "dst cannot be combined with master=true",
    ),
    (
        "netns_neigh",
        {**FDB, "dst": "192.0.2.1", "vlan": 7},
        "vlan (of a bridge) and dst (of a VXLAN device) are mutually exclusive",
    ),
    (
        "netns_neigh",
        {**FDB, "mac": ZERO, "master": True},
        f"mac {ZERO} cannot be combined with master=true: it is for VXLAN devices",
    ),
    (
        "netns_neigh",
        {
            "link": "v",
            "kind": "fdb",
            "entries": [
                {"mac": MAC, "dst": "192.0.2.1"},
                {"mac": MAC, "dst": "192.0.2.2"},
            ],
        },
        f"mac {MAC} is listed twice with different options; list it once",
    ),
    (
        "netns_neigh",
        {
            "link": "v",
            "kind": "fdb",
            "entries": [
                {"mac": ZERO, "dst": "192.0.2.1", "nud": "permanent"},
                {"mac": ZERO, "dst": "192.0.2.2", "nud": "static"},
            ],
        },
        f"nud must be the same for all destinations of {ZERO}",
    ),
    (
        "netns_neigh",
        {"link": "v", "entries": [], "purge": True, "proto": "kernel"},
        "purge=true cannot be combined with proto=kernel",
    ),
    (
        "netns_neigh",
        {"link": "v", "entries": [], "purge": True, "state": "absent"},
        "purge=true requires state=present: it removes what is not listed",
    ),
    (
        "netns_neigh",
        {
            "link": "v",
            "entries": [
                {"address": "192.0.2.1", "mac": MAC},
                {"address": "192.0.2.1", "mac": "02:00:00:00:00:02"},
            ],
        },
        "address 192.0.2.1 is listed twice with different options; list it once",
    ),
    (
        "netns_neigh",
        {"link": "v", "address": "192.0.2.1", "mac": MAC, "nud": "static"},
        "nud=static is not possible with kind=neigh; use one of permanent, noarp, reachable, stale,"
        " delay, probe",
    ),
    ("netns_link", {**VXLAN, "parent_netns": "a"}, "parent_netns requires parent"),
    (
        "netns_link",
        {"name": "x", "type": "gre", "parent": "p", "parent_netns": "a", "socket_netns": "b"},
        "parent_netns a and socket_netns b must be the same namespace, where the link is created; leave"
        " out one of them",
    ),
    (
        "netns_link",
        {**VXLAN, "vxlan": {"remote": "192.0.2.1", "group": "239.0.0.1"}},
        "vxlan.remote and vxlan.group are mutually exclusive",
    ),
    (
        "netns_link",
        {**VXLAN, "vxlan": {"group": "239.0.0.1"}},
        "vxlan.group requires vxlan.device, the link by which the group is reached",
    ),
    (
        "netns_link",
        {**VXLAN, "vxlan": {"remote": "239.0.0.1"}},
        "vxlan.remote 239.0.0.1 must not be a multicast address; state it as vxlan.group",
    ),
    (
        "netns_link",
        {**VXLAN, "vxlan": {"group": "192.0.2.1", "device": "p"}},
        "vxlan.group 192.0.2.1 must be a multicast address; state it as vxlan.remote",
    ),
    (
        "netns_link",
        {**VXLAN, "vxlan": {"local": "239.0.0.1"}},
        "vxlan.local 239.0.0.1 must be the address of a host, not of a group",
    ),
    (
        "netns_link",
        {"name": "x", "type": "gre", "gre": {"local": "2001:db8::1"}},
        "gre.local '2001:db8::1' must be an IPv4 address",
    ),
    (
        "netns_link",
        {"name": "x", "move_from": "a", "type": "dummy"},
        "move_from cannot be combined with type: it moves an existing link, type creates one",
    ),
    (
        "netns_link",
        {
            "name": "x",
            "type": "wireguard",
            "wireguard": {"peers": [{"public_key": KEY, "allowed_ips": ["10.0.0.1/8"]}]},
        },
        "wireguard.peers.allowed_ips 10.0.0.1/8 has host bits set; write it as 10.0.0.0/8",
    ),
    (
        "netns_qdisc",
        {"link": "v", "kind": "netem", "delay": "10ms", "jitter": "3000s"},
        "jitter '3000s' must be at most 2.147483647s",
    ),
    (
        "netns_qdisc",
        {"link": "v", "kind": "netem", "delay": "99999999999s"},
        "delay '99999999999s' is too large for the kernel; lower it",
    ),
    (
        "netns_qdisc",
        {"link": "v", "kind": "fq_codel", "target": "99999999999s"},
        "target '99999999999s' is too large for the kernel; lower it",
    ),
]


@pytest.mark.parametrize(("module_name", "stated", "text"), REFUSED)
def test_a_module_refuses_it(module_name, stated, text):
    with pytest.raises(NetnsError) as refused:
        modules.job(module_name, **stated)
    assert str(refused.value) == text


@pytest.mark.parametrize(
    ("line", "words", "text"),
    [
        (
            "echo 'a",
            None,
            "cmd cannot be split into words: No closing quotation. Correct its quotes, or use argv",
        ),
        ("", None, "The command is empty: state cmd, or argv with at least one word"),
        (None, [""], "The command is empty: state cmd, or argv with at least one word"),
        (None, ["echo", "a\0b"], "A command must not contain a NUL character"),
    ],
)
def test_a_command_that_cannot_be_run(line, words, text):
    with pytest.raises(NetnsError) as refused:
        argv_of(line, words)
    assert str(refused.value) == text


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ("224.0.0.1", "224.0.0.1 is not the address of a single host; state that of one"),
        (
            "fe80::1",
            "fe80::1 is link-local and needs the link to reach it by, for example fe80::1%veth01",
        ),
        (
            "192.0.2.1%v",
            "192.0.2.1%v: only a link-local IPv6 address can have a link; leave out '%…'",
        ),
    ],
)
def test_a_goal_that_cannot_be_pinged(stated, text):
    with pytest.raises(NetnsError) as refused:
        ping.goal(stated)
    assert str(refused.value) == text


@pytest.mark.parametrize(
    ("sources", "expect", "text"),
    [
        (["a"], [], "expect must be reachable, unreachable, or a list of expectations"),
        (["a"], "maybe", "expect must be reachable or unreachable, not 'maybe'"),
        (
            ["a"],
            ["b"],
            "expect[0] must be a dictionary with from, to and expect, not 'b'",
        ),
        (
            ["a"],
            [{"form": "b"}],
            "expect[0] has unknown keys form; use from, to and expect",
        ),
        (None, "reachable", "from is missing: state a list of namespaces, or all"),
        ([], "reachable", "from must be a list of names, with at least one"),
        ([True], "reachable", "from[0] must be a name or an address, not True"),
    ],
)
def test_an_expectation_that_cannot_be_read(sources, expect, text):
    with pytest.raises(NetnsError) as refused:
        ping.expectations(sources, ["b"], expect)
    assert str(refused.value) == text
