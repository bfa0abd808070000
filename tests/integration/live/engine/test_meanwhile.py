# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What others change between a look and a write, of what belongs to no link, stays as they made it."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)

GIVEN = (
    "ip netns add a",
    "ip -n a link set lo up",
    "ip -n a rule add priority 9 table 8",
    "ip -n a rule add priority 10 table 8",
    "ip -n a route add blackhole 10.9.0.0/16",
    "ip -n a route add blackhole 10.10.0.0/16",
    "ip -n a nexthop add id 9 blackhole; ip -n a nexthop add id 10 blackhole",
)
RULE = {"priority": 9, "table": "8"}
ROUTE = {"dst": "10.9.0.0/16", "type": "blackhole"}
NEXTHOP = {"id": 9, "blackhole": True}


def seen():
    return witness.sh("ip -n a rule; ip -n a route; ip -n a nexthop")


@pytest.mark.parametrize(
    ("module", "params", "theirs"),
    [
        ("netns_rule", {**RULE, "state": "absent"}, "ip -n a rule del priority 9"),
        ("netns_route", {**ROUTE, "state": "absent"}, "ip -n a route del blackhole 10.9.0.0/16"),
        ("netns_route", {**ROUTE, "dst": "10.7.0.0/16"}, "ip -n a route add blackhole 10.7.0.0/16"),
        ("netns_nexthop", {**NEXTHOP, "state": "absent"}, "ip -n a nexthop del id 9"),
        ("netns_nexthop", {**NEXTHOP, "id": 7}, "ip -n a nexthop add id 7 blackhole"),
    ],
    ids=str,
)
def test_a_task_that_comes_too_late_has_nothing_left_to_do(module, params, theirs):
    witness.sh(*GIVEN)
    kernel = Kernel()
    real, after = kernel.apply, []

    def apply(step):
        if not after:
            witness.sh(theirs)
            after.append(seen())
        real(step)

    kernel.apply = apply
    result = modules.run(module, kernel=kernel, netns="a", **params)
    kernel.close()
    assert (result["changed"], seen()) == (False, after[0])
