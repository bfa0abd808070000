# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""How routes are put back."""

from __future__ import annotations

import errno
import struct

from .._model import route_ops as op
from .._model.errors import KernelError
from .._model.world import Route
from . import codec
from .apply import Appliers
from .kernel import Kernel
from .messages import rtmsg
from .netlink import ACK, CREATE, EXCL, REQUEST

RTM_NEWROUTE, RTM_DELROUTE = 24, 25  # linux/rtnetlink.h, as all of these
RTA_OIF = 4
ONLINK = 4  # RTNH_F_ONLINK: the only one of the flags of a route that a request may carry


def _route(kernel: Kernel, netns: str, what: str, kind: int, route: Route, flags: int) -> None:
    """Send the kernel's own message back, with another type in its header."""
    sock = kernel.socket(netns)
    sock.sequence += 1
    data = bytearray(route.wire)
    codec.HEADER.pack_into(data, 0, len(data), kind, REQUEST | ACK | flags, sock.sequence, 0)
    at = codec.HEADER.size + 8  # rtm_flags
    struct.pack_into("=I", data, at, struct.unpack_from("=I", data, at)[0] & ONLINK)
    if route.dev is not None:
        # A link that was away and came back may have got another number.
        at = codec.find(data, at + 4, RTA_OIF)
        struct.pack_into("=I", data, at, kernel.index(netns, route.dev))
    sock.exchange(what, bytes(data), rtmsg)


def _add_route(kernel: Kernel, step: op.AddRoute) -> None:
    try:
        _route(kernel, step.netns, step.phrase(), RTM_NEWROUTE, step.route, CREATE | EXCL)
    except KernelError as error:
        if error.errno != errno.EEXIST:  # it did not fall after all: that is what is wanted
            raise


def _delete_route(kernel: Kernel, step: op.DeleteRoute) -> None:
    _route(kernel, step.netns, step.phrase(), RTM_DELROUTE, step.route, 0)


APPLY: Appliers = {
    op.AddRoute: _add_route,
    op.DeleteRoute: _delete_route,
}
