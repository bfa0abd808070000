# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses counted in a network, and what cannot be counted."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.linuxnet.netns.plugins.filter.nth_host import nth_host


@pytest.mark.parametrize(
    ("network", "number", "host"),
    [
        ("10.0.0.0/24", 1, "10.0.0.1/24"),
        ("10.0.0.0/24\n", "-1", "10.0.0.254/24"),
        ("10.0.0.0/31", 2, "10.0.0.1/31"),
        ("2001:db8::/64", 1, "2001:db8::1/64"),
    ],
)
def test_hosts(network, number, host):
    assert nth_host(network, number) == host


@pytest.mark.parametrize("number", [0, 255, True, 1.5, float("inf"), float("nan"), "9" * 5000, "x"])
def test_no_hosts(number):
    with pytest.raises(AnsibleFilterError, match="nth_host"):
        nth_host("10.0.0.0/24", number)


@pytest.mark.parametrize("network", ["fe80::%v1/64", "10.0.0.1/24", "\ud800", "", None, True])
def test_no_networks(network):
    with pytest.raises(AnsibleFilterError, match="nth_host"):
        nth_host(network, 1)


def test_a_number_beyond_all_bounds():
    with pytest.raises(AnsibleFilterError, match="fewer hosts than that"):
        nth_host("10.0.0.0/24", 10**5000)
