# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs checks, each a command in a virtual environment, and counts them.

A check passes when its command exits with 0 *and* its output proves that something was checked:
several of these tools are content to have found nothing to do.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pathlib
import queue
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import machine
from machine import ROOT, MachineError, Venv

LIMIT = 3600  # seconds for one check, so that a hanging one does not hang all
NOTHING_DONE = re.compile(
    r"All targets skipped|No Python files found|no tests ran|collected 0 items|Excluding .* tests"
)


@dataclass(frozen=True)
class Check:
    """A command, the environment it runs in, and the pattern that proves it did its work."""

    name: str
    venv: Venv | str  # or what the machine lacks for it
    command: str
    proof: str = ""
    needs: tuple[Venv | str, ...] = ()
    show: bool = False  # what it printed, although it passed
    linked: bool = False  # it works in the tree as one does in a clone, by the link in .dev
    measured: bool = False  # tests/conftest.py is to measure what it covers

    @property
    def missing(self) -> str | None:
        """What the machine lacks for it."""
        return next((venv for venv in (self.venv, *self.needs) if isinstance(venv, str)), None)


class Runner:
    """Runs checks, twice as many at a time as there are processors, and counts.

    Those that make namespaces wait half of their time for the kernel.
    """

    def __init__(self, root: str, arguments: Sequence[str]) -> None:
        self.root = root  # of the trees that checks run in
        self.tree = lay(os.path.join(root, "laid"))
        self.arguments = arguments  # of ansible-test
        self.passed: list[str] = []
        self.failed: list[str] = []
        self.children: set[subprocess.Popen[str]] = set()
        self.printing = threading.Lock()
        self.ended = False  # from outside: nothing more is begun

    def run(self, groups: Iterable[Sequence[Check]]) -> None:
        """Run groups of checks beside each other; those of a group follow one another."""
        todo = queue.SimpleQueue[Sequence[Check]]()
        for group in groups:
            todo.put(group)
        workers = [
            threading.Thread(target=self.work, args=(todo,), daemon=True)
            for _worker in range(min(8, 2 * (os.cpu_count() or 1)))
        ]
        try:
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
        except BaseException:
            self.ended = True
            raise
        finally:
            for child in list(self.children):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGTERM)

    def work(self, todo: queue.SimpleQueue[Sequence[Check]]) -> None:
        """Run one group after the other, until there is none."""
        with contextlib.suppress(queue.Empty):
            while True:
                group = todo.get_nowait()
                if not group:
                    continue
                tree = pathlib.Path(tempfile.mkdtemp(dir=self.root), *self.tree.parts[-3:])
                # The link in .dev leads back to the tree: ansible-lint would walk it without end.
                copy_tree(self.tree, tree, () if group[0].linked else (".dev",))
                if group[0].measured:
                    (tree / "tests" / "output" / "covered").mkdir(parents=True)
                for check in group:
                    if self.ended:
                        return
                    self.count(check, tree)

    def count(self, check: Check, tree: pathlib.Path) -> None:
        """Run a check, and say what came of it."""
        began = time.monotonic()
        used: list[float] = []  # seconds of the processor: what it costs when others run beside
        try:
            out, verdict = self.finish(check, tree, used), "ok"
        except (MachineError, OSError) as error:
            out, verdict = str(error), "FAILED"
        with self.printing:
            (self.passed if verdict == "ok" else self.failed).append(check.name)
            if check.show or verdict != "ok":
                print(f"\n---- {check.name}: {check.command}\n{out.strip()}\n----")
            times = f"{time.monotonic() - began:6.1f} s, processor {sum(used):6.1f} s"
            print(f"{verdict:6} {times}  {check.name}", flush=True)

    def finish(self, check: Check, tree: pathlib.Path, used: list[float]) -> str:
        """Run a check to its end and return what it printed, or raise with it."""
        assert isinstance(check.venv, Venv)
        for venv in (check.venv, *check.needs):
            assert isinstance(venv, Venv)
            venv.make()
        command = shlex.split(check.command)
        if "ansible-test" in command:
            lend(check.venv, key="integration" in command)
            command += self.arguments
        env = machine.environment(str(check.venv.bin))
        env["ANSIBLE_COLLECTIONS_PATH"] = str(tree.parents[2])
        code, out = self.wait(command, env, tree, used)
        if code != "0":
            raise MachineError(f"{out}\nexit status {code}")
        if skipped := NOTHING_DONE.search(out):
            raise MachineError(f"{out}\nchecked nothing, or not all: {skipped[0]}")
        if not re.search(check.proof, out, re.MULTILINE):
            raise MachineError(f"{out}\nits output does not prove its work: {check.proof}")
        return out

    def wait(
        self, command: list[str], env: dict[str, str], tree: pathlib.Path, used: list[float]
    ) -> tuple[str, str]:
        """Run a command to its end, or to the time limit."""
        with tempfile.TemporaryFile("w+", errors="replace") as out:
            child = subprocess.Popen(
                command,
                cwd=tree,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
            self.children.add(child)
            code = self.end(child, used)
            self.children.discard(child)
            out.seek(0)
            return code, out.read()

    @staticmethod
    def end(child: subprocess.Popen[str], used: list[float]) -> str:
        """Wait for the end of a command, or end it at the time limit, and tell the exit status."""
        code = ""
        end = time.monotonic() + LIMIT
        while not (ended := os.wait4(child.pid, os.WNOHANG))[0]:
            if time.monotonic() > end and not code:
                code = f"none in {LIMIT} s"
                os.killpg(child.pid, signal.SIGKILL)
            time.sleep(0.2)
        _pid, status, usage = ended
        child.returncode = os.waitstatus_to_exitcode(status)
        used.append(usage.ru_utime + usage.ru_stime)
        return code or str(child.returncode)


def lay(root: str) -> pathlib.Path:
    """Lay git's files as ansible_collections/linuxnet/netns, as ansible-test demands.

    Not below the clone: there it would ask git which files count, hear that none does in an
    ignored folder, and pass with "All targets skipped".
    """
    tree = pathlib.Path(root, "ansible_collections", "linuxnet", "netns")
    git = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-z"]
    listed = subprocess.run(
        [*git, "--cached", "--others", "--exclude-standard"], stdout=subprocess.PIPE, check=False
    )
    if listed.returncode:
        raise MachineError("the checks need a git clone, to know which files are the collection's")
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        if os.path.lexists(ROOT / name):  # and not deleted since
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name, follow_symlinks=False)
    return tree


