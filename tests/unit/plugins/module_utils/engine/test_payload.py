# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Out of a zip file, as a task's payload is: every file compiled once, garbage left alone."""

from __future__ import annotations

import gc
import json
import pathlib
import subprocess
import sys
import zipfile
import zipimport

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._engine import payload as _payload

SCRIPT = """
import gc, json, sys, zipimport
compiled = []
compile_source = zipimport._compile_source
zipimport._compile_source = lambda path, code: compiled.append(path) or compile_source(path, code)
sys.path.insert(0, sys.argv[1])
import pack._payload
pack._payload.start()
from pack import plain
from pack.sub import deep
modules = (plain, sys.modules["pack.sub"], deep)
assert not gc.isenabled()
pack._payload.end()
assert gc.get_freeze_count() > 0
print(json.dumps({module.__name__: [module.__file__, compiled.count(module.__file__)]
                  for module in modules}))
"""


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "payload.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("pack/_payload.py", pathlib.Path(_payload.__file__).read_bytes())
        for name in ("pack/__init__", "pack/plain", "pack/sub/__init__", "pack/sub/deep"):
            file.writestr(f"{name}.py", "")
    return str(path)


def test_each_file_is_compiled_once_and_garbage_left_alone(archive):
    command = [sys.executable, "-c", SCRIPT, archive]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    assert told == {
        "pack.plain": [f"{archive}/pack/plain.py", 1],
        "pack.sub": [f"{archive}/pack/sub/__init__.py", 1],
        "pack.sub.deep": [f"{archive}/pack/sub/deep.py", 1],
    }


@pytest.mark.parametrize("name", ["pack.plain", "pack.sub"])
def test_the_path_is_the_one_that_zipimport_tells(archive, name):
    ours, theirs = _payload.Once(f"{archive}/pack"), zipimport.zipimporter(f"{archive}/pack")
    assert ours.get_filename(name) == theirs.get_filename(name)


def test_what_is_not_there_is_refused_as_zipimport_does(archive):
    with pytest.raises(zipimport.ZipImportError):
        _payload.Once(f"{archive}/pack").get_filename("pack.nothing")


def test_on_disk_nothing_is_installed():
    def state():
        return list(sys.path_hooks), dict(sys.path_importer_cache), gc.isenabled()

    before = state()
    _payload.start()
    _payload.end()
    assert state() == before
