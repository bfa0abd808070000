# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The kernel, as the loop sees it: survey what is there, apply an operation, let go.

Sockets are opened in this process, one descriptor a namespace, and kept while they are of use.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
import typing as t

from .._model.errors import BadInput, Conflict, KernelError, NetnsError
from .._model.record import dataclass, replace
from .._model.world import HERE, Space, World, fresh, phrase
from . import files, read, system
from .netlink import Socket
from .turn import Turn

if t.TYPE_CHECKING:
    from .._model.operation import Operation
    from .queues import Kept
    from .vanish import Watch

OPEN_AT_LEAST = 200  # sockets may be open: a soft limit of 256 descriptors must do
OPEN_AT_MOST = 4096
AT_ONCE = 100  # sockets that are opened in one go
SPARE = 200  # descriptors that are for all else
YOUNG = 1.0  # seconds in which a file without a mount may be a namespace that is being made
BLINK = 0.002


@dataclass(frozen=True)
class Scope:
    """What a survey looks at.

    ``places`` are namespaces as the user wrote them, normalised; ``peers`` the names of the links
    whose other end matters, wherever it is (None: of all links, but only among the places).
    """

    places: tuple[str, ...]
    peers: frozenset[str] | None = frozenset()
    all_peers: bool = False  # those of all other links too, as far as they are among the places
    addresses: bool = True
    routes: bool = False
    local_routes: bool = False  # those of the local table among them
    tables: tuple[int, ...] = ()  # only those of these tables
    kernel_routes: bool = True  # those that come with addresses among them
    qdiscs: bool = False
    rules: bool = False
    neighbours: frozenset[str] | None = frozenset()  # of these links; None: of all
    fdb: frozenset[str] = frozenset()  # of these links, and of the bridges that they are ports of
    pids: bool = False
    masquerade: str = ""  # a table of nftables
    numbers: bool = True  # by which the current namespace knows the others
    nsids: bool = False  # all of those, taken by whomever
    keeps: bool = False  # whether links that go down keep their IPv6 addresses
    kinds: bool = False  # what is particular to the kind of the links in ``peers``
    sysctls: tuple[str, ...] = ()  # kernel parameters, as paths below /proc/sys
    dns: tuple[str, ...] = ()  # names whose files below /etc/netns matter
    bare: frozenset[str] = frozenset()  # places of which nothing but links, and processes, matters
    by_name: bool = False  # two names of one namespace stay two
    mounts: bool = False  # whether what is named here would be seen by others


Runner = t.Callable[..., tuple[int, str, str]]


