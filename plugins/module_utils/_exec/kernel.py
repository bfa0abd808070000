# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Commands in namespaces: a process each, which enters its namespace as `ip netns exec` does.

What that is says netns_switch() in lib/namespace.c of iproute2: the network namespace, mounts of its
own, a /sys that shows the namespace, and over the files in /etc those below /etc/netns/NAME.
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
AT_ONCE = 32  # processes: three descriptors each, of 256
CHUNK = 1 << 16
TOLD = 4096  # bytes that any pipe holds: PIPE_BUF, linux/limits.h
BLINK = 0.02  # in which the end of a process is noticed whose output something else holds open


class Ended(t.NamedTuple):
    """What became of a command in one namespace."""

    rc: int
    stdout: bytes
    stderr: bytes
    start: float
    end: float
    timed_out: bool = False
    trouble: str = ""  # why it could not be started
    warnings: tuple[str, ...] = ()


class NotEntered(NetnsError):
    """A command was not started, for its namespace could not be entered."""


def enter(fd: int, name: str) -> list[str]:
    """Take this process into a namespace for good, and return what did not go well.

    ``name`` is by which /etc/netns knows it, '' if it has none there.
    """
    syscalls.setns(fd)
    syscalls.unshare(syscalls.CLONE_NEWNS)
    syscalls.mount("", "/", syscalls.MS_SLAVE | syscalls.MS_REC)
    flags = 0
    try:
        syscalls.umount("/sys")
    except OSError:
        # None there, or one that cannot go: what is read-only cannot be covered by what is not.
        with contextlib.suppress(OSError):
            flags = os.statvfs("/sys").f_flag & os.ST_RDONLY
    syscalls.mount(name or "netns", "/sys", flags, "sysfs")
    return _bind_etc(name) if name else []


def _bind_etc(name: str) -> list[str]:
    folder, told = f"{ETC_NETNS}/{name}", []
    try:
        entries = sorted(os.listdir(folder))
    except OSError:
        return []
    for entry in entries:
        try:
            syscalls.mount(f"{folder}/{entry}", f"{ETC}/{entry}", syscalls.MS_BIND)
        except OSError as error:
            told.append(f"{folder}/{entry} is not seen as {ETC}/{entry}: {error.strerror}")
    return told


class Running:
    """A command in one namespace, from its start to its end. It leads a session of its own."""

    def __init__(self, command: Command, place: tuple[int, str] | None) -> None:
        """Start it, here where there is no place. Raises OSError, and NotEntered."""
        told, tells = os.pipe()
        try:
            self.start = time.time()
            # It is waited for elsewhere, with all others, and AnsibleModule's way runs one at a time.
            # pylint: disable-next=consider-using-with,ansible-bad-function
            self.process = subprocess.Popen(
                command.argv,
                stdin=subprocess.DEVNULL if command.stdin is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=command.environment,
                start_new_session=True,
                # It is the new process, which has no other thread, that becomes another one.
                preexec_fn=lambda: _become(tells, place, command.chdir),
            )
        except subprocess.SubprocessError:
            os.close(tells)
            tells = -1
            raise NotEntered(_read_all(told).decode(errors="replace").strip()) from None
        else:
            os.close(tells)
            tells = -1
            self.warnings = tuple(_read_all(told).decode(errors="replace").splitlines())
        finally:
            os.close(told)
            if tells >= 0:
                os.close(tells)
        self.late = None if command.timeout is None else time.monotonic() + command.timeout
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
        """Return what the pipe is to be polled for."""
        return select.POLLIN if fd in self.got else select.POLLOUT

    def serve(self, fd: int) -> None:
        """Take what a pipe has, or give it what it takes."""
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
            pass  # it does not want to read all that it was given
        self.shut(fd)

    def shut(self, fd: int) -> None:
        """Close a pipe, which is at its end."""
        with contextlib.suppress(BrokenPipeError):
            self.pipes.pop(fd).close()

    def has_ended(self) -> bool:
        """Return whether it has; kill it, and all of its session's group, if it is late."""
        if self.late is not None and time.monotonic() > self.late and not self.timed_out:
            self.timed_out = self.process.poll() is None
            if self.timed_out:
                self.kill()
        if self.process.poll() is None:
            return False
        # Processes that it leaves behind may hold its pipes: what is there now is all that counts.
        for fd in list(self.pipes):
            while fd in self.pipes and fd in self.got and select.select([fd], [], [], 0)[0]:
                self.serve(fd)
        return True

    def kill(self) -> None:
        """Kill it and what it has started, but for what has a session of its own."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ended(self) -> Ended:
        """Return what became of it."""
        end = time.time()
        out, err = (b"".join(data) for data in self.got.values())
        for fd in list(self.pipes):
            self.shut(fd)
        return Ended(
            self.process.returncode, out, err, self.start, end, self.timed_out, "", self.warnings
        )


def _become(tells: int, place: tuple[int, str] | None, chdir: str | None) -> None:
    """Enter, in the new process, telling by a pipe what went wrong."""
    os.set_blocking(tells, False)  # nobody reads before this process has become another one
    doing = "enter it"
    try:
        told = enter(*place) if place is not None else []
        _tell(tells, "".join(f"{line}\n" for line in told))
        if chdir is not None:
            doing = f"go to {chdir}"
            os.chdir(chdir)
    except OSError as error:
        _tell(tells, f"{doing}: {error.strerror}")
        raise


def _tell(tells: int, text: str) -> None:
    """Put into a pipe what it has room for."""
    with contextlib.suppress(BlockingIOError):
        os.write(tells, text.encode(errors="replace")[:TOLD])


def _read_all(fd: int) -> bytes:
    data = b""
    while more := os.read(fd, CHUNK):
        data += more
    return data


def run(
    command: Command, places: t.Sequence[str], open_at: t.Callable[[str], tuple[int, str] | None]
) -> dict[str, Ended]:
    """Run a command in namespaces, several at a time, and return what became of each.

    ``open_at`` returns a descriptor of a namespace and its name below /etc/netns, None for here.
    """
    done: dict[str, Ended] = {}
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


def _start(command: Command, place: tuple[int, str] | None) -> Running | Ended:
    now = time.time()
    try:
        return Running(command, place)
    except OSError as error:
        trouble = f"{error.filename or command.argv[0]}: {error.strerror}"
        return Ended(error.errno or 1, b"", b"", now, time.time(), trouble=trouble)
    except NotEntered as error:
        return Ended(1, b"", b"", now, time.time(), trouble=str(error))
    finally:
        if place is not None:
            os.close(place[0])


def _serve(running: t.Collection[Running]) -> None:
    """Wait until a pipe can be served, or a moment, and serve all that can be."""
    poll = select.poll()
    by_fd = {fd: each for each in running for fd in each.pipes}
    for fd, each in by_fd.items():
        poll.register(fd, each.wanted(fd))
    for fd, _unused in poll.poll(BLINK * 1000):
        by_fd[fd].serve(fd)
