# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Work that a worker of Ansible does itself: where it may, and that it is what the module does."""

from __future__ import annotations

import sys
import types

import pytest
from ansible import constants

from ansible_collections.linuxnet.netns.plugins.module_utils._topology.job import job_of
from ansible_collections.linuxnet.netns.plugins.module_utils._topology.options import SPEC
from ansible_collections.linuxnet.netns.plugins.plugin_utils import _worker


def action(args=None, become=None, transport="local", check=False, diff=False, **task):
    """Return what stands for the action of a task."""
    given = {
        "args": args,
        "action": "linuxnet.netns.netns_topology",
        "async_val": 0,
        "check_mode": check,
        "delegate_to": None,
        "diff": diff,
        "environment": [{}],
        **task,
    }
    return types.SimpleNamespace(
        _connection=types.SimpleNamespace(transport=transport, become=become),
        _task=types.SimpleNamespace(**given),
        _templar=types.SimpleNamespace(template=lambda text: text),
    )


SAME = {"ansible_python_interpreter": sys.executable}
of_newer_cores = pytest.mark.skipif(
    not _worker.HAS_ENCODER, reason="before ansible-core 2.19 a module is always sent"
)


@of_newer_cores
@pytest.mark.usefixtures("rights")
def test_where_the_worker_may():
    assert _worker.suits(action(), SAME)
    assert _worker.suits(action(environment=None), SAME)
    found = {"ansible_facts": {"discovered_interpreter_python": sys.executable}}
    assert _worker.suits(action(), {"ansible_python_interpreter": "auto_silent", **found})
    its = {"ansible_delegated_vars": {"here": SAME}, "ansible_python_interpreter": "/there/python"}
    assert _worker.suits(action(delegate_to="here"), its)


@of_newer_cores
@pytest.mark.usefixtures("rights")
def test_one_python_has_several_names(monkeypatch, tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "python").symlink_to("/usr/bin/python3")
    (tmp_path / "one" / "python3.9").symlink_to("python")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "one" / "python"))
    names = ("one/python", "one/python3.9", "other/python")
    assert [
        _worker.suits(action(), {"ansible_python_interpreter": str(tmp_path / name)})
        for name in names
    ] == [True, True, False]


@pytest.mark.usefixtures("rights")
@pytest.mark.parametrize(
    ("task", "variables"),
    [
        ({"transport": "ssh"}, SAME),
        ({"become": object()}, SAME),
        ({"async_val": 10}, SAME),
        ({"environment": [{}, {"LANG": "C"}]}, SAME),
        ({}, {"ansible_python_interpreter": "/other/python"}),
        ({}, {"ansible_python_interpreter": "auto"}),
        ({"delegate_to": "there"}, {"ansible_delegated_vars": {"there": {}}, **SAME}),
    ],
)
def test_where_it_may_not(task, variables):
    assert not _worker.suits(action(**task), variables)


@pytest.mark.usefixtures("rights")
def test_an_older_core_sends_a_module(monkeypatch):
    monkeypatch.setattr(_worker, "HAS_ENCODER", False)
    assert not _worker.suits(action(), SAME)


@pytest.mark.usefixtures("rights")
def test_a_module_is_sent_that_is_to_be_looked_at(monkeypatch):
    monkeypatch.setattr(constants, "DEFAULT_KEEP_REMOTE_FILES", True)
    assert not _worker.suits(action(), SAME)


@pytest.mark.usefixtures("rights")
def test_what_is_missing_is_told_by_a_module(monkeypatch):
    monkeypatch.setattr(_worker, "lacking", lambda: ["CAP_SYS_ADMIN"])
    assert not _worker.suits(action(), SAME)
    monkeypatch.setattr(_worker, "lacking", list)
    monkeypatch.setattr(_worker, "MISSING", ImportError("No module named 'pyroute2'"))
    assert not _worker.suits(action(), SAME)


@of_newer_cores
@pytest.mark.parametrize(
    "args",
    [
        {"name": "n", "namespace": []},
        {"name": "n", "veths": [{"name": "v"}]},
        {
            "name": "n",
            "links": [{"name": "w", "type": "wireguard", "wireguard": {"private_key": "k"}}],
        },
    ],
)
def test_wrong_arguments_and_secrets_are_for_a_module(monkeypatch, args):
    monkeypatch.setattr(_worker, "converge", lambda *unused: pytest.fail("it is at work"))
    assert _worker.carry_out(action(args), SPEC, job_of) is None
