# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Run commands in namespaces, in a process each that enters its namespace like `ip netns exec`.

Like netns_switch() in lib/namespace.c of iproute2: the network namespace, a mount namespace, a /sys
of the network namespace, and the files below /etc/netns/NAME mounted over those in /etc.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
import typing as t

from .._core.errors import NetnsError
from .._netlink import syscalls

if t.TYPE_CHECKING:
    from .spec import Command

ETC = "/etc"
ETC_NETNS = "/etc/netns"
AT_ONCE = 32  # processes, with three of 256 descriptors each
CHUNK = 1 << 16
REPORT_MAX = 4096  # bytes that any pipe holds: PIPE_BUF, linux/limits.h
# seconds until the end of a process is noticed if something else keeps its output open
POLL = 0.02


class CommandResult(t.NamedTuple):
    """The result of a command in one namespace."""

    rc: int
    stdout: bytes
    stderr: bytes
    start: float
    end: float
    timed_out: bool = False
    start_error: str = ""  # why it could not be started
    warnings: tuple[str, ...] = ()


class NotEntered(NetnsError):
    """A command was not started because its namespace could not be entered."""


def enter(fd: int, name: str) -> list[str]:
    """Move this process into a namespace for good, and return warnings.

    ``name`` is its folder below /etc/netns, '' if it has none.
    """
    syscalls.setns(fd)
    syscalls.unshare(syscalls.CLONE_NEWNS)
    syscalls.mount("", "/", syscalls.MS_SLAVE | syscalls.MS_REC)
    flags = 0
    try:
        syscalls.umount("/sys")
    except OSError:
        # Not mounted, or it cannot be unmounted: a read-only mount can only be covered by a
        # read-only one.
        with contextlib.suppress(OSError):
            flags = os.statvfs("/sys").f_flag & os.ST_RDONLY
    syscalls.mount(name or "netns", "/sys", flags, "sysfs")
    return _bind_etc(name) if name else []


def _bind_etc(name: str) -> list[str]:
    folder, warnings = f"{ETC_NETNS}/{name}", []
    try:
        entries = sorted(os.listdir(folder))
    except OSError:
        return []
    for entry in entries:
        try:
            syscalls.mount(f"{folder}/{entry}", f"{ETC}/{entry}", syscalls.MS_BIND)
        except OSError as error:
            warnings.append(
                f"{folder}/{entry} could not be mounted over {ETC}/{entry}: {error.strerror}"
            )
    return warnings


