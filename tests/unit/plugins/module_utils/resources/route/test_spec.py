# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task may state of routes, and what is wrong with what it may not."""

from __future__ import annotations

import re

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route.spec import RoutesSpec
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

NET = "10.1.0.0/16"
SIX = "2001:db8::/48"


def desires(dst, **params):
    return RoutesSpec.of(modules.options("netns_route", dst=dst, **params))


@pytest.mark.parametrize(
    ("dst", "params", "normal"),
    [
        (NET, {"via": "10.0.0.1"}, {"dst": NET, "version": 4, "table": 254, "via": "10.0.0.1"}),
        ("192.0.2.1", {"dev": "v1"}, {"dst": "192.0.2.1/32", "dev": "v1"}),
        ("2001:DB8:0::/48", {"dev": "v1"}, {"dst": SIX, "version": 6}),
        ("0.0.0.0/0", {"dev": "v1"}, {"dst": "default", "version": 4}),
        ("::/0", {"dev": "v1"}, {"dst": "default", "version": 6}),
        ("default", {"via": "2001:db8::1"}, {"dst": "default", "version": 6}),
        ("default", {"dev": "v1", "src": "2001:db8::1"}, {"version": 6}),
        (NET, {"via": "2001:DB8::1"}, {"version": 4, "via": "2001:db8::1"}),
        (NET, {"dev": "v1", "scope": "253"}, {"scope": "link"}),
        (NET, {"dev": "v1", "proto": "4"}, {"proto": "static"}),
        (NET, {"dev": "v1", "proto": "0"}, {"proto": "unspec"}),
        (NET, {"dev": "v1", "proto": "077"}, {"proto": "77"}),
        (SIX, {"dev": "v1", "proto": "unspec"}, {"proto": "boot"}),
        (NET, {"dev": "v1", "table": "local"}, {"table": 255}),
        (NET, {"dev": "v1", "table": "4294967295"}, {"table": 4294967295}),
        (NET, {"type": "blackhole"}, {"type": "blackhole"}),
        (SIX, {"type": "throw", "dev": "lo"}, {"type": "throw", "dev": "lo"}),
    ],
)
def test_normal_forms(dst, params, normal):
    (desired,) = desires(dst, **params).routes
    assert {name: getattr(desired, name) for name in normal} == normal


def test_ways():
    (desired,) = desires(NET, nexthops=[{"via": "10.0.0.1"}, {"dev": "v1", "weight": 3}]).routes
    assert [(way.via, way.dev, way.weight) for way in desired.nexthops] == [
        ("10.0.0.1", None, 1),
        (None, "v1", 3),
    ]


WAYS = [{"via": "10.0.0.1"}, {"via": "10.0.0.2"}]


@pytest.mark.parametrize(
    ("dst", "params", "words"),
    [
        ([], {}, "dst is empty; an empty list requires purge=true"),
        (
            [],
            {"purge": True, "state": "absent"},
            "purge=true requires state=present: it removes what is not listed",
        ),
        (
            "x",
            {"dev": "v1"},
            "dst 'x' must be 'default' or a network, as 192.0.2.0/24 or 2001:db8::/64",
        ),
        ("10.1.1.1/8", {"dev": "v1"}, "dst 10.1.1.1/8 has host bits set; write it as 10.0.0.0/8"),
        (NET, {}, f"via, dev, nexthops or nhid is required for the route to {NET}"),
        (
            NET,
            {"via": "10.0.0.1/8"},
            "via '10.0.0.1/8' must be an IP address without prefix length",
        ),
        (
            SIX,
            {"via": "10.0.0.1"},
            "via 10.0.0.1 must be an IPv6 address, like the destination 2001:db8::/48",
        ),
        (
            SIX,
            {"dev": "v1", "src": "10.0.0.1"},
            "src 10.0.0.1 must be an IPv6 address, like the destination 2001:db8::/48",
        ),
        (
            NET,
            {"dev": "v1", "src": "::1"},
            "src ::1 must be an IPv4 address, like the destination 10.1.0.0/16",
        ),
        (NET, {"dev": "a/b"}, "name of a link"),
        (NET, {"dev": "v1", "metric": -1}, "metric must be between"),
        (NET, {"dev": "v1", "mtu": -1}, "mtu must be between"),
        (NET, {"dev": "v1", "table": "0"}, "a number from 1"),
        (
            NET,
            {"dev": "v1", "table": "nope"},
            "table 'nope' must be main, default, local or a number from 1 to",
        ),
        (NET, {"dev": "v1", "scope": "x"}, "scope 'x' must be global, site, link, host"),
        (
            NET,
            {"dev": "v1", "proto": "256"},
            "proto '256' must be one of unspec, redirect, kernel, boot, static, ra,",
        ),
        (
            SIX,
            {"dev": "v1", "scope": "link"},
            "scope link is for IPv4 only, and the route to 2001:db8::/48 is IPv6",
        ),
        (
            NET,
            {"type": "blackhole", "via": "10.0.0.1"},
            "via and nexthops cannot be combined with type=",
        ),
        (NET, {"type": "throw", "dev": "lo"}, "dev cannot be combined with type="),
        (SIX, {"type": "prohibit", "dev": "v1"}, "dev cannot be combined with type="),
        (
            NET,
            {"type": "unreachable", "nexthops": WAYS},
            "via and nexthops cannot be combined with type=",
        ),
        (NET, {"dev": "v1", "nexthops": WAYS}, "nexthops cannot be combined with via or dev"),
        (
            NET,
            {"nexthops": WAYS[:1]},
            "nexthops must list at least two; use via and dev for a single one",
        ),
        (NET, {"nexthops": [{}, {}]}, "nexthops: each entry needs via, dev or both"),
        (
            NET,
            {"nexthops": [{"dev": "v1", "weight": 257}, {"dev": "v2"}]},
            "weight must be between",
        ),
        (SIX, {"nexthops": [{"dev": "v1"}, {"via": "2001:db8::1"}]}, "needs via"),
        (SIX, {"via": "fe80::1"}, "dev is required: the gateway fe80::1 is a link-local address"),
        (
            NET,
            {"via": "fe80::1", "onlink": True},
            "dev is required: the gateway fe80::1 is a link-local address",
        ),
        (
            SIX,
            {"nexthops": [{"via": "fe80::1", "dev": "v1"}, {"via": "fe80::2"}]},
            "dev is required: the gateway fe80::2 is a link-local address",
        ),
    ],
)
def test_what_is_refused(dst, params, words):
    with pytest.raises(BadInput, match=re.escape(words)):
        desires(dst, **params)
