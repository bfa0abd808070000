# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a resource is to the engine: the one object by which it knows a kind of thing that is managed."""

from __future__ import annotations

import typing as t

from .record import dataclass

if t.TYPE_CHECKING:
    from .host_state import HostState, Link, NamespaceState
    from .operation import Operation


@dataclass
class Reading:
    """A namespace that is being read: its open socket, what is known of it, and what is asked for."""

    kernel: t.Any
    sock: t.Any
    scope: t.Any
    namespace: NamespaceState
    found: t.Any  # its links as they were read
    by_index: dict[int, str]  # the names of the links, by their number
    marked: frozenset[str]  # links that matter by the mark that they bear


Handlers = dict[t.Any, t.Callable[[t.Any, t.Any], None]]  # by the class of an operation


class Resource:
    """A kind of thing that tasks manage. Each room has one, ``RESOURCE``, in its ``__init__.py``.

    Its operations name it, so that the engine needs no list of resources. What a method needs of its
    room it imports itself: a task loads no more than its operations take.
    """

    name: t.ClassVar[str]
    acts_on_links: t.ClassVar[bool] = (
        False  # its operations create, move or change links themselves
    )
    # Nothing is read to see whether it was rolled back: the step that failed reports it.
    unread: t.ClassVar[bool] = False
    limited: t.ClassVar[bool] = False  # check() knows what the kernel refuses

    def read(self, reading: Reading) -> None:
        """Read what there is of it in a namespace, as far as the scope asks for it."""

    def read_host(self, kernel: t.Any, scope: t.Any, state: HostState) -> None:
        """Read what belongs to no namespace, as far as the scope asks for it."""

    def details(self, kernel: t.Any, key: str, link: Link, *more: int) -> list[t.Any]:
        """Return what only few plans have to know of a link, and ask for while they are made."""
        return []

    def losses(
        self, kernel: t.Any, plan: t.Any, links: t.Iterable[tuple[str, str]]
    ) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
        """Return before and after of what the kernel drops with changes of links, for the diff."""
        return {}, {}

    def release(self, now: HostState, plan: t.Any) -> None:
        """Take out of a state that was read what disappears once deleted namespaces are released."""

    def is_own(self, owned: t.Any, netns: str, thing: t.Any, spec: t.Any) -> bool:
        """Return whether a thing that a step loses is the topology's, or stated to be taken."""
        return bool(thing.proto == str(owned.topology_mark.number))

    def is_back(self, namespace: NamespaceState, thing: t.Any) -> bool:
        """Return whether a thing that went on the way is there again, as it was."""
        return False

    def inherit(self, namespace: NamespaceState, scope: t.Any) -> None:
        """Note what a namespace that is yet to be made will have of it from the start."""

    def link_fell(self, namespace: NamespaceState, name: str) -> None:
        """Simulate what a namespace loses of it when a link goes down or leaves.

        Asked of the ``followers`` of a namespace alone, as is link_renamed().
        """

    def link_is_back(
        self, plan: t.Any, netns: str, name: str, had: NamespaceState, old_name: str
    ) -> None:
        """Plan that what fell with a link comes back, now that the plan has it up again.

        ``had`` is the namespace as it was, where the link may have been called ``old_name``.
        """

    def link_renamed(self, namespace: NamespaceState, old: str, new: str) -> None:
        """Simulate what changes of it when a link gets another name."""

    def simulators(self) -> Handlers:
        """Return by class of operation what it does to a host's state, side effects included."""
        raise NotImplementedError

    def appliers(self) -> Handlers:
        """Return by class of operation how the kernel is asked for it."""
        raise NotImplementedError

    def check(self, plan: t.Any, step: Operation) -> None:
        """Raise NetnsError where the kernel will refuse an operation of a plan."""

    def leftovers(self, was: HostState, now: HostState, step: Operation) -> t.Iterable[str]:
        """Return what a rolled back operation left otherwise than it was, in words.

        Links and what is on them are compared by the snapshot, and need not be named here.
        """
        return ()
