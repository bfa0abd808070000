# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Which MTU the kernel refuses, or takes addresses away with."""

from __future__ import annotations

import errno
import typing as t

from ..._core.errors import Conflict, KernelError
from ..._core.host_state import Link, phrase
from ..._core.operation import Operation
from .mtu import above_parent, bounds_of, loses_v6
from .names import Plan


def _is_only_down(link: Link) -> bool:
    from .kinds.table import KINDS  # few links are up when their MTU is changed

    return link.kind in KINDS and KINDS[link.kind].mtu_down


def check_mtu(builder: Plan, step: Operation, key: str, link: Link, mtu: t.Any) -> None:
    """Refuse an MTU that the kernel will refuse, dev_validate_mtu(), or that takes from a link the
    IPv6 addresses that somebody gave it."""
    low, high = bounds_of(link)
    words = ""
    if mtu < low:
        words = f"mtu less than device minimum, {low}"
    elif high and mtu > high:
        words = f"mtu greater than device maximum, {high}"
    if not words:
        words = above_parent(builder.host, key, link, mtu)
    if not words and link.up and link.kind not in (None, "veth") and _is_only_down(link):
        words = f"the MTU of a {link.kind} is changed only while it is down. Set it down first"
    if words:
        raise KernelError(errno.EINVAL, step.phrase(), words)
    for at, addresses in loses_v6(builder.host, key, link, mtu).items():
        lost = [each for each in addresses if not builder.may_take(each)]
        shown = ", ".join(each.cidr for each in addresses)
        what = (
            f"{step.phrase()}: with an MTU below 1280 bytes the kernel removes the IPv6 addresses of"
            f" link {at[1]} {phrase(at[0])}: {shown}"
        )
        if lost:
            raise Conflict(
                f"{what}. Use an MTU of at least 1280, remove the addresses first, or set"
                " force=true to lose them"
            )
        builder.warn(what)
