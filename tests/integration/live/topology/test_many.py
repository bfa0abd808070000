# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Topologies of more namespaces than a process may open files, and of many links at a place."""

from __future__ import annotations

import contextlib
import os
import resource
from unittest import mock

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import handles
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace import (
    kernel as namespace_apply,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults

from . import lab

COUNT = 40
NAMES = [f"n{number:02}" for number in range(COUNT)]
RING = {
    "name": lab.OWNER,
    "namespaces": [{"name": NAMES}],
    "veths": [lab.pair("r", one, "l", other) for one, other in zip(NAMES, [*NAMES[1:], NAMES[0]])],
}


@contextlib.contextmanager
def few_descriptors(soft, hard):
    """Let this process open few more files, and the kernel floor plan for as few."""
    had = resource.getrlimit(resource.RLIMIT_NOFILE)
    base = len(os.listdir("/proc/self/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (base + soft, base + hard))
    try:
        with (
            mock.patch.object(handles, "AT_ONCE", 8),
            mock.patch.object(namespace_apply, "BATCH", 5),
        ):
            yield
    finally:
        with contextlib.suppress(ValueError, PermissionError):
            resource.setrlimit(resource.RLIMIT_NOFILE, had)


@pytest.mark.parametrize("hard", [40, 400])
def test_descriptors_are_enough(hard):
    with few_descriptors(40, hard):
        for params in (RING, {"name": lab.OWNER, "purge": True}, RING, lab.ABSENT):
            promised = lab.run(check=True, **params)
            assert lab.run(**params) == promised
            assert not lab.run(**params)["changed"]
    assert witness.names() == {}


def last_deletion(number=COUNT - 1):
    """Return what lets the last namespace's name stay."""
    return Faults(lambda each: each == number, counted=lambda what: what == "unlink")


def test_all_come_back_where_the_limit_may_be_raised():
    lab.run(**RING)
    before = witness.state()
    with (
        few_descriptors(40, 400),
        last_deletion().at_work(),
        pytest.raises(NetnsError, match="What had been done before it is undone"),
    ):
        lab.run(**lab.ABSENT)
    assert witness.differences(before, witness.becomes(before)) == []


def test_all_come_back_where_it_may_not_be_raised():
    lab.run(**RING)
    before = witness.state()
    with (
        few_descriptors(40, 40),
        last_deletion().at_work(),
        pytest.raises(NetnsError, match="What had been done before it is undone"),
    ):
        lab.run(**lab.ABSENT)
    assert witness.differences(before, witness.becomes(before)) == []


def test_making_them_is_undone_with_few_descriptors():
    nth = Faults(lambda each: each == 3 * COUNT)
    with (
        few_descriptors(40, 40),
        nth.at_work(),
        pytest.raises(NetnsError, match="What had been done before it is undone"),
    ):
        lab.run(**RING)
    assert nth.failed
    assert witness.names() == {}


def test_many_links_in_one_place():
    count = 100
    hub = {
        "name": lab.OWNER,
        "namespaces": [{"name": ["hub", "rim"]}],
        "links": [
            {"name": "br", "netns": "hub", "type": "bridge", "up": True},
            *({"name": f"p{each}", "netns": "hub", "master": "br"} for each in range(count)),
        ],
        "veths": [lab.pair(f"p{each}", "hub", f"q{each}", "rim") for each in range(count)],
        "addresses": [
            {"netns": "rim", "link": f"q{each}", "address": [f"10.0.{each}.1/24"]}
            for each in range(count)
        ],
    }
    result = lab.run(**hub)
    assert result["summary"]["created"] == {
        "namespaces": 2,
        "veths": count,
        "links": 1,
        "addresses": count,
    }
    ports = [each["ifname"] for each in witness.ip("link", "show", "master", "br", netns="hub")]
    assert len(ports) == count
    lab.unchanged(**hub)
    witness.sh("ip -n hub link del p7")
    result = lab.run(**hub)
    assert result["summary"] == lab.summary({"veths": 1, "addresses": 1})
    lab.unchanged(**hub)
