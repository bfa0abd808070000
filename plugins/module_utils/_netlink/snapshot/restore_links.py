# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Create and set links as in a snapshot: lower links first, masters before their ports."""

from __future__ import annotations

import os
import struct
import typing as t

from ..._core.errors import KernelError
from ..._core.operation import ON_LINK
from ..._resources.link.kinds.kernel_codec import together
from .. import attributes as nla
from ..read import VXLAN_LINK
from ..socket import Socket
from . import links as link_state
from . import make_link
from . import parameters as link_parameters
from .links import (
    ADDRESS,
    BY_ITSELF,
    DATA,
    FLAGS,
    IFINFO,
    KIND,
    LINK_INFO,
    MASTER,
    MTU,
    NAME,
    PLAIN,
    PORT_DATA,
    PORT_KIND,
    PROPERTIES,
    UP,
    LinkState,
    differing,
)
from .restore_place import At, NamespaceRestore, lower
from .take import DUMPS, dump, send
from .things import packed

if t.TYPE_CHECKING:
    from ..handles import Handles

RTM_NEWLINK, RTM_DELLINK, RTM_SETLINK, RTM_NEWLINKPROP, RTM_DELLINKPROP = 16, 17, 19, 108, 109
ROUNDS = 4  # an attribute that depends on another link may only be accepted after that is right
WHOLE = ("ip6gretap", "erspan")  # besides those in the table of kinds
NEW_INDEX = 49
Touched = t.Mapping[str, t.Optional[t.Collection[str]]]
Places = t.Mapping[str, NamespaceRestore]


def now(kernel: Handles, key: str) -> dict[int, LinkState]:
    """Return the current links of a namespace."""
    _part, kind, payload = DUMPS["links"]
    return link_state.states(dump(kernel.socket(key), "read the links", kind, payload))


def match(
    place: NamespaceRestore, there: t.Mapping[int, LinkState], ours: t.Container[str] = ()
) -> None:
    """Find the current ifindexes of the links in scope."""
    named = {each.name: each for each in there.values()}
    place.at.clear()
    for index in place.in_scope:
        old = place.links[index]
        found = there.get(index)
        if found is None or not _same(old, found):
            found = named.get(old.name)
            if found is None or found.kind != old.kind or found.name in ours:
                continue
        place.at[index] = found.index


def _same(old: LinkState, new: LinkState) -> bool:
    """Return whether a link is the same, and not another one that reused its ifindex."""
    named = old.name == new.name or old.attrs.get(ADDRESS) == new.attrs.get(ADDRESS)
    return named and old.kind == new.kind


def delete_ours(kernel: Handles, places: Places, ours: t.Collection[tuple[str, str]]) -> None:
    """Delete the links that operations created and that still exist."""
    for key, place in places.items():
        there = now(kernel, key)
        names = {name for each, name in ours if each == key}
        match(place, there, names)
        for link in there.values():
            if link.name in names and link.index not in place.at.values():
                payload = IFINFO.pack(0, 0, link.index, 0, 0)
                _try(kernel.socket(key), RTM_DELLINK, payload)
                kernel.indexes.clear()


def bring_home(kernel: Handles, places: Places, touched: Touched) -> None:
    """Move links back that a failed move, or its inverse, has left elsewhere."""
    for key, place in places.items():
        for index in sorted(place.in_scope - {*place.at}):
            old = place.links[index]
            for other, there in places.items():
                names = touched.get(other) or () if other != key else ()
                for found in now(kernel, other).values() if names else ():
                    same = (found.kind, found.type) == (old.kind, old.type)
                    same = same and found.attrs.get(ADDRESS) == old.attrs.get(ADDRESS)
                    if same and found.name in names and found.index not in there.links:
                        _move(kernel, other, found.index, key, old)
        match(place, now(kernel, key))


def take_away(kernel: Handles, places: Places) -> None:
    """Delete VXLANs that got a device but had none, to be created again: the kernel cannot remove
    the device (vxlan_changelink())."""
    for key, place in places.items():
        if place.taken.parts & ON_LINK != ON_LINK:
            continue
        there = now(kernel, key)
        for index, at in place.at.items():
            old, new = place.links[index], there.get(at)
            if new is None or (old.kind, new.kind) != ("vxlan", "vxlan"):
                continue
            if VXLAN_LINK not in old.data and any(new.data.get(VXLAN_LINK, b"")):
                _try(kernel.socket(key), RTM_DELLINK, IFINFO.pack(0, 0, at, 0, 0))
                kernel.indexes.clear()
    for key, place in places.items():
        match(place, now(kernel, key))


