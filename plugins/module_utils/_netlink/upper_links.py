# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Find links in other namespaces on top of a link that is to be removed or moved.

The kernel shows the lower link of a link, but not its upper ones: so all namespaces that have a name
are looked through, but only when it comes to that, and once a task.
"""

from __future__ import annotations

import contextlib
import os
import typing as t

from .._core.errors import NetnsError
from .._core.host_state import HERE, HostState, NamespaceState, Peer, phrase
from . import netns_files as files
from . import read
from .visit import ask, has_remote_links, question, visit

if t.TYPE_CHECKING:
    from .._core.scope import Scope
    from .handles import Handles

    Look = t.Callable[[HostState, dict[str, list[read.FoundLink]], Scope, str, str], None]


class Uppers:
    """What a survey found, and what it did not look at, once that is needed."""

    def __init__(
        self, kernel: Handles, found: dict[str, list[read.FoundLink]], scope: Scope, look: Look
    ) -> None:
        self.kernel, self.found, self.scope, self.look = kernel, found, scope, look
        # Links that lie on one of another namespace, by its number there, once that is needed.
        self.by_lower: dict[int, list[tuple[str, read.FoundLink]]] | None = None

    def on(
        self, host: HostState, at: tuple[str, str]
    ) -> t.Iterator[tuple[NamespaceState, str, Peer]]:
        """Yield the links in other namespaces that lie on a link, each with its namespace."""
        key, name = at
        index = host.namespaces[key].links[name].index
        if not index or key not in self.found:
            return  # it is yet to be made
        if self.by_lower is None:
            self.by_lower = self._tied()
        for other, each in self.by_lower.get(index, ()):
            if other != key and self._knows(other, key, each.nsid):
                yield self._space(host, other), each.link.name, Peer(name, key)

    def _tied(self) -> dict[int, list[tuple[str, read.FoundLink]]]:
        tied: dict[int, list[tuple[str, read.FoundLink]]] = {}
        for key, links in (*self.found.items(), *self._others().items()):
            for each in links:
                if each.lower and each.nsid is not None:
                    tied.setdefault(each.lower, []).append((key, each))
        return tied

    def _space(self, host: HostState, key: str) -> NamespaceState:
        if key not in host.namespaces:
            seen = HostState()
            self.look(seen, self.found, self.scope, key, "present")
            return seen.namespaces[key]
        return host.namespaces[key]

    def _knows(self, key: str, other: str, nsid: int | None) -> bool:
        """Return whether a namespace knows another by this number."""
        with contextlib.suppress(NetnsError):  # gone meanwhile
            fd = self.kernel.namespace(other)
            try:
                return read.nsid_of(self.kernel.socket(key), fd) == nsid
            finally:
                os.close(fd)
        return False

    def _others(self) -> dict[str, list[read.FoundLink]]:
        """Return the links of all other namespaces with a name, and here, that lie elsewhere."""
        tied, self.kernel.remote_link_places = (
            self.kernel.remote_link_places,
            None,
        )  # known from a moment ago, or not
        if tied is None:
            tied = self._look_for_tied()
        found = {}
        for key in tied:
            if key in self.found:
                continue
            with contextlib.suppress(NetnsError):  # gone meanwhile
                found[key] = read.links(self.kernel.socket(key), phrase(key))
        return found

    def _look_for_tied(self) -> list[str]:
        tied: list[str] = []
        keys = [key for key in files.names() if key not in self.found]

        def take(key: str, answers: list[bytes]) -> None:
            if has_remote_links(answers):
                tied.append(key)

        if HERE not in self.found:
            take(HERE, ask(self.kernel.socket(HERE).raw, question()))
        if keys:
            visit(keys, question(), take)
        return tied
