# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""tun and tap links, which are made by a file, not by a message (linux/if_tun.h, tuntap.rst)."""

from __future__ import annotations

import errno
import fcntl
import os
import struct

from ...._core.errors import KernelError
from ...._netlink import syscalls as system
from ...._netlink.handles import Handles
from . import kernel_codec as kind_codec
from .operations import CreateLink

TUNSETIFF, TUNSETPERSIST, TUNSETOWNER, TUNSETGROUP = 0x400454CA, 0x400454CB, 0x400454CC, 0x400454CE
IFF_VNET_HDR, IFF_MULTI_QUEUE = 0x4000, 0x0100
PI, VNET_HDR, MULTI_QUEUE = 4, 5, 7  # IFLA_TUN_PI and others, linux/if_link.h
IFF_TUN, IFF_TAP, IFF_NO_PI, IFF_TUN_EXCL = 0x0001, 0x0002, 0x1000, 0x8000


def _format(wire: bytes) -> int:
    """Return the flags of how packets are handed over: those of a link that this one is made like."""
    attributes = kind_codec.read(wire)
    enabled = {number: any(attributes.get(number, b"")) for number in (PI, VNET_HDR, MULTI_QUEUE)}
    return (
        (0 if enabled[PI] else IFF_NO_PI)
        | (IFF_VNET_HDR if enabled[VNET_HDR] else 0)
        | (IFF_MULTI_QUEUE if enabled[MULTI_QUEUE] else 0)
    )


def _signed(number: int) -> int:
    """Return the number of a user or a group as the C int that fcntl.ioctl() takes."""
    return number - (number >> 31 << 32)


def create(kernel: Handles, step: CreateLink) -> None:
    """Make a link that stays when its file is closed, in the namespace that it is to be in."""
    options = dict(step.options)
    flags = (IFF_TUN if step.kind == "tun" else IFF_TAP) | IFF_TUN_EXCL | _format(step.wire)
    request = struct.pack("16sH22x", step.name.encode(errors="surrogateescape"), flags)

    def work() -> None:
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.ioctl(fd, TUNSETIFF, request)
            for number, name in ((TUNSETOWNER, "owner"), (TUNSETGROUP, "group")):
                if options.get(name) is not None:
                    fcntl.ioctl(fd, number, _signed(options[name]))
            fcntl.ioctl(fd, TUNSETPERSIST, 1)
        finally:
            os.close(fd)

    namespace = kernel.socket(step.netns).namespace()
    try:
        system.inside(namespace, work)
    except OSError as error:
        # For a name in use TUNSETIFF returns EBUSY, and netlink EEXIST.
        number = errno.EEXIST if error.errno == errno.EBUSY else error.errno
        raise KernelError(number or errno.EIO, step.phrase()) from error
    finally:
        os.close(namespace)
