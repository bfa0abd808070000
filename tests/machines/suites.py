# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of installed systems, which are files of pytest: `systemd`, `hosts`."""

from __future__ import annotations

import contextlib
import pathlib
import signal
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import machine
from machine import ROOT, Venv

FOLDER = pathlib.Path(__file__).resolve().parent / "live"

children: list[subprocess.Popen[str]] = []


def names() -> list[str]:
    """The words that name them."""
    return sorted(path.stem.removeprefix("test_") for path in FOLDER.glob("test_*.py"))


def run(wanted: Sequence[str], venv: Venv, width: int) -> bool:
    """Run these, and return whether all has passed; a system that cannot be had is named."""
    print(f"Running {' '.join(wanted)} on installed systems", flush=True)
    with ThreadPoolExecutor(width) as pool, contextlib.ExitStack() as stack:
        stack.callback(_end_all)  # Ended from outside, before it is waited for.
        passed = list(pool.map(_run, wanted, [venv] * len(wanted)))
        return all(passed)


def _run(name: str, venv: Venv) -> bool:
    """Run a file of tests, and print what came of it."""
    options = ["-q", "-rs", "-p", "no:cacheprovider", "--import-mode=importlib"]
    child = subprocess.Popen(
        [str(venv.bin / "python"), "-m", "pytest", *options, str(FOLDER / f"test_{name}.py")],
        cwd=ROOT,
        env={**machine.environment(str(venv.bin)), "PYTHONPATH": str(ROOT / ".dev")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    children.append(child)
    output = child.communicate()[0]
    print(f"---- {name}\n{output.strip()}\n----", flush=True)
    return child.returncode == 0


def _end_all() -> None:
    """End them in order, so that they end their machines."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
