# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two processes at once: both succeed, or one says why not, and nothing is left half done."""

from __future__ import annotations

import os
import pickle
import time

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.tasks import (
    ALL,
    Task,
)

pytestmark = pytest.mark.makes_machines

ROUNDS = 10
OTHER = "02:00:00:00:00:0b"

PAIR = Task(
    "veth",
    {"name": "p", "netns": "a", **ALL, "peer": {"name": "p", "netns": "b", **ALL, "mac": OTHER}},
)
HOME = Task("veth", {"name": "v1", "netns": "a", "up": True, "peer": {"name": "v2", "netns": "b"}})
AWAY = Task("veth", {"name": "v1", "up": True, "peer": {"name": "v2", "netns": "b"}})
NEW = Task("netns", {"name": ["n1", "n2", "n3"], "lo_up": True}, ())
GONE = Task("netns", {"name": ["a", "b"], "state": "absent"})
PLAIN = Task("netns_addr", {"netns": "a", "link": "v1", "address": ["10.0.0.1/24", "10.3.0.1/24"]})
WIDE = Task(
    "netns_addr", {"netns": "a", "link": "v1", "address": ["10.0.0.1/24"], "broadcast": "10.0.0.9"}
)

CASES = {
    "the same new namespaces": (NEW, NEW),
    "the same deletion": (GONE, GONE),
    "the same pair": (PAIR, PAIR),
    "the same move": (AWAY, AWAY),
    "to and fro": (AWAY, HOME),
    "other addresses": (WIDE, PLAIN),
    "one makes, one takes away": (PAIR, GONE),
}


def alone(*tasks):
    """Return the machine when one task has come after the other."""
    witness.sh(*tasks[0].given)
    for task in tasks:
        try:
            modules.run(task.module, **task.params)
        except NetnsError:
            return None
    return witness.state()


def together(tasks, ends):
    """Return what each said that failed, and the machine, which is to be one of the ends."""
    witness.sh(*tasks[0].given)
    start, pids, pipes = time.monotonic() + 0.02, [], []
    for task in tasks:
        reader, writer = os.pipe()

        def one(task=task, writer=writer):
            time.sleep(max(0.0, start - time.monotonic()))
            said = None
            try:
                modules.run(task.module, **task.params)
            except NetnsError as error:
                said = str(error)
            os.write(writer, pickle.dumps(said))

        pids.append(machine.fork(one))
        os.close(writer)
        pipes.append(reader)
    said = []
    for pid, pipe in zip(pids, pipes):
        with os.fdopen(pipe, "rb") as told:
            said.append(pickle.loads(told.read()))
        assert os.waitpid(pid, 0)[1] == 0
    end = time.monotonic() + 2
    while (found := witness.state()) not in ends and time.monotonic() < end:
        time.sleep(0.05)
    return said, found


@pytest.mark.parametrize("name", CASES)
def test_two_at_once(name):
    one, other = CASES[name]
    ends = [machine.run(alone, one, other), machine.run(alone, other, one)]
    for task in (one, other):
        ends.append(machine.run(alone, task))
    ends = [end for end in ends if end is not None]
    for number in range(ROUNDS):
        said, found = machine.run(together, (one, other), ends)
        least = min((witness.differences(end, found) for end in ends), key=len)
        assert not least, (number, said, least)
        assert None in said, (number, said)
        if one is other:
            assert said == [None, None], (number, said)
