# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Add, replace and delete nexthop objects over netlink."""

from __future__ import annotations

import errno
import time
import typing as t

from ..._core.errors import KernelError
from ..._core.parse import PROTOS
from ..._core.resource import Handlers
from ..._netlink.handles import Handles
from ..._netlink.socket import CREATE, EXCL, REPLACE, What
from . import operations as op
from .kernel_read import MEMBER, ONLINK, VERSIONS, NexthopMessage
from .state import NexthopObject

RTM_NEWNEXTHOP, RTM_DELNEXTHOP = 104, 105  # linux/rtnetlink.h
FAMILIES = {version: family for family, version in VERSIONS.items()}
CARRIER_TRIES, CARRIER_PAUSE = 20, 0.05  # of a link that was just set up; the pause in seconds
NO_LOOPBACK = "lo must be up for a blackhole: set it up (netns, lo_up=true)"
NO_WAY = "the gateway must be in the network of an address of the link, or onlink=true"
HINTS = {
    errno.ENETDOWN: "the link must be up and have a carrier: bring up its other end",
    errno.EHOSTUNREACH: NO_WAY,
    errno.ENETUNREACH: NO_WAY,
}


def _send(kernel: Handles, netns: str, what: What, nexthop: NexthopObject, flags: int) -> None:
    fields, attrs = encoded(nexthop)
    if nexthop.dev is not None:
        attrs.append(("NHA_OIF", kernel.index(netns, nexthop.dev)))
    left = CARRIER_TRIES
    while True:
        left -= 1
        try:
            kernel.socket(netns).request(
                what, NexthopMessage, RTM_NEWNEXTHOP, fields, attrs, flags | CREATE
            )
        except KernelError as error:
            if error.errno == errno.ENETDOWN and nexthop.dev and left:
                time.sleep(CARRIER_PAUSE)  # some links get their carrier a while after they are up
                continue
            if error.errno not in HINTS:
                raise
            hint = NO_LOOPBACK if nexthop.blackhole else HINTS[error.errno]
            words = f"{error.words} ({hint})" if error.words else hint
            raise KernelError(error.errno, error.what, words) from error
        return


def encoded(nexthop: NexthopObject) -> tuple[dict[str, int], list[tuple[t.Any, t.Any]]]:
    """Return the netlink fields and attributes of a nexthop object, but for the link."""
    fields = {
        "family": FAMILIES.get(nexthop.version, 0),
        "proto": _number(nexthop.proto),
        "flags": ONLINK if nexthop.onlink else 0,
    }
    attrs: list[tuple[t.Any, t.Any]] = [("NHA_ID", nexthop.id)]
    if nexthop.group:
        members = (
            MEMBER.pack(member, (weight - 1) & 0xFF, (weight - 1) >> 8)
            for member, weight in nexthop.group
        )
        attrs.append(("NHA_GROUP", b"".join(members)))
    attrs += [("NHA_BLACKHOLE", b"")] if nexthop.blackhole else []
    attrs += [("NHA_GATEWAY", nexthop.via)] if nexthop.via else []
    attrs += [("NHA_FDB", b"")] if nexthop.fdb else []
    return fields, [*attrs, *nexthop.extras]


def _number(name: str) -> int:
    """Return the number of a protocol, or of a text that is a number."""
    for number, known in PROTOS.items():
        if known == name:
            return number
    return int(name)


def _add_nexthop(kernel: Handles, step: op.AddNexthop) -> None:
    _send(kernel, step.netns, step.phrase, step.nexthop, REPLACE if step.again else EXCL)


def _replace_nexthop(kernel: Handles, step: op.ReplaceNexthop) -> None:
    _send(kernel, step.netns, step.phrase, step.new, REPLACE)


def _delete_nexthop(kernel: Handles, step: op.DeleteNexthop) -> None:
    attrs = [("NHA_ID", step.nexthop.id)]
    kernel.socket(step.netns).request(step.phrase, NexthopMessage, RTM_DELNEXTHOP, {}, attrs)


APPLY: Handlers = {
    op.AddNexthop: _add_nexthop,
    op.DeleteNexthop: _delete_nexthop,
    op.ReplaceNexthop: _replace_nexthop,
}
