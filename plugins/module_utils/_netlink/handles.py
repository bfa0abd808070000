# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Open handles by namespace: sockets, and descriptors of namespaces that are being deleted.

Sockets are opened in this process, one descriptor per namespace, and stay open for reuse.
"""

from __future__ import annotations

import errno
import os
import typing as t

from .._core.errors import Conflict, KernelError, NetnsError
from .._core.host_state import HERE, phrase
from . import netns_files, read, syscalls
from .lock import WriterLock
from .socket import Socket

if t.TYPE_CHECKING:
    from .._core.operation import Operation
    from .deletion import DeletionWatch
    from .held_namespaces import HeldNamespaces

# Handles that a process with AMPLE descriptors may have open without checking its limit.
ENOUGH = 200
AMPLE = 512
AT_ONCE = 100  # sockets opened at once
WORKING = 8  # handles that a plan needs besides those it holds

Runner = t.Callable[..., tuple[int, str, str]]


class Handles:
    """The handles of a task, and what it remembers of its own changes."""

    def __init__(self) -> None:
        self.sockets: dict[str, Socket] = {}
        self.indexes: dict[tuple[str, str], int] = {}
        # Namespaces whose names were removed, until the end of the task; several if they shared a
        # file.
        self.held: dict[str, list[int]] = {}
        self.held_by_mounts: HeldNamespaces | None = (
            None  # where they are if there are too many for descriptors
        )
        self.stale: dict[str, tuple[str, int]] = {}  # text and mode of removed files
        self.unnamed: list[Socket] = []  # in namespaces created ahead of need
        # All steps of a plan, and how many are done or in progress: a step may prepare for later
        # ones.
        self.upcoming: tuple[t.Sequence[Operation], int] = ((), 0)
        self.snapshot: t.Any = None  # of what a plan may disturb (snapshot.Snapshot)
        # Links that were just read, through sockets opened then.
        self.recent_links: dict[str, list[read.FoundLink]] = {}
        self.new_namespaces: dict[str, int] = {}  # identities of namespaces that were just created
        self.deleted_by_others: frozenset[str | None] = (
            frozenset()
        )  # by others: rollback leaves these alone
        self.keep_deleted = True  # for rollback
        # How many handles may be open at a time, and the original limits of the process.
        self.most = ENOUGH if os.sysconf("SC_OPEN_MAX") >= AMPLE else 0
        self.limits: tuple[int, int] | None = None
        # Namespaces whose links lie on links elsewhere, if that was just read along the way.
        self.remote_link_places: list[str] | None = None
        self.watch: DeletionWatch | None = None  # if deletions are to be waited for
        self.writer_lock = WriterLock()
        self.run_command: Runner | None = None  # AnsibleModule.run_command(), if needed

    def acquire_writer_lock(self) -> bool:
        """Block other writing runs of this collection until close(); return whether one wrote
        meanwhile."""
        return self.writer_lock.acquire(
            self.leave
        )  # the other run may be waiting for a namespace to end

    def watch_deletions(self) -> None:
        """Watch each namespace that is deleted from now on."""
        from .deletion import DeletionWatch

        self.watch = DeletionWatch()

    def wait_for_deletions(self, seconds: float) -> None:
        """Return when all watched namespaces are gone; raise NetnsError after ``seconds``."""
        if self.watch is not None:
            self.watch.wait(seconds)

    def stop_watching(self) -> None:
        """Stop watching deletions."""
        if self.watch is not None:
            watch, self.watch = self.watch, None
            watch.close()

    def release_held(self) -> None:
        """Release the namespaces whose names were removed: rollback cannot restore them after this."""
        gone = set(self.held)
        for key in gone:
            for fd in self.held.pop(key):
                os.close(fd)
            sock = self.sockets.pop(key, None)
            if sock is not None:
                sock.close()
        if self.held_by_mounts is not None:
            self.held_by_mounts.close()
            self.held_by_mounts = None
        if self.watch is not None:
            self.watch.release()
        if gone:
            self.indexes = {at: each for at, each in self.indexes.items() if at[0] not in gone}

    def reopen_held(self, key: str) -> list[int]:
        """Return the descriptors of a held namespace, and of those that shared its file."""
        if self.held_by_mounts is not None and key in self.held_by_mounts.paths:
            self.held[key].insert(0, self.held_by_mounts.open(key))
        return self.held[key]

    def release(self, key: str) -> None:
        """Stop holding one namespace."""
        for fd in self.held.pop(key):
            os.close(fd)
        if self.held_by_mounts is not None and key in self.held_by_mounts.paths:
            self.held_by_mounts.drop(key)

    def close(self) -> None:
        """Release every namespace."""
        self.release_held()
        while self.unnamed:
            self.unnamed.pop().close()
        for sock in self.sockets.values():
            sock.close()
        self.sockets.clear()
        if self.limits is not None:
            from . import descriptors

            descriptors.restore(self.limits)
            self.limits = None
        self.writer_lock.release()

    # --- sockets -------------------------------------------------------------------------------

    def socket(self, key: str, coming: t.Sequence[str] = ()) -> Socket:
        """Return the socket in an existing namespace, opening it if needed.

        The sockets in ``coming`` namespaces are opened along with it, as far as these exist.
        """
        if key == HERE and key not in self.sockets:
            self.sockets[key] = Socket.open()
        elif key not in self.sockets:
            self._enter([key, *(each for each in coming if each and each not in self.sockets)])
        sock = self.sockets.pop(key)
        self.sockets[key] = sock  # at the end: the first ones are the least recently used
        return sock

    def _enter(self, keys: t.Sequence[str]) -> None:
        """Open sockets in namespaces, all from one thread: a thread costs more than a socket.

        Only the first namespace must exist. A failure with another one is raised when it is needed.
        """
        keys = list(dict.fromkeys(keys))[:AT_ONCE]
        if len(keys) > 1:
            keys = keys[: self.room()]
        self.make_room(len(keys) + 1)
        opened: dict[str, int] = {}
        failed: dict[str, NetnsError] = {}

        def work() -> None:
            for key in list(opened):
                try:
                    syscalls.setns(opened[key])
                    self.sockets[key] = Socket.open()
                except OSError as error:
                    failed[key] = _not_entered(key, error)
                os.close(opened.pop(key))

        for key in keys:  # not in the thread, as a path under /proc may refer to the calling thread
            try:
                opened[key] = _file(key, follow=key == keys[0])
            except NetnsError as error:
                failed[key] = error
        syscalls.in_thread(work)
        if keys[0] in failed:
            raise failed[keys[0]]

    def keep(self, key: str, sock: Socket) -> None:
        """Take over a socket in a namespace that has just been named."""
        self.make_room(1)
        self.sockets[key] = sock
        self.new_namespaces[key] = sock.identity()

    def make_room(self, wanted: int) -> None:
        """Close the least recently used sockets until ``wanted`` others may be opened."""
        opened = self._opened()
        if wanted + opened <= self.most:
            return
        needed = opened - len(self.sockets) + wanted + 1
        if self.limits is None or needed > self.most:
            self._measure(needed)
        over = wanted + opened - self.most
        for key in list(self.sockets)[: max(0, over + 1)]:
            if over > 0 and key != HERE:
                self.sockets.pop(key).close()
                over -= 1

    def reserve(self, deleted: int) -> None:
        """Make room for what a plan holds that deletes namespaces; raise NetnsError if there is
        none."""
        if deleted + WORKING <= self.most:
            return
        self._measure(deleted + WORKING)
        if deleted + WORKING > self.most and self.held_by_mounts is None:
            from .held_namespaces import HeldNamespaces

            self.held_by_mounts = HeldNamespaces(deleted)

    def room(self) -> int:
        """Return how many handles may be opened at once: half of the free ones."""
        self.make_room(1)
        return max(1, (self.most - self._opened() + len(self.sockets)) // 2)

    def _opened(self) -> int:
        return len(self.sockets) + len(self.unnamed) + sum(map(len, self.held.values()))

    def _measure(self, needed: int) -> None:
        from . import descriptors

        if self.limits is None:
            self.limits = descriptors.limits()
        self.most = descriptors.at_most(self._opened(), needed)

    def leave(self) -> None:
        """Close the sockets in other namespaces, which would keep them alive."""
        for key in [key for key in self.sockets if key != HERE]:
            self.drop(key)

    def namespace(self, key: str) -> int:
        """Return a descriptor of a namespace that is there; the caller closes it."""
        if key in self.sockets or key == HERE:
            return self.socket(key).namespace()
        return _file(key)

    def drop(self, key: str) -> None:
        """Forget the handles of a namespace whose name will belong to another one."""
        sock = self.sockets.pop(key, None)
        if sock is not None:
            sock.close()
        for known in [known for known in self.indexes if known[0] == key]:
            del self.indexes[known]

    def is_same_namespace(self, key: str, identity: int) -> bool:
        """Return whether a name still belongs to the namespace of its open socket, or to the one
        with this identity (0: any)."""
        try:
            if key in self.sockets and not key.startswith("/"):
                fd = netns_files.open_namespace(netns_files.path(key))
                if fd is None:
                    return False
                try:
                    at = os.fstat(fd)
                finally:
                    os.close(fd)
                if self.sockets[key].file() != (at.st_dev, at.st_ino):
                    return False
            identity = identity or self.new_namespaces.get(key, 0)
            return not identity or self.socket(key).identity() == identity
        except (OSError, NetnsError):
            return False

    def index(self, key: str, name: str) -> int:
        """Return the ifindex of a link."""
        if (key, name) not in self.indexes:
            self.indexes[key, name] = read.index_of(
                self.socket(key), name, f"find link {name} {phrase(key)}"
            )
        return self.indexes[key, name]


def _file(key: str, follow: bool = True) -> int:
    """Return a descriptor of a namespace by name or path."""
    try:
        fd = netns_files.open_namespace(
            key if key.startswith("/") else netns_files.path(key), follow
        )
    except OSError as error:
        raise _not_entered(key, error) from error
    if fd is None:
        raise Conflict(f"{key} is not a network namespace; correct the name or the path")
    return fd


def _not_entered(key: str, error: OSError) -> KernelError:
    return KernelError(error.errno or errno.EIO, f"enter namespace {key}")
