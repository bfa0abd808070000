# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Attributes of netlink that were read from the kernel and kept as they came."""

from __future__ import annotations

import struct
import sys

ATTRIBUTE = struct.Struct("=HH")  # struct nlattr, linux/netlink.h
TYPE_MASK = 0x3FFF  # NLA_TYPE_MASK


def number_of(data: bytes, kind: int) -> int:
    """Return the number that an attribute holds, however long; 0 where there is none."""
    start = 0
    while start + 4 <= len(data):
        length, found = ATTRIBUTE.unpack_from(data, start)
        if length < 4:
            break
        if found & TYPE_MASK == kind:
            return int.from_bytes(data[start + 4 : start + length], sys.byteorder)
        start += (length + 3) & ~3
    return 0
