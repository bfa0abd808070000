# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""How namespaces are made, named, numbered and removed."""

from __future__ import annotations

import os

from .._model import namespace_ops as op
from .._model.world import HERE
from . import files
from .apply import Appliers
from .kernel import Kernel
from .messages import nsidmsg

AT_ONCE = 50  # namespaces that are made in one go, before each gets its name
RTM_NEWNSID = 88  # linux/rtnetlink.h


def _create_namespace(kernel: Kernel, step: op.CreateNamespace) -> None:
    held = kernel.held.get(step.netns) if step.again else None
    if held is not None:
        files.bind(held, step.netns, step.phrase())
        os.close(kernel.held.pop(step.netns))
        return
    kernel.drop(step.netns)
    # Made first and named then: the name is a dead file only for as long as a mount takes.
    if not kernel.nameless:
        more = sum(isinstance(each, op.CreateNamespace) for each in kernel.coming)
        kernel.nameless = files.nameless(min(1 + more, AT_ONCE), step.phrase())
    fd = kernel.nameless.pop()
    try:
        files.bind(fd, step.netns, step.phrase())
    finally:
        os.close(fd)


def _delete_namespace(kernel: Kernel, step: op.DeleteNamespace) -> None:
    # The namespace lives on while this is open: until the plan is done, it can be named again.
    fd = kernel.socket(step.netns).namespace()
    try:
        if kernel.watch is not None and not step.busy:
            kernel.watch.plant(step.netns, fd)
        files.remove(step.netns, step.phrase(), fd)
    except BaseException:
        os.close(fd)
        raise
    kernel.held[step.netns] = fd


def _remove_stale(kernel: Kernel, step: op.RemoveStale) -> None:
    files.remove(step.netns, step.phrase())


def _put_stale(kernel: Kernel, step: op.PutStale) -> None:
    files.put_stale(step.netns, step.phrase())


def _set_nsid(kernel: Kernel, step: op.SetNsid) -> None:
    fd = kernel.socket(step.netns).namespace()
    try:
        attrs = [("NETNSA_NSID", step.nsid), ("NETNSA_FD", fd)]
        kernel.socket(HERE).request(step.phrase(), nsidmsg, RTM_NEWNSID, {}, attrs)
    finally:
        os.close(fd)


APPLY: Appliers = {
    op.CreateNamespace: _create_namespace,
    op.DeleteNamespace: _delete_namespace,
    op.RemoveStale: _remove_stale,
    op.PutStale: _put_stale,
    op.SetNsid: _set_nsid,
}
