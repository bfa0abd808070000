# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bench takes tricks out by their text, which has to be there, and counts what goes along."""

from __future__ import annotations

import pathlib
import shutil
import sys

import pytest

BENCHMARK = pathlib.Path(__file__).resolve().parents[3] / "tests" / "benchmark"


@pytest.fixture
def modules(monkeypatch):
    """Return the bench's own modules, which are scripts beside each other."""
    monkeypatch.syspath_prepend(str(BENCHMARK))
    before = set(sys.modules)
    import carried
    import tricks

    yield carried, tricks
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_each_trick_can_be_taken_out(modules, tmp_path):
    carried, tricks = modules
    for number, trick in enumerate(tricks.TRICKS):
        plugins = tmp_path / str(number)
        shutil.copytree(carried.PLUGINS, plugins, ignore=shutil.ignore_patterns("__pycache__"))
        trick.take_out(plugins)
        for file in plugins.rglob("*.py"):
            source = file.read_bytes()
            if source != (carried.PLUGINS / file.relative_to(plugins)).read_bytes():
                compile(source, str(file), "exec")


def test_what_goes_along_with_a_module(modules):
    carried, _tricks = modules
    reached = {
        file.relative_to(carried.PLUGINS / "module_utils").as_posix()
        for file in carried.reached(carried.PLUGINS / "modules" / "netns.py")
    }
    assert {"_engine/entry.py", "_core/record.py", "_netlink/socket.py"} <= reached
    assert not any(name.startswith(("_ping/", "_topology/")) for name in reached)
