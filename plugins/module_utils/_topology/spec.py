# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a task states of a whole network: the specs of the modules, each with its place in its list."""

from __future__ import annotations

import typing as t

from .._core import parse
from .._core.errors import BadInput
from .._core.record import dataclass
from .._core.topology_list import At, Options, TopologyList
from .._resources.mark.state import Mark
from . import registry


@dataclass(frozen=True)
class Entry:
    """One entry of a list: ``at`` names it, ``desired`` is its spec.

    ``ups`` are the links that it has set up, which is for later than the rest.
    """

    at: str
    desired: t.Any
    list: TopologyList
    ups: tuple[At, ...] = ()

    @property
    def present(self) -> bool:
        """Return whether it states what is to be there, not what is not to be."""
        return bool(getattr(self.desired, "present", True))


Entries = tuple[Entry, ...]


@dataclass(frozen=True)
class TopologySpec:
    """A network that is to be there, or not: its entries by the name of their list."""

    mark: Mark
    entries: t.Mapping[str, Entries]
    present: bool = True
    purge: bool = False
    force: bool = False

    @classmethod
    def of(cls, options: Options) -> TopologySpec:
        """Read the options of the netns_topology module."""
        mark = Mark.of(options["name"])
        parse.number("timeout", options.get("timeout"), 1, 0x7FFFFFFF)
        present = options["state"] == "present"
        if options["purge"] and not present:
            raise BadInput(
                "purge=true requires state=present: state=absent removes everything anyway"
            )
        entries = {
            each.name: tuple(_entries(each, options[each.name] or (), mark))
            for each in registry.LISTS
        }
        return cls(mark, entries, present, options["purge"], options["force"])

    def __getitem__(self, name: str) -> Entries:
        """Return the entries of a list."""
        return self.entries[name]

    def __iter__(self) -> t.Iterator[Entry]:
        """Yield all entries, list after list."""
        for entries in self.entries.values():
            yield from entries


def _entries(each: TopologyList, listed: t.Sequence[Options], mark: Mark) -> t.Iterator[Entry]:
    for number, options in enumerate(listed):
        at = f"{each.name}[{number}]"
        try:
            at = f"{at} {each.label(options)}"
            spec, ups = each.read(options, mark)
        except BadInput as error:
            raise BadInput(f"{at}: {error}") from None
        yield Entry(at, spec, each, ups)
