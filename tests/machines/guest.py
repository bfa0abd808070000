# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine with a kernel of its own, for a test: a process of this machine, and what it needs.

    with Machine(kernel) as guest:
        done = guest.run("ip link add d0 type dummy && ip link", limit=10)
        assert done.status == 0, done.output
        guest.reboot()

It sees this machine's whole file system and may write anywhere, in memory: nothing of it is here
afterwards. The one folder that both sides write to is `guest.shared`, there /machine. When the work
fails, or the machine does, the console's last lines are printed.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import types
import typing as t

from kernels import Boot
from machine import MachineError
from watch import Watch

HERE = pathlib.Path(__file__).resolve().parent
SHARED = "/machine"  # as the guest sees it
LINES = 40  # of the console, that are shown

running: set[int] = set()  # process groups


def end_all() -> None:
    """End every machine, also those of other threads, which then come to their end."""
    for group in tuple(running):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


class Done(t.NamedTuple):
    """What came of a command."""

    status: int
    output: str


class NoAnswer(MachineError):
    """A command has not come to its end in time, or the machine has not lived to see it."""

    def __init__(self, reason: str, output: str) -> None:
        super().__init__(reason)
        self.output = output  # until then


class Guest(t.Protocol):
    """What takes commands: a machine, or this one as if it were one."""

    shared: pathlib.Path  # a folder of both
    place: str  # where the commands see it
    release: str  # of the kernel

    def run(
        self,
        command: str | t.Sequence[str],
        limit: float = 60,
        cwd: str = "/",
        env: t.Mapping[str, str] | None = None,
    ) -> Done:
        """Run a command to its end."""

    def log(self) -> str:
        """Return the end of what the console has said."""


class Machine:
    """Boots at `with`, ends with it. See the module."""

    def __init__(self, boot: Boot, memory: int = 1536) -> None:
        self.boot = boot
        self.place = SHARED
        self.memory = memory  # in MiB, taken when it is used
        self.release = ""  # of the kernel, once it runs
        self.count = 0  # of commands
        self.rest = b""  # of what the serial line said
        self.process: subprocess.Popen[bytes] | None = None
        self.line: socket.socket | None = None

    def __enter__(self) -> Machine:
        self.folder = tempfile.TemporaryDirectory(prefix="linuxnet.netns-machine-")
        self.shared = pathlib.Path(self.folder.name)
        self.console = self.shared / "console"
        for name in self.boot.scripts:
            shutil.copy(HERE / name, self.shared / name)
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> None:
        if isinstance(error, (AssertionError, MachineError)):
            print(getattr(error, "output", ""))
            print(f"---- the console's end:\n{self.log()}\n----", flush=True)
        self.close()

    def close(self) -> None:
        """End it at once, and remove what it has left."""
        self.power_cut()
        self.folder.cleanup()

    def start(self) -> None:
        """Switch it on and wait until it takes commands."""
        ours, its = socket.socketpair()
        with its, open(self.console, "ab") as console:
            self.process = subprocess.Popen(
                self.boot.command(self.shared, its.fileno(), self.memory),
                cwd=self.boot.folder,
                env=self.boot.environment(),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                pass_fds=[its.fileno()],
                start_new_session=True,
            )
        running.add(self.process.pid)
        self.watch = Watch(self.process.pid, self.shared)
        self.line, self.rest = ours, b""
        self.release = self.hear("ready", self.boot.limit)

    def hear(self, word: str, limit: float) -> str:
        """Wait for the line that begins with this word, and return the rest of it."""
        assert self.line
        until = time.monotonic() + limit
        while True:
            line, end, rest = self.rest.partition(b"\n")
            if end:
                self.rest = rest
                first, _space, said = line.decode(errors="replace").strip().partition(" ")
                if first == word:
                    return said
                continue
            self.line.settimeout(max(0.01, until - time.monotonic()))
            try:
                heard = self.line.recv(4096)
            except socket.timeout:
                raise MachineError(f"no answer in {limit} s") from None
            except OSError:
                heard = b""
            if not heard:
                raise MachineError("the machine has ended")
            self.rest += heard

    def run(
        self,
        command: str | t.Sequence[str],
        limit: float = 60,
        cwd: str = "/",
        env: t.Mapping[str, str] | None = None,
    ) -> Done:
        """Run a command of the shell, or of words, and return its exit status and its output.

        A machine that does not answer within LIMIT seconds is of no more use, and is switched off.
        """
        assert self.line
        self.count += 1
        script = command if isinstance(command, str) else shlex.join(command)
        exports = "".join(f"export {name}={shlex.quote(v)}\n" for name, v in (env or {}).items())
        (self.shared / f"{self.count}.sh").write_text(f"cd {shlex.quote(cwd)}\n{exports}{script}\n")
        self.line.sendall(f"{self.count}\n".encode())
        out = self.shared / f"{self.count}.out"
        try:
            status = int(self.hear(str(self.count), limit))
        except MachineError as error:
            self.power_cut()
            said = out.read_text(errors="replace") if out.exists() else ""
            raise NoAnswer(f"{script}: {error}", said) from None
        return Done(status, out.read_text(errors="replace"))

    def copy_in(self, path: str | os.PathLike[str], to: str) -> None:
        """Copy a file or folder of this machine to a place in the other."""
        self.count += 1
        name = f"{self.count}.in"
        _copy(pathlib.Path(path), self.shared / name)
        folder = shlex.quote(os.path.dirname(to))
        self.check(f"mkdir -p {folder} && cp -a {SHARED}/{name} {shlex.quote(to)}")

    def copy_out(self, path: str, to: str | os.PathLike[str]) -> None:
        """Copy a file or folder of the other machine to a place in this one."""
        self.count += 1
        name = f"{self.count}.out-of-it"
        self.check(f"cp -a {shlex.quote(path)} {SHARED}/{name}")
        _copy(self.shared / name, pathlib.Path(to))

    def check(self, command: str, limit: float = 60) -> str:
        """Run a command that is not to fail, and return its output."""
        done = self.run(command, limit)
        if done.status:
            raise MachineError(f"{done.output}\n{command}: exit status {done.status}")
        return done.output

    def halt(self, limit: float = 30) -> None:
        """Switch it off in order: all that is written is on its disks."""
        assert self.line and self.process
        self.line.sendall(b"halt\n")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(limit)
        self.power_cut()

    def power_cut(self) -> None:
        """Switch it off as when the power goes."""
        if self.line:
            self.line.close()
            self.line = None
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.watch.end()  # Before its number can be another's.
            self.process.wait()
            running.discard(self.process.pid)
            self.process = None

    def reboot(self) -> None:
        """Switch it off in order and on again: what it had in memory is gone."""
        self.halt()
        self.start()

    def log(self, lines: int = LINES) -> str:
        """The end of what the console has said."""
        said = self.console.read_text(errors="replace").splitlines()
        return "\n".join(said[-lines:])


def _copy(path: pathlib.Path, to: pathlib.Path) -> None:
    """Copy a file or a folder."""
    if path.is_dir():
        shutil.copytree(path, to, symlinks=True)
    else:
        shutil.copy2(path, to)
