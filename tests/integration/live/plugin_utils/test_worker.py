# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A topology that Ansible's worker carries out, as the module does on the live kernel."""

from __future__ import annotations

import gc
import json
import types

import pytest
from ansible.module_utils import basic

from ansible_collections.linuxnet.netns.plugins.module_utils._topology.job import job_of
from ansible_collections.linuxnet.netns.plugins.module_utils._topology.options import SPEC
from ansible_collections.linuxnet.netns.plugins.modules import netns_topology
from ansible_collections.linuxnet.netns.plugins.plugin_utils import _worker
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness

STUDY = {
    "name": "n",
    "namespaces": [{"name": ["a", "b"], "lo_up": True}],
    "veths": [
        {"name": "v", "netns": "a", "up": True, "peer": {"name": "w", "netns": "b", "up": True}}
    ],
    "addresses": [{"netns": "a", "link": "v", "address": ["10.0.0.1/24"]}],
}


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


of_newer_cores = pytest.mark.skipif(
    not _worker.HAS_ENCODER, reason="before ansible-core 2.19 a module is always sent"
)


def of_module(monkeypatch, capfd, args, check):
    """Return what the module returns in a process of its own, of which this one stands for."""
    told = {**args, "_ansible_check_mode": check, "_ansible_diff": True}
    encoded = json.dumps({"ANSIBLE_MODULE_ARGS": told}).encode()
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", encoded)
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    capfd.readouterr()
    with pytest.raises(SystemExit):
        netns_topology.main()
    result = json.loads(capfd.readouterr().out)
    result.pop("invocation", None)
    return result


@of_newer_cores
def test_it_does_and_tells_what_the_module_does(monkeypatch, capfd):
    foretold = of_module(monkeypatch, capfd, STUDY, True)
    assert _worker.carry_out(action(STUDY, check=True, diff=True), SPEC, job_of) == foretold
    assert witness.names() == {}
    assert _worker.carry_out(action(STUDY, diff=True), SPEC, job_of) == foretold
    assert witness.names() == {"a": "namespace", "b": "namespace"}
    (found,) = witness.ip("-4", "addr", "show", "dev", "v", netns="a")
    assert [each["local"] for each in found["addr_info"]] == ["10.0.0.1"]
    again = _worker.carry_out(action(STUDY), SPEC, job_of)
    assert (again["changed"], again["commands"], "diff" in again) == (False, [], False)
    gone = _worker.carry_out(action({"name": "n", "state": "absent"}), SPEC, job_of)
    assert gone["summary"]["removed"]["namespaces"] == 2
    assert witness.names() == {}
    assert gc.isenabled()


@of_newer_cores
def test_what_goes_wrong_is_a_result(monkeypatch, capfd):
    args = {"name": "n", "addresses": [{"link": "none", "address": ["10.0.0.1/24"]}]}
    told = _worker.carry_out(action(args), SPEC, job_of)
    assert told["failed"]
    assert told["msg"] == of_module(monkeypatch, capfd, args, False)["msg"]
    assert "There is no link none" in told["msg"]
