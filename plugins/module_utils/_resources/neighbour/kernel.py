# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Set and delete neighbours over netlink."""

from __future__ import annotations

import contextlib
import socket
import typing as t

from ..._core.errors import KernelError
from ..._core.parse import PROTOS
from ..._core.resource import Handlers
from ..._netlink.handles import Handles
from ..._netlink.socket import CREATE, REPLACE
from . import operations as op
from .kernel_read import PROXY, ROUTER, STATES, NeighbourMessage
from .state import Neighbour

RTM_NEWNEIGH, RTM_DELNEIGH = 28, 29  # linux/rtnetlink.h


def encoded(each: Neighbour, index: int) -> tuple[dict[str, int], list[tuple[t.Any, t.Any]]]:
    """Return the netlink fields and attributes of an entry."""
    state = each.state or each.nud
    numbers = {name: number for number, name in STATES.items()}
    flags, flags_ext = each.flags
    fields = {
        "family": socket.AF_INET6 if ":" in each.address else socket.AF_INET,
        "ifindex": index,
        "state": numbers[state] if state else 0,
        "flags": flags | (PROXY if each.proxy else 0) | (ROUTER if each.router else 0),
        "type": 0,
    }
    attrs: list[tuple[t.Any, t.Any]] = [("NDA_DST", each.address)]
    attrs += [("NDA_LLADDR", each.mac)] if each.mac else []
    proto = next((number for number, name in PROTOS.items() if name == each.proto), None)
    attrs.append(("NDA_PROTOCOL", int(each.proto) if proto is None else proto))
    attrs += [("NDA_FLAGS_EXT", flags_ext)] if flags_ext else []
    return fields, [*attrs, *each.extras]


def _send(kernel: Handles, netns: str, what: str, kind: int, each: Neighbour, flags: int) -> None:
    fields, attrs = encoded(each, kernel.index(netns, each.link))
    if kind == RTM_DELNEIGH:
        attrs = attrs[:1]
    kernel.socket(netns).request(what, NeighbourMessage, kind, fields, attrs, flags)


def _set(kernel: Handles, step: op.SetNeighbour) -> None:
    what, new, old = step.phrase(), step.new, step.old
    # The kernel cannot reset the protocol of an existing entry to "unspec".
    recreate = old is not None and old.proto != new.proto == "unspec"
    if old is not None and recreate:
        _send(kernel, step.netns, what, RTM_DELNEIGH, old, 0)
    try:
        _send(kernel, step.netns, what, RTM_NEWNEIGH, new, CREATE | REPLACE)
    except KernelError:
        if old is not None and recreate:
            with contextlib.suppress(KernelError):
                _send(kernel, step.netns, what, RTM_NEWNEIGH, old, CREATE | REPLACE)
        raise


def _delete(kernel: Handles, step: op.DeleteNeighbour) -> None:
    _send(kernel, step.netns, step.phrase(), RTM_DELNEIGH, step.neighbour, 0)


APPLY: Handlers = {
    op.SetNeighbour: _set,
    op.DeleteNeighbour: _delete,
}
