# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Back to what was there, for the links that a plan touched and could not finish.

Inverse operations put back what exists and where. What fell by the way (addresses and routes that
went with a move, half of a request that the kernel took in parts) is found by comparing.
"""

from __future__ import annotations

import typing as t

from .._model import address_ops, link_ops, mark_ops, route_ops, sysctl_ops
from .._model.operation import Operation, Value
from .._model.record import replace
from .._model.world import Address, Link, Route, Space, World, phrase
from .address_effects import as_added, same_address
from .addresses import STATED, TICK
from .draft import Draft

# In the order in which they are set again: a link goes up once all else is right.
ATTRIBUTES = (
    "mtu",
    "mac",
    "alias",
    "txqueuelen",
    "group",
    "arp",
    "multicast",
    "promisc",
    "master",
    "up",
)


def touched(steps: t.Iterable[Operation]) -> set[tuple[str, str]]:
    """Return the links, by namespace and name, that operations deal with."""
    links: set[tuple[str, str]] = set()
    for step in steps:
        if isinstance(step, link_ops.CreateVeth):
            links |= {(end.netns, end.name) for end in (step.near, step.far)}
        elif isinstance(step, link_ops.DeleteLink):
            links.add((step.netns, step.link.name))
            if step.link.peer is not None and step.link.peer.netns is not None:
                links.add((step.link.peer.netns, step.link.peer.name))
        elif isinstance(step, link_ops.MoveLink):
            links |= {(step.netns, step.name), (step.to, step.new_name)}
        elif isinstance(step, link_ops.ChangeLink):
            new_name = str(dict(step.new).get("name", step.name))
            links |= {(step.netns, step.name), (step.netns, new_name)}
        elif isinstance(step, (address_ops.AddAddress, address_ops.DeleteAddress)):
            links.add((step.netns, step.address.link))
        elif isinstance(step, address_ops.ChangeAddress):
            links.add((step.netns, step.new.link))
        elif isinstance(step, (route_ops.AddRoute, route_ops.DeleteRoute, route_ops.ReplaceRoute)):
            route = step.new if isinstance(step, route_ops.ReplaceRoute) else step.route
            ways = [route.dev, *(each.dev for each in route.nexthops)]
            links |= {(step.netns, dev) for dev in ways if dev is not None}
        elif isinstance(step, (mark_ops.AddMark, mark_ops.DeleteMark)):
            links.add((step.netns, step.link))
        elif isinstance(step, sysctl_ops.WriteSysctl):
            links |= {(step.netns, name) for name in step.links}
    return links


def plan(draft: Draft, was: World, links: t.Iterable[tuple[str, str]]) -> None:
    """Plan what brings the links back to what they were."""
    both = [
        (then, now, name)
        for key, name in sorted(links)
        if (then := was.spaces.get(key)) is not None
        and (now := draft.world.spaces.get(key)) is not None
        and name in then.links
        and name in now.links
    ]
    for then, now, name in both:
        old = then.links[name]
        draft.change_link(now.key, name, {each: _stated(old, each) for each in ATTRIBUTES})
        _marks(draft, now, old)
        _addresses(draft, then, now, name)
    # Routes come last: they may need the addresses of other links.
    for then, now, name in both:
        routes = then.copy()
        routes.addresses = []
        draft.put_back(now.key, name, routes)


def _marks(draft: Draft, now: Space, old: Link) -> None:
    there = now.links[old.name].altnames
    for mark in old.altnames:
        if mark not in there:
            draft.add(mark_ops.AddMark(now.key, old.name, mark))


def carried(was: World, links: t.Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return links, and those with routes that fall with an address of one of them, their source."""
    found = set(links)
    for key, name in list(found):
        space = was.spaces.get(key)
        if space is not None:
            ours = {address.local for address in space.of_link(name)}
            found |= {(key, route.dev) for route in space.routes if route.src in ours and route.dev}
    return found


def _stated(link: Link, attribute: str) -> Value:
    """Return an attribute as a task would state it: '' for no master."""
    value: Value = getattr(link, attribute)
    return "" if value is None else value


def _addresses(draft: Draft, then: Space, now: Space, name: str) -> None:
    old = [address for address in then.of_link(name) if not address.kernel_made]
    for address in now.of_link(name):
        # What the kernel makes goes by itself, but for that of a loopback that was never up.
        ours = not address.kernel_made or address.version == 4
        if ours and not any(_same(address, other) for other in then.of_link(name)):
            draft.add(address_ops.DeleteAddress(now.key, address))
    there = [address for address in now.of_link(name) if not address.kernel_made]
    for version in (4, 6):
        wanted = [each for each in as_added(old) if each.version == version]
        left = [each for each in as_added(there) if each.version == version]
        # Which of two addresses of a subnet is the primary, or comes first, tells their order.
        if [_plain(each) for each in left] != [_plain(each) for each in wanted[: len(left)]]:
            for address in reversed(left):
                draft.add(address_ops.DeleteAddress(now.key, address))
            left = []
        for address in wanted[len(left) :]:
            draft.add(address_ops.AddAddress(now.key, replace(address, secondary=False)))


