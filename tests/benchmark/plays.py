# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of ansible-playbook on this very machine, with nobody's settings."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import typing as t

import sandbox
import yaml
from measure import Cost, timed

HERE = pathlib.Path(__file__).parent
Task = dict[str, t.Any]


def environment(folder: pathlib.Path, *collections: pathlib.Path) -> dict[str, str]:
    """Return the environment for a run that leaves nothing outside of a folder."""
    paths = map(str, (sandbox.COLLECTIONS, *collections))
    return {
        **sandbox.environment(),
        "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(paths),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_LIBRARY": str(HERE / "library"),
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "ANSIBLE_REMOTE_TEMP": str(folder / "remote"),
        "LC_ALL": "C.UTF-8",
    }


def run(play: pathlib.Path, env: t.Mapping[str, str]) -> str:
    """Run a play to its good end, and return what it said."""
    command = [sys.executable, "-m", "ansible", "playbook", "-i", "localhost,", "-c", "local"]
    # As JSON: a path may hold a space.
    command += ["-e", json.dumps({"ansible_python_interpreter": sys.executable}), str(play)]
    done = subprocess.run(
        command, env=env, cwd=play.parent, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"bench: the play failed\n{done.stdout}{done.stderr}")
    return done.stdout


def written(file: pathlib.Path, tasks: t.Sequence[Task], **more: t.Any) -> pathlib.Path:
    """Write a playbook as users do, in YAML."""
    play = {"hosts": "localhost", "gather_facts": False, **more, "tasks": list(tasks)}
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    file.write_text(yaml.dump([play], Dumper=dumper, sort_keys=False))
    return file


def clocked(play: pathlib.Path, *collections: pathlib.Path) -> dict[str, Cost]:
    """Run a play; return what all of it costs, and what its tasks do, controller included.

    To these counts all that processors do from the first of them to the end of the run.
    """
    watch = play.with_suffix(".json")
    env = {
        **environment(play.parent, *collections),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callbacks"),
        "ANSIBLE_CALLBACKS_ENABLED": "stopwatch",
        "LINUXNET_NETNS_STOPWATCH": str(watch),
    }
    whole = timed(lambda: run(play, env))
    told = json.loads(watch.read_text())
    task = Cost(sum(told["tasks"]), whole.processor - told["before"])
    return {"task": task, "run": whole}
