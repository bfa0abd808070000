# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nothing takes back comes last in a topology, and is not called lasting where it is not."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import machine
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults

from . import lab

pytestmark = pytest.mark.makes_machines

SECRET = "net.ipv6.conf.{}.stable_secret"
VALUE = "2001:0db8:0000:0000:0000:0000:0000:0001"
WITHIN = {
    "sysctls": [
        {"netns": "n", "sysctls": {SECRET.format("v"): VALUE}},
        {"netns": "n", "sysctls": {"net.ipv4.ip_forward": 1}},
    ],
    "addresses": [{"netns": "n", "link": "w", "address": ["192.0.2.1/24"]}],
    "routes": [{"netns": "n", "dst": ["198.51.100.0/24"], "via": "192.0.2.2"}],
}
NUMBERED = {"namespaces": [{"name": ["n"], "nsid": 7}]}
# To each: whether a write can fail after one that nothing takes back.
TASKS = {
    "a number and a secret": ({**NUMBERED, **WITHIN}, False),
    "a number before a link that would choose one": (
        {**NUMBERED, "veths": [lab.pair("a", None, "b", "n")]},
        True,
    ),
    "a number and a secret of what is new": (
        {
            "namespaces": [{"name": ["m"], "nsid": 7}],
            "veths": [lab.pair("a", "n", "b", "m")],
            "sysctls": [
                {"netns": "n", "sysctls": {SECRET.format("a"): VALUE}},
                {"netns": "m", "sysctls": {SECRET.format("default"): VALUE}},
            ],
            "routes": [{"netns": "n", "dst": ["198.51.100.0/24"], "dev": "a"}],
        },
        False,
    ),
}


def given():
    """Build what is there before."""
    lab.run(name=lab.OWNER, namespaces=[{"name": ["n"]}], veths=[lab.pair("v", "n", "w", "n")])


def attempt(params, number):
    """Return how the machine differs after the n-th write failed, what was said, and if it did."""
    given()
    before = lab.state()
    faults = Faults(lambda each: each == number)
    try:
        with faults.at_work():
            lab.run(name=lab.OWNER, **params)
    except NetnsError as error:
        return lab.becomes(before), str(error), True
    return [], "", bool(faults.failed)


def build(params):
    given()
    lab.converges(name=lab.OWNER, **params)


@pytest.mark.parametrize("name", TASKS)
def test_steps_that_nothing_takes_back_come_last(name):
    params, can_last = TASKS[name]
    machine.run(build, params)
    lasting = []
    for number in range(1, 99):
        differences, said, failed = machine.run(attempt, params, number)
        if not failed:
            break
        lasting.append("this has no way back" in said)
        assert lasting[-1] or not differences, (number, said, differences)
    assert number > 3
    assert any(lasting) == can_last, lasting
