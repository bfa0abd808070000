# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From what is there to a whole network, by the planners of the modules, in order of dependence."""

from __future__ import annotations

import contextlib
import typing as t

from .._core.plan_builder import At, Draft
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
from .spec import Entries, Entry, TopologyWant


def plan(draft: Draft, want: TopologyWant) -> None:
    """Plan a network that is to be there with all that is listed, or not to be there."""
    draft.taking = lambda thing: want.force or want.mark.is_owner_of(thing)
    listed = Listed.of(draft.world, want)
    owned = Owned(draft, want.mark)
    owned.check_numbers()
    if want.present:
        listed.check(draft.world)
        _present(draft, want, listed, owned)
        if want["sysctls"] or any(_numbers(each) for each in want["namespaces"]):
            from .._core.irreversible import put_last

            put_last(draft)
    else:
        gone.remove(draft, want, listed, owned)
        gone.unmark_work(draft, owned)
    # What is there of a topology is read only where it is to go.
    if want.purge or not want.present:
        gone.unmark_guests(draft, owned)


def _present(draft: Draft, want: TopologyWant, listed: Listed, owned: Owned) -> None:
    needs = Needs(draft.world, want)
    going = gone.namespaces(draft, want, listed, owned)
    absent = {name for each in want["namespaces"] if not each.present for name in each.want.names}
    empty = {*going, *absent}
    listed.check_places(draft.world, want, empty)
    links = Links(draft, want, owned, needs)
    # What can be made again is removed first: its address or its route may be wanted for something else.
    late: list[Entry] = []
    for each in reversed(registry.LISTS):
        for entry in want[each.name]:
            if entry.present:
                continue
            if _can_wait(draft, needs, entry):
                late.append(entry)
            else:
                _each(draft, owned, (entry,))
    doomed: list[At] = []
    if want.purge:
        found = gone.things(draft, empty, listed, owned, listed)
        doomed = [at for at in found if at not in links.taken]
        listed.check_links(doomed)
        doomed = gone.those_needed(draft, doomed, needs)
    gone.free_ports(draft, empty, needs, links.taken)
    _make(draft, want, listed, owned, links)
    # What cannot be made again as it was is removed last: by then all else is done.
    gone.unmark_work(draft, owned)
    _each(draft, owned, (entry for entry in late if entry.list is not NAMESPACES))
    gone.links(draft, [*links.leaving, *doomed], empty, lambda: gone.leave(draft, want, going))
    _each(draft, owned, (entry for entry in late if entry.list is NAMESPACES))


def _numbers(entry: Entry) -> bool:
    return getattr(entry.want, "nsid", None) is not None


def _can_wait(draft: Draft, needs: Needs, entry: Entry) -> bool:
    """Return whether what an entry has removed is better removed at the end: links and namespaces."""
    if entry.list is NAMESPACES:
        return True
    called = entry.list.called(entry.want)
    spaces = draft.world.spaces
    places = [(draft.world.at(place).key, link) for place, link in called]
    return bool(called) and not any(
        needs.are_held(spaces[key], spaces[key].links[link])
        for key, link in places
        if link in spaces[key].links
    )


def _others() -> list[TopologyList]:
    """Return the lists of what is neither a namespace nor a link."""
    return [each for each in registry.LISTS if each not in (NAMESPACES, VETHS, LINKS)]


def _make(draft: Draft, want: TopologyWant, listed: Listed, owned: Owned, links: Links) -> None:
    """Plan all that is to be there."""
    # Namespaces before all that lives in them.
    for entry in _there(want["namespaces"]):
        with draft.about(entry.at):
            for name in entry.want.names:
                owned.check_namespace(name)
            entry.list.planner(entry.want)(draft, entry.want)
    marks = len(draft.steps)
    # What links are made with comes before them, and the rest by its stage.
    parts = {each: [_split(entry) for entry in _there(want[each.name])] for each in _others()}
    for each in parts:
        _each(draft, owned, (early for early, _late in parts[each]))
    # Links after those that they lie on, or are ports of.
    for entry in _there(want["veths"]):
        with draft.about(entry.at):
            _veth(draft, owned, links, entry)
    typed = listed.typed_in_order
    for entry in typed:
        with draft.about(entry.at):
            _typed(draft, owned, links, entry)
    untyped = [entry for entry in _there(want["links"]) if entry.want.kind is None]
    _each(draft, owned, untyped)
    # A bridge takes MAC and MTU from its ports, which came after it.
    for entry in typed if untyped or len(typed) > 1 else ():
        with draft.about(entry.at):
            _restate(draft, entry)
    stages = sorted(parts, key=lambda each: each.stage)
    for each in stages:
        if each.stage < 0:
            _late(draft, owned, each, parts[each])
    # A link is set up after it became a port (a bond takes none that is up) and after the link that it
    # lies on (a VLAN cannot be up on one that is down).
    for entry in (*_there(want["veths"]), *untyped, *typed):
        with draft.about(entry.at):
            for place, name in entry.ups:
                draft.change_link(draft.world.at(place).key, name, {"up": True})
    for each in stages:
        if each.stage >= 0:
            _late(draft, owned, each, parts[each])
    _mark_places(draft, owned, marks)


