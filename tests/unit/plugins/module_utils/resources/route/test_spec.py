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


def wants(dst, **params):
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
    (want,) = wants(dst, **params).routes
    assert {name: getattr(want, name) for name in normal} == normal


def test_ways():
    (want,) = wants(NET, nexthops=[{"via": "10.0.0.1"}, {"dev": "v1", "weight": 3}]).routes
    assert [(way.via, way.dev, way.weight) for way in want.nexthops] == [
        ("10.0.0.1", None, 1),
        (None, "v1", 3),
    ]


WAYS = [{"via": "10.0.0.1"}, {"via": "10.0.0.2"}]


@pytest.mark.parametrize(
    ("dst", "params", "words"),
    [
        ([], {}, "an empty list goes with purge=true only"),
        ([], {"purge": True, "state": "absent"}, "purge goes with state=present"),
        ("x", {"dev": "v1"}, "'x' is no destination"),
        ("10.1.1.1/8", {"dev": "v1"}, "10.1.1.1/8 is an address in the network 10.0.0.0/8"),
        (NET, {}, f"The route to {NET} needs via, dev or nexthops"),
        (NET, {"via": "10.0.0.1/8"}, "via is an address without a prefix"),
        (SIX, {"via": "10.0.0.1"}, "its via cannot be 10.0.0.1"),
        (SIX, {"dev": "v1", "src": "10.0.0.1"}, "its src cannot be 10.0.0.1"),
        (NET, {"dev": "v1", "src": "::1"}, "its src cannot be ::1"),
        (NET, {"dev": "a/b"}, "name of a link"),
        (NET, {"dev": "v1", "metric": -1}, "metric lies between"),
        (NET, {"dev": "v1", "mtu": -1}, "mtu lies between"),
        (NET, {"dev": "v1", "table": "0"}, "a number from 1"),
        (NET, {"dev": "v1", "table": "nope"}, "table is main"),
        (NET, {"dev": "v1", "scope": "x"}, "'x' is no scope"),
        (NET, {"dev": "v1", "proto": "256"}, "proto is unspec"),
        (SIX, {"dev": "v1", "scope": "link"}, "which have no scope: link"),
        (NET, {"type": "blackhole", "via": "10.0.0.1"}, "leads nowhere"),
        (NET, {"type": "throw", "dev": "lo"}, "leads nowhere: it has no dev"),
        (SIX, {"type": "prohibit", "dev": "v1"}, "leads nowhere: it has no dev"),
        (NET, {"type": "unreachable", "nexthops": WAYS}, "leads nowhere"),
        (NET, {"dev": "v1", "nexthops": WAYS}, "via and dev go without them"),
        (NET, {"nexthops": WAYS[:1]}, "nexthops are at least two"),
        (NET, {"nexthops": [{}, {}]}, "A nexthop states via, dev or both"),
        (NET, {"nexthops": [{"dev": "v1", "weight": 257}, {"dev": "v2"}]}, "weight lies between"),
        (SIX, {"nexthops": [{"dev": "v1"}, {"via": "2001:db8::1"}]}, "needs via"),
        (SIX, {"via": "fe80::1"}, "via fe80::1 is a link-local address"),
        (NET, {"via": "fe80::1", "onlink": True}, "may be there on every link: state dev"),
        (SIX, {"nexthops": [{"via": "fe80::1", "dev": "v1"}, {"via": "fe80::2"}]}, "state dev"),
    ],
)
def test_what_is_refused(dst, params, words):
    with pytest.raises(BadInput, match=re.escape(words)):
        wants(dst, **params)