def _plain(address: Address) -> Address:
    return replace(address, secondary=False, dadfailed=False)


def _same(one: Address, other: Address) -> bool:
    return same_address(one, other) and _plain(one) == _plain(other)


def differences(
    was: World, now: World, links: t.Iterable[tuple[str, str]], done: t.Sequence[Operation]
) -> list[str]:
    """Return a phrase for each thing that is not as it was, where operations dealt with it.

    What others changed meanwhile is theirs.
    """
    told = [
        f"namespace {key} is {now.spaces[key].state}, was {was.spaces[key].state}"
        for key in _dealt_with(done, "namespace")
        if key in was.spaces
        and key in now.spaces
        and now.spaces[key].state != was.spaces[key].state
    ]
    for key in _dealt_with(done):
        if key in was.spaces and key in now.spaces:
            told += _space_differences(was.spaces[key], now.spaces[key])
    for key, name in sorted(links):
        then, there = was.spaces.get(key), now.spaces.get(key)
        if then is None or there is None or then.state != "present" or there.state != "present":
            continue
        told += _link_differences(then, there, name)
    return told


def _dealt_with(done: t.Iterable[Operation], family: str | None = None) -> list[str]:
    """Return the keys of the namespaces that operations dealt with."""
    keys: dict[str, None] = {}
    for step in done:
        ends = (step.near, step.far) if isinstance(step, link_ops.CreateVeth) else (step,)
        if family in (None, step.family):
            keys.update((getattr(each, "netns", ""), None) for each in ends)
        if isinstance(step, link_ops.MoveLink):
            keys[step.to] = None
    return list(keys)


def _space_differences(then: Space, now: Space) -> t.Iterator[str]:
    where = phrase(then.key)
    if now.rules != then.rules:
        yield f"the rules {where} are not what they were"
    if not _same_things(now.qdiscs, then.qdiscs):
        yield f"the queueing disciplines {where} are not what they were"
    if _lasting(now) != _lasting(then):
        yield f"the neighbours {where} are not what they were"
    for some, others, how in ((then, now, "gone"), (now, then, "there")):
        for route in some.routes:
            if route.dev is None and route not in others.routes:
                yield f"the route to {route.dst} {where} is {how}"


def _lasting(space: Space) -> set[t.Any]:
    """Return neighbours and forwarding entries, without those that come and go by themselves."""
    lasting: set[t.Any] = {each for each in space.neighbours if each.nud != "dynamic"}
    return lasting | {each for each in space.fdb if each.nud != "dynamic"}


def _link_differences(then: Space, now: Space, name: str) -> list[str]:
    where = f"{name} {phrase(then.key)}"
    old, new = then.links.get(name), now.links.get(name)
    if old is None or new is None:
        return [] if old is new else [f"link {where} is {'there' if new else 'gone'}"]
    told = [
        f"{attribute} of link {where} is {getattr(new, attribute)!r},"
        f" was {getattr(old, attribute)!r}"
        for attribute in ATTRIBUTES
        if getattr(new, attribute) != getattr(old, attribute)
    ]
    if set(new.altnames) != set(old.altnames):
        told.append(f"the other names of link {where} are {new.altnames}, were {old.altnames}")
    ours = [[each for each in space.of_link(name) if not each.kernel_made] for space in (then, now)]
    for lost in ours[0]:
        found = next((other for other in ours[1] if same_address(lost, other)), None)
        if found is None:
            told.append(f"address {lost.cidr} of link {where} is gone")
        else:
            told += [
                f"address {lost.cidr} of link {where} is changed: {attribute} is {new!r}, was {old!r}"
                for attribute, old, new in _changes(lost, found)
            ]
    for extra in ours[1]:
        if not any(same_address(extra, other) for other in ours[0]):
            told.append(f"address {extra.cidr} of link {where} is there")
    told += [
        f"the route to {route.dst} by link {where} is gone"
        for route in _own(then.routes, name)
        if route not in now.routes
    ]
    told += [
        f"the route to {route.dst} by link {where} is there"
        for route in _own(now.routes, name)
        if route not in then.routes
    ]
    return told


def _changes(then: Address, now: Address) -> t.Iterator[tuple[str, t.Any, t.Any]]:
    for attribute in (*STATED, "secondary"):
        old, new = getattr(then, attribute), getattr(now, attribute)
        lasts = attribute in ("valid_lft", "preferred_lft")
        if old != new and not (lasts and abs(old - new) <= TICK):
            yield attribute, old, new


def _same_things(some: list[t.Any], others: list[t.Any]) -> bool:
    """Return whether two lists hold the same, in whatever order."""
    return len(some) == len(others) and all(each in others for each in some)


def _own(routes: t.Iterable[Route], name: str) -> list[Route]:
    return [route for route in routes if route.dev == name and route.proto not in ("kernel", "ra")]
