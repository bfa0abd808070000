# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Add and remove ownership marks (altnames) over netlink."""

from __future__ import annotations

from ..._core.resource import Handlers
from ..._netlink.handles import Handles
from ..._netlink.socket import CREATE, EXCL
from ..link.kernel_codec import LinkRequest, altname
from . import operations as op

RTM_NEWLINKPROP, RTM_DELLINKPROP = 108, 109  # linux/rtnetlink.h, Linux 5.5


def _add(kernel: Handles, step: op.AddMark) -> None:
    _send(kernel, step, RTM_NEWLINKPROP, CREATE | EXCL)


def _delete(kernel: Handles, step: op.DeleteMark) -> None:
    _send(kernel, step, RTM_DELLINKPROP, 0)


def _send(kernel: Handles, step: op.AddMark | op.DeleteMark, kind: int, flags: int) -> None:
    fields = {"index": kernel.index(step.netns, step.link)}
    attrs = [altname(step.mark)]
    kernel.socket(step.netns).request(step.phrase, LinkRequest, kind, fields, attrs, flags)


APPLY: Handlers = {
    op.AddMark: _add,
    op.DeleteMark: _delete,
}
