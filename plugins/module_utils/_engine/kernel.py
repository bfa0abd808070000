# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The kernel, as the loop sees it: survey what is there, apply an operation, let go."""

from __future__ import annotations

import errno
import os
import typing as t

from .._core.errors import KernelError
from .._core.host_state import HERE, HostState, Link, NamespaceState, Peer, fresh, phrase
from .._core.operation import disturbed
from .._core.record import replace
from .._core.resource import Reading, Resource
from .._core.scope import Scope
from .._netlink import names, read
from .._netlink import netns_files as files
from .._netlink import syscalls as system
from .._netlink.handles import Handles
from .._netlink.socket import Socket

if t.TYPE_CHECKING:
    from .._core.operation import Operation
    from .._netlink.upper_links import Uppers


class Kernel(Handles):
    """What there is on this machine, to look at and to change."""

    surveyed: tuple[dict[str, list[read.FoundLink]], Scope]  # by the last survey
    upper_links: Uppers | None = None
    before: HostState  # what there was when the snapshot was taken

    def apply(self, step: Operation) -> None:
        """Carry out one operation. Raises KernelError, with what was tried, if that is refused."""
        from .apply import apply

        try:
            apply(self, step)
        except OSError as error:
            raise KernelError(error.errno or errno.EIO, step.phrase()) from error

    def take_snapshot(self, steps: t.Sequence[Operation], before: HostState) -> None:
        """Keep what the steps may disturb of what is there, for restore()."""
        from .._netlink.snapshot.take import take

        self.snapshot, self.before = take(self, steps, before), before

    def restore(
        self, steps: t.Sequence[Operation], failed: Operation | None, raced: bool
    ) -> list[str]:
        """Put back what steps disturbed that are undone; return in words what is not as it was.

        ``raced``: the one that failed found something changed that others have changed.
        """
        if self.snapshot is None:
            return []
        from .._netlink.snapshot.restore import restore

        names, ours = touched(steps if failed is None else [*steps, failed], self.before)
        names = {key: links for key, links in names.items() if key not in self.deleted_by_others}
        frail = names if failed is not None and raced else {}
        theirs: set[str] = set()  # where nothing but the step that failed did anything
        if frail:
            by_us = touched(steps, self.before)[0]
            theirs = names.keys() - by_us.keys()
            frail = {key: _without(links, by_us.get(key, ())) for key, links in frail.items()}
        loose: dict[str, int] = {}
        if failed is not None and not raced:
            loose = {key: part for key, part, _links in failed.touches()}
        return restore(self, self.snapshot, names, ours, frail, loose, theirs)

    def survey(self, scope: Scope) -> HostState:
        """Read what is there. Nothing is created, opened with create, or written."""
        host = HostState(live_rename=_live_rename())
        found: dict[str, list[read.FoundLink]] = {}
        identities: dict[int, str] = {}
        self.indexes.clear()
        if not self.recent_links:
            self.leave()  # a name may stand for another namespace by now
        if not scope.by_name:
            identities[self.socket(HERE).identity()] = HERE
        for number, place in enumerate(scope.places, 1):
            # What has a socket was opened a moment ago, together with another one.
            known = place in self.sockets
            key, state, foreign = place, "present", ""
            if not known:
                key, state, foreign = names.resolve(place, place not in scope.named)
            if state == "present":
                self.socket(key, scope.places[number:])
            if state == "present" and not scope.by_name:
                key = identities.setdefault(self.socket(key).identity(), key)
            host.places[place] = key
            if key not in host.namespaces:
                self.look(host, found, scope, key, state)
            if foreign:
                host.namespaces[key].foreign = foreign
        if scope.peers is None or scope.peers or scope.all_peers or scope.kinds:
            from .._netlink.peers import Search

            Search(self, host, found, scope, self.look).set_all()
        if scope.pids:
            self._find_processes(host)
        if scope.mounts and any(
            namespace.state != "present" for namespace in host.namespaces.values()
        ):
            host.private_mounts = files.private_mounts()
        for resource in scope.resources:
            resource.read_host(self, scope, host)
        if scope.nsids:
            host.taken_nsids = read.nsids(self.socket(HERE))
        self.recent_links.clear()
        self.surveyed = found, scope
        self.upper_links = None
        return host

    @staticmethod
    def names() -> list[str]:
        """Return the names below /run/netns."""
        return files.names()

    def uppers(
        self, host: HostState, at: tuple[str, str]
    ) -> t.Iterable[tuple[NamespaceState, str, Peer]]:
        """Return the links in other namespaces that lie on one, as far as these have names."""
        from .._netlink.upper_links import Uppers

        if self.upper_links is None:
            self.upper_links = Uppers(self, *self.surveyed, self.look)
        return self.upper_links.on(host, at)

    def details(self, resource: Resource, key: str, link: Link, *more: int) -> list[t.Any]:
        """Return what a plan has to know besides of a link."""
        return resource.details(self, key, link, *more)

    def look(
        self,
        host: HostState,
        found: dict[str, list[read.FoundLink]],
        scope: Scope,
        key: str,
        state: str,
    ) -> None:
        """Read what is in a namespace, as far as it matters, into the host state."""
        if state != "present":
            mark = files.read_mark(key) if state == "stale" else ""
            host.namespaces[key] = fresh(key, state, mark)
            for resource in scope.resources:
                resource.inherit(host.namespaces[key], scope)
            return
        namespace = host.namespaces[key] = NamespaceState(key)
        sock = self.socket(key)
        namespace.identity = sock.identity()
        found[key] = self.recent_links.get(key) or read.links(sock, phrase(key))
        by_index = {each.link.index: each.link.name for each in found[key]}
        namespace.links = {each.link.name: each.link for each in found[key]}
        for link in namespace.links.values():
            self.indexes[key, link.name] = link.index
        read.set_lower_links(namespace, found[key], by_index)
        if key in scope.bare:
            return
        marked = scope.marked(namespace.links.values())
        reading = Reading(self, sock, scope, namespace, found[key], by_index, marked)
        for resource in scope.resources:
            resource.read(reading)
        if scope.keeps and _keeps_all(sock):
            namespace.links = {
                link.name: replace(link, keeps_v6=True) for link in namespace.links.values()
            }
        if scope.numbers and key != HERE:
            fd = sock.namespace()
            try:
                namespace.nsid = read.nsid_of(self.socket(HERE), fd)
            finally:
                os.close(fd)

    def _find_processes(self, host: HostState) -> None:
        """Note who is where; /proc is read once for all."""
        processes = files.processes()
        for key, namespace in host.namespaces.items():
            if namespace.state == "present":
                namespace.pids = tuple(processes.get(self.socket(key).file(), ()))


Links = dict[str, t.Optional[t.Collection[str]]]


def touched(steps: t.Iterable[Operation], before: HostState) -> tuple[Links, set[tuple[str, str]]]:
    """Return the links that steps dealt with by namespace, None for all, and those that they made."""
    names: dict[str, set[str] | None] = {}
    ours: set[tuple[str, str]] = set()
    for step in steps:
        for key, _part, links in disturbed(step, before):
            known = names.setdefault(key, set())
            names[key] = None if links is None or known is None else known | {*links}
        if step.resource.acts_on_links:
            ours.update((key, name) for key, name in step.puts() if name is not None)
    return {**names}, ours


def _without(
    links: t.Collection[str] | None, others: t.Collection[str] | None
) -> t.Collection[str] | None:
    return () if others is None else links if links is None else {*links} - {*others}


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
