# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Set and delete forwarding database entries over netlink."""

from __future__ import annotations

import typing as t

from ..._core.resource import Handlers
from ..._netlink.handles import Handles
from ..._netlink.socket import CREATE, EXCL, REPLACE
from ..neighbour.kernel import RTM_DELNEIGH, RTM_NEWNEIGH
from ..neighbour.kernel_read import NeighbourMessage
from . import operations as op
from .kernel_read import AF_BRIDGE, MASTER, NOARP, PERMANENT, SELF
from .state import Forward

APPEND = 0x800  # NLM_F_APPEND, linux/netlink.h
REACHABLE = 0x02  # NUD_REACHABLE, linux/neighbour.h
# The words of `bridge fdb`.
STATES = {
    "permanent": NOARP | PERMANENT,
    "static": NOARP | REACHABLE,
    "dynamic": REACHABLE,
}


def encoded(
    each: Forward, index: int, via: int | None
) -> tuple[dict[str, int], list[tuple[t.Any, t.Any]]]:
    """Return the netlink fields and attributes of an entry."""
    fields = {
        "family": AF_BRIDGE,
        "ifindex": index,
        "state": STATES[each.nud],
        "flags": each.flags | (MASTER if each.master else SELF),
        "type": 0,
    }
    attrs: list[tuple[t.Any, t.Any]] = [("NDA_LLADDR", each.mac)]
    stated = (
        ("NDA_DST", each.dst),
        ("NDA_PORT", each.port),
        ("NDA_VNI", each.vni),
        ("NDA_IFINDEX", via),
        ("NDA_SRC_VNI", each.src_vni),
        ("NDA_VLAN", each.vlan),
        ("NDA_NH_ID", each.nhid or None),
    )
    attrs += [(name, value) for name, value in stated if value is not None]
    return fields, [*attrs, *each.extras]


def _send(kernel: Handles, netns: str, what: str, kind: int, each: Forward, flags: int) -> None:
    via = None if each.via is None else kernel.index(netns, each.via)
    fields, attrs = encoded(each, kernel.index(netns, each.link), via)
    kernel.socket(netns).request(what, NeighbourMessage, kind, fields, attrs, flags)


def _set(kernel: Handles, step: op.SetForward) -> None:
    how = APPEND if step.new.many else EXCL if step.old is None else REPLACE
    _send(kernel, step.netns, step.phrase(), RTM_NEWNEIGH, step.new, CREATE | how)


def _delete(kernel: Handles, step: op.DeleteForward) -> None:
    _send(kernel, step.netns, step.phrase(), RTM_DELNEIGH, step.forward, 0)


APPLY: Handlers = {
    op.SetForward: _set,
    op.DeleteForward: _delete,
}
