# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task may state of nexthop objects, and what is wrong with what it may not."""

from __future__ import annotations

import re

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop.spec import (
    NexthopsSpec,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

VIA = {"via": "10.0.0.2", "dev": "v1"}


def desires(**params):
    return NexthopsSpec.of(modules.options("netns_nexthop", **params))


@pytest.mark.parametrize(
    ("params", "normal"),
    [
        (VIA, {**VIA, "version": 4}),
        ({"via": "FE80::0:1", "dev": "v1"}, {"via": "fe80::1", "dev": "v1", "version": 6}),
        ({"dev": "v1"}, {"dev": "v1"}),
        ({"dev": "v1", "family": "ipv6"}, {"dev": "v1", "version": 6}),
        ({"blackhole": True}, {"blackhole": True}),
        ({"via": "10.0.0.2", "fdb": True}, {"via": "10.0.0.2", "version": 4, "fdb": True}),
        ({"group": [{"id": 2, "weight": 9}, {"id": 3}]}, {"group": ((2, 9), (3, 1))}),
        (
            {**VIA, "onlink": True, "proto": "4"},
            {**VIA, "version": 4, "onlink": True, "proto": "static"},
        ),
        ({"onlink": False}, {"onlink": False}),
    ],
    ids=str,
)
def test_normal_forms(params, normal):
    (desired,) = desires(id=7, **params).nexthops
    assert (desired.id, desired.stated()) == (7, normal)


def test_options_are_the_defaults_of_the_entries():
    entries = [{"id": 1}, {"id": 2, "dev": "v2"}]
    found = desires(dev="v1", nexthops=entries).nexthops
    assert [(each.id, each.dev) for each in found] == [(1, "v1"), (2, "v2")]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "No nexthop is listed; an empty list requires purge=true"),
        ({"nexthops": []}, "No nexthop is listed; an empty list requires purge=true"),
        ({"nexthops": [{}]}, "id is required"),
        ({"blackhole": True}, "id is required"),
        ({"id": 0, "dev": "v1"}, "id must be between 1 and 4294967295, not 0"),
        ({"id": 1 << 32, "dev": "v1"}, "id must be between 1 and 4294967295"),
        ({"id": 1, "nexthops": [{"id": 2}]}, "id and nexthops are mutually exclusive"),
        ({"id": 1, "via": "10.0.0.2"}, "dev is required: the gateway 10.0.0.2"),
        ({"id": 1, "via": "fe80::1"}, "is a link-local address"),
        (
            {"id": 1, "via": "10.0.0.0/8", "dev": "v1"},
            "via '10.0.0.0/8' must be an IP address without prefix length",
        ),
        ({"id": 1, **VIA, "family": "ipv6"}, "must be an address of family=ipv6"),
        ({"id": 1, **VIA, "blackhole": True}, "cannot be combined with via, dev"),
        ({"id": 1, **VIA, "group": [{"id": 2}]}, "cannot be combined with via, dev"),
        ({"id": 1, **VIA, "fdb": True}, "fdb=true of nexthop object 1 cannot be combined with dev"),
        ({"id": 1, "fdb": True}, "requires via or group"),
        ({"id": 1, "dev": "v1", "onlink": True}, "onlink=true of nexthop object 1 requires via"),
        ({"id": 1, "via": "10.0.0.2", "fdb": True, "onlink": True}, "combined with fdb=true"),
        ({"id": 1, "blackhole": True, "onlink": True}, "cannot be combined with onlink"),
        ({"id": 1, "group": []}, "group must list at least one"),
        ({"id": 1, "group": [{"id": 1}]}, "must not list itself"),
        ({"id": 1, "group": [{"id": 2}, {"id": 2, "weight": 2}]}, "lists id 2 twice; use weight"),
        (
            {"id": 1, "group": [{"id": 2, "weight": 0}]},
            "group: weight must be between 1 and 65536, not 0",
        ),
        ({"id": 1, "group": [{"id": 2, "weight": 65537}]}, "weight must be between 1 and 65536"),
        ({"id": 1, "dev": "a/b"}, "dev: 'a/b' cannot be the name of a link"),
        ({"id": 1, "dev": "v1", "proto": "x"}, "proto 'x' must be one of"),
        ({"purge": True, "proto": "kernel"}, "cannot be combined with proto=kernel"),
        ({"id": 1, "purge": True, "state": "absent"}, "purge=true requires state=present"),
        ({"nexthops": [{"id": 1, "dev": "a"}, {"id": 1, "dev": "b"}]}, "lists id 1 twice"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told(params, words):
    with pytest.raises(BadInput, match=re.escape(words)):
        desires(**params)


def test_what_is_to_be_absent_needs_no_more_than_its_id():
    assert desires(id=7, via="10.0.0.2", state="absent").nexthops[0].via == "10.0.0.2"
