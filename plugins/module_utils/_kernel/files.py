# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Namespaces as files under /run/netns: made and removed by the rules of ip-netns(8).

pyroute2's own `netns.create` forks, takes no lock and leaves a plain file behind when it fails; these
follow ip/ipnetns.c of iproute2, and clean up.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
import typing as t

from .._model.errors import KernelError
from . import system
from .netlink import Socket

RUN = "/run/netns"
LONGEST = 128  # bytes that are read of a stale file
TRIES = 16  # how many mounts may lie on one file
THREADS = 4  # that make namespaces at the same time: more would wait for each other


def path(name: str) -> str:
    """Return where the name of a namespace is."""
    return f"{RUN}/{name}"


def names() -> list[str]:
    """Return all that is named under /run/netns, live or stale."""
    try:
        return sorted(os.listdir(RUN))
    except FileNotFoundError:
        return []


def open_namespace(at: str) -> int | None:
    """Return a descriptor of the network namespace at a path, None if something else is there.

    Raises OSError (ENOENT where nothing is).
    """
    fd = os.open(at, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        kind = fcntl.ioctl(fd, system.NS_GET_NSTYPE)
    except OSError:
        kind = 0
    if kind == system.CLONE_NEWNET:
        return fd
    os.close(fd)
    return None


def is_there(name: str) -> bool:
    """Return whether anything has the name, be it a dangling link."""
    return os.path.lexists(path(name))


def private_mounts() -> bool:
    """Return whether a namespace named here would be seen by nobody else.

    `ip netns exec` makes every mount a slave: what is mounted under it does not reach the host,
    which is left with a plain file instead of a namespace. proc_pid_mountinfo(5): `master:N`.
    """
    optional: list[str] = []
    with open("/proc/thread-self/mountinfo", encoding="utf-8", errors="surrogateescape") as table:
        for line in table:
            fields = line.split()
            if fields[4] in (RUN, "/var" + RUN):
                optional = fields[6 : fields.index("-")]
    return any(field.startswith("master:") for field in optional)


def make_run_dir() -> int:
    """Make /run/netns, shared so that every mount namespace sees what is named there.

    Returns a descriptor that holds the lock iproute2 takes too; closing it unlocks.
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
            system.mount("", RUN, system.MS_SHARED | system.MS_REC)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            # Not a mount point yet: only a mount can be shared, so it is mounted on itself.
            system.mount(RUN, RUN, system.MS_BIND | system.MS_REC)
            system.mount("", RUN, system.MS_SHARED | system.MS_REC)
    except BaseException:
        os.close(lock)
        raise
    return lock


def create(name: str, what: str) -> None:
    """Make a namespace and name it."""
    with contextlib.ExitStack() as closing:
        (sock,) = nameless(1, what)
        closing.callback(sock.close)
        bind(sock, name, what)


def nameless(count: int, what: str, ready: t.Callable[[Socket], object] = id) -> list[Socket]:
    """Make namespaces and return a socket in each; closing it ends one that has no name.

    As many threads make them as there are processors, a few, each of them several. What a namespace
    is to have before anybody sees it, ``ready`` gives it.
    """
    threads = min(os.cpu_count() or 1, THREADS, count)
    made: list[Socket] = []
    todo = iter(range(count))

    def work() -> None:
        for _unused in todo:  # which all threads share
            system.unshare()
            sock = Socket.open()
            made.append(sock)
            ready(sock)  # this one: the last of them may be another thread's by now

    try:
        _told(what, lambda: system.in_threads([work] * threads))
    except BaseException:
        for sock in made:
            sock.close()
        raise
    return made


def bind(held: Socket | int, name: str, what: str, mark: str = "") -> None:
    """Give a name to a namespace that we hold, by a socket in it or a descriptor of it.

    The file below its mount says ``mark``, should the run end before there is a mount.
    """
    if isinstance(held, int):
        _told(what, lambda: _bind(f"/proc/thread-self/fd/{held}", name, mark))
        return
    fd = held.namespace()
    try:
        bind(fd, name, what, mark)
    finally:
        os.close(fd)


def _bind(source: str, name: str, mark: str) -> None:
    lock = make_run_dir()
    try:
        _put(name, mark)
        try:
            system.mount(source, path(name), system.MS_BIND)
        except BaseException:
            os.unlink(path(name))
            raise
    finally:
        os.close(lock)


def remove(name: str, what: str, fd: int | None = None) -> None:
    """Take a name away, be it of a namespace or of a dead file.

    Of the namespace behind ``fd`` the name is given back if its file cannot be removed.
    """

    def work() -> None:
        for _unused in range(TRIES):
            with contextlib.suppress(OSError):  # not mounted: then only the file is left
                system.umount(path(name))
            try:
                os.unlink(path(name))
                return
            except FileNotFoundError:
                return
            except OSError as error:
                if error.errno != errno.EBUSY:
                    if fd is not None:
                        system.mount(f"/proc/thread-self/fd/{fd}", path(name), system.MS_BIND)
                    raise
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    _told(what, work)


def put_stale(name: str, what: str) -> None:
    """Put an empty file where a name was taken away."""
    _told(what, lambda: _put(name))


def _put(name: str, text: str = "") -> None:
    """Put a file where there is none. A text is in it from the start, where that can be had."""
    if text:
        with contextlib.suppress(_NoNamelessFile), _nameless_file() as fd:
            os.write(fd, text.encode())
            # With a folder given, Python follows the link under /proc, see open(2) on O_TMPFILE.
            os.link(f"/proc/thread-self/fd/{fd}", path(name), src_dir_fd=fd)
            return
    os.close(os.open(path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0))


class _NoNamelessFile(Exception):
    """The file system makes no files that have no name."""


@contextlib.contextmanager
def _nameless_file() -> t.Iterator[int]:
    try:
        fd = os.open(RUN, os.O_WRONLY | os.O_TMPFILE | os.O_CLOEXEC, 0)
    except OSError as error:
        raise _NoNamelessFile from error
    try:
        yield fd
    finally:
        os.close(fd)


def said(name: str) -> str:
    """Return what a stale file says of who put it there, '' if nothing."""
    try:
        fd = os.open(path(name), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    try:
        return os.read(fd, LONGEST).decode(errors="replace")
    except OSError:  # a folder, say
        return ""
    finally:
        os.close(fd)


def sysctl(key: str) -> str:
    """Return a kernel parameter of the calling thread's namespace, '' if there is no such."""
    try:
        with open(f"/proc/sys/{key}", encoding="ascii", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""


def processes() -> dict[tuple[int, int], list[int]]:
    """Return all processes by device and inode of the namespace that their main thread is in."""
    found: dict[tuple[int, int], list[int]] = {}
    for pid in sorted(int(entry) for entry in os.listdir("/proc") if entry.isdigit()):
        with contextlib.suppress(OSError):  # gone meanwhile, or not ours to see
            at = os.stat(f"/proc/{pid}/ns/net")
            found.setdefault((at.st_dev, at.st_ino), []).append(pid)
    return found


def is_young(name: str, seconds: float) -> bool:
    """Return whether a name was put there just now."""
    try:
        age = time.time() - os.lstat(path(name)).st_ctime
    except FileNotFoundError:
        return False
    return 0 <= age < seconds


def _told(what: str, work: t.Callable[[], object]) -> None:
    try:
        work()
    except OSError as error:
        raise KernelError(error.errno or errno.EIO, what) from error
