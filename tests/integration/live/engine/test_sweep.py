# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every operation of a build, a change with purge, a repair and a removal fails once, in two ways.

That is on a network on which others set much that we have no options for: all is as before then.

A sample of the places is tried in a bounded time. All of them, by hand:
NETNS_SWEEP=all pytest …/faults/test_sweep.py -s -n 2
"""

from __future__ import annotations

import os
import random
import time

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    KernelError,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._engine import kernel
from ansible_collections.linuxnet.netns.tests.integration.live.topology import lab
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    rolled_back,
)

from . import rich

pytestmark = pytest.mark.makes_machines

SEED = int(os.environ.get("NETNS_SEED", "13"))
EVERYTHING = os.environ.get("NETNS_SWEEP") == "all"
SECONDS = 15.0  # for each of the four
WAYS = ("refused", "done, and then refused")
# The kernel does these whole or not at all, and what is done cannot be told from what others did.
WHOLE = ("CreateNamespace", "DeleteNamespace", "RemoveStale", "SetNsid")


def count(given, params):
    """Return how many operations a task has on a new machine, and what they are."""
    given()
    applied = []
    apply = kernel.Kernel.apply
    kernel.Kernel.apply = lambda self, step: (
        applied.append(type(step).__name__),
        apply(self, step),
    )
    try:
        lab.run(**params)
    finally:
        kernel.Kernel.apply = apply
    return applied


def attempt(given, params, number, way):
    """Return how a machine differs after an operation has failed, and what was said."""
    given()
    before, addresses = witness.whole(), witness.made_of_macs()
    apply, told = kernel.Kernel.apply, []

    def failing(self, step):
        told.append(step)
        if len(told) != number:
            apply(self, step)
            return
        if way == WAYS[1]:
            apply(self, step)
        raise KernelError(1, step.phrase(), "injected")

    kernel.Kernel.apply = failing
    said = ""
    try:
        lab.run(**params)
    except NetnsError as error:
        said = str(error)
    finally:
        kernel.Kernel.apply = apply
    return witness.becomes_whole(before, addresses), said


def sample(applied, name):
    """Yield operations by their numbers, and ways in which they fail, in an order of chance."""
    places = [
        (number, way)
        for number, step in enumerate(applied, 1)
        for way in WAYS
        if way == WAYS[0] or step not in WHOLE
    ]
    if not EVERYTHING:
        random.Random(f"{SEED} {name}").shuffle(places)
    yield from places


@pytest.mark.parametrize("name", rich.TASKS)
def test_all_is_as_it_was(name):
    given, params = rich.TASKS[name]
    modules.options("netns_topology", **params)
    applied = machine.run(count, given, params)
    end = time.monotonic() + SECONDS
    tried, wrong = 0, []
    for number, way in sample(applied, name):
        found, said = machine.run(attempt, given, params, number, way)
        tried += 1
        if found or not rolled_back(said):
            which = f"operation {number}, {applied[number - 1]}, {way}"
            wrong.append("\n    ".join([which, said, *found]))
        if time.monotonic() > end and not EVERYTHING:
            break
    print(f"\n{name}: {len(applied)} operations, seed {SEED}: {tried} places tried, "
          f"{tried - len(wrong)} as before")  # fmt: skip
    assert not wrong, "\n".join(wrong)
