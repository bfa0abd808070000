# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counting hosts in a network."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.linuxnet.netns.plugins.filter.nth_host import nth_host


@pytest.mark.parametrize(
    ("network", "number", "host"),
    [
        ("172.16.1.0/24", 1, "172.16.1.1/24"),
        ("172.16.1.0/24", -1, "172.16.1.254/24"),
        ("172.16.1.0/24", "3", "172.16.1.3/24"),
        ("10.0.0.0/24\n", "-1", "10.0.0.254/24"),
        ("10.0.0.0/24", 2.0, "10.0.0.2/24"),
        ("10.0.0.0/31", 2, "10.0.0.1/31"),
        ("10.0.0.0/31", 1, "10.0.0.0/31"),
        ("10.0.0.0/32", 1, "10.0.0.0/32"),
        ("fd00::/64", 1, "fd00::1/64"),
        ("fd00::/64", -1, "fd00::ffff:ffff:ffff:ffff/64"),
    ],
)
def test_the_host(network, number, host):
    assert nth_host(network, number) == host


@pytest.mark.parametrize(
    ("network", "number", "said"),
    [
        ("10.0.0.1/24", 1, "has host bits set"),
        ("fe80::%e1/64", 1, "not 'fe80::%e1/64'"),
        ("10.0.0.0/255.0.0.0", 1, "not '10.0.0.0/255.0.0.0'"),
        (3, 1, "not 3"),
        (True, 1, "not True"),
        ("\ud800", 1, "not '"),
        ("", 1, "not ''"),
        ("10.0.0.0/24", float("nan"), "nan must be a whole number"),
        ("10.0.0.0/24", 5000 * "9", "must be a whole number"),
        (None, 1, "not None"),
        ("10.0.0.0/24", 0, "has 254 hosts, not 0"),
        ("10.0.0.0/24", 255, "has 254 hosts, not 255"),
        pytest.param("10.0.0.0/24", 10**5000, "hosts, not something huge", id="huge"),
        ("10.0.0.0/24", 1.5, "1.5 must be a whole number"),
        ("10.0.0.0/24", float("inf"), "inf must be a whole number"),
        ("10.0.0.0/24", True, "True must be a whole number"),
        ("10.0.0.0/24", "\u00b2", "must be a whole number"),
        ("10.0.0.0/24", "1_0", "'1_0' must be a whole number"),
        ("10.0.0.0/24", None, "None must be a whole number"),
    ],
)
def test_what_is_no_host(network, number, said):
    with pytest.raises(AnsibleFilterError, match=said):
        nth_host(network, number)
