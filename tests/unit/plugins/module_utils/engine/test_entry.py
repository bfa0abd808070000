# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How modules start and end, with a real AnsibleModule: what is needed is there, or is told."""

from __future__ import annotations

import importlib
import json
import sys

import pytest
from ansible.module_utils import basic

from ansible_collections.linuxnet.netns.plugins.module_utils._engine import (
    entry as _entry,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import messages
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.fake_kernel import (
    FakeKernel,
)

MODULES = "ansible_collections.linuxnet.netns.plugins.modules"


@pytest.fixture
def start(monkeypatch, capfd):
    """Return a function that runs a module and returns its result."""
    # Not what is under test: it would restore signals and exit hooks of this process.
    monkeypatch.setattr(_entry._payload, "end", lambda: None, raising=False)

    def run(module_name, /, kernel=None, check=False, diff=False, **params):
        arguments = {**params, "_ansible_check_mode": check, "_ansible_diff": diff}
        told = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", told)
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        if kernel is not None:
            monkeypatch.setattr(_entry, "open_kernel", lambda: kernel)
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            importlib.import_module(f"{MODULES}.{module_name}").main()
        result = json.loads(capfd.readouterr().out)
        assert bool(left.value.code) == bool(result.get("failed"))
        return result

    return run


class Closing(FakeKernel):
    closed = False

    def close(self):
        self.closed = True


def test_a_result_has_the_object_and_the_commands(start):
    kernel = Closing()
    result = start("netns", kernel, name=["a"], lo_up=True)
    assert result["changed"] is True
    assert result["commands"] == ["ip netns add a", "ip -n a link set dev lo up"]
    assert result["namespaces"][0]["state"] == "present"
    assert "diff" not in result
    assert kernel.closed
    assert set(kernel.names) == {"a"}


def test_check_mode_says_the_same_and_writes_nothing(start):
    looked = start("netns", Closing(read_only=True), check=True, diff=True, name=["a"])
    done = start("netns", Closing(), diff=True, name=["a"])
    assert looked == done
    assert done["diff"]["before_header"] == done["diff"]["after_header"] == "netns a"
    assert [done["diff"][side]["namespaces"][0]["state"] for side in ("before", "after")] == [
        "absent",
        "present",
    ]


def test_what_check_mode_supposes_is_a_warning(start, monkeypatch):
    # Ansible itself says each warning but once in a process, whichever test had it first.
    said = []
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda module, words: said.append(words))
    start("netns_link", Closing(read_only=True), check=True, name="v", netns="n", up=True)
    assert "namespace n does not exist yet" in said[0]


def test_errors_have_no_traceback(start):
    kernel = Closing()
    told = start("netns", kernel, name=[".."])
    assert told["failed"]
    assert (
        told["msg"]
        == "name[0]: '..' cannot be the name of a namespace: it is a directory; choose another"
    )
    assert {*told} - {"invocation"} == {"failed", "msg"}
    assert kernel.closed
    told = start("netns_link", Closing(), name="none")
    assert told["msg"].startswith("link none not found in the current namespace; create it first")


def test_what_cannot_be_typed(start):
    told = start("veth", Closing(), name="v")
    assert told["msg"] == "state is present but all of the following are missing: peer"
    assert (
        "value of state must be one of" in start("netns", Closing(), name=["a"], state="x")["msg"]
    )


def test_another_system_is_told(start, monkeypatch):
    monkeypatch.setattr(sys, "platform", "freebsd14")
    told = start("netns", name=["a"])
    assert told["msg"] == (
        "Network namespaces are Linux's; this managed host runs freebsd14. Use a Linux host"
    )


def test_a_missing_pyroute2_is_told(start, monkeypatch):
    monkeypatch.setattr(_entry, "lacking", lambda: [])
    monkeypatch.setattr(messages, "MISSING", ImportError("No module named 'pyroute2'"))
    assert (
        "Failed to import the required Python library (pyroute2)"
        in (start("netns", name=["a"])["msg"])
    )
    monkeypatch.setattr(messages, "MISSING", messages.TooOld("pyroute2 0.6 is too old"))
    assert start("netns", name=["a"])["msg"] == "pyroute2 0.6 is too old"


def test_missing_rights_are_told(start, monkeypatch):
    monkeypatch.setattr(_entry, "lacking", lambda: ["CAP_NET_ADMIN", "CAP_SYS_ADMIN"])
    assert start("netns", name=["a"])["msg"] == (
        "This needs root: CAP_NET_ADMIN and CAP_SYS_ADMIN missing. Run it with become: true"
    )
