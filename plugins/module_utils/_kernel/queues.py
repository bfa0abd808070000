# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The queueing disciplines that a link loses when it is moved or removed, kept for the way back.

They are read when it comes to that: tasks about links do not look at them otherwise.
"""

from __future__ import annotations

import typing as t

from .._model.record import dataclass
from .._model.world import phrase
from . import codec

if t.TYPE_CHECKING:
    from .._model.qdisc import Qdisc
    from .handles import Handles
    from .netlink import Socket

RTM_GETQDISC, RTM_GETTFILTER = 38, 46  # linux/rtnetlink.h
FILTERS_AT_CLSACT = (0xFFFFFFF2, 0xFFFFFFF3)  # TC_H_MIN_INGRESS, TC_H_MIN_EGRESS


class Head(codec.Lean):
    """struct tcmsg, linux/rtnetlink.h: enough to see that most links have nothing to lose."""

    fields = (
        ("family", "B"),
        ("pad", "3x"),
        ("index", "i"),
        ("handle", "I"),
        ("parent", "I"),
        ("info", "I"),
    )


@dataclass(frozen=True)
class Kept:
    """What a link had."""

    qdiscs: tuple[Qdisc, ...]
    filters: bool


def keep(kernel: Handles, key: str, name: str, index: int) -> None:
    """Note what a link has that is about to lose it, unless it was noted before."""
    sock, where = kernel.socket(key), phrase(key)
    what = f"read the queueing disciplines of {name} {where}"
    set_up = [
        each
        for each in sock.dump(what, Head, RTM_GETQDISC, {})
        if each["index"] == index and each["handle"]
    ]
    if set_up:
        from .qdisc_read import qdiscs

        found = tuple(qdiscs(sock, where, {index: name}, ingress=True))
        filters = any(_filters(sock, index, each["handle"]) for each in set_up)
        kernel.queues.setdefault((key, index), Kept(found, filters))


def _filters(sock: Socket, index: int, handle: int) -> list[t.Any]:
    what, parents = "read filters", (handle, *FILTERS_AT_CLSACT) if handle >> 16 == 0xFFFF else ()
    return [
        each
        for parent in parents or (handle,)
        for each in sock.dump(what, Head, RTM_GETTFILTER, {"index": index, "parent": parent})
    ]
