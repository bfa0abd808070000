# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Create and remove the files of namespaces under /run/netns, by the rules of ip-netns(8).

pyroute2's own `netns.create` forks, takes no lock and leaves a plain file behind on failure; this
follows ip/ipnetns.c of iproute2, and cleans up.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import time
import typing as t

from .._core.errors import KernelError
from . import syscalls
from .socket import Socket

RUN = "/run/netns"
LONGEST = 128  # bytes to read of a stale file
THREADS = 4  # to create namespaces in parallel: more would wait for each other


def path(name: str) -> str:
    """Return the path of a named namespace."""
    return f"{RUN}/{name}"


def names() -> list[str]:
    """Return all names under /run/netns, live or stale."""
    try:
        return sorted(os.listdir(RUN))
    except FileNotFoundError:
        return []


def open_namespace(at: str, follow: bool = True) -> int | None:
    """Return a descriptor of the network namespace at a path, None if it is something else.

    Nothing else is opened, as a FIFO would notice. Raises OSError (ENOENT if there is nothing).
    """
    if not stat.S_ISREG(os.stat(at, follow_symlinks=follow).st_mode):
        return None
    fd = os.open(at, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW))
    try:
        kind = fcntl.ioctl(fd, syscalls.NS_GET_NSTYPE)
    except OSError:
        kind = 0
    if kind == syscalls.CLONE_NEWNET:
        return fd
    os.close(fd)
    return None


def private_mounts() -> bool:
    """Return whether a namespace named here would be invisible to everybody else.

    `ip netns exec` makes every mount a slave: a namespace mounted inside it does not reach the
    host, which is left with a plain file. proc_pid_mountinfo(5): `master:N`.
    """
    try:
        number = _mount_of(RUN)
    except OSError:
        return False  # the folder does not exist yet
    with open("/proc/thread-self/mountinfo", encoding="utf-8", errors="surrogateescape") as table:
        for line in table:  # stop early: each namespace is a line below this one
            if line.startswith(number):
                fields = line.split()
                optional = fields[6 : fields.index("-")]
                at_run = fields[4] in (RUN, "/var" + RUN)
                return at_run and any(field.startswith("master:") for field in optional)
    return False


def _mount_of(path: str) -> str:
    """Return the ID of the mount that contains a path, and a space (proc_pid_fdinfo(5))."""
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        with open(f"/proc/thread-self/fdinfo/{fd}", encoding="ascii") as table:
            return next(line.split()[1] for line in table if line.startswith("mnt_id:")) + " "
    finally:
        os.close(fd)


