# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alternative names of links: added, removed with purge, and given back after a failure."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.proof import (
    proved,
    refused,
)

GIVEN = (
    "ip link add eth0 type veth peer name eth1",
    "ip link property add dev eth0 altname enp3s0",
    "ip link property add dev eth0 altname netns:theirs:eth0",
    "ip link property add dev eth1 altname ens7",
)


def altnames(name):
    (link,) = witness.ip("-d", "link", "show", "dev", name)
    return link.get("altnames", [])


def test_those_that_are_stated_are_added_and_others_stay():
    witness.sh(*GIVEN)
    commands = proved(name="eth0", altnames=["wan", "enp3s0", "uplink"])["commands"]
    assert altnames("eth0") == ["enp3s0", "netns:theirs:eth0", "wan", "uplink"]
    witness.sh("ip link property del dev eth0 altname wan altname uplink", *commands)
    assert altnames("eth0") == ["enp3s0", "netns:theirs:eth0", "wan", "uplink"]


@pytest.mark.parametrize("stated", [[], ["wan"]])
def test_purge_removes_others_but_no_marks(stated):
    witness.sh(*GIVEN)
    proved(name="eth0", altnames=stated, purge_altnames=True)
    assert altnames("eth0") == ["netns:theirs:eth0", *stated]


def test_a_pair_has_them_at_both_ends_from_the_start():
    proved("veth", name="v", altnames=["left"], peer={"name": "w", "altnames": ["right", "far"]})
    assert (altnames("v"), altnames("w")) == (["left"], ["right", "far"])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ens7", "ens7 in the current namespace is an altname of link eth1"),
        ("eth1", "a link eth1 exists in the current namespace already"),
        ("eth0", "a link eth0 exists in the current namespace already"),
        ("netns:mine", "names that begin with netns: mark what topologies own"),
        ("a b", "must have 1 to 127 bytes, without a space"),
        ("x" * 128, "must have 1 to 127 bytes"),
        ("", "must have 1 to 127 bytes"),
    ],
)
def test_names_that_cannot_be_had(name, words):
    witness.sh(*GIVEN)
    refused(words, name="eth0", alias="x", altnames=["ok", name])


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_failure_gives_back_what_there_was(failing):
    witness.sh(*GIVEN)
    before = witness.state()
    faults = Faults(lambda number: number == failing)
    with faults.at_work(), pytest.raises(NetnsError):
        modules.run("netns_link", name="eth0", altnames=["wan", "lan"], purge_altnames=True)
    now = witness.state()
    for state in (before, now):  # in any order: the kernel appends what it gets again
        state["here"]["links"]["eth0"]["altnames"].sort()
    assert witness.differences(before, now) == []
