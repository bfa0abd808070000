# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Few descriptors: a plan of hundreds of namespaces is done, or undone, all the same."""

from __future__ import annotations

import errno
import os
import resource

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    descriptors,
    held_namespaces,
)
from ansible_collections.linuxnet.netns.tests.integration.live.topology import lab
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults

COUNT = 300
NAMES = [f"r{each}" for each in range(COUNT)]
RING = {
    "name": lab.OWNER,
    "namespaces": [{"name": NAMES, "lo_up": True}],
    "veths": [
        lab.pair("right", name, "left", NAMES[(number + 1) % COUNT])
        for number, name in enumerate(NAMES)
    ],
}
OTHERS = [f"s{each}" for each in range(COUNT)]
CHANGED = {
    "name": lab.OWNER,
    "purge": True,
    "namespaces": [{"name": [*OTHERS, *NAMES[:5]], "lo_up": True}],
    "veths": [lab.pair("up", name, "down", OTHERS[0]) for name in NAMES[1:3]][:1],
}
GONE = {"name": lab.OWNER, "state": "absent"}
# The limits, soft and hard.
LIMITS = [(64, 64), (64, 4096), (256, 256), (256, 4096)]


def identities():
    """Return which namespaces there are, by name."""
    try:
        names = sorted(os.listdir("/run/netns"))
    except FileNotFoundError:
        return {}
    return {name: os.stat(f"/run/netns/{name}").st_ino for name in names}


def links(name):
    return sorted(
        (each["ifname"], each["mtu"], sorted({*each["flags"]} - {*witness.LATE_FLAGS}))
        for each in witness.ip("link", netns=name)
    )


def found():
    """Return which namespaces there are, and the links of some of them."""
    known = identities()
    return known, {name: links(name) for name in (NAMES[0], NAMES[7], NAMES[-1]) if name in known}


def descriptors_open():
    return len(os.listdir("/proc/self/fd"))


def fails(what):
    """Return what lets one of the last operations of a kind fail."""
    return Faults(lambda number: number == COUNT - 7, counted=lambda each: what in each)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize(
    ("params", "what"),
    [(RING, "create the veth"), (CHANGED, "unlink"), (GONE, "unlink")],
    ids=["build", "change", "removal"],
)
def test_a_failure_near_the_end_leaves_no_trace(params, what, limit):
    if params is not RING:
        lab.run(**RING)
    before, opened = found(), descriptors_open()
    resource.setrlimit(resource.RLIMIT_NOFILE, limit)
    with fails(what).at_work(), pytest.raises(NetnsError, match="not permitted"):
        lab.run(**params)
    assert found() == before
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == limit
    assert descriptors_open() == opened
    lab.run(**params)
    assert found() != before


def test_what_cannot_be_held_is_not_begun(monkeypatch):
    lab.run(**RING)
    before = found()
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    monkeypatch.setattr(descriptors, "_raised", lambda limit, *unused: limit)

    def refused():
        raise OSError(errno.EPERM, "no")

    monkeypatch.setattr(held_namespaces, "_open_mount_namespace", refused)
    for check in (True, False):
        with pytest.raises(NetnsError, match=r"hold namespaces that are deleted: .*RLIMIT_NOFILE"):
            lab.run(check=check, **GONE)
    assert found() == before
