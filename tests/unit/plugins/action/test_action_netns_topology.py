# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin: what the module is given, what goes back with the result, and who does it."""

from __future__ import annotations

import types

import pytest
from ansible.plugins.action.normal import ActionModule as Normal

from ansible_collections.linuxnet.netns.plugins.action import netns_topology
from ansible_collections.linuxnet.netns.plugins.action.netns_topology import ActionModule

SHORT = {"name": "n", "purge": True, "namespaces": [{"name": "a"}], "veths": [{}] * 99}
LONG = {**SHORT, "routes": [{"dst": "default"}]}


def action(args):
    made = ActionModule.__new__(ActionModule)
    made._task = types.SimpleNamespace(args=args)
    return made


@pytest.mark.parametrize(("args", "left"), [(SHORT, SHORT), (LONG, {"name": "n", "purge": True})])
def test_a_long_document_is_given_each_time_and_does_not_go_back(monkeypatch, args, left):
    given = []

    def run(self, tmp, task_vars):
        given.append(self._task.args)
        return {"changed": len(given) == 1}

    monkeypatch.setattr(Normal, "run", run)
    asked = action(args)
    assert [asked.run(None, {}), asked.run(None, {})] == [{"changed": True}, {"changed": False}]
    assert given == [args, args]
    assert asked._task.args == left


def test_it_does_not_go_back_with_a_failure_either(monkeypatch):
    def run(self, tmp, task_vars):
        raise RuntimeError("no connection")

    monkeypatch.setattr(Normal, "run", run)
    asked = action(LONG)
    with pytest.raises(RuntimeError, match="no connection"):
        asked.run(None, {})
    assert asked._task.args == {"name": "n", "purge": True}


@pytest.mark.parametrize(
    ("suits", "carried_out", "told"),
    [
        (True, {"changed": True}, {"changed": True}),
        (True, None, {"module": True}),
        (False, {"changed": True}, {"module": True}),
    ],
)
def test_a_module_is_sent_where_the_worker_does_not_do_it(monkeypatch, suits, carried_out, told):
    worker = types.SimpleNamespace(
        suits=lambda action, variables: suits and variables == {"x": 1},
        carry_out=lambda action, spec, job_of: carried_out,
    )
    monkeypatch.setattr(netns_topology, "_worker", worker)
    monkeypatch.setattr(Normal, "_execute_module", lambda self, **options: {"module": True})
    assert action(SHORT)._execute_module(task_vars={"x": 1}, wrap_async=False) == told


def test_another_system_has_no_worker_for_that(monkeypatch):
    monkeypatch.setattr(netns_topology.sys, "platform", "darwin")
    monkeypatch.delattr(netns_topology, "_worker")
    monkeypatch.setattr(Normal, "_execute_module", lambda self, **options: {"module": True})
    assert action(SHORT)._execute_module(task_vars={}, wrap_async=False) == {"module": True}
