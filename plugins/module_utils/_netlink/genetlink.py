# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Generic netlink: message families that have a name, and a number only at run time.

It needs a socket of its own, as a netlink socket speaks one protocol (genetlink.h,
linux/netlink.h).
"""

from __future__ import annotations

import socket
import typing as t

from .._core.errors import KernelError
from . import attributes as nla
from . import codec
from .socket import NETLINK_EXT_ACK, SOL_NETLINK, Socket

NETLINK_GENERIC = 16
GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
CTRL_ATTR_FAMILY_ID = 1


class FamilyMessage(codec.NetlinkMessage):
    """CTRL_CMD_GETFAMILY: the request by name, and the reply with the number of the family."""

    fields = (("cmd", "B"), ("version", "B"), ("reserved", "H"))
    nla_map = ((2, "CTRL_ATTR_FAMILY_NAME", "asciiz"),)
    wanted: t.ClassVar[dict[int, tuple[str, nla.Reader]]] = {CTRL_ATTR_FAMILY_ID: ("id", nla.u16)}


def open_socket() -> Socket:
    """Open a socket in the namespace of the calling thread."""
    raw = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, NETLINK_GENERIC)
    raw.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
    raw.bind((0, 0))
    return Socket(raw)


def family(sock: Socket, name: str, what: str) -> int:
    """Return the number of a family; raise KernelError if the kernel does not have it."""
    fields = {"cmd": CTRL_CMD_GETFAMILY, "version": 1, "reserved": 0}
    attrs = [("CTRL_ATTR_FAMILY_NAME", name)]
    try:
        answer = sock.ask(what, FamilyMessage, GENL_ID_CTRL, fields, attrs)
    except KernelError as error:
        raise KernelError(error.errno, what, f"this kernel has no {name}") from error
    number: int = answer.found["id"]
    return number
