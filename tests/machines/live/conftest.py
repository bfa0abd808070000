# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests on installed systems share."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS / "machines"), str(TESTS / "tools")]

import systems
from machine import MachineError


def host() -> dict[str, object]:
    """All of this machine that a machine of a test must leave as it is."""
    links = json.loads(subprocess.check_output(["ip", "-j", "link"]))
    etc = pathlib.Path("/etc")
    names = pathlib.Path("/run/netns")
    return {
        "links": {link["ifname"]: link.get("master") for link in links},
        "namespaces": sorted(path.name for path in names.iterdir()) if names.exists() else [],
        "mounts": pathlib.Path("/proc/self/mounts").read_text().splitlines(),
        "etc": {str(p): p.lstat().st_mtime for p in etc.rglob("*")},
    }


def left(folder: pathlib.Path) -> list[str]:
    """The processes and folders that are there of the tests of this process."""
    me = os.getpid()
    children = pathlib.Path(f"/proc/{me}/task/{me}/children").read_text().split()
    return children + [str(path) for path in folder.glob("linuxnet.netns-*")]


@pytest.fixture(autouse=True)
def untouched_host(monkeypatch, tmp_path_factory):
    """A machine leaves nothing on this one."""
    tmp_path_factory.getbasetemp()  # Of all tests: not in the folder of this one.
    # Not tmp_path: sockets in it would have too long a name.
    with tempfile.TemporaryDirectory(prefix="machines-") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        before = host()
        yield
        assert host() == before
        assert left(pathlib.Path(folder)) == []


@pytest.fixture(scope="module", params=list(systems.SYSTEMS))
def disk(request):
    """The disk of each system; one that cannot be had is named, and the others are tried."""
    return prepared(request.param)


@pytest.fixture(scope="module")
def debian12():
    """The disk of Debian 12."""
    return prepared("debian12")


@pytest.fixture(scope="module")
def debian13():
    """The disk of Debian 13."""
    return prepared("debian13")


def prepared(name):
    try:
        return systems.SYSTEMS[name].prepare()
    except MachineError as error:
        pytest.skip(f"MISSING {error}")
