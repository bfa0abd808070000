# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Create, move, change and delete links over netlink."""

from __future__ import annotations

import contextlib
import errno
import os
import typing as t

from ..._core.errors import KernelError
from ..._core.host_state import HERE
from ..._core.link_table import BY_NAME, LinkAttribute
from ..._core.resource import Handlers
from ..._netlink.handles import Handles
from ..._netlink.socket import CREATE, EXCL
from . import operations as op
from .kernel_codec import LinkRequest, inet6, veth

RTM_NEWLINK, RTM_DELLINK, RTM_SETLINK = 16, 17, 19  # linux/rtnetlink.h
NAME = LinkAttribute("name", "IFLA_IFNAME", 3, "text")  # not an option: a link is renamed

END = ("mac", "mtu", "txqueuelen", "group")  # what a request for a veth states of an end


def _end(end: op.VethEnd, fd: int) -> list[tuple[str, t.Any]]:
    values = [(BY_NAME[name].attr, getattr(end, name)) for name in END]
    values += [(BY_NAME[name].attr, value) for name, value in end.made_with]
    stated = [(attr, value) for attr, value in values if value is not None]
    return [("IFLA_IFNAME", end.name), ("IFLA_NET_NS_FD", fd), *stated]


def _create_veth(kernel: Handles, step: op.CreateVeth) -> None:
    near, far = (kernel.namespace(end.netns) for end in (step.near, step.far))

    def make(where: str) -> None:
        attrs = [*_end(step.near, near), veth(_end(step.far, far), step.far.index)]
        what, fields = step.phrase, {"index": step.near.index}
        kernel.socket(where).request(what, LinkRequest, RTM_NEWLINK, fields, attrs, CREATE | EXCL)

    try:
        make(HERE)
    except KernelError as error:
        # Up to Linux 6.12, name and number may not be those of a link where the message is sent:
        # rtnl_newlink(). An `eth0` here does not hinder one there.
        if error.errno != errno.EEXIST or step.near.netns == HERE:
            raise
        make(step.near.netns)
    finally:
        os.close(near)
        os.close(far)


def _delete_link(kernel: Handles, step: op.DeleteLink) -> None:
    peer = step.link.peer
    try:
        _delete(kernel, step)
    except KernelError as error:
        # The other end may be in a namespace that is being deleted, which deletes this one too.
        if error.errno != errno.ENODEV or step.link.kind != "veth" or (peer and peer.netns):
            raise


def _delete(kernel: Handles, step: op.DeleteLink) -> None:
    index = kernel.index(step.netns, step.link.name)
    sock = kernel.socket(step.netns)
    sock.request(step.phrase, LinkRequest, RTM_DELLINK, {"index": index})
    kernel.indexes.clear()


def _restore_link(kernel: Handles, step: op.RestoreLink) -> None:
    from ..._netlink.snapshot import links as link_state
    from ..._netlink.snapshot import make_link as link_make

    taken = None if kernel.snapshot is None else kernel.snapshot.namespaces.get(step.netns)
    links = link_state.states(() if taken is None else taken.messages["links"])
    if step.link.index not in links:
        raise KernelError(errno.ENODEV, step.phrase(), "it was not there before the plan")
    link = links[step.link.index]
    link_make.make(kernel, step.netns, link, links.values(), step.link.name)


def _move_link(kernel: Handles, step: op.MoveLink) -> None:
    index = kernel.index(step.netns, step.name)
    fd = kernel.namespace(step.to)
    attrs = [("IFLA_NET_NS_FD", fd), ("IFLA_IFNAME", step.new_name)]
    sock, what = kernel.socket(step.netns), step.phrase()
    try:
        if step.index:
            numbered = [*attrs, ("IFLA_NEW_IFINDEX", step.index)]
            with contextlib.suppress(KernelError):  # the number is taken: then any other will do
                sock.request(what, LinkRequest, RTM_SETLINK, {"index": index}, numbered)
                return
        sock.request(what, LinkRequest, RTM_SETLINK, {"index": index}, attrs)
    finally:
        os.close(fd)
        kernel.indexes.clear()


def _change_link(kernel: Handles, step: op.ChangeLink) -> None:
    fields = {"index": kernel.index(step.netns, step.name), "flags": 0, "change": 0}
    attrs: list[tuple[str, t.Any]] = []
    for key, value in step.new:
        row = BY_NAME.get(key, NAME)
        if value is None:
            continue  # what the kernel chose for a new link, which is deleted with it
        if row.wire == "flag":
            fields["change"] |= row.flag
            fields["flags"] |= row.flag if value != row.inverted else 0
        elif row.wire == "link":
            attrs.append((row.attr, kernel.index(step.netns, str(value)) if value else 0))
        elif row.inet6:
            attrs.append(inet6(row, value))
        else:
            attrs.append((row.attr, row.values[str(value)] if row.values else value))
    index = kernel.indexes.pop((step.netns, step.name), None)
    kernel.socket(step.netns).request(step.phrase, LinkRequest, RTM_SETLINK, fields, attrs)
    if index is not None:  # what was refused may have been half done, a new name among it
        kernel.indexes[step.netns, str(dict(step.new).get("name", step.name))] = index


APPLY: Handlers = {
    op.CreateVeth: _create_veth,
    op.DeleteLink: _delete_link,
    op.RestoreLink: _restore_link,
    op.MoveLink: _move_link,
    op.ChangeLink: _change_link,
}
