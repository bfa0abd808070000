# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Restore what a failed plan has disturbed: links, and everything attached to them, as in a
snapshot.

Operations are rolled back by their inverses first, which know what was done and in which order.
This finds the remaining differences by comparing, and restores them from the kernel's own messages.
"""

from __future__ import annotations

import contextlib
import time
import typing as t

from ..._core.errors import NetnsError
from ..._core.host_state import phrase
from . import (
    links as link_state,
)
from . import (
    parameters as link_parameters,
)
from . import (
    restore_links,
    restore_things,
    things,
)
from .differences import differences
from .links import MASTER
from .restore_place import NamespaceRestore, lower
from .take import Snapshot
from .take import read as read_again

if t.TYPE_CHECKING:
    from ..handles import Handles


SETTLES = 0.3  # seconds


def restore(
    kernel: Handles,
    snapshot: Snapshot,
    touched: t.Mapping[str, t.Collection[str] | None],
    ours: t.Collection[tuple[str, str]],
    frail: t.Mapping[str, t.Collection[str] | None],
    loose: t.Mapping[str, int],
    theirs: t.Collection[str] = (),
) -> list[str]:
    """Restore what differs from the snapshot; return a phrase for each thing that could not be
    restored.

    ``touched`` are the links by namespace that operations changed, None for all; changes elsewhere
    are those of others. ``ours`` are links that operations created. ``frail`` links may have been
    deleted by others. ``loose`` are the parts by namespace in which the failed operation may have
    left items that belong to no link; in ``theirs`` all of them may have been changed by others.
    """
    places = _places(kernel, snapshot, touched)
    for key in places.keys() & {*theirs}:
        places[key].linkless = False
    wrong: list[str] = []
    restore_links.delete_ours(kernel, places, ours)
    restore_links.bring_home(kernel, places, touched)
    restore_links.take_away(kernel, places)
    for key, place in places.items():
        names = frail.get(key, ())
        place.in_scope -= {
            index
            for index in place.in_scope - {*place.at}
            if names is None or place.links[index].name in names
        }
    wrong += restore_links.make_missing(kernel, places)
    restore_links.adjust(kernel, places)
    for place in places.values():
        _write_files(kernel, place)  # a parameter for all links is written to each of them as well
    for place in places.values():
        restore_things.restore(kernel, place, loose.get(place.key, 0))
    restore_links.adjust(kernel, places, last=True)
    left = _compare(kernel, places, touched)
    if left:
        time.sleep(SETTLES)  # some attributes of a link follow its carrier
        left = _compare(kernel, places, touched)
    return [*dict.fromkeys(left), *wrong] if left else []


def _compare(
    kernel: Handles,
    places: t.Mapping[str, NamespaceRestore],
    touched: t.Mapping[str, t.Collection[str] | None],
) -> list[str]:
    left: list[str] = []
    for place in places.values():
        left += differences(place, read_again(kernel, place.key, place.taken.parts), touched)
        left += _files(kernel, place)
    return left


def _places(
    kernel: Handles, snapshot: Snapshot, touched: t.Mapping[str, t.Collection[str] | None]
) -> dict[str, NamespaceRestore]:
    places: dict[str, NamespaceRestore] = {}
    for key, taken in snapshot.namespaces.items():
        with contextlib.suppress(NetnsError):  # reported as a missing namespace
            kernel.socket(key)
            links = link_state.states(taken.messages.get("links", ()))
            places[key] = NamespaceRestore(key, taken, links)
    for key, place in places.items():
        names = touched.get(key, ())
        place.in_scope = {
            index for index, link in place.links.items() if names is None or link.name in names
        }
    _spread(kernel, places)
    for place in places.values():
        for message in place.taken.messages.get("addresses", ()):
            each = things.address(message, {}, 0)
            if each is not None and each.thing.link in place.in_scope:
                place.sources.add(each.thing.key[2])
    return places


def _spread(kernel: Handles, places: dict[str, NamespaceRestore]) -> None:
    """Extend the scope to links on top of links in scope, their ports, and the masters of all
    these."""
    known: dict[tuple[str, int], str | None] = {}
    growing = True
    while growing:
        growing = False
        for key, place in places.items():
            for index, link in place.links.items():
                if index in place.in_scope:
                    continue
                below = None
                if link.kind != "veth":
                    below = lower(kernel, places, key, link, known)
                on = below is not None and below[1] in places[below[0]].in_scope
                if on or link.number(MASTER) in place.in_scope:
                    place.in_scope.add(index)
                    growing = True
    for place in places.values():
        links = [place.links[index] for index in place.in_scope]
        place.in_scope |= {link.number(MASTER) for link in links} & place.links.keys()


def _write_files(kernel: Handles, place: NamespaceRestore) -> None:
    """Restore parameters that are read from files."""
    from .take import read_files

    was = place.taken.files
    now = read_files(kernel, place.key, was) if was else {}
    wrong = {f"/proc/sys/{path}": text for path, text in was.items() if now.get(path) != text}
    if wrong:
        link_parameters.write(kernel.socket(place.key), wrong)


def _files(kernel: Handles, place: NamespaceRestore) -> list[str]:
    """Return a phrase for each parameter read from files that differs."""
    from .take import read_files

    was = place.taken.files
    now = read_files(kernel, place.key, was) if was else {}
    return [
        f"{path.replace('/', '.')} {phrase(place.key)} is {now.get(path)!r}, was {text!r}"
        for path, text in was.items()
        if now.get(path) != text
    ]
