# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where nothing can be undone, because no write succeeds any more, each difference is told."""

from __future__ import annotations

import json

import pytest

from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.attempts import (
    attempt,
    given,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.tasks import TASKS

pytestmark = pytest.mark.makes_machines

# As `ip` calls them, and as the message does.
ATTRIBUTES = {
    "mtu": "mtu",
    "address": "mac",
    "ifalias": "alias",
    "txqlen": "txqueuelen",
    "group": "group",
    "master": "master",
}
FLAGS = {"UP": "up", "NOARP": "arp", "MULTICAST": "multicast", "PROMISC": "promisc"}


def expected(before, after):
    """Yield the words that must be in a message about these two machines."""
    others = before["names"].keys() | after["names"].keys()
    gone = {name for name in others if before["names"].get(name) != after["names"].get(name)}
    yield from (f"namespace {name} is" for name in gone)
    for name in before.keys() & after.keys() - {"names"}:
        where = "in the current namespace" if name == "here" else f"in namespace {name}"
        if not gone:  # a cable ends with the namespace of either end
            yield from of_links(before[name]["links"], after[name]["links"], where)
        there = before[name]["links"].keys() & after[name]["links"].keys()
        for one, other, how in (
            (before[name], after[name], "gone"),
            (after[name], before[name], "there"),
        ):
            for text in set(one["routes"]) - set(other["routes"]):
                route = json.loads(text)
                if route["protocol"] != "kernel" and route["dev"] in there:
                    dst = route["dst"]
                    yield f"the route to {dst} by link {route['dev']} {where} is {how}"


def of_links(before, after, where):
    for name in before.keys() | after.keys():
        if name not in after:
            yield f"link {name} {where} is gone"
        elif name not in before:
            yield f"link {name} {where} is there"
        else:
            yield from of_link(before[name], after[name], f"link {name} {where}")


def of_link(before, after, link):
    for key, word in ATTRIBUTES.items():
        if before.get(key) != after.get(key):
            yield f"{word} of {link} is"
    for flag in {*before["flags"]} ^ {*after["flags"]}:
        if flag in FLAGS:
            yield f"{FLAGS[flag]} of {link} is"
    old, new = ({cidr(each): each for each in side["addr_info"]} for side in (before, after))
    for each in old.keys() | new.keys():
        if each.startswith("fe80:"):
            continue
        if each not in new:
            yield f"address {each} of {link} is gone"
        elif each not in old:
            yield f"address {each} of {link} is there"
        elif old[each] != new[each]:
            yield f"address {each} of {link} has changed"


def cidr(address):
    return f"{address['local']}/{address['prefixlen']}"


@pytest.mark.parametrize(
    "name",
    [
        "netns, two new",
        "netns, repair",
        "netns, absent with hardware",
        "netns, nsid",
        "veth, new",
        "veth, swap",
        "veth, move and rename",
        "veth, replace",
        "link, move under a master",
        "link, rename on an old kernel",
        "addr, lifetimes",
        "addr, broadcast of a primary",
        "addr, purge",
    ],
)
def test_each_difference_is_told(name):
    task = TASKS[name]
    modules.job(task.module, **task.params)
    before = machine.run(given, task)
    untold = []
    for number in range(1, 99):

        def lasting(first=number):
            return Faults(lambda n: n >= first)

        after, said, failed = machine.run(attempt, task, lasting(), None)
        if not failed:
            assert number > 1
            break
        if said is None:
            continue
        words = sorted(each for each in expected(before, after) if each not in said)
        if words:
            untold.append("\n    ".join([f"write {number}, {failed[0]}: {said}", *words]))
    assert not untold, "\n".join(untold)
