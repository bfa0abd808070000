# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random networks, random drift, a change to another network, and its end: what holds of all.

In the checks the networks are the same ones every time. By hand there may be as many others as time
allows: NETNS_RANDOM=EXAMPLES, or NETNS_RANDOM=EXAMPLES:SEED to have those of a run again.
"""

from __future__ import annotations

import os

import hypothesis
import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    witness,
)

from . import lab, random_networks

pytestmark = pytest.mark.makes_machines

EXAMPLES, SEED = [*os.environ.get("NETNS_RANDOM", "").split(":"), ""][:2]


def outcome(check, params):
    """Return the result of a run, or with what words it was refused."""
    counted = lab.counting()
    try:
        with counted.at_work():
            result = lab.run(check=check, **params)
    except NetnsError as error:
        result = str(error)
    if check:
        assert counted.writes == []
    return result


UNCHANGED = {
    "changed": False,
    "commands": [],
    "diff": {"before": {}, "after": {}},
    "summary": lab.summary(),
}


def same(one, other, what):
    """Hold that two results are the same, and say where they are not."""
    if isinstance(one, dict) and isinstance(other, dict):
        found = witness.differences(one, other)
        if any(each.startswith((".commands", ".diff")) for each in found):
            found += [f"commands: {one['commands']}"]
    else:
        found = [] if one == other else [f"{one}", f"{other}"]
    assert found == [], "\n".join([f"{what}:", *found])


def holds(others, params):
    """Hold that check mode foretells what a run does; return whether it did anything."""
    before = lab.state()
    promised = outcome(True, params)
    real = outcome(False, params)
    rests = isinstance(promised, dict) and "assumes" in str(promised["warnings"])
    if not (rests and isinstance(real, str)):
        same(promised, real, "check mode, and the real run")
    after = lab.state()
    if isinstance(real, str):
        found = witness.differences(before, after)
        assert found == [], "\n".join([f"refused, and done: {real}", *found])
    else:
        again = outcome(False, params)
        if isinstance(again, dict):
            again = {name: again[name] for name in UNCHANGED}
        same(UNCHANGED, again, f"unchanged, and the second run after {real['commands']}")
    found = witness.differences(others, random_networks.foreign(after))
    assert found == [], "\n".join(["things of others:", *found])
    return not isinstance(real, str)


def ours(state):
    """Return what bears a mark of ours."""
    text = str(state)
    return [word for word in (f"netns:{lab.OWNER}", f"'{lab.number()}'") if word in text]


def settings():
    """Return how many networks there are to be, and which."""
    of_all = {"deadline": None, "database": None, "print_blob": False}
    suppressed = list(hypothesis.HealthCheck)
    if EXAMPLES:
        return hypothesis.settings(
            max_examples=int(EXAMPLES), suppress_health_check=suppressed, **of_all
        )
    return hypothesis.settings(
        max_examples=25, derandomize=True, suppress_health_check=suppressed, **of_all
    )


def seeded(test):
    """Give a test the seed that is asked for."""
    return hypothesis.seed(int(SEED))(test) if SEED else test


# Each network has a machine of its own, forked from a process without other threads: with
# the mark `live` it would come from one with a thread that watches the time, and hang.
@seeded
@settings()
@hypothesis.given(
    first=random_networks.networks(),
    hands=random_networks.drifts,
    then=random_networks.networks(),
    purges=hypothesis.strategies.tuples(
        hypothesis.strategies.booleans(), hypothesis.strategies.booleans()
    ),
)
def test_check_mode_foretells_what_a_run_does(first, hands, then, purges):
    machine.run(lambda: life(first, hands, then, purges))


def life(first, hands, then, purges):
    """Hold what holds of all networks, from nothing to nothing."""
    witness.sh(*random_networks.FOREIGN)
    others = random_networks.foreign(lab.state())
    first, then = ({"name": lab.OWNER, **lists} for lists in (first, then))
    built = holds(others, first)
    done = random_networks.drift(hands)
    try:
        if built:
            holds(others, {**first, "purge": purges[0]})
        holds(others, {**then, "purge": purges[1]})
        if not holds(others, lab.ABSENT):
            assert holds(others, {**lab.ABSENT, "force": True}), "not even force removes it"
        assert ours(lab.state()) == [], f"left: {lab.state()}"
    except AssertionError as error:
        error.add_note(f"The hand did {done}")
        raise
