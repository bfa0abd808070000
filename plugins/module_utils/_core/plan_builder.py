# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A plan while it is built: the operations so far, and the host state that they lead to."""

from __future__ import annotations

import contextlib
import typing as t

from .errors import BadInput, Conflict, NetnsError, unusable
from .host_state import HostState, Link, NamespaceState, fresh, phrase
from .link_table import BY_NAME, INET6
from .record import dataclass, field, replace

if t.TYPE_CHECKING:
    from .operation import Operation, Value

At = tuple[str, str]  # where a link is: the key of its namespace, and its name


@dataclass
class PlanBuilder:
    """Operations in order, and ``host``, the state that they lead to.

    ``assume_exists`` is check mode: what is not there, and could have been made by an earlier task
    that only pretended to, is supposed to be there, with a warning. ``origins``
    is where a link was that comes to another place or name.
    """

    before: HostState
    assume_exists: bool = False
    steps: list[Operation] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    origins: dict[At, At] = field(default_factory=dict)
    strict: bool = False  # no earlier task can have made anything: the plan itself makes the place
    entry: str = ""  # what the steps that are added now are for, where a task lists many things
    entries: list[str] = field(default_factory=list)  # the same of each step
    host: HostState = field(init=False)
    checked: bool = True  # steps are held against what the kernel is known to refuse
    # Whether something may fall with a change that a task does not name: its force, or its mark.
    taking: t.Callable[[t.Any], bool] | None = None
    kernel: t.Any = None  # what few tasks need is asked of it while they plan
    along: list[tuple[At, Link]] = field(default_factory=list)  # what is removed with others
    # Namespaces and links that the task removes besides: they go with nothing else.
    leaving: frozenset[str | At] = frozenset()
    altnames: tuple[frozenset[str], set[str]] | None = None  # that names can clash with, once known

    def __post_init__(self) -> None:
        self.host = self.before.copy()

    def add(self, *steps: Operation) -> None:
        """Put steps at the end, and play them through."""
        from .simulate import simulate

        for step in steps:
            if self.checked and step.resource.limited:
                step.resource.check(self, step)
            simulate(self.host, step)
            self.steps.append(step)
            self.entries.append(self.entry)

    def tried(self) -> PlanBuilder:
        """Return a copy that shows whether something can be planned by force; this one stays as is."""
        import copy

        other = copy.copy(self)
        other.host = self.host.copy()
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

    def namespace(self, place: str) -> NamespaceState:
        """Return the namespace that something is to live in; it has to be there."""
        namespace = self.host.at(place)
        if namespace.state == "present":
            return namespace
        if namespace.foreign or not self.assume_exists or namespace.key.startswith("/"):
            raise unusable(namespace.key, namespace.state, namespace.foreign)
        self.suppose(f"namespace {namespace.key} does not exist yet")
        self.host.namespaces[namespace.key] = fresh(namespace.key)
        self.before.namespaces[namespace.key] = fresh(namespace.key)
        return self.host.namespaces[namespace.key]

    def link(self, place: str, name: str, as_what: str = "link") -> Link:
        """Return a link that has to be there."""
        namespace = self.namespace(place)
        if name not in namespace.links:
            self.refuse_altname(place, name)
            if self.strict or not self.assume_exists:
                raise BadInput(
                    f"{as_what} {name} not found {phrase(namespace.key)}; create it first"
                    " (netns_link or veth), or use a link that exists"
                )
            self.suppose(f"{as_what} {name} does not exist {phrase(namespace.key)} yet")
            supposed = Link(name)
            namespace.links[name] = supposed
            self.before.namespaces[namespace.key].links[name] = supposed
        return namespace.links[name]

    def refuse_altname(self, place: str, name: str) -> None:
        """Refuse a link's altname where its name is expected: leaving it alone would report it is gone."""
        namespace = self.host.at(place)
        if name not in namespace.links:
            from .._resources.link.names import refuse_altname

            refuse_altname(namespace, name)

    def suppose(self, what: str) -> None:
        """Say what this prediction rests on, or refuse what no earlier task can have made."""
        if self.strict:
            raise BadInput(f"{what.removesuffix(' yet')}; list what it needs as well")
        text = f"{what}: check mode assumes that an earlier task would have created it"
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
        if self.kernel is None or at[1] not in self.host.namespaces[at[0]].links:
            return
        for namespace, name, lower in self.kernel.uppers(self.host, at):
            for host in (self.before, self.host):
                there = host.namespaces.setdefault(namespace.key, namespace.copy())
                host.places.setdefault(namespace.key, namespace.key)
                host.add_layer(namespace.key)
                if name in there.links:
                    there.links[name] = replace(there.links[name], lower=lower)

    def change_link(self, netns: str, name: str, wanted: t.Mapping[str, Value]) -> None:
        """Set what differs of the attributes that are stated (not None)."""
        first = {key: wanted[key] for key in INET6 if wanted.get(key) is not None}
        if first and wanted.get("up"):  # one request would set it up before: do_setlink()
            self.change_link(netns, name, first)
        link = self.host.namespaces[netns].links[name]
        new, old = _differing(netns, link, wanted)
        if new:
            from .._resources.link.operations import ChangeLink

            self.add(ChangeLink(netns, name, tuple(new), tuple(old)))
            if any(key in ("mac", "arp") for key, _value in new):
                from .._resources.neighbour.kept import keep_neighbours

                keep_neighbours(self, netns, link, str(dict(new).get("name", name)))
            if link.kind == "ipvlan" and dict(new).get("up"):  # which sets its ARP itself
                name = str(dict(new).get("name", name))
                self.change_link(netns, name, {"arp": wanted.get("arp")})

    def put_back(
        self, netns: str, name: str, had: NamespaceState, old_name: str | None = None
    ) -> None:
        """Add again the addresses and routes that a link lost on the way, in their order.

        ``had`` is the namespace as it was, where the link may have been called ``old_name``.
        """
        from .._resources.address.operations import AddAddress
        from .._resources.address.simulate import as_added, same_address
        from .._resources.link.simulate import relabelled, rerouted
        from .._resources.route.operations import AddRoute, ReplaceRoute

        namespace = self.host.namespaces[netns]
        old = old_name or name
        for lost in as_added(had.of_link(old)):
            address = relabelled(lost, old, name)
            if not address.kernel_made and not any(
                same_address(address, other) for other in namespace.of_link(name)
            ):
                self.add(AddAddress(netns, address))
        if not namespace.links[name].up:
            return
        for resource in namespace.followers:
            resource.link_is_back(self, netns, name, had, old)
        # A gateway may be reached by another of the routes.
        for lost_route in sorted(
            had.routes, key=lambda each: bool(each.via or each.nexthops or each.nhid)
        ):
            route = rerouted(lost_route, old, name)
            if (
                name not in route.devs
                or route.proto in ("kernel", "ra")
                or route in namespace.routes
            ):
                continue
            if any(
                dev not in namespace.links or not namespace.links[dev].up
                for dev in route.devs
                if dev
            ):
                continue
            bare = replace(route, src=None)
            if bare in namespace.routes:
                self.add(ReplaceRoute(netns, route, bare))
            else:
                self.add(AddRoute(netns, route))


def _differing(
    netns: str, link: Link, wanted: t.Mapping[str, Value]
) -> tuple[list[tuple[str, Value]], list[tuple[str, Value]]]:
    """Return the stated attributes that differ, as they are to be and as they are."""
    new: list[tuple[str, Value]] = []
    old: list[tuple[str, Value]] = []
    for key, value in wanted.items():
        has, row = getattr(link, key), BY_NAME.get(key)
        same = key not in link.unknown
        same = same and value == (has or "" if key in ("master", "alias") else has)
        if value is None or (same and not (row and row.follows in dict(new))):
            continue
        if row is not None and row.fixed:
            raise Conflict(
                f"link {link.name} {phrase(netns)} has {key} {has} and not {value}, which the kernel"
                f" sets when a link is made. {_how_to_rebuild(link)}"
            )
        new.append((key, value))
        old.append((key, has))
    return new, old


def _how_to_rebuild(link: Link) -> str:
    if link.kind == "veth":
        return "Remove the veth first (state=absent)"
    return f"State type={link.kind} and force=true to rebuild it" if link.kind else "Leave it out"
