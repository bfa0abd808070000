# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A list of netns_topology: how its entries are read, planned, owned and shown."""

from __future__ import annotations

import typing as t

from .record import replace

if t.TYPE_CHECKING:
    from .host_state import HostState, NamespaceState

At = tuple[str, str]  # a namespace, and the name of a link in it
Key = tuple[t.Any, ...]
Options = t.Mapping[str, t.Any]
Listed = t.Collection[Key]


class TopologyList:
    """One list of a topology. A room has one or more, which _topology/registry.py puts in order.

    A thing is what a namespace has once under a key: an address, a route. A spec is what one entry
    states. ``mark`` is the mark of the topology (the room mark).
    """

    name: t.ClassVar[str]  # of the option
    noun: t.ClassVar[str]  # of a thing, in results
    fields: t.ClassVar[tuple[str, ...]] = ()  # of a namespace's state that hold the things
    stage: t.ClassVar[int] = 0  # when it is planned: below 0 before links go up, above it after
    # The kernel sets others along, or a namespace has them all from the start: only what is stated
    # is compared, and only changes are counted.
    inherited: t.ClassVar[bool] = False

    # --- entries ---

    def option(self) -> dict[str, t.Any]:
        """Return the specification of the option, whose entries have the options of a module."""
        raise NotImplementedError

    def label(self, options: Options) -> str:
        """Return what distinguishes an entry from others, for messages."""
        raise NotImplementedError

    def read(self, options: Options, mark: t.Any) -> tuple[t.Any, tuple[At, ...]]:
        """Return the spec of an entry, and the links that it has set up once all are made."""
        raise NotImplementedError

    def planner(self, spec: t.Any) -> t.Callable[[t.Any, t.Any], None]:
        """Return the planner of the module that the entry would be a task of."""
        raise NotImplementedError

    def split(self, spec: t.Any) -> tuple[t.Any, t.Any]:
        """Return an entry as two, None for nothing: before links are made, and after."""
        return None, spec

    def ordered(self, entries: t.Sequence[t.Any]) -> t.Sequence[t.Any]:
        """Return entries in the order in which they can be planned."""
        return entries

    def places(self, spec: t.Any) -> list[str]:
        """Return the namespaces that a spec names."""
        return [spec.place]

    def home(self, spec: t.Any) -> str | None:
        """Return the namespace in which the things of a spec live, None where they live in several."""
        place: str = spec.place
        return place

    def links(self, spec: t.Any) -> set[str]:
        """Return the links that a spec is about, by name."""
        return set()

    def ends(self, spec: t.Any) -> list[At]:
        """Return the links that a spec makes or changes: where each is to be, and its final name."""
        return []

    def called(self, spec: t.Any) -> list[At]:
        """Return the links that a spec may have removed, by each name that it states of them."""
        return self.ends(spec)

    def below(self, spec: t.Any) -> list[tuple[str | None, str]]:
        """Return the links that a link of a spec lies on, or is a port of; None: where it is itself."""
        return []

    def listed(self, spec: t.Any) -> t.Iterator[tuple[Key, str]]:
        """Yield what the kernel has room for once in a namespace, and how it is called."""
        return iter(())

    def normalise(self, state: HostState, spec: t.Any) -> None:
        """Bring what was read into the form in which the spec states it."""

    def scope(self, specs: t.Sequence[t.Any], everywhere: bool) -> dict[str, t.Any]:
        """Return what has to be read, as fields of a Scope; ``everywhere``: all that bears a mark."""
        return {}

    # --- things ---

    def things(self, namespace: NamespaceState) -> dict[Key, t.Any]:
        """Return the things of a namespace that are not the kernel's own, by key."""
        raise NotImplementedError

    def stated(self, spec: t.Any) -> t.Iterator[Key]:
        """Yield the keys of the things that a spec states; of ``inherited`` lists alone."""
        return iter(())

    def differs(self, old: t.Any, new: t.Any) -> bool:
        """Return whether two things are not the same, but for what ``old`` leaves to the kernel."""
        return bool(old != new)

    def agrees_later(self, old: t.Any, new: t.Any) -> bool:
        """Return whether all that differs is what the kernel finds out some time afterwards."""
        return False

    def identity(self, key: Key, thing: t.Any) -> str:
        """Return what distinguishes a thing from others of its list, for results: 'to 10.0.0.0/8'."""
        raise NotImplementedError

    def shown(self, thing: t.Any) -> dict[str, t.Any]:
        """Return a thing as a diff shows it."""
        found: dict[str, t.Any] = plain(thing)
        return found

    # --- ownership ---

    def bears(self, thing: t.Any, mark: t.Any) -> bool:
        """Return whether a thing bears the mark: the protocol number of who made it."""
        return bool(mark.is_owner_of(thing))

    def own(self, namespace: NamespaceState, mark: t.Any) -> list[t.Any]:
        """Return the things of a namespace that bear the mark, and that a task can state."""
        return []

    def unclaimed(self, namespace: NamespaceState, spec: t.Any, mark: t.Any) -> t.Any:
        """Return a spec without the mark for things that others made."""
        return spec

    def removals(
        self,
        plan: t.Any,
        namespace: NamespaceState,
        mark: t.Any,
        listed: Listed,
        to_delete: t.Collection[At],
    ) -> None:
        """Plan that marked things go that are not listed, but for those on links ``to_delete``."""


def plain(value: t.Any) -> t.Any:
    """Return a record as dicts and lists, without what is not stated and the kernel's own bytes."""
    if isinstance(value, (tuple, list, frozenset)):
        return [plain(each) for each in value]
    held = getattr(value, "__dict__", None)
    if held is None:
        return value
    return {
        name: plain(each)
        for name, each in held.items()
        if each not in (None, ()) and not isinstance(each, bytes)
    }


def entries_of(
    spec: t.Mapping[str, t.Any], *without: str, rules: t.Mapping[str, t.Any] | None = None
) -> dict[str, t.Any]:
    """Return the specification of a list whose entries have the options of a module, but for some."""
    options = {name: each for name, each in spec.items() if name not in without}
    return {"type": "list", "elements": "dict", "options": options, **(rules or {})}


def first_of(values: t.Sequence[str] | None) -> str:
    """Return the first of several, as a part of a label."""
    return "" if not values else f"{values[0]}, …" if len(values) > 1 else values[0]


def without_mark(entries: t.Sequence[t.Any], theirs: t.Sequence[bool]) -> tuple[t.Any, ...]:
    """Return entries of a spec, without the mark where a thing is there that others made."""
    pairs = zip(entries, theirs)
    return tuple(replace(each, proto=None) if other else each for each, other in pairs)


def marked(options: Options, mark: t.Any) -> Options:
    """Return options with who makes a thing, where the task does not state it."""
    return {**options, "purge": False, "proto": options["proto"] or str(mark.number)}
