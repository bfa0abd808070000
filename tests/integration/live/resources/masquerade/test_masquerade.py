# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masquerading on the live kernel, with nft as the witness."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    Conflict,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)

SOURCES = ["10.0.0.0/24", "10.3.0.1/32", "fd00::/64"]


def run_command(command, environ_update):
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def task(check=False, **params):
    kernel = Kernel()
    kernel.run_command = run_command
    try:
        return modules.run("netns_masquerade", check=check, kernel=kernel, netns="a", **params)
    finally:
        kernel.close()


def listed():
    return subprocess.run(
        ["ip", "netns", "exec", "a", "nft", "list", "ruleset"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_on_the_kernel():
    if shutil.which("nft") is None:
        pytest.skip("there is no nft on this machine: install the package nftables")
    witness.sh("ip netns add a")
    predicted = task(check=True, name="lab", source=SOURCES)
    assert listed() == ""
    assert predicted == task(name="lab", source=SOURCES)
    once = listed()
    assert once.count("masquerade") == 3
    assert not task(name="lab", source=SOURCES)["changed"]
    assert listed() == once
    assert task(name="lab", source=SOURCES[0], out="wan0")["masquerade"]["out"] == "wan0"
    assert listed().count("masquerade") == 1
    witness.sh("ip netns exec a nft add table inet others")
    task(name="lab", state="absent")
    assert listed().split() == ["table", "inet", "others", "{", "}"]
    assert not task(name="lab", state="absent")["changed"]
    witness.sh("ip netns exec a nft 'table inet linuxnet_lab { chain mine { counter accept; }; }'")
    before = listed()
    for state in ("present", "absent"):
        with pytest.raises(Conflict, match="holds 2 rules or chains that this module did not"):
            task(name="lab", source=SOURCES, state=state)
    assert listed() == before
