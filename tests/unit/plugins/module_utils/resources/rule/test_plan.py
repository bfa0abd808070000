# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules that are there, rules that are wanted, and the operations from one to the other."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HostState,
    NamespaceState,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._core.simulate import simulate
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.operations import (
    AddRule,
    DeleteRule,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.plan import plan
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.spec import RulesSpec
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.state import (
    RULES_OF_NEW_NAMESPACE,
    Rule,
    may_match,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

NET = "10.1.0.0/16"
OURS = Rule(4, 100, src=NET, table=100, proto="static")
THEIRS = Rule(4, 100, src=NET, table=100)  # as `ip rule` makes it
BLIND = Rule(4, 90, action="blackhole", dst="192.0.2.0/24", proto="static")
SIX = Rule(6, 100, dst="2001:db8::/32", table=5, proto="static")
STRANGE = Rule(4, 100, src=NET, table=100, proto="static", others=(("tos", b"\x10"),))


def builder(*rules, there="present", assume_exists=False, **params):
    """Return the plan for what is there, in the order that the kernel would keep it in."""
    have = sorted((*RULES_OF_NEW_NAMESPACE, *rules), key=lambda rule: (rule.version, rule.priority))
    namespace = NamespaceState("a", there, rules=have if there == "present" else [])
    drawn = PlanBuilder(HostState({"a": namespace}, {"a": "a"}), assume_exists)
    plan(drawn, RulesSpec.of(modules.options("netns_rule", netns="a", **params)))
    return drawn


def done(*rules, **params):
    return [(type(step).__name__, step.rule) for step in builder(*rules, **params).steps]


ADD, DELETE = "AddRule", "DeleteRule"


@pytest.mark.parametrize(
    ("have", "params", "steps"),
    [
        pytest.param([], {"priority": 100, "from": NET, "table": "100"}, [(ADD, OURS)], id="new"),
        pytest.param([OURS], {"from": NET, "table": "100"}, [], id="any priority will do"),
        pytest.param([OURS], {"from": NET}, [], id="whatever it does"),
        pytest.param([OURS], {"priority": 100, "from": NET}, [], id="nothing said of its table"),
        pytest.param([THEIRS], {"priority": 100, "from": NET, "table": "100"}, [], id="by others"),
        pytest.param([], {"table": "main"}, [], id="the kernel's own will do"),
        pytest.param(
            [],
            {"from": NET, "table": "7"},
            [(ADD, Rule(4, 32765, src=NET, table=7, proto="static"))],
            id="the kernel's choice of a priority",
        ),
        pytest.param(
            [OURS],
            {"from": NET, "table": "7"},
            [(ADD, Rule(4, 99, src=NET, table=7, proto="static"))],
            id="without a priority it is another rule",
        ),
        pytest.param(
            [],
            {"family": "ipv6", "iif": "lo"},
            [(ADD, Rule(6, 32765, iif="lo", table=254, proto="static"))],
            id="into the main table",
        ),
        pytest.param(
            [OURS],
            {"priority": 100, "from": NET, "table": "7"},
            [(ADD, Rule(4, 100, src=NET, table=7, proto="static")), (DELETE, OURS)],
            id="another table",
        ),
        pytest.param(
            [OURS],
            {"priority": 100, "from": NET, "goto": 200},
            [
                (ADD, Rule(4, 100, src=NET, action="goto", goto=200, proto="static")),
                (DELETE, OURS),
            ],
            id="another action",
        ),
        pytest.param(
            [BLIND],
            {"priority": 90, "to": "192.0.2.0/24", "action": "to_tbl"},
            [(ADD, Rule(4, 90, dst="192.0.2.0/24", table=254, proto="static")), (DELETE, BLIND)],
            id="a table after all",
        ),
        pytest.param(
            [THEIRS],
            {"priority": 100, "from": NET, "table": "7"},
            [(ADD, Rule(4, 100, src=NET, table=7)), (DELETE, THEIRS)],
            id="who made it is kept",
        ),
        pytest.param(
            [THEIRS],
            {"priority": 100, "from": NET, "proto": "static"},
            [(ADD, Rule(4, 100, src=NET, table=254, proto="static")), (DELETE, THEIRS)],
            id="who made it is stated",
        ),
        pytest.param(
            [OURS],
            {"priority": 100, "table": "100"},
            [(ADD, Rule(4, 100, table=100, proto="static"))],
            id="fewer criteria are another rule",
        ),
        pytest.param(
            [OURS],
            {"priority": 100, "from": NET, "ipproto": "tcp", "table": "100"},
            [(ADD, Rule(4, 100, src=NET, ipproto="tcp", table=100, proto="static"))],
            id="more criteria are another rule",
        ),
        pytest.param(
            [STRANGE],
            {"priority": 100, "from": NET, "table": "100"},
            [(ADD, OURS)],
            id="a criterion that we do not know is another rule",
        ),
        pytest.param(
            [],
            {"priority": 0, "table": "7"},
            [(ADD, Rule(4, 0, table=7, proto="static"))],
            id="the kernel's own is not changed",
        ),
        pytest.param(
            [OURS],
            {
                "priority": 100,
                "from": NET,
                "rules": [{"table": "100"}, {"table": "7"}],
            },
            [(ADD, Rule(4, 100, src=NET, table=7, proto="static"))],
            id="two of one task do not take turns",
        ),
        pytest.param([OURS], {"priority": 100, "state": "absent"}, [(DELETE, OURS)], id="goes"),
        pytest.param([OURS], {"priority": 99, "state": "absent"}, [], id="is not there"),
        pytest.param(
            [OURS, BLIND, STRANGE],
            {"proto": "static", "from": NET, "state": "absent"},
            [(DELETE, OURS)],
            id="all go that are what is stated",
        ),
        pytest.param(
            [OURS, Rule(4, 100, table=100)],
            {"from": "all", "table": "100", "state": "absent"},
            [(DELETE, Rule(4, 100, table=100))],
            id="from all is a statement too",
        ),
        pytest.param([], {"table": "main", "state": "absent"}, [], id="the kernel's own stays"),
        pytest.param(
            [],
            {"priority": 0, "table": "local", "proto": "kernel", "state": "absent"},
            [(DELETE, RULES_OF_NEW_NAMESPACE[0])],
            id="the kernel's own goes where that is said",
        ),
        pytest.param(
            [OURS, BLIND, SIX, THEIRS, STRANGE],
            {"purge": True},
            [(DELETE, SIX), (DELETE, OURS), (DELETE, BLIND)],
            id="purge all of ours",
        ),
        pytest.param(
            [OURS, BLIND, SIX],
            {"purge": True, "rules": [{"priority": 100, "from": NET}]},
            [(DELETE, BLIND)],
            id="purge beside one, of its family",
        ),
        pytest.param(
            [OURS, THEIRS],
            {"purge": True, "rules": [], "proto": "unspec"},
            [(DELETE, THEIRS)],
            id="purge what others made",
        ),
    ],
)
def test_steps(have, params, steps):
    assert done(*have, **params) == steps


def test_what_was_done_is_not_done_again():
    params = {
        "rules": [
            {"priority": 100, "from": NET, "table": "7"},
            {"from": NET, "table": "8"},
            {"priority": 300, "goto": 32766},
        ],
        "purge": True,
    }
    first = builder(OURS, BLIND, **params)
    assert first.steps
    again = PlanBuilder(first.host)
    plan(again, RulesSpec.of(modules.options("netns_rule", netns="a", **params)))
    assert not again.steps


def test_rules_go_to_those_with_higher_numbers():
    with pytest.raises(BadInput, match="goto 100 must be greater than the rule's own priority 100"):
        builder(priority=100, goto=100)


def test_a_namespace_that_is_supposed_has_the_rules_that_it_is_born_with():
    drawn = builder(there="absent", assume_exists=True, table="7", **{"from": NET})
    assert drawn.before.namespaces["a"].rules == list(RULES_OF_NEW_NAMESPACE)
    assert [step.rule.priority for step in drawn.steps] == [32765]
    assert "namespace a does not exist yet" in drawn.warnings[0]
    with pytest.raises(BadInput, match="namespace a not found"):
        builder(there="absent", priority=1)
    assert not builder(there="absent", priority=1, state="absent").steps


def test_every_step_has_its_inverse():
    drawn = builder(OURS, BLIND, THEIRS, purge=True)
    assert drawn.steps
    for step in reversed(drawn.steps):
        simulate(drawn.host, step.inverse())
    assert drawn.host.namespaces["a"].rules == drawn.before.namespaces["a"].rules


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (OURS, f"priority 100 from {NET} table 100 protocol static"),
        (THEIRS, f"priority 100 from {NET} table 100"),
        (BLIND, "priority 90 from all to 192.0.2.0/24 blackhole protocol static"),
        (
            Rule(
                4,
                7,
                iif="lo",
                oif="é x",
                fwmark="0x1/0xff",
                ipproto="tcp",
                sport="1",
                dport="2-3",
                action="goto",
                goto=9,
            ),
            "priority 7 from all iif lo oif 'é x' fwmark 0x1/0xff ipproto tcp sport 1 dport 2-3"
            " goto 9",
        ),
    ],
)
def test_commands(rule, words):
    assert AddRule("", rule).command() == f"ip -4 rule add {words}"
    assert DeleteRule("a", rule).command() == f"ip -n a -4 rule del {words}"
    assert AddRule("a", rule).phrase().startswith("add the rule priority")
    assert DeleteRule("a", rule).phrase().endswith("in namespace a")


@pytest.mark.parametrize(
    ("request_", "other", "hit"),
    [
        (OURS, OURS, True),
        (OURS, STRANGE, True),
        (Rule(4, 100, table=100, proto="static"), OURS, True),
        (Rule(4, 100, table=100), OURS, True),
        (OURS, THEIRS, False),
        (OURS, Rule(4, 100, table=100, proto="static"), False),
        (Rule(4, 99, table=100), OURS, False),
        (Rule(6, 100, table=100), OURS, False),
        (Rule(4, 100, table=7), OURS, False),
        (Rule(4, 100, action="nop"), OURS, False),
    ],
)
def test_what_the_kernel_takes_for_what_it_is_asked_to_delete(request_, other, hit):
    assert may_match(request_, other) is hit
