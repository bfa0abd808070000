# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module from end to end on the live kernel, and the rights of a process."""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal

import pytest
from ansible.module_utils import basic

from ansible_collections.linuxnet.netns.plugins.module_utils._engine import (
    capabilities as _rights,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._engine import (
    entry as _entry,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness

MODULES = "ansible_collections.linuxnet.netns.plugins.modules"


def test_rights_are_read_of_the_process():
    assert _rights.lacking() == []
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            # An ordinary user has none.
            libc = ctypes.CDLL(None)
            changed = libc.setresuid(65534, 65534, 65534) == 0
            os.write(writer, json.dumps([changed, _rights.lacking()]).encode())
        finally:
            os.kill(os.getpid(), signal.SIGKILL)  # it has no right to end as pytest would have it
    os.waitpid(pid, 0)
    os.close(writer)
    with os.fdopen(reader) as told:
        changed, lacking = json.loads(told.read())
    # In a user namespace with one user, there is no other to become.
    assert lacking == (["CAP_NET_ADMIN", "CAP_SYS_ADMIN"] if changed else [])


def test_a_module_from_end_to_end(monkeypatch):
    def run(module_name, /, check=False, **params):
        told = json.dumps({"ANSIBLE_MODULE_ARGS": {**params, "_ansible_check_mode": check}})
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", told.encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        monkeypatch.setattr(_entry._payload, "end", lambda: None, raising=False)
        with pytest.raises(SystemExit) as left:
            importlib.import_module(f"{MODULES}.{module_name}").main()
        return left.value.code

    assert run("netns", check=True, name=["a"]) == 0
    assert witness.names() == {}
    assert run("netns", name=["a"]) == 0
    assert witness.names() == {"a": "namespace"}
    assert run("netns_info") == 0
    assert run("netns_link", name="none", netns="a") == 1
