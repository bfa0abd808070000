# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A test that is killed leaves no machine and no folder."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(TESTS / "machines"), str(TESTS / "tools")]

import watch

# A test with a machine, killed in the middle.
KILLED = """
import os, signal, subprocess, sys
import watch
null = subprocess.DEVNULL
child = subprocess.Popen(["sleep", "60"], stdout=null, start_new_session=True)
watch.Watch(child.pid, sys.argv[1])
print(child.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def ended(pid: int) -> bool:
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().split()[2] in "XZ"
    except OSError:
        return True


def test_a_killed_test_leaves_nothing(tmp_path):
    folder = tmp_path / "machine"
    folder.mkdir()
    env = {**os.environ, "PYTHONPATH": str(TESTS / "machines")}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder)], env=env, stdout=subprocess.PIPE, check=False
    )
    pid = int(done.stdout)
    until = time.monotonic() + 20
    while not (ended(pid) and not folder.exists()):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_has_been_done_is_not_done_again(tmp_path):
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as child:
        watch.Watch(child.pid, tmp_path).end()
        assert child.poll() is None
        assert tmp_path.exists()
        child.kill()