def make_run_dir() -> int:
    """Create /run/netns, shared so that every mount namespace sees its namespaces.

    Returns a descriptor that holds the lock that iproute2 takes as well; closing it unlocks.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    try:
        lock = os.open(RUN, flags)
    except FileNotFoundError:
        os.makedirs(RUN, mode=0o755, exist_ok=True)
        lock = os.open(RUN, flags)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            syscalls.mount("", RUN, syscalls.MS_SHARED | syscalls.MS_REC)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            # Not a mount point yet: only a mount can be shared, so it is mounted on itself.
            syscalls.mount(RUN, RUN, syscalls.MS_BIND | syscalls.MS_REC)
            syscalls.mount("", RUN, syscalls.MS_SHARED | syscalls.MS_REC)
    except BaseException:
        os.close(lock)
        raise
    return lock


def create(name: str, what: str) -> None:
    """Create a namespace and name it."""
    with contextlib.ExitStack() as closing:
        (sock,) = create_unnamed(1, what)
        closing.callback(sock.close)
        bind(sock, name, what)


def create_unnamed(count: int, what: str, ready: t.Callable[[Socket], object] = id) -> list[Socket]:
    """Create namespaces and return a socket in each; closing it ends a namespace without a name.

    Up to THREADS threads create them, each of them several. ``ready`` prepares a namespace before
    anybody else sees it.
    """
    threads = min(os.cpu_count() or 1, THREADS, count)
    made: list[Socket] = []
    todo = iter(range(count))

    def work() -> None:
        for _unused in todo:  # shared by all threads
            syscalls.unshare()
            sock = Socket.open()
            made.append(sock)
            ready(sock)  # not made[-1]: that may be another thread's by now

    try:
        _with_kernel_errors(what, lambda: syscalls.in_threads([work] * threads))
    except BaseException:
        for sock in made:
            sock.close()
        raise
    return made


def bind(held: Socket | t.Sequence[int], name: str, what: str, mark: str = "") -> None:
    """Name a namespace that we hold, by a socket in it or a descriptor of it.

    Of several descriptors, the first one is mounted on top. The file below contains ``mark``, in
    case the run ends before there is a mount.
    """
    if isinstance(held, Socket):
        fd = held.namespace()
        try:
            bind([fd], name, what, mark)
        finally:
            os.close(fd)
        return
    sources = [f"/proc/thread-self/fd/{fd}" for fd in reversed(held)]
    _with_kernel_errors(what, lambda: _bind(sources, name, mark))


def _bind(sources: t.Sequence[str], name: str, mark: str) -> None:
    lock = make_run_dir()
    try:
        _create_file(name, mark)
        mounted = 0
        try:
            for source in sources:
                syscalls.mount(source, path(name), syscalls.MS_BIND)
                mounted += 1
        except BaseException:
            for _unused in range(mounted):
                syscalls.umount(path(name))
            os.unlink(path(name))
            raise
    finally:
        os.close(lock)


def remove(name: str, what: str) -> None:
    """Remove the name of a namespace for good."""
    fd = open_namespace(path(name), follow=False)
    if fd is None:
        raise KernelError(errno.EINVAL, what)
    try:
        for below in take_off(name, what, fd):
            os.close(below)
    finally:
        os.close(fd)


def take_off(name: str, what: str, fd: int) -> list[int]:
    """Remove the name of the namespace behind a descriptor; raise KernelError if that fails.

    Returns descriptors of the namespaces that were mounted below it on the same file, the top one
    first. Nothing but namespaces is touched, and no link followed; on failure, what was removed is
    put back.
    """
    at, removed, unmounted = path(name), [fd], 0

    def work() -> None:
        nonlocal unmounted
        while True:
            if not _is_shown(at, removed[-1]):
                if not os.path.lexists(at):
                    return  # removed by others meanwhile
                raise KernelError(errno.EBUSY, what, "the file was replaced meanwhile")
            unmounted += 1
            syscalls.umount(at)
            try:
                os.unlink(at)
                return
            except FileNotFoundError:
                return
            except OSError as error:
                below = open_namespace(at, follow=False) if error.errno == errno.EBUSY else None
                if below is None:
                    raise
                removed.append(below)

    try:
        _with_kernel_errors(what, work)
    except BaseException:
        try:
            if unmounted:
                _with_kernel_errors(
                    f"put back namespace {name}", lambda: _mount_again(name, removed[:unmounted])
                )
        finally:
            for below in removed[1:]:
                os.close(below)
        raise
    return removed[1:]


def _is_shown(at: str, fd: int) -> bool:
    """Return whether the namespace behind a descriptor is the one that a file shows."""
    try:
        return os.path.samestat(os.lstat(at), os.fstat(fd))
    except FileNotFoundError:
        return False


def _mount_again(name: str, fds: t.Sequence[int]) -> None:
    """Mount the namespaces again that are no longer on their file; the list begins with the top
    one."""
    at = path(name)
    shown = [number for number, fd in enumerate(fds) if _is_shown(at, fd)]
    if not os.path.lexists(at):
        _create_file(name)
    elif not shown and not stat.S_ISREG(os.lstat(at).st_mode):
        return  # put there by others meanwhile
    for fd in reversed(fds[: max(shown, default=len(fds))]):
        syscalls.mount(f"/proc/thread-self/fd/{fd}", at, syscalls.MS_BIND)


def remove_stale(name: str, what: str) -> tuple[str, int]:
    """Unlink the file of a missing namespace, and return its text and mode."""

    def work() -> None:
        with contextlib.suppress(FileNotFoundError):
            was.append((read_mark(name), os.lstat(path(name)).st_mode & 0o7777))
            os.unlink(path(name))

    was: list[tuple[str, int]] = []
    _with_kernel_errors(what, work)
    return was[0] if was else ("", 0)


def put_stale(name: str, what: str, text: str = "", mode: int = 0) -> None:
    """Restore the file of a removed stale name."""

    def work() -> None:
        _create_file(name, text)
        os.chmod(path(name), mode)

    _with_kernel_errors(what, work)


def _create_file(name: str, text: str = "") -> None:
    """Create a file, atomically with its text if the file system allows."""
    if text:
        with contextlib.suppress(_NoUnnamedFile), _unnamed_file() as fd:
            os.write(fd, text.encode())
            # With a folder given, Python follows the link under /proc, see open(2) on O_TMPFILE.
            os.link(f"/proc/thread-self/fd/{fd}", path(name), src_dir_fd=fd)
            return
    os.close(os.open(path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0))


class _NoUnnamedFile(Exception):
    """The file system does not support unnamed files (O_TMPFILE)."""


@contextlib.contextmanager
def _unnamed_file() -> t.Iterator[int]:
    try:
        fd = os.open(RUN, os.O_WRONLY | os.O_TMPFILE | os.O_CLOEXEC, 0)
    except OSError as error:
        raise _NoUnnamedFile from error
    try:
        yield fd
    finally:
        os.close(fd)


def read_mark(name: str) -> str:
    """Return the mark in a stale file, which shows who created it; '' if there is none."""
    try:
        fd = os.open(path(name), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    try:
        return os.read(fd, LONGEST).decode(errors="replace")
    except OSError:  # a folder, for example
        return ""
    finally:
        os.close(fd)


def sysctl(key: str) -> str:
    """Return a kernel parameter of the calling thread's namespace, '' if it does not exist."""
    try:
        with open(f"/proc/sys/{key}", encoding="ascii", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""


def processes() -> dict[tuple[int, int], list[int]]:
    """Return all processes by device and inode of the namespace of their main thread."""
    found: dict[tuple[int, int], list[int]] = {}
    for pid in sorted(int(entry) for entry in os.listdir("/proc") if entry.isdigit()):
        with contextlib.suppress(OSError):  # ended meanwhile, or not visible to us
            at = os.stat(f"/proc/{pid}/ns/net")
            found.setdefault((at.st_dev, at.st_ino), []).append(pid)
    return found


def is_young(name: str, seconds: float) -> bool:
    """Return whether a name was created within the last ``seconds``."""
    try:
        age = time.time() - os.lstat(path(name)).st_ctime
    except FileNotFoundError:
        return False
    return 0 <= age < seconds


def _with_kernel_errors(what: str, work: t.Callable[[], object]) -> None:
    try:
        work()
    except OSError as error:
        raise KernelError(error.errno or errno.EIO, what) from error