Parts = t.Sequence[tuple[t.Optional[Entry], t.Optional[Entry]]]


def _split(entry: Entry) -> tuple[Entry | None, Entry | None]:
    """Return an entry as two: what comes before links are made, and what comes after."""
    early, late = (
        None if spec is None else entry if spec is entry.want else replace(entry, want=spec)
        for spec in entry.list.split(entry.want)
    )
    return early, late


def _late(draft: Draft, owned: Owned, each: TopologyList, parts: Parts) -> None:
    _each(draft, owned, each.ordered([late for _early, late in parts if late is not None]))


def _there(entries: Entries) -> list[Entry]:
    return [entry for entry in entries if entry.present]


def _each(draft: Draft, owned: Owned, entries: t.Iterable[Entry | None]) -> None:
    """Plan entries by the planner of their module, which leaves alone what others made."""
    for entry in entries:
        if entry is not None:
            with draft.about(entry.at):
                number = len(draft.steps)
                draft.strict = _is_new(draft, entry)
                entry.list.planner(entry.want)(draft, owned.unclaimed(entry))
                owned.guard(draft.steps[number:], entry.want)


def _is_new(draft: Draft, entry: Entry) -> bool:
    """Return whether an entry is about a namespace that the plan makes, or about links of which it
    makes all: no earlier task can have done anything to them."""
    place = entry.list.home(entry.want)
    key = None if place is None else draft.world.at(place).key
    was = draft.before.spaces.get(key or "")
    there = draft.world.spaces.get(key or "")
    if not was or not there:
        return False
    if key and was.state != "present" == there.state:
        return True
    about = entry.list.links(entry.want)
    return bool(about) and about <= there.links.keys() - was.links.keys()


def _veth(draft: Draft, owned: Owned, links: Links, entry: Entry) -> None:
    # A pair that is somewhere else is brought by settle() where it is ours, and left alone else.
    want = replace(entry.want, brought=False)
    ends = links.found[entry.at].to
    there = [at for at in ends if owned.link(*at) is not None]
    for at in there:
        owned.check_link(*at, ends)
    links.settle(entry)
    alone = not there and not any(owned.made(key) for key, _name in ends)
    with _made(draft, owned, ends[0], alone):
        entry.list.planner(entry.want)(draft, want)
        for at in ends:
            owned.mark(*at)


@contextlib.contextmanager
def _made(draft: Draft, owned: Owned, at: tuple[str, str], alone: bool) -> t.Iterator[None]:
    """Note that a link is made which no namespace of the topology shows (it is ``alone``), until
    it bears its mark: a run that ends before that is known by it."""
    key, note = at[0], owned.topology_mark.making(at[1])
    lo = draft.world.spaces[key].links.get("lo")
    noted = alone and lo is not None and note not in lo.altnames
    if noted:
        draft.add(AddMark(key, "lo", note))
    yield
    if noted:
        draft.add(DeleteMark(key, "lo", note))


def _typed(draft: Draft, owned: Owned, links: Links, entry: Entry) -> None:
    want = entry.want
    key = draft.world.at(want.place).key
    listed = [at for found in links.found.values() for at in found.to] if want.new_name else ()
    for name in dict.fromkeys((want.name, want.final_name)):
        is_another = name != want.final_name and (key, name) in listed
        if owned.link(key, name) is not None and not is_another:
            owned.check_link(key, name, [(key, name)])
    links.settle(entry)
    want = replace(want, name=want.final_name, new_name=None)
    alone = owned.link(key, want.final_name) is None and not owned.made(key)
    with _made(draft, owned, (key, want.final_name), alone):
        entry.list.planner(entry.want)(draft, want)
        owned.mark(key, want.final_name)


def _restate(draft: Draft, entry: Entry) -> None:
    """Set what is stated of a bridge and may have changed with its ports.

    A MAC that was set stays, br_stp_recalculate_bridge_id(): to set it again would only take the
    neighbours of the bridge.
    """
    want = entry.want
    key, name = draft.world.at(want.place).key, want.final_name
    if (
        want.kind.kind != "bridge"
        or not {"mac", "mtu"} & draft.world.spaces[key].links[name].unknown
    ):
        return
    was = draft.before.spaces[key].links
    ports = {link.mac for link in was.values() if link.master == name}
    follows = name in was and was[name].mac in ports
    draft.change_link(key, name, {"mac": want.link.mac if follows else None, "mtu": want.link.mtu})


def _mark_places(draft: Draft, owned: Owned, number: int) -> None:
    """Mark the namespaces of others, before anything is put there; and for as long as links are made
    and not marked yet, say so: a run that ends before that is known by it."""
    new = draft.steps[number:]
    for key in owned.lived_in(new):
        draft.insert(number, AddMark(key, "lo", owned.topology_mark.guest))
    makes = [step for step in new if step.resource.acts_on_links and step.puts()]
    if not makes:
        return
    at = owned.desk(makes)
    if (
        at is not None
        and owned.topology_mark.working not in draft.world.spaces[at].links["lo"].altnames
    ):
        draft.insert(number, AddMark(at, "lo", owned.topology_mark.working))
