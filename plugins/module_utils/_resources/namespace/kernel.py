# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""How namespaces are made, named, numbered and removed."""

from __future__ import annotations

import errno
import itertools
import os
import typing as t

from ..._core.errors import KernelError
from ..._core.host_state import HERE
from ..._core.resource import Handlers
from ..._netlink import foreign_files as foreign
from ..._netlink import netns_files as files
from ..._netlink import read
from ..._netlink.handles import Handles
from ..._netlink.messages import nsidmsg
from ..._netlink.socket import Socket
from ..link.kernel_codec import LinkRequest, altname
from . import operations as op

AT_ONCE = 50  # namespaces that are made in one go, before each gets its name
RTM_NEWNSID, RTM_NEWLINKPROP = 88, 108  # linux/rtnetlink.h


def _create_namespace(kernel: Handles, step: op.CreateNamespace) -> None:
    if step.again:
        files.bind(kernel.reopen_held(step.netns), step.netns, step.phrase())
        kernel.release(step.netns)
        return
    kernel.drop(step.netns)
    # Made first and named then: the name is a dead file only for as long as a mount takes.
    if not kernel.unnamed:
        steps, number = kernel.upcoming
        likely = itertools.islice(steps, number, number + AT_ONCE - 1)
        more = sum(isinstance(each, op.CreateNamespace) for each in likely)
        more = min(more, kernel.room())
        kernel.make_room(1 + more)
        kernel.unnamed = files.create_unnamed(1 + more, step.phrase(), _ready(step.mark))
    sock = kernel.unnamed.pop()
    try:
        files.bind(sock, step.netns, step.phrase(), step.mark)
    except BaseException:
        sock.close()
        raise
    kernel.keep(step.netns, sock)


def _ready(mark: str) -> t.Callable[[Socket], object]:
    """Return what gives a namespace its mark, which all that a task makes have in common."""
    if not mark:
        return id
    attrs = [altname(mark)]
    return lambda sock: sock.request(
        f"mark a namespace as {mark}", LinkRequest, RTM_NEWLINKPROP, {"index": read.LO}, attrs
    )


def _delete_namespace(kernel: Handles, step: op.DeleteNamespace) -> None:
    kernel.make_room(2)
    # The namespace lives on while this is open: until the plan is done, it can be named again.
    fd = kernel.socket(step.netns).namespace()
    cellar = kernel.held_by_mounts if kernel.keep_deleted else None
    try:
        if kernel.watch is not None and not step.busy:
            kernel.watch.add(step.netns, fd)
        if cellar is not None:
            cellar.put(step.netns, fd)
        held = [fd, *files.take_off(step.netns, step.phrase(), fd)]
    except BaseException:
        os.close(fd)
        if cellar is not None and step.netns in cellar.paths:
            cellar.drop(step.netns)
        raise
    if cellar is not None:
        os.close(held.pop(0))
    if kernel.keep_deleted:
        kernel.held[step.netns] = held
        return
    for each in held:
        os.close(each)
    kernel.drop(step.netns)


def _remove_stale(kernel: Handles, step: op.RemoveStale) -> None:
    there = foreign.describe(step.netns)
    if there:
        raise KernelError(errno.EBUSY, step.phrase(), f"it is {there} by now")
    kernel.stale[step.netns] = files.remove_stale(step.netns, step.phrase())


def _put_stale(kernel: Handles, step: op.PutStale) -> None:
    files.put_stale(step.netns, step.phrase(), *kernel.stale.get(step.netns, ("", 0)))


def _set_nsid(kernel: Handles, step: op.SetNsid) -> None:
    fd = kernel.socket(step.netns).namespace()
    try:
        attrs = [("NETNSA_NSID", step.nsid), ("NETNSA_FD", fd)]
        kernel.socket(HERE).request(step.phrase(), nsidmsg, RTM_NEWNSID, {}, attrs)
    finally:
        os.close(fd)


APPLY: Handlers = {
    op.CreateNamespace: _create_namespace,
    op.DeleteNamespace: _delete_namespace,
    op.RemoveStale: _remove_stale,
    op.PutStale: _put_stale,
    op.SetNsid: _set_nsid,
}
