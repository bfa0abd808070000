# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage: ./dev machines [--jobs=N] [--keep] [WORD...]

Run every integration target, and try every kind of link with each of its options, on every kernel
that can be had here; or on those kernels, and those targets and kinds, that the words name. Each
job runs on a machine of its own. The word `kinds` stands for all kinds of links. The tests of
installed systems, which boot with systemd, have names too: `systemd`, `hosts`.

--list    name the kernels, the targets and the kinds
--jobs=N  run so many machines at a time, not as many as there are processors
--keep    write what came of it to the compatibility page of the documentation"""

from __future__ import annotations

import contextlib
import os
import pathlib
import queue
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence

import checks
import compatibility
import guest
import jobs
import machine
import runner
import suites
from jobs import Job, Outcome
from kernels import KERNELS, Boot, Kernel
from machine import MachineError, Venv


class Results:
    """Runs jobs, some machines at a time, and counts."""

    def __init__(self, venv: Venv, tree: pathlib.Path, width: int) -> None:
        self.venv = venv
        self.tree = tree
        self.width = width  # machines at a time
        self.boots: dict[str, Boot | None] = {}
        self.outcomes: dict[Job, Outcome] = {}
        self.missing: dict[str, str] = {}  # kernels: what this machine lacks
        self.printing = threading.Lock()

    def prepare(self, kernels: Iterable[Kernel]) -> None:
        """Fetch the kernels that are not there yet, and note which cannot be had or do not boot."""
        for kernel in kernels:
            try:
                if boot := kernel.prepare():
                    with guest.Machine(boot):
                        pass
                self.boots[kernel.name] = boot
            except (MachineError, OSError) as error:
                self.missing[kernel.name] = str(error)

    def run(self, wanted: Iterable[Job]) -> None:
        """Run all that can be run."""
        todo = queue.SimpleQueue[Job]()
        for job in wanted:
            if job.kernel.name in self.boots:
                todo.put(job)
        workers = [
            threading.Thread(target=self.work, args=(todo,), daemon=True)
            for _worker in range(self.width)
        ]
        try:
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
        finally:
            # Ended from outside: what runs is ended, begins no other, and leaves nothing.
            with contextlib.suppress(queue.Empty):
                while True:
                    todo.get_nowait()
            guest.end_all()
            for worker in workers:
                if worker.ident:
                    worker.join(10)

    def work(self, todo: queue.SimpleQueue[Job]) -> None:
        """Run one job after the other, until there is none."""
        with contextlib.suppress(queue.Empty):
            while True:
                job = todo.get_nowait()
                began = time.monotonic()
                try:
                    outcome = jobs.run(job, self.boots[job.kernel.name], self.venv, self.tree)
                except (MachineError, OSError) as error:
                    outcome = Outcome(False, str(error))
                self.count(job, outcome, time.monotonic() - began)

    def count(self, job: Job, outcome: Outcome, seconds: float) -> None:
        """Say what came of a job."""
        with self.printing:
            self.outcomes[job] = outcome
            if not outcome.passed:
                print(f"\n---- {job}\n{outcome.output.strip()}\n----")
            verdict = "ok" if outcome.passed else "FAILED"
            print(f"{verdict:6} {seconds:6.1f} s  {job}", flush=True)

    def conclude(self) -> int:
        """Print what failed and what is missing, and return the exit status."""
        print()
        for failed in (job for job, outcome in self.outcomes.items() if not outcome.passed):
            print(f"FAILED {failed}")
        for name, lack in self.missing.items():
            print(f"MISSING {lack}: nothing run on {name}")
        passed = sum(outcome.passed for outcome in self.outcomes.values())
        failed_count = len(self.outcomes) - passed
        print(f"{passed} passed, {failed_count} failed")
        # What nobody can run here is named, and is no failure; to have done nothing else is one.
        return 0 if (passed or self.missing) and not failed_count else 1


def names() -> None:
    """Name all that can be named."""
    width = max(len(kernel.name) for kernel in KERNELS)
    print("Kernels:", *(f"  {each.name:{width}}  {each.about}" for each in KERNELS), sep="\n")
    print("Targets:", *(f"  {name}" for name in jobs.targets()), sep="\n")
    print("Kinds of links:", *(f"  {name}" for name in jobs.NAMES), sep="\n")
    print("Tests of installed systems:", *(f"  {name}" for name in suites.names()), sep="\n")


def main(words: Sequence[str]) -> int:
    """Run what the words name, and say what came of it."""
    if list(words) == ["--list"]:
        names()
        return 0
    options, words = [w for w in words if w.startswith("-")], [w for w in words if w[:1] != "-"]
    keep, width = "--keep" in options, os.cpu_count() or 1
    for option in options:
        name, _equals, value = option.partition("=")
        if name == "--jobs" and value.isdecimal() and int(value):
            width = int(value)
        elif option != "--keep":
            print(__doc__)
            return 2
    # Without words, all is run.
    on_systems = [name for name in suites.names() if name in words or not words]
    rest = [word for word in words if word not in on_systems]
    wanted = jobs.select(rest, KERNELS, jobs.targets()) if rest or not words else []
    if os.geteuid() != 0:
        raise MachineError("needs root")
    machine.controller()
    venv = checks.newest_core()
    if not isinstance(venv, Venv):
        raise MachineError(f"needs {venv}")
    venv.make()
    runner.lend(venv, key=True)
    machine.commands(git="git", ip="iproute2", nft="nftables", ping="iputils-ping", kmod="kmod")
    machine.unpacked(sshd="openssh-server", sudo="sudo", wg="wireguard-tools")
    passed = not on_systems or suites.run(on_systems, venv, width)
    if not wanted:
        return 0 if passed else 1
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-") as folder:
        results = Results(venv, runner.lay(folder), width)
        results.prepare(dict.fromkeys(job.kernel for job in wanted))
        results.run(wanted)
    kept = compatibility.gathered(results.outcomes)
    print(compatibility.table(kept))
    if keep:
        compatibility.write(kept)
    status = results.conclude()
    return status if passed else 1
