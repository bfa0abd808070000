# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the controller loads what modules share: as Python does, with what it compiled last time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ansible_collections.linuxnet.netns.plugins.plugin_utils import _bytecode

COLLECTION = "ansible_collections.linuxnet.netns.plugins"
SCRIPT = f"""
import sys
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder
_AnsibleCollectionFinder([sys.argv[1]])._install()
import {COLLECTION}.plugin_utils._bytecode as bytecode
before = list(sys.meta_path)
with bytecode.kept():
    import {COLLECTION}.module_utils._core.mark as mark
    import {COLLECTION}.plugin_utils._picture as picture
assert sys.meta_path == before
print(mark.VALUE, mark.__spec__.cached is not None, mark.__package__)
print(type(picture.__loader__).__name__)
"""


@pytest.fixture
def tree(tmp_path):
    """Return a folder of collections with a part of this one in it."""
    netns = tmp_path / "ansible_collections" / "linuxnet" / "netns" / "plugins"
    for folder in ("module_utils/_core", "plugin_utils"):
        (netns / folder).mkdir(parents=True)
    for file in ("module_utils/__init__.py", "module_utils/_core/__init__.py"):
        (netns / file).write_text("")
    (netns / "module_utils/_core/mark.py").write_text("from .other import VALUE\n")
    (netns / "module_utils/_core/other.py").write_text("VALUE = 1\n")
    (netns / "plugin_utils/_picture.py").write_text("")
    with open(_bytecode.__file__) as own:
        (netns / "plugin_utils/_bytecode.py").write_text(own.read())
    return netns


def run(tree):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tree.parents[3])],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_what_is_compiled_is_kept(tree):
    package = f"{COLLECTION}.module_utils._core"
    assert run(tree) == ["1", "True", package, "_AnsibleCollectionLoader"]
    kept = tree / "module_utils/_core/__pycache__"
    assert {file.name.split(".")[0] for file in kept.iterdir()} == {"__init__", "mark", "other"}
    assert not (tree / "plugin_utils/__pycache__").exists()


def test_what_was_changed_is_compiled_again(tree):
    run(tree)
    (tree / "module_utils/_core/other.py").write_text("VALUE = 'another'\n")
    assert run(tree)[0] == "another"


def test_it_finds_nothing_else():
    find = _bytecode._Finder.find_spec
    assert find("json", None) is None
    assert find("ansible_collections.some.other.plugins.module_utils.x", ["/"]) is None
    assert find(f"{COLLECTION}.module_utils.nothing", ["/nowhere"]) is None
