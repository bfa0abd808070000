# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Restore settings and dependent items of a rebuilt link from a snapshot taken before.

Settings that tasks can state have operations of their own; this file restores the others.
"""

from __future__ import annotations

from ..._core.errors import NetnsError
from ..._core.resource import Handlers
from ..._netlink import attributes as nla
from ..._netlink.handles import Handles
from ..._netlink.snapshot import (
    bridges as bridge_things,
)
from ..._netlink.snapshot import (
    links as link_state,
)
from ..._netlink.snapshot import (
    make_link,
    restore_links,
    restore_things,
)
from ..._netlink.snapshot import (
    parameters as link_parameters,
)
from ..._netlink.snapshot import (
    qdiscs as queue_things,
)
from ..._netlink.snapshot import (
    take as snapshot,
)
from ..._netlink.snapshot.links import LinkState
from ..._netlink.snapshot.restore_place import NamespaceRestore
from ..._netlink.snapshot.take import TC, NamespaceSnapshot
from ..._netlink.snapshot.things import SnapshotItem
from ..._netlink.socket import Socket
from ..link.kinds.kernel_codec import together
from ..link.kinds.table import KINDS
from . import operations as op

# Attributes with operations of their own: MAC, MTU, txqueuelen, alias, group.
STATED = (
    *(link_state.ADDRESS, link_state.MTU, link_state.QUEUE_LENGTH),
    *(link_state.ALIAS, link_state.GROUP),
)
NDMSG_SIZE, NDA_DST, NDA_LLADDR = 12, 1, 2  # struct ndmsg, linux/neighbour.h
NO_MAC = bytes(6)


def _place(kernel: Handles, netns: str, name: str) -> tuple[NamespaceRestore, LinkState, LinkState]:
    """Return a namespace's old snapshot, and one link in its old and current state."""
    taken = None if kernel.snapshot is None else kernel.snapshot.namespaces.get(netns)
    links = {} if taken is None else link_state.states(taken.messages["links"])
    old = next((each for each in links.values() if each.name == name), None)
    new = next((e for e in restore_links.now(kernel, netns).values() if e.name == name), None)
    if taken is None or old is None or new is None:
        raise NetnsError(f"restore the settings of link {name}: no snapshot was taken before")
    place = NamespaceRestore(netns, taken, links, {old.index}, {old.index: new.index})
    return place, old, new


def _settings(kernel: Handles, step: op.CarrySettings) -> None:
    place, old, new = _place(kernel, step.netns, step.name)
    sock = kernel.socket(step.netns)
    head = link_state.IFINFO.pack(0, 0, new.index, 0, 0)
    wanted = {
        kind: old.attrs[kind]
        for kind in link_state.PLAIN
        if kind not in STATED and kind in old.attrs and old.attrs[kind] != new.attrs.get(kind)
    }
    restore_links._each(sock, new, wanted, lambda some: head + some)
    if old.kind in make_link.MADE_BARE:
        _options(sock, head, old, new)
    link_parameters.restore(sock, new.index, old, new)
    restore_links._timers(kernel, place)


def _options(sock: Socket, head: bytes, old: LinkState, new: LinkState) -> None:
    """Restore what a bridge or a bond has that no task can state; the rest it was made with."""
    own = {option.number for option in KINDS[old.kind].options.values()}
    data = link_state.differing(old.data, new.data, own)
    kind, number = (link_state.KIND, old.kind), link_state.DATA
    wanted = together(old.kind, data, old.data)
    restore_links._each(
        sock, new, wanted, lambda some: restore_links._info(head, kind, (number, some))
    )


def _things(kernel: Handles, step: op.CarryThings) -> None:
    place, old, new = _place(kernel, step.netns, step.name)
    sock = kernel.socket(step.netns)
    there = snapshot.read(kernel, step.netns, place.taken.parts)
    if step.port:
        bridge_things.restore(sock, place, there)
    for name in ("neighbours", "proxies", "forwarding"):
        for each in _missing(place, there, name, restore_things.KINDS[name]):
            if name != "forwarding" or not _is_default(each, old, new):
                snapshot.send(sock, step.phrase(), each.new, each.payload, each.flags)
    qdiscs = _missing(place, there, "qdiscs", queue_things.qdisc)
    classes = _missing(place, there, "classes", queue_things.queue_class)
    filters = _missing(place, there, "filters", queue_things.queue_filter)
    for each in (*queue_things.ordered(qdiscs, classes), *filters):
        snapshot.send(sock, step.phrase(), each.new, each.payload, each.flags)


def _missing(
    place: NamespaceRestore, there: NamespaceSnapshot, name: str, parse: restore_things.Parse
) -> list[SnapshotItem]:
    """Return the missing items of a link in their old order."""
    was, has = restore_things.both(place, name, parse, there)
    return [
        each
        for key, old in was.items()
        for each in old
        if each.content not in [other.content for other in has.get(key, ())]
    ]


def _is_default(each: SnapshotItem, old: LinkState, new: LinkState) -> bool:
    """Return whether an entry is a VXLAN's default destination, which may have changed."""
    if old.kind != "vxlan":
        return False
    attributes = dict(nla.attributes(each.payload, NDMSG_SIZE, len(each.payload)))
    remotes = [link.data.get(2, link.data.get(16, b"")) for link in (old, new)]
    is_it = attributes.get(NDA_LLADDR) == NO_MAC and attributes.get(NDA_DST) == remotes[0]
    return is_it and remotes[0] != remotes[1]


def _filters(kernel: Handles, step: op.CarryFilters) -> None:
    place, _old, _new = _place(kernel, step.netns, step.link)
    there = snapshot.read(kernel, step.netns, place.taken.parts)
    sock = kernel.socket(step.netns)
    for each in _missing(place, there, "filters", queue_things.queue_filter):
        if TC.unpack_from(each.payload)[3] >> 16 in {number >> 16 for number in step.numbers}:
            snapshot.send(sock, step.phrase(), each.new, each.payload, each.flags)


APPLY: Handlers = {
    op.CarrySettings: _settings,
    op.CarryThings: _things,
    op.CarryFilters: _filters,
}