class Running:
    """A command in one namespace, from start to end, in a session of its own."""

    def __init__(self, command: Command, place: tuple[int, str] | None) -> None:
        """Start it; in the current namespace if ``place`` is None. Raises OSError and NotEntered."""
        read_end, write_end = os.pipe()
        try:
            self.start = time.time()
            # AnsibleModule.run_command() would run one at a time; these are awaited together.
            # pylint: disable-next=consider-using-with,ansible-bad-function
            self.process = subprocess.Popen(
                command.argv,
                stdin=subprocess.DEVNULL if command.stdin is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=command.environment,
                start_new_session=True,
                # It runs in the new process, which has no other threads.
                preexec_fn=lambda: _enter_in_child(write_end, place, command.chdir),
            )
        except subprocess.SubprocessError:
            os.close(write_end)
            write_end = -1
            raise NotEntered(_read_all(read_end).decode(errors="replace").strip()) from None
        else:
            os.close(write_end)
            write_end = -1
            self.warnings = tuple(_read_all(read_end).decode(errors="replace").splitlines())
        finally:
            os.close(read_end)
            if write_end >= 0:
                os.close(write_end)
        self.deadline = None if command.timeout is None else time.monotonic() + command.timeout
        self.timed_out = False
        self.left = memoryview(command.stdin or b"")
        self.got: dict[int, list[bytes]] = {}
        self.pipes: dict[int, t.IO[bytes]] = {}
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
                self.pipes[pipe.fileno()] = pipe
                self.got[pipe.fileno()] = []
        if self.process.stdin is not None:
            os.set_blocking(self.process.stdin.fileno(), False)
            self.pipes[self.process.stdin.fileno()] = self.process.stdin

    def wanted(self, fd: int) -> int:
        """Return the events to poll a pipe for."""
        return select.POLLIN if fd in self.got else select.POLLOUT

    def serve(self, fd: int) -> None:
        """Read from a pipe what it has, or write what it accepts."""
        try:
            if fd not in self.got:
                self.left = self.left[os.write(fd, self.left[:CHUNK]) :] if self.left else self.left
                if self.left:
                    return
            elif data := os.read(fd, CHUNK):
                self.got[fd].append(data)
                return
        except BlockingIOError:
            return
        except BrokenPipeError:
            pass  # the command does not read all of its input
        self.shut(fd)

    def shut(self, fd: int) -> None:
        """Close a pipe that is at its end."""
        with contextlib.suppress(BrokenPipeError):
            self.pipes.pop(fd).close()

    def has_ended(self) -> bool:
        """Return whether it has ended; kill its process group after the timeout."""
        if self.deadline is not None and time.monotonic() > self.deadline and not self.timed_out:
            self.timed_out = self.process.poll() is None
            if self.timed_out:
                self.kill()
        if self.process.poll() is None:
            return False
        # Processes left behind may keep the pipes open: read only what is there now.
        for fd in list(self.pipes):
            while fd in self.pipes and fd in self.got and select.select([fd], [], [], 0)[0]:
                self.serve(fd)
        return True

    def kill(self) -> None:
        """Kill it and its children, except those in a session of their own."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ended(self) -> CommandResult:
        """Return the result."""
        end = time.time()
        out, err = (b"".join(data) for data in self.got.values())
        for fd in list(self.pipes):
            self.shut(fd)
        return CommandResult(
            self.process.returncode, out, err, self.start, end, self.timed_out, "", self.warnings
        )


def _enter_in_child(write_end: int, place: tuple[int, str] | None, chdir: str | None) -> None:
    """Enter the namespace, in the new process, and report errors through a pipe."""
    os.set_blocking(write_end, False)  # nobody reads before this process has executed the command
    doing = "enter the namespace"
    try:
        warnings = enter(*place) if place is not None else []
        _report(write_end, "".join(f"{line}\n" for line in warnings))
        if chdir is not None:
            doing = f"change to directory {chdir}"
            os.chdir(chdir)
    except OSError as error:
        _report(write_end, f"{doing}: {error.strerror}")
        raise


def _report(write_end: int, text: str) -> None:
    """Write to a pipe as much as it has room for."""
    with contextlib.suppress(BlockingIOError):
        os.write(write_end, text.encode(errors="replace")[:REPORT_MAX])


def _read_all(fd: int) -> bytes:
    data = b""
    while more := os.read(fd, CHUNK):
        data += more
    return data


def run(
    command: Command, places: t.Sequence[str], open_at: t.Callable[[str], tuple[int, str] | None]
) -> dict[str, CommandResult]:
    """Run a command in namespaces, several at a time, and return the results by namespace.

    ``open_at`` returns a descriptor of a namespace and its name below /etc/netns, None for the
    current one.
    """
    done: dict[str, CommandResult] = {}
    running: dict[str, Running] = {}
    waiting = list(reversed(places))
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                key = waiting.pop()
                started = _start(command, open_at(key))
                if isinstance(started, Running):
                    running[key] = started
                else:
                    done[key] = started
            _serve(running.values())
            for key in [key for key, each in running.items() if each.has_ended()]:
                done[key] = running.pop(key).ended()
    finally:
        for each in running.values():
            each.kill()
            each.ended()
    return {key: done[key] for key in places}


def _start(command: Command, place: tuple[int, str] | None) -> Running | CommandResult:
    now = time.time()
    try:
        return Running(command, place)
    except OSError as error:
        start_error = f"{error.filename or command.argv[0]}: {error.strerror}"
        return CommandResult(error.errno or 1, b"", b"", now, time.time(), start_error=start_error)
    except NotEntered as error:
        return CommandResult(1, b"", b"", now, time.time(), start_error=str(error))
    finally:
        if place is not None:
            os.close(place[0])


def _serve(running: t.Collection[Running]) -> None:
    """Serve the pipes that are ready, waiting for a moment at most."""
    poll = select.poll()
    by_fd = {fd: each for each in running for fd in each.pipes}
    for fd, each in by_fd.items():
        poll.register(fd, each.wanted(fd))
    for fd, _unused in poll.poll(POLL * 1000):
        by_fd[fd].serve(fd)
