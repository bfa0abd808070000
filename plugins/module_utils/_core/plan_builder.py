# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A plan while it is drawn up: the steps so far, and the world as it would be after them."""

from __future__ import annotations

import contextlib
import typing as t

from .errors import BadInput, Conflict, NetnsError, no_namespace, stale_file
from .host_state import Link, Space, World, fresh, phrase
from .record import dataclass, field, replace

if t.TYPE_CHECKING:
    from .operation import Operation, Value

At = tuple[str, str]  # where a link is: the key of its namespace, and its name


@dataclass
class Draft:
    """Operations in order, and ``world``, the promise of what is there after them.

    ``supposing`` is check mode: what is not there, and could have been made by an earlier task
    that only pretended to, is supposed to be there, with a warning. ``origins``
    is where a link was that comes to another place or name.
    """

    before: World
    supposing: bool = False
    steps: list[Operation] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    origins: dict[At, At] = field(default_factory=dict)
    strict: bool = False  # no earlier task can have made anything: the plan itself makes the place
    entry: str = ""  # what the steps that are added now are for, where a task lists many things
    entries: list[str] = field(default_factory=list)  # the same of each step
    world: World = field(init=False)
    checked: bool = True  # steps are held against what the kernel is known to refuse
    # Whether something may fall with a change that a task does not name: its force, or its mark.
    taking: t.Callable[[t.Any], bool] | None = None
    kernel: t.Any = None  # what few tasks need is asked of it while they plan
    along: list[tuple[At, Link]] = field(default_factory=list)  # what is removed with others
    # Namespaces and links that the task removes besides: they go with nothing else.
    leaving: frozenset[str | At] = frozenset()
    altnames: tuple[frozenset[str], set[str]] | None = None  # that names can clash with, once known

    def __post_init__(self) -> None:
        self.world = self.before.copy()

    def add(self, *steps: Operation) -> None:
        """Put steps at the end, and play them through."""
        from .simulate import simulate

        for step in steps:
            if self.checked and step.resource.limited:
                step.resource.check(self, step)
            simulate(self.world, step)
            self.steps.append(step)
            self.entries.append(self.entry)

    def tried(self) -> Draft:
        """Return a draft to see whether something can be planned by force: this one stays as it is."""
        import copy

        other = copy.copy(self)
        other.world = self.world.copy()
        other.taking = lambda thing: True
        for name in ("steps", "warnings", "origins", "entries", "along"):
            setattr(other, name, copy.copy(getattr(self, name)))
        return other

    def insert(self, number: int, step: Operation) -> None:
        """Put a step before others that it does not change the sense of."""
        self.add(step)
        self.steps.insert(number, self.steps.pop())
        self.entries.insert(number, self.entries.pop())

    @contextlib.contextmanager
    def about(self, entry: str) -> t.Iterator[None]:
        """Have what is added, and what fails meanwhile, attributed to an entry of a list."""
        self.entry = entry
        try:
            yield
        except NetnsError as error:
            raise NetnsError(f"{entry}: {error}") from error
        finally:
            self.entry = ""

    def space(self, place: str) -> Space:
        """Return the namespace that something is to live in; it has to be there."""
        space = self.world.at(place)
        if space.state == "present":
            return space
        if space.state == "stale" and not self.supposing:
            raise Conflict(stale_file(space.key))
        if space.foreign:
            raise Conflict(f"/run/netns/{space.key} is {space.foreign}, not a namespace")
        if not self.supposing or space.key.startswith("/"):
            raise BadInput(no_namespace(space.key))
        self.suppose(f"There is no namespace {space.key} yet")
        self.world.spaces[space.key] = fresh(space.key)
        self.before.spaces[space.key] = fresh(space.key)
        return self.world.spaces[space.key]

    def link(self, place: str, name: str, as_what: str = "link") -> Link:
        """Return a link that has to be there."""
        space = self.space(place)
        if name not in space.links:
            self.refuse_altname(place, name)
            if not self.supposing:
                hint = "make it first (netns_link or veth), or state one that is there"
                raise BadInput(f"There is no {as_what} {name} {phrase(space.key)}; {hint}")
            self.suppose(f"There is no {as_what} {name} {phrase(space.key)} yet")
            supposed = Link(name)
            space.links[name] = supposed
            self.before.spaces[space.key].links[name] = supposed
        return space.links[name]

    def refuse_altname(self, place: str, name: str) -> None:
        """Refuse a link's altname where its name is expected: leaving it alone would report it is gone."""
        space = self.world.at(place)
        if name not in space.links:
            from .._resources.link.names import refuse_altname

            refuse_altname(space, name)

    def suppose(self, what: str) -> None:
        """Say what this prediction rests on, or refuse what no earlier task can have made."""
        if self.strict:
            raise BadInput(what.removesuffix(" yet"))
        text = f"{what}: check mode supposes that an earlier task would have made it"
        if text not in self.warnings:
            self.warnings.append(text)

    def warn(self, text: str) -> None:
        """Tell the user something, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def may_take(self, thing: t.Any) -> bool:
        """Return whether a thing may go along that a task does not name."""
        return self.taking is not None and self.taking(thing)

    def find_uppers(self, at: At) -> None:
        """Note the links in other namespaces that lie on one which is to be removed or moved."""
        if self.kernel is None or at[1] not in self.world.spaces[at[0]].links:
            return
        for space, name, lower in self.kernel.uppers(self.world, at):
            for world in (self.before, self.world):
                there = world.spaces.setdefault(space.key, space.copy())
                world.places.setdefault(space.key, space.key)
                world.add_layer(space.key)
                if name in there.links:
                    there.links[name] = replace(there.links[name], lower=lower)

    def change_link(self, netns: str, name: str, wanted: t.Mapping[str, Value]) -> None:
        """Set what differs of the attributes that are stated (not None)."""
        link = self.world.spaces[netns].links[name]
        new, old = [], []
        for key, value in wanted.items():
            has = getattr(link, key)
            known = key not in link.unknown
            if value is None or (
                known and value == (has or "" if key in ("master", "alias") else has)
            ):
                continue
            new.append((key, value))
            old.append((key, has))
        if new:
            from .._resources.link.operations import ChangeLink

            self.add(ChangeLink(netns, name, tuple(new), tuple(old)))
            if any(key in ("mac", "arp") for key, _value in new):
                from .._resources.neighbour.kept import keep_neighbours

                keep_neighbours(self, netns, link, str(dict(new).get("name", name)))
            if link.kind == "ipvlan" and dict(new).get("up"):  # which sets its ARP itself
                name = str(dict(new).get("name", name))
                self.change_link(netns, name, {"arp": wanted.get("arp")})

    def put_back(self, netns: str, name: str, had: Space, old_name: str | None = None) -> None:
        """Add again the addresses and routes that a link lost on the way, in their order.

        ``had`` is the namespace as it was, where the link may have been called ``old_name``.
        """
        from .._resources.address.operations import AddAddress
        from .._resources.address.simulate import as_added, same_address
        from .._resources.link.simulate import relabelled, rerouted
        from .._resources.route.operations import AddRoute, ReplaceRoute

        space = self.world.spaces[netns]
        old = old_name or name
        for lost in as_added(had.of_link(old)):
            address = relabelled(lost, old, name)
            if not address.kernel_made and not any(
                same_address(address, other) for other in space.of_link(name)
            ):
                self.add(AddAddress(netns, address))
        if not space.links[name].up:
            return
        # A gateway may be reached by another of the routes.
        for lost_route in sorted(had.routes, key=lambda each: bool(each.via or each.nexthops)):
            route = rerouted(lost_route, old, name)
            if name not in route.devs or route.proto in ("kernel", "ra") or route in space.routes:
                continue
            if any(dev not in space.links or not space.links[dev].up for dev in route.devs if dev):
                continue
            bare = replace(route, src=None)
            if bare in space.routes:
                self.add(ReplaceRoute(netns, route, bare))
            else:
                self.add(AddRoute(netns, route))
