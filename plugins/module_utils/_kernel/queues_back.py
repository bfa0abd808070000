# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Give links that are back the queueing disciplines that they had."""

from __future__ import annotations

import typing as t

from .._model.errors import NetnsError
from .._model.world import World, phrase
from .kernel import Kernel
from .queues import Kept


def put_back(kernel: Kernel, kept: t.Mapping[tuple[str, int], Kept], was: World) -> list[str]:
    """Give links that are back what they had; return what they do not have again, in words."""
    told: list[str] = []
    for (key, index), had in kept.items():
        links = was.spaces[key].links.values() if key in was.spaces else ()
        for name in [link.name for link in links if link.index == index]:
            try:
                told += _put_back(kernel, key, name, had)
            except NetnsError as error:
                told.append(str(error))
    return told


def _put_back(kernel: Kernel, key: str, name: str, had: Kept) -> t.Iterator[str]:
    from .._model.qdisc import ROOT, tree
    from .._model.qdisc_ops import RestoreQdiscs
    from .qdisc_read import INGRESS, qdiscs

    there = {kernel.index(key, name): name}
    places = {each.parent for each in qdiscs(kernel.socket(key), phrase(key), there, ingress=True)}
    for top in had.qdiscs:
        if top.parent in (ROOT, INGRESS) and top.parent not in places:
            whole = tree(had.qdiscs, top) if top.parent == ROOT else (top,)
            try:
                kernel.apply(RestoreQdiscs(key, whole))
            except NetnsError as error:
                yield str(error)
    found = qdiscs(kernel.socket(key), phrase(key), there, ingress=True)
    if sorted(map(repr, found)) != sorted(map(repr, had.qdiscs)):
        yield f"the queueing disciplines of link {name} {phrase(key)} are not what they were"
    if had.filters:
        yield f"the filters of the queueing disciplines of link {name} {phrase(key)} are gone"
