# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A playbook that is told to stop, as by Ctrl-C, while its worker or a module is at work."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[4]
COUNT = 150
SECONDS = 20
RING = {
    "name": "ring",
    "namespaces": [{"name": [f"r{each}" for each in range(COUNT)], "lo_up": True}],
    "veths": [
        {"name": "right", "netns": f"r{each}", "up": True}
        | {"peer": {"name": "left", "netns": f"r{(each + 1) % COUNT}", "up": True}}
        for each in range(COUNT)
    ],
}
ABSENT = {"name": "ring", "state": "absent"}


def there():
    """Return how many namespaces there are."""
    try:
        return len(os.listdir("/run/netns"))
    except FileNotFoundError:
        return 0


def play(folder, module, params):
    """Start a playbook in a session of its own, as a terminal has it."""
    folder.mkdir(exist_ok=True)
    (folder / "ansible_collections" / "linuxnet").mkdir(parents=True, exist_ok=True)
    link = folder / "ansible_collections" / "linuxnet" / "netns"
    if not link.exists():
        link.symlink_to(ROOT)
    task = {"linuxnet.netns.netns_topology": params}
    if module:  # what needs an environment is sent
        task["environment"] = {"LINUXNET": "netns"}
    plays = [
        {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "tasks": [task],
        }
    ]
    book = folder / "play.json"
    book.write_text(json.dumps(plays), encoding="utf-8")
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(folder),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "remote"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "ansible.cli.playbook", "-i", "localhost,", str(book)],
        env=environment,
        cwd=folder,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def settled():
    """Return how many namespaces there are once that does not change any more."""
    until = time.monotonic() + SECONDS
    counts = [there()]
    while (time.monotonic() < until and len(set(counts[-20:])) > 1) or len(counts) < 20:
        time.sleep(0.02)
        counts.append(there())
    return counts[-1]


CASES = [
    ("build", "worker", "INT", 1),
    ("build", "worker", "INT", COUNT // 2),
    ("build", "worker", "INT", COUNT - 1),
    ("build", "worker", "TERM", COUNT // 2),
    ("build", "module", "INT", COUNT // 2),
    ("build", "module", "TERM", COUNT // 2),
    ("absent", "worker", "INT", COUNT // 2),
    ("absent", "worker", "TERM", COUNT - 1),
    ("absent", "module", "INT", COUNT // 2),
]


@pytest.mark.parametrize(("what", "who", "name", "after"), CASES)
def test_a_playbook_that_is_stopped_leaves_all_or_nothing(tmp_path, what, who, name, after):
    params = ABSENT if what == "absent" else RING
    if params is ABSENT:
        assert play(tmp_path, False, RING).wait(SECONDS) == 0
    start = there()
    process = play(tmp_path, who == "module", params)
    until = time.monotonic() + SECONDS
    while process.poll() is None and abs(there() - start) < after and time.monotonic() < until:
        time.sleep(0.0005)
    if process.poll() is None:
        os.killpg(process.pid, signal.Signals[f"SIG{name}"])
    said = process.communicate(timeout=SECONDS)[0]
    assert settled() in (0, COUNT), said
    if process.returncode:
        assert said.count("fatal:") == 0, said
    again = play(tmp_path, False, params)
    said = again.communicate(timeout=SECONDS)[0]
    assert again.returncode == 0, said
    assert there() == (0 if params is ABSENT else COUNT)
