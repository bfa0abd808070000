# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be run on a kernel: an integration target, or one kind of link, every option of it."""

from __future__ import annotations

import json
import pathlib
import re
import typing as t
from collections.abc import Sequence

import machine
import runner
from guest import Done, Guest, Machine, NoAnswer
from here import Here
from kernels import Boot, Kernel
from kinds import KINDS, OF_BRIDGES
from machine import ROOT, MachineError, Venv

NAMES = (*KINDS, *OF_BRIDGES)
LIMIT = 1800  # seconds for a job
COLLECTION = "ansible_collections/linuxnet/netns"
MATRIX = COLLECTION.replace("/", ".") + ".tests.machines.matrix"


class Job(t.NamedTuple):
    """A target or a kind of link, on a kernel."""

    kernel: Kernel
    name: str
    is_kind: bool = False

    def __str__(self) -> str:
        return f"{self.kernel.name} {'kind ' if self.is_kind else ''}{self.name}"


class Outcome(t.NamedTuple):
    """What came of a job."""

    passed: bool
    output: str
    cells: tuple[dict[str, str], ...] = ()  # of a kind
    release: str = ""  # of the kernel


def targets() -> list[str]:
    """The integration targets, by name."""
    folders = (ROOT / "tests" / "integration" / "targets").iterdir()
    return sorted(folder.name for folder in folders if (folder / "aliases").is_file())


def select(words: Sequence[str], kernels: Sequence[Kernel], names: Sequence[str]) -> list[Job]:
    """The jobs that words name; `kinds` stands for all kinds of links.

    Of kernels, and of targets and kinds, all, where no word names one.
    """
    wanted = [*words, *NAMES] if "kinds" in words else list(words)
    known = {"kinds", *NAMES, *names, *(kernel.name for kernel in kernels)}
    if unknown := [word for word in words if word not in known]:
        said = "no kernel, target or kind of link; ./dev machines --list names them"
        raise MachineError(f"{', '.join(unknown)}: {said}")
    on = [kernel for kernel in kernels if kernel.name in wanted]
    # A word may be both: the target of veth is not a kind that the matrix has.
    works = [(name, False) for name in names] + [(name, True) for name in NAMES]
    chosen = [(name, is_kind) for name, is_kind in works if name in wanted]
    jobs = [Job(kernel, *work) for work in chosen or works for kernel in on or kernels]
    if on:
        return jobs
    return [job for job in jobs if not job.kernel.only or job.name in job.kernel.only]


def run(job: Job, boot: Boot | None, venv: Venv, tree: pathlib.Path) -> Outcome:
    """Run a job on a machine of its own."""
    with Machine(boot) if boot else Here() as guest:
        place = pathlib.Path("tree", *tree.parts[-3:])
        runner.copy_tree(tree, guest.shared / place)
        work = _kind if job.is_kind else _target
        outcome = work(job.name, guest, venv)
        console = "" if outcome.passed else guest.log()
        said = f"{outcome.output}\n-- the console's end:\n{console}" if console else outcome.output
        return outcome._replace(output=said, release=guest.release)


def _run(command: Sequence[str], guest: Guest, venv: Venv) -> Done:
    env = machine.environment(str(venv.bin))
    keep = {name: env[name] for name in ("PATH", "LC_ALL")}
    keep.update(HOME=str(pathlib.Path.home()), TERM="dumb")
    keep["ANSIBLE_COLLECTIONS_PATH"] = keep["PYTHONPATH"] = f"{guest.place}/tree"
    try:
        return guest.run(command, LIMIT, f"{guest.place}/tree/{COLLECTION}", keep)
    except NoAnswer as error:
        # What it has said so far counts, but it has not passed.
        return Done(-1, f"{error.output}\n{error}")


def _target(name: str, guest: Guest, venv: Venv) -> Outcome:
    """Run an integration target."""
    local = ["--local", "--color", "no", "--allow-root", "--allow-destructive"]
    done = _run(["ansible-test", "integration", *local, name], guest, venv)
    passed = done.status == 0 and re.search("^PLAY RECAP", done.output, re.MULTILINE)
    return Outcome(bool(passed), f"{done.output}\nexit status {done.status}")


def _kind(name: str, guest: Guest, venv: Venv) -> Outcome:
    """Try a kind of link."""
    return kind_outcome(_run(["python", "-m", MATRIX, name], guest, venv))


def kind_outcome(done: Done) -> Outcome:
    """What the matrix has said, in words: what fails, or that nothing does."""
    lines = [line for line in done.output.splitlines() if line]
    cells = tuple(json.loads(line) for line in lines if line.startswith("{"))
    rest = [line for line in lines if not line.startswith("{")]
    failed = [cell for cell in cells if cell["outcome"] == "FAIL"]
    said = [*rest, *(f"{cell['cell']} {cell['what']}: {cell['why']}" for cell in failed)]
    passed = done.status == 0 and bool(cells) and not failed
    return Outcome(passed, "\n".join([*said, f"exit status {done.status}"]), cells)
