# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From what is there to a whole network, by the planners of the modules, in order of dependence."""

from __future__ import annotations

import contextlib
import typing as t

from .._core.plan_builder import At, PlanBuilder
from .._core.record import replace
from .._core.topology_list import TopologyList
from .._resources.link.topology import LINKS
from .._resources.mark.operations import AddMark, DeleteMark
from .._resources.namespace.topology import NAMESPACES
from .._resources.veth.topology import VETHS
from . import registry
from . import removal as gone
from .declared import Listed
from .dependencies import Needs
from .links import Links
from .ownership import Owned
from .spec import Entries, Entry, TopologySpec


def plan(builder: PlanBuilder, desired: TopologySpec) -> None:
    """Plan a network that is to be there with all that is listed, or not to be there."""
    builder.taking = lambda thing: desired.force or desired.mark.is_owner_of(thing)
    listed = Listed.of(builder.host, desired)
    owned = Owned(builder, desired.mark)
    owned.check_numbers()
    if desired.present:
        listed.check(builder.host)
        _present(builder, desired, listed, owned)
        if desired["sysctls"] or any(_numbers(each) for each in desired["namespaces"]):
            from .._core.irreversible import put_last

            put_last(builder)
    else:
        gone.remove(builder, desired, listed, owned)
        gone.unmark_work(builder, owned)
    # What is there of a topology is read only where it is to go.
    if desired.purge or not desired.present:
        gone.unmark_guests(builder, owned)


def _present(builder: PlanBuilder, desired: TopologySpec, listed: Listed, owned: Owned) -> None:
    needs = Needs(builder.host, desired)
    going = gone.namespaces(builder, desired, listed, owned)
    absent = {
        name for each in desired["namespaces"] if not each.present for name in each.desired.names
    }
    empty = {*going, *absent}
    listed.check_places(builder.host, desired, empty)
    links = Links(builder, desired, owned, needs)
    # What can be made again is removed first: its address or its route may be wanted for something else.
    late: list[Entry] = []
    for each in reversed(registry.LISTS):
        for entry in desired[each.name]:
            if entry.present:
                continue
            if _can_wait(builder, needs, entry):
                late.append(entry)
            else:
                _each(builder, owned, (entry,))
    to_delete: list[At] = []
    if desired.purge:
        found = gone.things(builder, empty, listed, owned, listed)
        to_delete = [at for at in found if at not in links.taken]
        listed.check_links(to_delete)
        to_delete = gone.those_needed(builder, to_delete, needs)
    gone.free_ports(builder, empty, needs, links.taken)
    _make(builder, desired, listed, owned, links)
    # What cannot be made again as it was is removed last: by then all else is done.
    gone.unmark_work(builder, owned)
    _each(builder, owned, (entry for entry in late if entry.list is not NAMESPACES))
    gone.links(
        builder, [*links.leaving, *to_delete], empty, lambda: gone.leave(builder, desired, going)
    )
    _each(builder, owned, (entry for entry in late if entry.list is NAMESPACES))


def _numbers(entry: Entry) -> bool:
    return getattr(entry.desired, "nsid", None) is not None


def _can_wait(builder: PlanBuilder, needs: Needs, entry: Entry) -> bool:
    """Return whether what an entry has removed is better removed at the end: links and namespaces."""
    if entry.list is NAMESPACES:
        return True
    called = entry.list.called(entry.desired)
    namespaces = builder.host.namespaces
    places = [(builder.host.at(place).key, link) for place, link in called]
    return bool(called) and not any(
        needs.are_held(namespaces[key], namespaces[key].links[link])
        for key, link in places
        if link in namespaces[key].links
    )


def _others() -> list[TopologyList]:
    """Return the lists of what is neither a namespace nor a link."""
    return [each for each in registry.LISTS if each not in (NAMESPACES, VETHS, LINKS)]


def _make(
    builder: PlanBuilder, desired: TopologySpec, listed: Listed, owned: Owned, links: Links
) -> None:
    """Plan all that is to be there."""
    # Namespaces before all that lives in them.
    for entry in _there(desired["namespaces"]):
        with builder.about(entry.at):
            for name in entry.desired.names:
                owned.check_namespace(name)
            entry.list.planner(entry.desired)(builder, entry.desired)
    marks = len(builder.steps)
    # What links are made with comes before them, and the rest by its stage.
    parts = {each: [_split(entry) for entry in _there(desired[each.name])] for each in _others()}
    for each in parts:
        _each(builder, owned, (early for early, _late in parts[each]))
    # Links after those that they lie on, or are ports of.
    for entry in _there(desired["veths"]):
        with builder.about(entry.at):
            _veth(builder, owned, links, entry)
    typed = listed.typed_in_order
    for entry in typed:
        with builder.about(entry.at):
            _typed(builder, owned, links, entry)
    untyped = [entry for entry in _there(desired["links"]) if entry.desired.kind is None]
    _each(builder, owned, untyped)
    # A bridge takes MAC and MTU from its ports, which came after it.
    for entry in typed if untyped or len(typed) > 1 else ():
        with builder.about(entry.at):
            _restate(builder, entry)
    stages = sorted(parts, key=lambda each: each.stage)
    for each in stages:
        if each.stage < 0:
            _late(builder, owned, each, parts[each])
    # A link is set up after it became a port (a bond takes none that is up) and after the link that it
    # lies on (a VLAN cannot be up on one that is down).
    for entry in (*_there(desired["veths"]), *untyped, *typed):
        with builder.about(entry.at):
            for place, name in entry.ups:
                builder.change_link(builder.host.at(place).key, name, {"up": True})
    for each in stages:
        if each.stage >= 0:
            _late(builder, owned, each, parts[each])
    _mark_places(builder, owned, marks)


