# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run integration targets on machines with kernels of their own, beside each other."""

from __future__ import annotations

import os
import pathlib
import queue
import re
import tempfile
import threading
import time
import typing as t
from collections.abc import Iterable, Sequence

import checks
import machine
import runner
from guest import SHARED, Machine
from kernels import KERNELS, Boot, Kernel
from machine import ROOT, MachineError, Venv

USAGE = """Usage: ./dev machines [WORD...]

Run every integration target on every kernel, or those that the words name: kernels and targets.
./dev machines --list names them all."""
LIMIT = 1800  # seconds for a target
TREE = f"{SHARED}/tree/ansible_collections/linuxnet/netns"


class Job(t.NamedTuple):
    """A target on a kernel."""

    kernel: Kernel
    target: str

    def __str__(self) -> str:
        return f"{self.kernel.name} {self.target}"


def targets() -> list[str]:
    """The integration targets, by name."""
    folders = (ROOT / "tests" / "integration" / "targets").iterdir()
    return sorted(folder.name for folder in folders if (folder / "aliases").is_file())


def select(words: Sequence[str], kernels: Sequence[Kernel], names: Sequence[str]) -> list[Job]:
    """The jobs that words name: of kernels and of targets all, where no word names one."""
    known = {kernel.name for kernel in kernels}
    unknown = [word for word in words if word not in known and word not in names]
    if unknown:
        raise MachineError(f"{', '.join(unknown)}: no kernel or target; ./dev machines --list")
    on = [kernel for kernel in kernels if kernel.name in words]
    of = [name for name in names if name in words]
    return [Job(kernel, name) for name in of or names for kernel in on or kernels]


def run(job: Job, boot: Boot, venv: Venv, tree: pathlib.Path) -> tuple[bool, str]:
    """Run a target on a machine, and return whether it passed, and what it said."""
    env = machine.environment(str(venv.bin))
    keep = {name: env[name] for name in ("PATH", "LC_ALL")}
    keep.update(HOME=str(pathlib.Path.home()), TERM="dumb")
    keep["ANSIBLE_COLLECTIONS_PATH"] = f"{SHARED}/tree"
    local = ["--local", "--color", "no", "--allow-root", "--allow-destructive"]
    with Machine(boot, memory=1536) as guest:
        runner.copy_tree(tree, guest.shared / "tree" / pathlib.Path(*tree.parts[-3:]))
        command = ["ansible-test", "integration", *local, job.target]
        done = guest.run(command, LIMIT, TREE, keep)
        passed = done.status == 0 and re.search("^PLAY RECAP", done.output, re.MULTILINE)
        console = "" if passed else f"\n-- the console's end:\n{guest.log()}"
        return bool(passed), f"{done.output}\nexit status {done.status}{console}"


class Results:
    """Runs jobs on as many machines at a time as there are processors, and counts."""

    def __init__(self, venv: Venv, tree: pathlib.Path) -> None:
        self.venv = venv
        self.tree = tree
        self.boots: dict[str, Boot] = {}
        self.passed: list[str] = []
        self.failed: list[str] = []
        self.missing: dict[str, str] = {}  # kernels: what this machine lacks
        self.printing = threading.Lock()

    def prepare(self, kernels: Iterable[Kernel]) -> None:
        """Fetch the kernels that there are not, and note which cannot be had."""
        for kernel in kernels:
            try:
                self.boots[kernel.name] = kernel.prepare()
            except (MachineError, OSError) as error:
                self.missing[kernel.name] = str(error)

    def run(self, jobs: Iterable[Job]) -> None:
        """Run all that can be run."""
        todo = queue.SimpleQueue[Job]()
        for job in jobs:
            if job.kernel.name in self.boots:
                todo.put(job)
        workers = [
            threading.Thread(target=self.work, args=(todo,), daemon=True)
            for _worker in range(os.cpu_count() or 1)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def work(self, todo: queue.SimpleQueue[Job]) -> None:
        """Run one job after the other, until there is none."""
        while True:
            try:
                job = todo.get_nowait()
            except queue.Empty:
                return
            began = time.monotonic()
            try:
                passed, said = run(job, self.boots[job.kernel.name], self.venv, self.tree)
            except (MachineError, OSError) as error:
                passed, said = False, str(error)
            with self.printing:
                (self.passed if passed else self.failed).append(str(job))
                if not passed:
                    print(f"\n---- {job}\n{said.strip()}\n----")
                verdict = "ok" if passed else "FAILED"
                print(f"{verdict:6} {time.monotonic() - began:6.1f} s  {job}", flush=True)


def main(words: Sequence[str]) -> int:
    """Run what the words name, and say what came of it."""
    names = targets()
    if words == ["--list"]:
        width = max(len(kernel.name) for kernel in KERNELS)
        for kernel in KERNELS:
            print(f"{kernel.name:{width}}  {kernel.about}")
        print(*names, sep="\n")
        return 0
    if any(word.startswith("-") for word in words):
        print(USAGE)
        return 2
    jobs = select(words, KERNELS, names)
    machine.controller()
    venv = checks.newest_core()
    if not isinstance(venv, Venv):
        raise MachineError(f"needs {venv}")
    venv.make()
    runner.lend(venv, key=True)
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-") as folder:
        results = Results(venv, runner.lay(folder))
        results.prepare(dict.fromkeys(job.kernel for job in jobs))
        results.run(jobs)
    print()
    for failed in results.failed:
        print(f"FAILED {failed}")
    for name, lack in results.missing.items():
        print(f"MISSING {lack}: nothing run on {name}")
    print(f"{len(results.passed)} passed, {len(results.failed)} failed")
    return 0 if results.passed and not results.failed else 1