def _move(kernel: Handles, source: str, index: int, key: str, old: LinkState) -> None:
    fd = kernel.socket(key).namespace()
    kernel.indexes.clear()
    try:
        payload = IFINFO.pack(0, 0, index, 0, 0) + nla.attribute(NAME, old.attrs[NAME])
        payload += nla.attribute(make_link.NET_NS_FD, struct.pack("=I", fd))
        numbered = payload + nla.attribute(NEW_INDEX, struct.pack("=I", old.index))
        sock = kernel.socket(source)
        if not _try(sock, RTM_SETLINK, numbered):
            _try(sock, RTM_SETLINK, payload)
    finally:
        os.close(fd)


def make_missing(kernel: Handles, places: Places) -> list[str]:
    """Create missing links again; return an error for each that could not be created."""
    wrong: dict[At, str] = {}
    left = {(key, index) for key, place in places.items() for index in place.in_scope - {*place.at}}
    while left:
        done: set[At] = set()
        for key, index in sorted(left):
            link = places[key].links[index]
            below = lower(kernel, places, key, link)
            if (key, index) in done or (link.kind != "veth" and below in left - done):
                continue
            try:
                if link.kind != "veth":
                    make_link.make(kernel, key, link, places[key].links.values())
                elif below is None:
                    wrong[key, index] = f"the other end of {link.name} was in a namespace not known"
                    continue
                else:
                    other = places[below[0]].links[below[1]]
                    near, far = (key, link, link.name), (below[0], other, other.name)
                    make_link.make_pair(kernel, near, far)
                    done.add(below)
            except KernelError as error:
                wrong[key, index] = str(error)
                continue
            done.add((key, index))
        if not done:
            break
        left -= done
    for key, place in places.items():
        match(place, now(kernel, key))
    return [wrong[at] for at in sorted(left) if at in wrong]


def adjust(kernel: Handles, places: Places, last: bool = False) -> None:
    """Set the links in scope to their old state, in rounds until nothing differs."""
    for number in range(ROUNDS):
        busy = False
        for key, index in _sorted(kernel, places):
            place = places[key]
            if index not in place.at:
                continue
            there = now(kernel, key)
            new = there.get(place.at[index])
            if new is not None:
                # Setting a link down loses neighbours, which are restored afterwards if the
                # snapshot has them.
                down = not last and "neighbours" in place.taken.messages
                sock, old = kernel.socket(key), place.links[index]
                busy |= _adjust(sock, place, old, new, number or last, down)
        busy |= sum(_timers(kernel, place) for place in places.values()) > 0
        if not busy:
            return


def _sorted(kernel: Handles, places: Places) -> list[At]:
    """Return the links in scope, each after its master and its lower link."""
    done: dict[At, None] = {}

    def visit(at: At, seen: frozenset[At]) -> None:
        key, index = at
        if at in done or at in seen or index not in places[key].links:
            return
        link = places[key].links[index]
        if link.number(MASTER):
            visit((key, link.number(MASTER)), seen | {at})
        below = lower(kernel, places, key, link) if link.kind != "veth" else None
        if below is not None:
            visit(below, seen | {at})
        if index in places[key].in_scope:
            done[at] = None

    for key, place in places.items():
        for index in sorted(place.in_scope):
            visit((key, index), frozenset())
    return list(done)


