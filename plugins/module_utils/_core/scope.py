# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a survey looks at."""

from __future__ import annotations

import typing as t

from .record import dataclass, field

if t.TYPE_CHECKING:
    from .host_state import Link


@dataclass(frozen=True)
class Scope:
    """``places`` are namespaces as the user wrote them, normalised; ``peers`` the names of the links
    whose other end matters, as far as it is among the places (None: of all links).
    """

    places: tuple[str, ...]
    peers: frozenset[str] | None = frozenset()
    # Links by place and name whose other end is looked for in all namespaces there are: dear where
    # it is not among the places and there are thousands, so only for what cannot do without.
    anywhere: frozenset[tuple[str, str]] = frozenset()
    # Where the other ends of veths most likely are, by places and names: a hint, which is checked.
    cables: t.Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    all_peers: bool = False  # those of all other links too, as far as they are among the places
    resources: tuple[t.Any, ...] = ()  # what is read besides links, in this order
    local_routes: bool = False  # those of the local table among them
    tables: tuple[int, ...] = ()  # only those of these tables
    kernel_routes: bool = True  # those that come with addresses among them
    neighbours: frozenset[str] | None = frozenset()  # of these links; None: of all
    fdb: frozenset[str] = frozenset()  # of these links, and of the bridges that they are ports of
    pids: bool = False
    masquerade: str = ""  # a table of nftables
    numbers: bool = True  # by which the current namespace knows the others
    nsids: bool = False  # all of those, taken by whomever
    keeps: bool = False  # whether links that go down keep their IPv6 addresses
    kinds: frozenset[str] = frozenset()  # links of which what is particular to their kind matters
    sysctls: tuple[str, ...] = ()  # kernel parameters, as paths below /proc/sys
    dns: tuple[str, ...] = ()  # names whose files below /etc/netns matter
    bare: frozenset[str] = frozenset()  # places of which nothing but links, and processes, matters
    # Links, by namespace and name, that go with a deleted namespace once that is released.
    going: frozenset[tuple[str, str]] = frozenset()
    # Places that are names: no symbolic link is followed, no number is that of a process.
    named: frozenset[str] = frozenset()
    by_name: bool = False  # two names of one namespace stay two
    mounts: bool = False  # whether what is named here would be seen by others
    # Other names of links begin with it that matter whatever they are called now: a topology's own.
    mark: str = ""

    def of_marked(self, names: t.Collection[str]) -> list[str]:
        """Return those parameters of links that matter by their mark which are asked for of others."""
        if not names:
            return []
        from .._resources.sysctl import state as sysctl

        tables = {(each.table, each.leaf) for key in self.sysctls if (each := sysctl.of(key))}
        return [
            sysctl.Of(table, name, leaf).key for name in names for table, leaf in sorted(tables)
        ]

    def marked(self, links: t.Iterable[Link]) -> frozenset[str]:
        """Return the names of the links that matter by their mark and are not in ``peers``."""
        if not self.mark or self.peers is None:
            return frozenset()
        return frozenset(
            link.name
            for link in links
            if link.altnames
            and link.name not in self.peers
            and link.name != "lo"
            and any(name.startswith(self.mark) for name in link.altnames)
        )