def copy_tree(tree: pathlib.Path, to: pathlib.Path, leave: Sequence[str] = ()) -> None:
    """Copy a tree without what has one of the names to LEAVE."""
    shutil.copytree(tree, to, symlinks=True, ignore=shutil.ignore_patterns(*leave))


def lend(venv: Venv, key: bool) -> None:
    """Put there what ansible-test would fetch or make, where several that begin at once cannot.

    A pip bootstrap script that is on no registry, and a ``key`` of the user: the second to make one
    is asked whether to overwrite the first one's.
    """
    home = pathlib.Path.home() / ".ansible" / "test"
    (home / "cache").mkdir(parents=True, exist_ok=True)
    found = venv.path.glob("lib/*/site-packages/ansible_test/_internal/python_requirements.py")
    with open(machine.CACHE / "ansible-test.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for version in re.findall(r"\bpip='([\d.]+)", next(found).read_text()):
            script = home / "cache" / f"get_pip_{version.replace('.', '_')}.py"
            if not script.exists():
                script.write_text("import ensurepip\n\nensurepip.bootstrap()\n")
        if key and not (home / "id_rsa.pub").exists():
            (home / "id_rsa").unlink(missing_ok=True)
            made = ["-q", "-m", "PEM", "-t", "rsa", "-N", "", "-f", str(home / "id_rsa")]
            machine.output(["ssh-keygen", *made])
