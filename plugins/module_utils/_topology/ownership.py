# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What is a topology's own: by its mark it knows what it made, and leaves all else alone."""

from __future__ import annotations

import typing as t

from .._core.errors import Conflict
from .._core.host_state import HERE, Link, phrase
from .._core.operation import Operation
from .._core.plan_builder import PlanBuilder
from .._resources.link.steps import location
from .._resources.mark.operations import AddMark, DeleteMark
from .._resources.mark.state import Mark, loopback, maker_of_link, maker_of_namespace, owners
from .spec import Entry

At = tuple[str, str]


class Owned:
    """A plan, and the mark of the topology that it is for, ``topology_mark``."""

    def __init__(self, builder: PlanBuilder, mark: Mark) -> None:
        self.builder, self.topology_mark = builder, mark
        # A run that was cut short may have left links behind without their marks.
        self.cut_short = any(
            mark.working in link.altnames
            for namespace in builder.before.namespaces.values()
            for link in namespace.links.values()
            if link.name == "lo"
        )
        # By namespace and the name that a mark keeps: the links that are called otherwise now, and of
        # these the ones that have no mark of their name.
        self.held: dict[At, At] = {}
        self.renamed: dict[At, At] = {}
        for namespace in builder.before.namespaces.values():
            for link in namespace.links.values():
                if link.altnames and link.altnames != (mark.link(link.name),):
                    self.note((namespace.key, link.name), (namespace.key, link.name))

    def check_numbers(self) -> None:
        """Refuse to share a namespace with a topology whose things bear the same number."""
        for namespace in self.builder.before.namespaces.values():
            if "lo" not in namespace.links:
                continue
            for owner in sorted(owners(namespace) - {self.topology_mark.owner}):
                if Mark(owner).number == self.topology_mark.number:
                    raise Conflict(
                        f"The topologies {self.topology_mark.owner} and {owner} both mark their routes and"
                        f" addresses with the number {self.topology_mark.number}, and both live"
                        f" {phrase(namespace.key)}: choose another name for one of them"
                    )

    def is_note(self, mark: str) -> bool:
        """Return whether a mark of a loopback is about a run at work."""
        return mark == self.topology_mark.working or mark.startswith(self.topology_mark.making(""))

    # --- namespaces ----------------------------------------------------------------------------

    def made(self, key: str) -> bool:
        """Return whether a namespace is there that the topology made."""
        namespace = self.builder.host.namespaces.get(key)
        return (
            namespace is not None
            and namespace.state == "present"
            and self.topology_mark.made_namespace(namespace)
        )

    def check_namespace(self, name: str) -> None:
        """Refuse to take over a namespace that others made."""
        key = self.builder.host.places.get(name, name)
        if key != name:
            other = f"namespace {key}" if key else "the one that this runs in"
            raise Conflict(f"Namespace {name} is {other}, by another name; list it by one name")
        if self.builder.host.namespaces[name].state == "present" and not self.made(name):
            owner = maker_of_namespace(self.builder.host.namespaces[name])
            whose = f"and {owner} made it, not" if owner else "and does not bear the mark of"
            raise Conflict(
                f"Namespace {name} is there, {whose} the topology {self.topology_mark.owner}: it is left"
                " alone. Delete it, or leave it out of namespaces: what the other lists have may"
                " live in it all the same"
            )

    # --- links ---------------------------------------------------------------------------------

    def link(self, key: str, name: str) -> Link | None:
        """Return a link if it is there."""
        namespace = self.builder.host.namespaces.get(key)
        return None if namespace is None else namespace.links.get(name)

    def owns(self, key: str, name: str, ends: t.Sequence[At] = ()) -> bool:
        """Return whether a link is the topology's: marked, or its peer is, or it lies with its peer
        in namespaces that the topology made, or where it is listed to be (``ends``)."""
        link = self.link(key, name)
        if link is None:
            return False
        far = location(self.builder.host, key, name)
        peer = None if far is None else self.link(*far)
        if self.topology_mark.is_on(link) or (peer is not None and self.topology_mark.is_on(peer)):
            return True
        if self.unfinished(key, name) or (far is not None and self.unfinished(*far)):
            return True
        if self.cut_short and (key, name) in ends:
            return True
        if link.kind != "veth":
            return self.made(key) and (key, name) in ends
        inside = [at for at in ((key, name), far) if at is not None and self.made(at[0])]
        return bool(inside) and far is not None and (len(inside) == 2 or far in ends)

    def unfinished(self, key: str, name: str) -> bool:
        """Return whether a link was being made when a run was cut short."""
        return self.topology_mark.making(name) in loopback(self.builder.before.namespaces[key])

    def check_link(self, key: str, name: str, ends: t.Sequence[At]) -> None:
        """Refuse to take over a link that others made."""
        if not self.owns(key, name, ends):
            link = self.link(key, name)
            owner = None if link is None else maker_of_link(link)
            whose = f"and {owner} made it, not" if owner else "and does not bear the mark of"
            raise Conflict(
                f"Link {name} {phrase(key)} is there, {whose} the topology {self.topology_mark.owner}: it is"
                " left alone. Remove it, or give this one another name"
            )

    # --- marks of links --------------------------------------------------------------------------

    def mark(self, key: str, name: str) -> None:
        """Plan that a link bears its mark, and no other of the topology's."""
        mark = self.topology_mark.link(name)
        if mark not in self.builder.host.namespaces[key].links[name].altnames:
            if (key, name) in self.held:
                self.take(key, mark)
            self.builder.add(AddMark(key, name, mark))
        for stale in self.topology_mark.marks(self.builder.host.namespaces[key].links[name]):
            if stale != mark:
                self.builder.add(DeleteMark(key, name, stale))
                self.held.pop((key, self.topology_mark.named(stale)), None)

    def note(self, at: At, to: At) -> None:
        """Keep in mind that a link has come to another name, and has its marks still."""
        link = self.link(*to)
        marks = [] if link is None else self.topology_mark.marks(link)
        at_home = self.topology_mark.link(to[1]) in marks
        for name in map(self.topology_mark.named, marks):
            for known in (self.held, self.renamed):
                if known.get((at[0], name)) == at:
                    del known[at[0], name]
            if name != to[1]:
                self.held[to[0], name] = to
                if not at_home:
                    self.renamed[to[0], name] = to

    def take(self, key: str, mark: str) -> None:
        """Plan that a mark is free in a namespace. Whoever has it bears another until its turn."""
        for link in self.builder.host.namespaces[key].links.values():
            if mark not in link.altnames or not self.topology_mark.marks(link):
                continue
            if len(self.topology_mark.marks(link)) == 1:
                self.builder.add(AddMark(key, link.name, self._spare(key, link.name)))
            self.builder.add(DeleteMark(key, link.name, mark))
            self.held.pop((key, self.topology_mark.named(mark)), None)
            return

    def _spare(self, key: str, name: str) -> str:
        """Return a mark that nothing has: of the name of the link, if that is free."""
        links = self.builder.host.namespaces[key].links.values()
        known = {each for link in links for each in link.altnames}
        mark = self.topology_mark.link(name)
        while mark in known:
            mark += "~"
        return mark

    # --- what lives on links ---------------------------------------------------------------------

    def unclaimed(self, entry: Entry) -> t.Any:
        """Return a spec without the mark where a thing is there that others made.

        If it is as wanted, it stays theirs; if it is not, guard() reports that it is in the way.
        """
        place = entry.list.home(entry.desired)
        if place is None:
            return entry.desired
        return entry.list.unclaimed(self.builder.host.at(place), entry.desired, self.topology_mark)

    def guard(self, steps: t.Iterable[Operation], desired: t.Any) -> None:
        """Refuse steps that change or remove what others made."""
        for step in steps:
            netns = getattr(step, "netns", HERE)
            deleted = step.deletes_namespace()
            made = deleted is None or self.topology_mark.made_namespace(
                self.builder.before.namespaces[deleted]
            )
            for old in step.loses():
                made = made and (
                    step.resource.is_own(self, netns, old, desired)
                    or step.resource.is_back(self.builder.host.namespaces[netns], old)
                )
            if not made:
                raise Conflict(
                    f"The topology {self.topology_mark.owner} would have to {step.phrase()}, and that"
                    f" does not bear its mark (protocol {self.topology_mark.number}). Remove"
                    " it yourself, or leave it out of the task"
                )

    def link_before(self, netns: str, name: str) -> Link | None:
        """Return a link as it was before the plan."""
        return self.builder.before.namespaces[netns].links.get(name)

    def tells_protocols(self) -> bool:
        """Return whether the kernel shows who made an address (Linux 5.18)."""
        return any(
            address.proto
            for namespace in self.builder.before.namespaces.values()
            for address in namespace.addresses
        )

    # --- places --------------------------------------------------------------------------------

    def lived_in(self, steps: t.Iterable[Operation]) -> list[str]:
        """Return the namespaces of others that steps put things into, and that are not marked yet.

        The current one is marked only for what its links do not show: it is looked at anyway.
        """
        found: dict[str, None] = {}
        for step in steps:
            for key, link in step.puts():
                namespace = self.builder.host.namespaces[key]
                there = namespace.links.get(link or "")
                shown = key == HERE and there is not None and self.topology_mark.is_on(there)
                if not (
                    shown
                    or self.topology_mark.made_namespace(namespace)
                    or self.topology_mark.lives_in(namespace)
                ):
                    found[key] = None
        return list(found)

    def desk(self, makes: t.Iterable[t.Any]) -> str | None:
        """Return the namespace that bears the note of a run at work: one of its own, if it has any."""
        keys = [key for step in makes for key, _link in step.puts()]
        own = [key for key in keys if self.made(key)]
        return next(iter(own or keys), None)
