# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read the queueing disciplines of a namespace except the kernel's defaults."""

from __future__ import annotations

import typing as t

from ..._netlink.codec import HEADER
from ..._netlink.socket import Socket
from .kernel_decode import TrafficMessage, decoded, filter_of, htb_class_of
from .state import CHOSEN_BY_KERNEL, ROOT, Filter, HtbClass, Qdisc

RTM_GETQDISC, RTM_GETTCLASS, RTM_GETTFILTER = 38, 42, 46  # linux/rtnetlink.h
INGRESS = 0xFFFFFFF1  # TC_H_INGRESS, TC_H_CLSACT
ALL = dict.fromkeys(("family", "pad1", "pad2", "index", "handle", "parent", "info"), 0)


def _by_default(data: bytes, offset: int) -> bool:
    """Return whether to skip a default queueing discipline, which has no handle."""
    start = offset + HEADER.size + 8  # tcm_handle of struct tcmsg, linux/rtnetlink.h
    return not any(data[start : start + 4])


def qdiscs(sock: Socket, what: str, names: dict[int, str], ingress: bool = False) -> list[Qdisc]:
    """Return the queueing disciplines of links with their classes.

    ``ingress``: also those for what comes in, which tasks do not deal with.
    """
    messages = sock.dump(
        f"read the queueing disciplines {what}",
        TrafficMessage,
        RTM_GETQDISC,
        ALL,
        skip=_by_default,
    )
    return [
        _qdisc(sock, message, names[message["index"]])
        for message in messages
        if message["index"] in names and (ingress or message["parent"] != INGRESS)
    ]


def _qdisc(sock: Socket, message: t.Any, link: str) -> Qdisc:
    found, number = message.found, message["handle"]
    kind, options = found["kind"], found.get("options", b"")
    return Qdisc(
        link,
        message["parent"],
        kind,
        handle=0 if number >> 16 >= CHOSEN_BY_KERNEL else number,
        options=decoded(kind, options),
        classes=_classes(sock, link, message["index"], number) if kind == "htb" else (),
        number=number,
        wire=options,
        stab=found.get("stab", b""),
    )


def _classes(sock: Socket, link: str, index: int, handle: int) -> tuple[HtbClass, ...]:
    messages = sock.dump(
        f"read the classes of {link}", TrafficMessage, RTM_GETTCLASS, {**ALL, "index": index}
    )
    found = [
        htb_class_of(
            message.found["options"],
            message["handle"],
            # Top classes show the root as parent, wherever the htb itself is attached.
            handle if message["parent"] == ROOT else message["parent"],
        )
        for message in messages
        if message.found["kind"] == "htb" and message["handle"] >> 16 == handle >> 16
    ]
    return tuple(sorted(found, key=lambda each: each.classid))


def filters(sock: Socket, what: str, index: int, parents: t.Iterable[int]) -> list[Filter]:
    """Return the filters at queueing disciplines and classes of a link."""
    found: list[Filter] = []
    for parent in parents:
        messages = sock.dump(
            f"read the filters {what}",
            TrafficMessage,
            RTM_GETTFILTER,
            {**ALL, "index": index, "parent": parent},
        )
        found += [filter_of(message) for message in messages if not _is_table(message)]
    return found


def _is_table(message: t.Any) -> bool:
    """Return whether a message is not a filter but a container of filters, such as a u32 table."""
    handle, kind = message["handle"], message.found["kind"]
    return not (handle & 0xFFFFF if kind == "u32" else handle)  # TC_U32_NODE, TC_U32_HASH
