# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Create and change links of a kind over netlink."""

from __future__ import annotations

import errno
import os
import struct
import typing as t

from ...._core.errors import KernelError
from ...._core.host_state import phrase
from ...._core.link_table import BY_NAME
from ...._core.resource import Handlers
from ...._netlink import attributes as nla
from ...._netlink import codec, read
from ...._netlink.handles import Handles
from ...._netlink.socket import CREATE, EXCL
from ..kernel_codec import LinkRequest
from . import kernel_read as kind_read
from . import operations as op
from .kernel_codec import info, made_again, over, packed, port_again, port_info
from .option import Option, to_wire
from .table import KINDS, PORT

RTM_NEWLINK, RTM_DELLINK, RTM_SETLINK = 16, 17, 19  # linux/rtnetlink.h
NO_ADDRESS = {"ip": "0.0.0.0", "ip6": "::"}

Attrs = list[tuple[str, t.Any]]


def encoded(
    options: t.Mapping[str, Option], values: op.Pairs, index: t.Callable[[str], int]
) -> Attrs:
    """Return options as the attributes of their kind."""
    attrs: Attrs = []
    for name, value in values:
        option = options[name]
        if option.form == "link":
            attrs.append((option.attr, index(value) if value else 0))
        elif option.is_address and value is None:
            attrs.append((option.attr, NO_ADDRESS[str(option.form)]))
        elif value is None:
            continue
        elif option.form == "ip" and ":" in value:
            attrs.append((option.attr6, value))
        else:
            attrs.append((option.attr, to_wire(option, value)))
    return attrs


def _create_link(kernel: Handles, step: op.CreateLink) -> None:
    if KINDS[step.kind].by_ioctl:
        from . import kernel_tun as tun

        tun.create(kernel, step)
        return
    source = step.netns if step.source is None else step.source
    kind = KINDS[step.kind]
    stated = tuple((name, value) for name, value in step.options if value is not None)
    attrs = encoded(kind.options, stated, lambda name: kernel.index(source, name))
    parent = kernel.index(source, step.parent) if step.parent else None
    if kind.parent_attr and parent is not None:
        attrs.append((kind.parent_attr, parent))
    request: Attrs = [("IFLA_IFNAME", step.name)]
    for name, value in (
        ("IFLA_ADDRESS", step.mac),
        ("IFLA_MTU", step.mtu),
        ("IFLA_TXQLEN", step.txqueuelen),
        ("IFLA_LINK", None if kind.parent_attr else parent),
    ):
        request += [] if value is None else [(name, value)]
    request += [(BY_NAME[name].attr, value) for name, value in step.made_with]
    fd = kernel.socket(step.netns).namespace() if source != step.netns else None
    try:
        if fd is not None:
            request.append(("IFLA_NET_NS_FD", fd))
        request.append(info(step.kind, made_again(step.kind, step.wire, attrs)))
        _make(kernel, step, source, request)
    except KernelError as error:
        if error.errno == errno.EOPNOTSUPP and "device type" in error.words:
            words = (
                f"{error.words} (this kernel has no {step.kind}, or its module is not installed)"
            )
            raise KernelError(error.errno, error.what, words) from error
        raise
    finally:
        if fd is not None:
            os.close(fd)


def _make(kernel: Handles, step: op.CreateLink, source: str, request: Attrs) -> None:
    """Send the request to make a link, from the namespace of its parent or its socket.

    Up to Linux 6.12, its name may not be that of a link there, unless its number is stated
    (rtnl_newlink()): the parent itself may be called so, as an `eth0` on an `eth0`.
    """

    def send(index: int) -> None:
        sock, fields = kernel.socket(source), {"index": index}
        sock.request(step.phrase(), LinkRequest, RTM_NEWLINK, fields, request, CREATE | EXCL)

    try:
        send(step.index)
    except KernelError as error:
        if error.errno != errno.EEXIST or step.index or source == step.netns:
            raise
        there = [
            each.link.index
            for key in (source, step.netns)
            for each in read.links(kernel.socket(key), phrase(key))
        ]
        send(max(there) + 1)


def _change_kind(kernel: Handles, step: op.ChangeKind) -> None:
    index = kernel.index(step.netns, step.name)
    sock = kernel.socket(step.netns)
    attrs = encoded(KINDS[step.kind].options, step.new, lambda name: kernel.index(step.netns, name))
    data = packed(attrs)
    if KINDS[step.kind].whole:
        answer = sock.ask(
            step.phrase(),
            codec.LinkMessage,
            read.RTM_GETLINK,
            {"index": index},
            [("IFLA_EXT_MASK", read.EXT_MASK)],
        )
        there = answer.found["info"]["data"]
        fixed = {option.number for option in KINDS[step.kind].options.values() if option.fixed}
        data = over(there, attrs, fixed)
    request: Attrs = [info(step.kind, data)]
    if step.mtu is not None:
        request.append(("IFLA_MTU", step.mtu))
    sock.request(step.phrase(), LinkRequest, RTM_NEWLINK, {"index": index}, request)


def _change_port(kernel: Handles, step: op.ChangePort) -> None:
    attrs = encoded(PORT, step.new, lambda name: 0)
    data = over(port_again(step.wire), attrs)
    kernel.socket(step.netns).request(
        step.phrase(),
        LinkRequest,
        RTM_NEWLINK,
        {"index": kernel.index(step.netns, step.name)},
        [port_info(data)],
    )


def _vlan(kernel: Handles, step: op.AddVlan | op.DeleteVlan, kind: int) -> None:
    flags = (kind_read.UNTAGGED if step.untagged else 0) | (kind_read.PVID if step.pvid else 0)
    spec = nla.attribute(2, struct.pack("=HH", flags, step.vid))  # IFLA_BRIDGE_VLAN_INFO
    kernel.socket(step.netns).request(
        step.phrase(),
        LinkRequest,
        kind,
        {"family": kind_read.AF_BRIDGE, "index": kernel.index(step.netns, step.name)},
        [("IFLA_AF_SPEC", spec)],
    )


def _add_vlan(kernel: Handles, step: op.AddVlan) -> None:
    _vlan(kernel, step, RTM_SETLINK)


def _delete_vlan(kernel: Handles, step: op.DeleteVlan) -> None:
    _vlan(kernel, step, RTM_DELLINK)


APPLY: Handlers = {
    op.CreateLink: _create_link,
    op.ChangeKind: _change_kind,
    op.ChangePort: _change_port,
    op.AddVlan: _add_vlan,
    op.DeleteVlan: _delete_vlan,
}