def _adjust(
    sock: Socket,
    place: NamespaceRestore,
    old: LinkState,
    new: LinkState,
    late: bool | int,
    down: bool,
) -> bool:
    """Set one link to its old state; return whether anything differed."""
    head = IFINFO.pack(0, 0, new.index, 0, 0)
    wanted: list[tuple[int, bytes]] = []
    if old.attrs[NAME] != new.attrs[NAME]:
        wanted.append((NAME, old.attrs[NAME]))
    # A bridge takes these from its ports unless they were set: wait for the ports. It must go up
    # with the right MAC, from which the kernel derives an address.
    waits = not late and old.kind == "bridge"
    own: tuple[int, ...] = (ADDRESS, MTU) if waits else ()
    if old.port_kind == "bond" and not new.number(MASTER):
        own = (ADDRESS, MTU)  # it gets the ones of the bond, which remembers the ones it has now
    wanted += [
        (kind, old.attrs.get(kind, b""))
        for kind in PLAIN
        if kind not in own and old.attrs.get(kind, b"") != new.attrs.get(kind, b"")
    ]
    data = differing(old.data, new.data, BY_ITSELF.get(old.kind, ()))
    busy = bool(wanted or data)
    if data:
        data = dict(old.data) if old.kind in WHOLE else together(old.kind, data, old.data)
        _each(sock, new, data, lambda some: _info(head, (KIND, old.kind), (DATA, some)), down)
    _each(sock, new, dict(wanted), lambda some: head + some, down)
    master = place.at.get(old.number(MASTER), old.number(MASTER))
    if master != new.number(MASTER):
        busy = True
        _each(sock, new, {MASTER: struct.pack("=I", master)}, lambda some: head + some, down)
    elif port := differing(old.port, new.port):
        busy = True
        slave = (PORT_KIND, old.port_kind)
        _each(sock, new, port, lambda some: _info(head, slave, (PORT_DATA, some)), down)
    busy |= _altnames(sock, head, old, new)
    if link_parameters.changes(old, new):
        busy = True
        link_parameters.restore(sock, new.index, old, new)
    change = (old.flags ^ new.flags) & sum(FLAGS)
    if change and waits:
        return True
    if change:
        busy = True
        _try(sock, RTM_NEWLINK, IFINFO.pack(0, 0, new.index, old.flags & change, change))
    return busy


def _info(head: bytes, kind: tuple[int, str], inside: tuple[int, bytes]) -> bytes:
    info = nla.attribute(kind[0], kind[1].encode() + b"\0")
    info += nla.attribute(inside[0] | nla.NESTED, inside[1])
    return head + nla.attribute(LINK_INFO | nla.NESTED, info)


def _each(
    sock: Socket,
    link: LinkState,
    wanted: t.Mapping[int, bytes],
    request: t.Callable[[bytes], bytes],
    down: bool = True,
) -> None:
    """Set attributes at once, or else one by one, if needed with the link ``down`` meanwhile."""
    if not wanted or _try(sock, RTM_NEWLINK, request(packed(wanted.items()))):
        return
    refused = [
        each for each in wanted.items() if not _try(sock, RTM_NEWLINK, request(packed([each])))
    ]
    if refused and down and link.flags & UP:
        _try(sock, RTM_NEWLINK, IFINFO.pack(0, 0, link.index, 0, UP))
        for each in refused:
            _try(sock, RTM_NEWLINK, request(packed([each])))
        _try(sock, RTM_NEWLINK, IFINFO.pack(0, 0, link.index, UP, UP))


def _altnames(sock: Socket, head: bytes, old: LinkState, new: LinkState) -> bool:
    was, has = {*old.altnames}, {*new.altnames}
    for name in sorted(was ^ has):
        one = nla.attribute(link_state.ALTNAME, name.encode(errors="surrogateescape") + b"\0")
        payload = head + nla.attribute(PROPERTIES | nla.NESTED, one)
        _try(sock, RTM_NEWLINKPROP if name in was else RTM_DELLINKPROP, payload)
    return was != has


def _timers(kernel: Handles, place: NamespaceRestore) -> bool:
    """Restore the timers of neighbour tables for the links in scope."""
    if "parameters" not in place.taken.messages:
        return False
    _part, kind, payload = DUMPS["parameters"]
    sock = kernel.socket(place.key)
    there = link_parameters.timers(dump(sock, "read parameters", kind, payload))
    busy = False
    for (table, index), old in link_parameters.timers(place.taken.messages["parameters"]).items():
        new = there.get((table, place.at.get(index, index)))
        if index in place.in_scope and new is not None and new.values != old.values:
            link_parameters.restore_timers(sock, new.index, old, new)
            busy = True
    return busy


def _try(sock: Socket, kind: int, payload: bytes) -> bool:
    """Send a request; return whether the kernel accepted it. The comparison afterwards reports
    errors."""
    try:
        send(sock, "put back a link", kind, payload)
    except KernelError:
        return False
    return True