Parts = t.Sequence[tuple[t.Optional[Entry], t.Optional[Entry]]]


def _split(entry: Entry) -> tuple[Entry | None, Entry | None]:
    """Return an entry as two: what comes before links are made, and what comes after."""
    early, late = (
        None if spec is None else entry if spec is entry.desired else replace(entry, desired=spec)
        for spec in entry.list.split(entry.desired)
    )
    return early, late


def _late(builder: PlanBuilder, owned: Owned, each: TopologyList, parts: Parts) -> None:
    _each(builder, owned, each.ordered([late for _early, late in parts if late is not None]))


def _there(entries: Entries) -> list[Entry]:
    return [entry for entry in entries if entry.present]


def _each(builder: PlanBuilder, owned: Owned, entries: t.Iterable[Entry | None]) -> None:
    """Plan entries by the planner of their module, which leaves alone what others made."""
    for entry in entries:
        if entry is not None:
            with builder.about(entry.at):
                number = len(builder.steps)
                builder.strict = _is_new(builder, entry)
                entry.list.planner(entry.desired)(builder, owned.unclaimed(entry))
                owned.guard(builder.steps[number:], entry.desired)


def _is_new(builder: PlanBuilder, entry: Entry) -> bool:
    """Return whether an entry is about a namespace that the plan makes, or about links of which it
    makes all: no earlier task can have done anything to them."""
    place = entry.list.home(entry.desired)
    key = None if place is None else builder.host.at(place).key
    was = builder.before.namespaces.get(key or "")
    there = builder.host.namespaces.get(key or "")
    if not was or not there:
        return False
    if key and was.state != "present" == there.state:
        return True
    about = entry.list.links(entry.desired)
    return bool(about) and about <= there.links.keys() - was.links.keys()


def _veth(builder: PlanBuilder, owned: Owned, links: Links, entry: Entry) -> None:
    # A pair that is somewhere else is brought by settle() where it is ours, and left alone else.
    desired = replace(entry.desired, brought=False)
    ends = links.found[entry.at].to
    there = [at for at in ends if owned.link(*at) is not None]
    for at in there:
        owned.check_link(*at, ends)
    links.normalise(entry)
    alone = not there and not any(owned.made(key) for key, _name in ends)
    with _made(builder, owned, ends[0], alone):
        entry.list.planner(entry.desired)(builder, desired)
        for at in ends:
            owned.mark(*at)


@contextlib.contextmanager
def _made(builder: PlanBuilder, owned: Owned, at: tuple[str, str], alone: bool) -> t.Iterator[None]:
    """Note that a link is made which no namespace of the topology shows (it is ``alone``), until
    it bears its mark: a run that ends before that is known by it."""
    key, note = at[0], owned.topology_mark.making(at[1])
    lo = builder.host.namespaces[key].links.get("lo")
    noted = alone and lo is not None and note not in lo.altnames
    if noted:
        builder.add(AddMark(key, "lo", note))
    yield
    if noted:
        builder.add(DeleteMark(key, "lo", note))


def _typed(builder: PlanBuilder, owned: Owned, links: Links, entry: Entry) -> None:
    desired = entry.desired
    key = builder.host.at(desired.place).key
    listed = [at for found in links.found.values() for at in found.to] if desired.new_name else ()
    for name in dict.fromkeys((desired.name, desired.final_name)):
        is_another = name != desired.final_name and (key, name) in listed
        if owned.link(key, name) is not None and not is_another:
            owned.check_link(key, name, [(key, name)])
    links.normalise(entry)
    desired = replace(desired, name=desired.final_name, new_name=None)
    alone = owned.link(key, desired.final_name) is None and not owned.made(key)
    with _made(builder, owned, (key, desired.final_name), alone):
        entry.list.planner(entry.desired)(builder, desired)
        owned.mark(key, desired.final_name)


def _restate(builder: PlanBuilder, entry: Entry) -> None:
    """Set what is stated of a bridge and may have changed with its ports.

    A MAC that was set stays, br_stp_recalculate_bridge_id(): to set it again would only take the
    neighbours of the bridge.
    """
    desired = entry.desired
    key, name = builder.host.at(desired.place).key, desired.final_name
    if (
        desired.kind.kind != "bridge"
        or not {"mac", "mtu"} & builder.host.namespaces[key].links[name].unknown
    ):
        return
    was = builder.before.namespaces[key].links
    ports = {link.mac for link in was.values() if link.master == name}
    follows = name in was and was[name].mac in ports
    builder.change_link(
        key,
        name,
        {"mac": desired.link.get("mac") if follows else None, "mtu": desired.link.get("mtu")},
    )


def _mark_places(builder: PlanBuilder, owned: Owned, number: int) -> None:
    """Mark the namespaces of others, before anything is put there; and for as long as links are made
    and not marked yet, say so: a run that ends before that is known by it."""
    new = builder.steps[number:]
    for key in owned.lived_in(new):
        builder.insert(number, AddMark(key, "lo", owned.topology_mark.guest))
    makes = [step for step in new if step.resource.acts_on_links and step.puts()]
    if not makes:
        return
    at = owned.desk(makes)
    if (
        at is not None
        and owned.topology_mark.working not in builder.host.namespaces[at].links["lo"].altnames
    ):
        builder.insert(number, AddMark(at, "lo", owned.topology_mark.working))
