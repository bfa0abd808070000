# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors that a user meets first say what to do."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)

MAKE_LINK = "; create it first (netns_link or veth), or use a link that exists"
MAKE_NETNS = "namespace none not found; create it first with the netns module (name=none)"
LEADS = "the gateway must be in the network of an address whose link is up, or onlink"
CASES = {
    "no link": (
        ("netns_addr", {"netns": "a", "link": "x", "address": ["192.0.2.1/24"]}),
        f"link x not found in namespace a{MAKE_LINK}",
    ),
    "no master": (
        ("netns_link", {"netns": "a", "name": "v", "master": "x"}),
        f"master x not found in namespace a{MAKE_LINK}",
    ),
    "no namespace": (("netns_link", {"netns": "none", "name": "v"}), MAKE_NETNS),
    "no way to a gateway": (
        ("netns_route", {"netns": "a", "dst": ["198.51.100.0/24"], "via": "203.0.113.1"}),
        LEADS,
    ),
    "no way to a gateway of IPv6": (
        ("netns_route", {"netns": "a", "dst": ["2001:db8:9::/64"], "via": "2001:db8::1"}),
        f"No route to host: {LEADS}",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_error_says_what_to_do(name):
    (module, params), said = CASES[name]
    witness.sh("ip netns add a", "ip -n a link add v type veth peer name w")
    with pytest.raises(NetnsError) as caught:
        modules.run(module, **params)
    assert said in str(caught.value)