class Kernel:
    """Open handles, by the key of the namespace."""

    def __init__(self) -> None:
        self.sockets: dict[str, Socket] = {}
        self.indexes: dict[tuple[str, str], int] = {}
        # Of namespaces that were just made, the ifindex that their next link gets.
        self.next_index: dict[str, int] = {}
        self.held: dict[str, int] = {}  # namespaces whose names were taken away, until all is done
        self.nameless: list[Socket] = []  # in namespaces that were made ahead
        # All steps of a plan and how many are done or being done: it may help to know what follows.
        self.coming: tuple[t.Sequence[Operation], int] = ((), 0)
        self.queues: dict[tuple[str, int], Kept] = {}  # what links lost, by their numbers
        self.fresh = False  # the sockets have just been opened
        self.watch: Watch | None = None  # witnesses of their end, where it is to be waited for
        self.turn = Turn()
        self.run_command: Runner | None = None  # AnsibleModule.run_command(), where it is needed

    # --- doing ---------------------------------------------------------------------------------

    def apply(self, step: Operation) -> None:
        """Carry out one operation. Raises KernelError, with what was tried, if that is refused."""
        from .apply import carry_out

        try:
            carry_out(self, step)
        except OSError as error:
            raise KernelError(error.errno or errno.EIO, step.phrase()) from error

    def take_turn(self) -> bool:
        """Let no other run of this collection write until close(); return whether one just did."""
        return self.turn.take(self._leave)  # the other one may await the end of a namespace

    def watch_ends(self) -> None:
        """From now on, put a witness into each namespace that is deleted."""
        from .vanish import Watch

        self.watch = Watch()

    def wait_for_ends(self, seconds: float) -> None:
        """Return when all namespaces with a witness are gone; raise NetnsError if that is late."""
        if self.watch is not None:
            self.watch.wait(seconds)

    def unwatch(self) -> None:
        """Take the witnesses back from the namespaces that stayed."""
        if self.watch is not None:
            watch, self.watch = self.watch, None
            watch.close()

    def let_go(self) -> None:
        """Let the namespaces go whose names were taken away: from here there is no way back."""
        for key, fd in self.held.items():
            os.close(fd)
            sock = self.sockets.pop(key, None)
            if sock is not None:
                sock.close()
            self.next_index.pop(key, None)
        if self.held:
            self.indexes = {at: each for at, each in self.indexes.items() if at[0] not in self.held}
            self.held.clear()

    def close(self) -> None:
        """Let go of every namespace."""
        self.let_go()
        while self.nameless:
            self.nameless.pop().close()
        for sock in self.sockets.values():
            sock.close()
        self.sockets.clear()
        self.turn.end()

    # --- handles -----------------------------------------------------------------------------

    def socket(self, key: str, coming: t.Sequence[str] = ()) -> Socket:
        """Return the socket in a namespace that is there; open it if need be.

        With it those in namespaces that are to come next are opened, as far as they are there.
        """
        if key == HERE and key not in self.sockets:
            self.sockets[key] = Socket.open()
        elif key not in self.sockets:
            self._enter([key, *(each for each in coming if each and each not in self.sockets)])
        sock = self.sockets.pop(key)
        self.sockets[key] = sock  # at the end: the first ones are those not used for longest
        return sock

    def _enter(self, keys: t.Sequence[str]) -> None:
        """Open sockets in namespaces. One thread enters all: a thread costs more than a socket.

        Only the first has to be there. What goes wrong with another is told once it is needed.
        """
        keys = list(dict.fromkeys(keys))[:AT_ONCE]
        self.make_room(len(keys))
        opened: dict[str, int] = {}
        failed: dict[str, NetnsError] = {}

        def work() -> None:
            for key in list(opened):
                try:
                    system.setns(opened[key])
                    self.sockets[key] = Socket.open()
                except OSError as error:
                    failed[key] = _not_entered(key, error)
                os.close(opened.pop(key))

        for key in keys:  # out here, since a path under /proc may speak of this very thread
            try:
                opened[key] = _file(key)
            except NetnsError as error:
                failed[key] = error
        system.in_thread(work)
        if keys[0] in failed:
            raise failed[keys[0]]

    def keep(self, key: str, sock: Socket) -> None:
        """Take over a socket in a namespace that has just got its name."""
        self.make_room(1)
        self.sockets[key] = sock
        self.next_index[key] = read.LO + 1

    def make_room(self, wanted: int) -> None:
        """Close the sockets that were not used for longest until others may be opened, and if that
        does not do, the namespaces whose names were taken away first: these cannot come back."""
        over = wanted + len(self.sockets) + len(self.nameless) + len(self.held)
        if over <= OPEN_AT_LEAST:
            return
        over -= _open_at_most(1 + wanted + len(self.nameless) + len(self.held))
        for key in list(self.sockets)[: max(0, over + 1)]:
            if over > 0 and key != HERE:
                self.sockets.pop(key).close()
                over -= 1
        for key in list(self.held)[: max(0, over)]:
            self.drop(key)
            os.close(self.held.pop(key))

    def _leave(self) -> None:
        """Close the sockets in other namespaces, which would keep them alive."""
        for key in [key for key in self.sockets if key != HERE]:
            self.drop(key)

    def namespace(self, key: str) -> int:
        """Return a descriptor of a namespace that is there; the caller closes it."""
        if key in self.sockets or key == HERE:
            return self.socket(key).namespace()
        return _file(key)

    def drop(self, key: str) -> None:
        """Forget the handles of a namespace, whose name will stand for another one."""
        sock = self.sockets.pop(key, None)
        if sock is not None:
            sock.close()
        self.next_index.pop(key, None)
        for known in [known for known in self.indexes if known[0] == key]:
            del self.indexes[known]

    def index(self, key: str, name: str) -> int:
        """Return the ifindex of a link."""
        if (key, name) not in self.indexes:
            self.indexes[key, name] = read.index_of(
                self.socket(key), name, f"find link {name} {phrase(key)}"
            )
        return self.indexes[key, name]

    # --- looking -----------------------------------------------------------------------------

    def survey(self, scope: Scope) -> World:
        """Read what is there. Nothing is created, opened with create, or written."""
        world = World(live_rename=_live_rename())
        found: dict[str, list[read.Found]] = {}
        identities: dict[int, str] = {}
        self.indexes.clear()
        if not self.fresh:
            self._leave()  # a name may stand for another namespace by now
        self.fresh = False
        if not scope.by_name:
            identities[self.socket(HERE).identity()] = HERE
        for number, place in enumerate(scope.places, 1):
            key, state = self._resolve(place)
            if state == "present":
                self.socket(key, scope.places[number:])
            if state == "present" and not scope.by_name:
                key = identities.setdefault(self.socket(key).identity(), key)
            world.places[place] = key
            if key not in world.spaces:
                self.look(world, found, scope, key, state)
        if scope.peers is None or scope.peers or scope.all_peers:
            from .peers import find

            find(self, world, found, scope)
        if scope.pids:
            self._find_processes(world)
        if scope.by_name or scope.mounts:
            world.private_mounts = files.private_mounts()
        if scope.dns:
            from .dns_read import etc

            world.etc = {name: etc(name) for name in scope.dns}
        if scope.nsids:
            world.taken_nsids = read.nsids(self.socket(HERE))
        return world

    def _resolve(self, place: str) -> tuple[str, str]:
        """Return the key of a namespace, and whether it is present, absent or stale."""
        if place == HERE:
            return HERE, "present"
        if place.startswith("/"):
            return place, self._state_of_path(place)
        state = self.state_of_name(place)
        process = f"/proc/{place}/ns/net"
        if state == "absent" and place.isdigit() and os.path.lexists(process):
            return process, self._state_of_path(process)
        return place, state

    @staticmethod
    def _state_of_path(path: str) -> str:
        try:
            fd = files.open_namespace(path)
        except FileNotFoundError:
            raise BadInput(f"There is no namespace {path}") from None
        except OSError as error:
            raise KernelError(error.errno or errno.EIO, f"open namespace {path}") from error
        if fd is None:
            raise BadInput(f"{path} is no network namespace")
        os.close(fd)
        return "present"

    def state_of_name(self, name: str) -> str:
        deadline = time.monotonic() + YOUNG
        while True:
            try:
                fd = files.open_namespace(files.path(name))
            except FileNotFoundError:
                return "stale" if files.is_there(name) else "absent"
            except OSError as error:
                raise KernelError(error.errno or errno.EIO, f"open namespace {name}") from error
            if fd is not None:
                os.close(fd)
                return "present"
            # Whoever makes a namespace puts the file first and mounts on it a moment later.
            if time.monotonic() > deadline or not files.is_young(name, YOUNG):
                return "stale"
            time.sleep(BLINK)

    def look(
        self,
        world: World,
        found: dict[str, list[read.Found]],
        scope: Scope,
        key: str,
        state: str,
    ) -> None:
        if state != "present":
            mark = files.said(key) if state == "stale" else ""
            world.spaces[key] = fresh(key, state, mark)
            if scope.sysctls:
                from .sysctl_read import of_new

                world.spaces[key].sysctls = of_new(scope.sysctls)
            if scope.rules:
                from .._model.rule import BORN

                world.spaces[key].rules = list(BORN)
            return
        space = world.spaces[key] = Space(key)
        sock = self.socket(key)
        found[key] = read.links(sock, phrase(key))
        names = {each.link.index: each.link.name for each in found[key]}
        space.links = {each.link.name: each.link for each in found[key]}
        for link in space.links.values():
            self.indexes[key, link.name] = link.index
        if key in scope.bare:
            return
        if scope.addresses:
            space.addresses = read.addresses(sock, phrase(key), names)
        if scope.routes:
            tables = scope.tables or (read.ALL_TABLES,)
            for table in tables:
                space.routes += read.routes(
                    sock, phrase(key), names, scope.local_routes, table, scope.kernel_routes
                )
        if scope.qdiscs:
            from .qdisc_read import qdiscs

            names = {link.index: link.name for link in space.links.values()}
            space.qdiscs = qdiscs(sock, phrase(key), names)
        if scope.rules:
            from .rule_read import rules

            space.rules = rules(sock, phrase(key))
        if scope.neighbours is None or scope.neighbours & space.links.keys():
            from .neighbour_read import neighbours

            space.neighbours = neighbours(sock, phrase(key), space.links, scope.neighbours)
        if scope.fdb & space.links.keys():
            from .fdb_read import forwards

            forwards(sock, space, found[key], scope.fdb)
        if scope.kinds:
            from .kind_read import details

            details(space, found[key], sock, scope.peers or frozenset())
            for link in space.links.values():
                if link.kind == "wireguard" and link.name in (scope.peers or ()):
                    from . import wireguard

                    space.wireguards[link.name] = wireguard.read(self, key, link.name)
        if scope.masquerade:
            from . import nft

            masquerade = nft.read(self, key, scope.masquerade)
            space.masquerades = {scope.masquerade: masquerade} if masquerade else {}
        if scope.keeps and _keeps_all(sock):
            space.links = {link.name: replace(link, keeps_v6=True) for link in space.links.values()}
        if scope.sysctls:
            from .sysctl_read import of_socket

            space.sysctls = of_socket(sock, scope.sysctls)
        if scope.numbers and key != HERE:
            fd = sock.namespace()
            try:
                space.nsid = read.nsid_of(self.socket(HERE), fd)
            finally:
                os.close(fd)

    def bearing(self, mark: str, places: t.Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return the namespaces whose loopback has another name that begins with a mark, with those,
        and the stale files that say so."""
        found: dict[str, tuple[str, ...]] = {}
        for number, place in enumerate(places, 1):
            if place != HERE and self.state_of_name(place) != "present":
                if files.said(place).startswith(mark):
                    found[place] = (files.said(place),)
                continue
            with contextlib.suppress(NetnsError):  # gone meanwhile
                sock = self.socket(place, places[number:])
                self.fresh = True
                names = read.loopback_names(sock)
                if any(name.startswith(mark) for name in names):
                    found[place] = names
        return found

    def _find_processes(self, world: World) -> None:
        """Note who is where; /proc is read once for all."""
        processes = files.processes()
        for key, space in world.spaces.items():
            if space.state == "present":
                space.pids = tuple(processes.get(self.socket(key).file(), ()))


def _file(key: str) -> int:
    """Return a descriptor of a namespace by its name or path."""
    try:
        fd = files.open_namespace(key if key.startswith("/") else files.path(key))
    except OSError as error:
        raise _not_entered(key, error) from error
    if fd is None:
        raise Conflict(f"{key} is no network namespace")
    return fd


def _not_entered(key: str, error: OSError) -> KernelError:
    return KernelError(error.errno or errno.EIO, f"enter namespace {key}")


def _open_at_most(needed: int) -> int:
    """Return how many handles may be open at a time. The limit is raised for those that are needed:
    they hold what cannot be opened again."""
    import resource  # few tasks are about so many

    limit, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return max(OPEN_AT_MOST, needed)
    most = min(max(OPEN_AT_LEAST, limit - SPARE), OPEN_AT_MOST)
    if needed <= max(most, limit - SPARE):
        return max(most, needed)
    raised = 2 * needed + SPARE  # twice: not with every one that is to come
    raised = raised if hard == resource.RLIM_INFINITY else min(raised, hard)
    if raised <= limit:
        return most
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
        return max(most, min(needed, raised - SPARE))
    return most


def _keeps_all(sock: Socket) -> bool:
    """Return whether net.ipv6.conf.all.keep_addr_on_down is set, which outdoes that of a link."""
    fd = sock.namespace()
    try:
        value = system.inside(fd, lambda: files.sysctl("net/ipv6/conf/all/keep_addr_on_down"))
    finally:
        os.close(fd)
    return value == "1"


def _live_rename() -> bool:
    """Return whether the kernel renames links that are up (commit bd039b5ea2a9, Linux 6.2)."""
    release = os.uname().release.split(".")
    try:
        return (int(release[0]), int(release[1])) >= (6, 2)
    except (ValueError, IndexError):
        return False
