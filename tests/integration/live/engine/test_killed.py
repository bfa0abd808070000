# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task that is killed after any of its writes: the next run brings it to its end."""

from __future__ import annotations

import os
import signal

import pytest

from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.attempts import (
    pretending,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.tasks import TASKS

pytestmark = pytest.mark.makes_machines

# What falls by the way, and no task states, is lost with the process that knew of it.
LOSE = ("veth, replace", "addr, broadcast of a primary", "addr, purge", "addr, prefix of IPv6")


def clean(task):
    """Return the machine that the task makes where nobody disturbs it."""
    witness.sh(*task.given)
    with pretending(task):
        modules.run(task.module, **task.params)
    return witness.state()


def killed(task, number, wanted):
    """Return whether there was such a write, what the second next run said, and the machine."""
    witness.sh(*task.given)
    with pretending(task):

        def victim():
            with Faults(lambda n: n == number, kill=True).at_work():
                modules.run(task.module, **task.params)

        pid = machine.fork(victim)
        status = os.waitpid(pid, 0)[1]
        assert status in (0, signal.SIGKILL), status
        modules.run(task.module, **task.params)
        again = modules.run(task.module, **task.params)
    found = None if wanted is None else witness.becomes(wanted)
    return status != 0, again, found


@pytest.mark.parametrize(
    "name",
    [
        "netns, two new",
        "netns, repair",
        "netns, absent with hardware",
        "veth, new",
        "veth, swap",
        "veth, replace",
        "link, move under a master",
        "addr, broadcast of a primary",
        "addr, purge",
        "addr, prefix of IPv6",
    ],
)
def test_the_next_run_gets_there(name):
    task = TASKS[name]
    modules.job(task.module, **task.params)
    wanted = None if name in LOSE else machine.run(clean, task)
    for number in range(1, 99):
        was_killed, again, found = machine.run(killed, task, number, wanted)
        assert not again["changed"], (number, again)
        if wanted is not None:
            assert not witness.differences(wanted, found), number
        if not was_killed:
            assert number > 2
            return
