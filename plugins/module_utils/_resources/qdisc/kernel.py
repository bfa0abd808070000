# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Set, change and delete queueing disciplines and classes over netlink."""

from __future__ import annotations

import errno
import typing as t

from ..._core.errors import KernelError
from ..._core.resource import Handlers
from ..._netlink.handles import Handles
from ..._netlink.socket import CREATE, EXCL, REPLACE
from . import operations as op
from .kernel_decode import TrafficMessage
from .kernel_encode import encoded, htb_class, stab
from .state import HtbClass, Options, Qdisc, in_order

RTM_NEWQDISC, RTM_DELQDISC, RTM_NEWTCLASS, RTM_DELTCLASS = 36, 37, 40, 41  # linux/rtnetlink.h


def _fields(kernel: Handles, netns: str, link: str, handle: int, parent: int) -> dict[str, int]:
    return {
        "family": 0,
        "pad1": 0,
        "pad2": 0,
        "index": kernel.index(netns, link),
        "handle": handle,
        "parent": parent,
        "info": 0,
    }


def _send(
    kernel: Handles, netns: str, what: str, new: Qdisc, old: Options, handle: int, flags: int
) -> None:
    fields = _fields(kernel, netns, new.link, handle, new.parent)
    options = encoded(new.options, old) or new.wire
    attrs: list[tuple[str, t.Any]] = [("TCA_KIND", new.kind)]
    attrs += [("TCA_OPTIONS", options)] if options else []
    attrs += [("TCA_STAB", stab(new.stab))] if new.stab else []
    sock = kernel.socket(netns)
    try:
        sock.request(what, TrafficMessage, RTM_NEWQDISC, fields, attrs, flags)
    except KernelError as error:
        if error.errno == errno.ENOENT and "kind is unknown" in error.words:
            words = f"{error.words} (this kernel has no sch_{new.kind})"
            raise KernelError(error.errno, what, words) from error
        raise


def _remove(kernel: Handles, netns: str, what: str, old: Qdisc) -> None:
    fields = _fields(kernel, netns, old.link, 0, old.parent)
    kernel.socket(netns).request(what, TrafficMessage, RTM_DELQDISC, fields)


def _send_class(
    kernel: Handles, netns: str, what: str, link: str, new: HtbClass, quantum: int, flags: int
) -> None:
    fields = _fields(kernel, netns, link, new.classid, new.parent)
    attrs = [("TCA_KIND", "htb"), ("TCA_OPTIONS", htb_class(new, quantum))]
    kernel.socket(netns).request(what, TrafficMessage, RTM_NEWTCLASS, fields, attrs, flags)


def _put(kernel: Handles, step: op.PutQdisc) -> None:
    flags = CREATE | (REPLACE if step.old else EXCL)
    handle = step.new.handle or step.new.number
    _send(kernel, step.netns, step.phrase(), step.new, None, handle, flags)


def _change(kernel: Handles, step: op.ChangeQdisc) -> None:
    _send(kernel, step.netns, step.phrase(), step.new, step.old.options, 0, 0)


def _delete(kernel: Handles, step: op.DeleteQdisc) -> None:
    _remove(kernel, step.netns, step.phrase(), step.old[0])


def _restore(kernel: Handles, step: op.RestoreQdiscs) -> None:
    what = step.phrase()
    if step.over is not None:
        _remove(kernel, step.netns, what, step.over)
    for each in step.old:
        # With its old number even if the kernel had chosen it: others may refer to that.
        handle = each.handle or each.number
        _send(kernel, step.netns, what, each, None, handle, CREATE | EXCL)
        for one in in_order(each.classes):
            _send_class(kernel, step.netns, what, each.link, one, one.quantum, CREATE | EXCL)


def _put_class(kernel: Handles, step: op.PutClass) -> None:
    flags = 0 if step.old else CREATE | EXCL
    link = step.qdisc.link
    _send_class(kernel, step.netns, step.phrase(), link, step.new, step.quantum, flags)


def _delete_class(kernel: Handles, step: op.DeleteClass) -> None:
    fields = _fields(kernel, step.netns, step.qdisc.link, step.old.classid, step.old.parent)
    kernel.socket(step.netns).request(step.phrase(), TrafficMessage, RTM_DELTCLASS, fields)


APPLY: Handlers = {
    op.PutQdisc: _put,
    op.ChangeQdisc: _change,
    op.DeleteQdisc: _delete,
    op.RestoreQdiscs: _restore,
    op.PutClass: _put_class,
    op.DeleteClass: _delete_class,
}
