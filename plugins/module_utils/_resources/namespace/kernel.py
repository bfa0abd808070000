# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Create, name, number and delete namespaces."""

from __future__ import annotations

import errno
import itertools
import os
import typing as t

from ..._core.errors import KernelError
from ..._core.host_state import HERE
from ..._core.resource import Handlers
from ..._netlink import codec, read
from ..._netlink import foreign_files as foreign
from ..._netlink import netns_files as files
from ..._netlink.handles import Handles
from ..._netlink.socket import Socket
from ..link.kernel_codec import LinkRequest, altname
from . import operations as op

BATCH = 50  # namespaces that are created in one batch before they are named
RTM_NEWNSID, RTM_NEWLINKPROP = 88, 108  # linux/rtnetlink.h


def _create_namespace(kernel: Handles, step: op.CreateNamespace) -> None:
    if step.again:
        files.bind(kernel.reopen_held(step.netns), step.netns, step.phrase())
        kernel.release(step.netns)
        return
    kernel.drop(step.netns)
    # Created before it is named, so that the file is stale only for the moment of one mount().
    if not kernel.unnamed:
        steps, number = kernel.upcoming
        likely = itertools.islice(steps, number, number + BATCH - 1)
        more = sum(isinstance(each, op.CreateNamespace) for each in likely)
        more = min(more, kernel.room())
        kernel.make_room(1 + more)
        kernel.unnamed = files.create_unnamed(1 + more, step.phrase(), _marker(step.mark))
    sock = kernel.unnamed.pop()
    try:
        files.bind(sock, step.netns, step.phrase(), step.mark)
    except BaseException:
        sock.close()
        raise
    kernel.keep(step.netns, sock)


def _marker(mark: str) -> t.Callable[[Socket], object]:
    """Return a function that marks a new namespace; all of one task have the same mark."""
    if not mark:
        return id
    attrs = [altname(mark)]
    return lambda sock: sock.request(
        f"mark a namespace as {mark}", LinkRequest, RTM_NEWLINKPROP, {"index": read.LO}, attrs
    )


def _delete_namespace(kernel: Handles, step: op.DeleteNamespace) -> None:
    kernel.make_room(2)
    # This descriptor keeps the namespace alive, so that a rollback can name it again.
    fd = kernel.socket(step.netns).namespace()
    mounts = kernel.held_by_mounts if kernel.keep_deleted else None
    try:
        if kernel.watch is not None and not step.busy:
            kernel.watch.add(step.netns, fd)
        if mounts is not None:
            mounts.put(step.netns, fd)
        held = [fd, *files.take_off(step.netns, step.phrase(), fd)]
    except BaseException:
        os.close(fd)
        if mounts is not None and step.netns in mounts.paths:
            mounts.drop(step.netns)
        raise
    if mounts is not None:
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
        kernel.socket(HERE).request(step.phrase(), codec.NsidMessage, RTM_NEWNSID, {}, attrs)
    finally:
        os.close(fd)


APPLY: Handlers = {
    op.CreateNamespace: _create_namespace,
    op.DeleteNamespace: _delete_namespace,
    op.RemoveStale: _remove_stale,
    op.PutStale: _put_stale,
    op.SetNsid: _set_nsid,
}
