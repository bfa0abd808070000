# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From an operation to the messages and system calls that carry it out."""

from __future__ import annotations

import errno
import os
import struct
import typing as t

from .._model import operations as op
from .._model.errors import KernelError
from .._model.parse import FOREVER, scope_number
from .._model.world import HERE, Address, Route
from . import codec, files, read
from .kernel import Kernel
from .messages import ifaddrmsg, ifinfmsg, nsidmsg, rtmsg
from .netlink import ACK, CREATE, EXCL, REPLACE, REQUEST

RTM_NEWLINK, RTM_DELLINK, RTM_SETLINK = 16, 17, 19  # linux/rtnetlink.h, all of these
RTM_NEWADDR, RTM_DELADDR, RTM_NEWROUTE, RTM_DELROUTE, RTM_NEWNSID = 20, 21, 24, 25, 88
AF_INET, AF_INET6 = 2, 10
RTA_OIF = 4
ONLINK = 4  # RTNH_F_ONLINK: the only one of a route's flags that a request may carry

FLAGS = {"up": read.IFF_UP, "promisc": read.IFF_PROMISC, "multicast": read.IFF_MULTICAST}
ATTRIBUTES = {
    "name": "IFLA_IFNAME",
    "mac": "IFLA_ADDRESS",
    "mtu": "IFLA_MTU",
    "alias": "IFLA_IFALIAS",
    "txqueuelen": "IFLA_TXQLEN",
    "group": "IFLA_GROUP",
}


def apply(kernel: Kernel, step: op.Operation) -> None:
    """Carry out one operation. Raises KernelError, with what was tried, if the kernel refuses."""
    APPLY[type(step)](kernel, step)


def _create_namespace(kernel: Kernel, step: op.CreateNamespace) -> None:
    held = kernel.held.get(step.netns) if step.again else None
    if held is not None:
        files.bind(held, step.netns, step.phrase())
        os.close(kernel.held.pop(step.netns))
        return
    kernel.drop(step.netns)
    files.create(step.netns, step.phrase())


def _delete_namespace(kernel: Kernel, step: op.DeleteNamespace) -> None:
    # The namespace lives on while this is open: until the plan is done, it can be named again.
    fd = kernel.socket(step.netns).namespace()
    try:
        if kernel.watch is not None and not step.busy:
            kernel.watch.plant(step.netns, fd)
        files.remove(step.netns, step.phrase())
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


def _end(end: op.VethEnd, fd: int) -> list[tuple[str, t.Any]]:
    stated = (
        ("IFLA_IFNAME", end.name),
        ("IFLA_NET_NS_FD", fd),
        ("IFLA_ADDRESS", end.mac),
        ("IFLA_MTU", end.mtu),
        ("IFLA_TXQLEN", end.txqueuelen),
        ("IFLA_GROUP", end.group),
    )
    return [(name, value) for name, value in stated if value is not None]


def _create_veth(kernel: Kernel, step: op.CreateVeth) -> None:
    near, far = (kernel.socket(end.netns).namespace() for end in (step.near, step.far))
    try:
        peer = {"index": step.far.index, "attrs": _end(step.far, far)}
        info = {
            "attrs": [
                ("IFLA_INFO_KIND", "veth"),
                ("IFLA_INFO_DATA", {"attrs": [("VETH_INFO_PEER", peer)]}),
            ]
        }
        kernel.socket(HERE).request(
            step.phrase(),
            ifinfmsg,
            RTM_NEWLINK,
            {"index": step.near.index},
            [*_end(step.near, near), ("IFLA_LINKINFO", info)],
            CREATE | EXCL,
        )
    finally:
        os.close(near)
        os.close(far)


def _delete_link(kernel: Kernel, step: op.DeleteLink) -> None:
    index = kernel.index(step.netns, step.link.name)
    sock = kernel.socket(step.netns)
    sock.request(step.phrase(), ifinfmsg, RTM_DELLINK, {"index": index})
    kernel.indexes.clear()


def _move_link(kernel: Kernel, step: op.MoveLink) -> None:
    index = kernel.index(step.netns, step.name)
    fd = kernel.socket(step.to).namespace()
    try:
        attrs = [("IFLA_NET_NS_FD", fd), ("IFLA_IFNAME", step.new_name)]
        sock = kernel.socket(step.netns)
        sock.request(step.phrase(), ifinfmsg, RTM_SETLINK, {"index": index}, attrs)
    finally:
        os.close(fd)
        kernel.indexes.clear()


def _change_link(kernel: Kernel, step: op.ChangeLink) -> None:
    fields = {"index": kernel.index(step.netns, step.name), "flags": 0, "change": 0}
    attrs: list[tuple[str, t.Any]] = []
    for key, value in step.new:
        if key in ATTRIBUTES:
            attrs.append((ATTRIBUTES[key], value))
        elif key == "master":
            attrs.append(("IFLA_MASTER", kernel.index(step.netns, str(value)) if value else 0))
        elif key == "arp":
            fields["change"] |= read.IFF_NOARP
            fields["flags"] |= 0 if value else read.IFF_NOARP
        else:
            fields["change"] |= FLAGS[key]
            fields["flags"] |= FLAGS[key] if value else 0
    try:
        kernel.socket(step.netns).request(step.phrase(), ifinfmsg, RTM_SETLINK, fields, attrs)
    finally:
        kernel.indexes.pop((step.netns, step.name), None)


def _address(
    kernel: Kernel, netns: str, what: str, kind: int, address: Address, flags: int = 0
) -> None:
    local, _unused, prefix = address.cidr.partition("/")
    fields = {
        "family": AF_INET if address.version == 4 else AF_INET6,
        "prefixlen": int(prefix),
        "flags": 0,
        "scope": scope_number(address.scope),
        "index": kernel.index(netns, address.link),
    }
    attrs: list[tuple[str, t.Any]] = [
        ("IFA_LOCAL", local),
        ("IFA_ADDRESS", address.peer or local),
    ]
    if kind == RTM_NEWADDR:
        attrs += _address_options(address)
    kernel.socket(netns).request(what, ifaddrmsg, kind, fields, attrs, flags)


def _address_options(address: Address) -> list[tuple[str, t.Any]]:
    options: list[tuple[str, t.Any]] = []
    if address.broadcast:
        options.append(("IFA_BROADCAST", address.broadcast))
    if address.label:
        options.append(("IFA_LABEL", address.label))
    if address.metric:
        options.append(("IFA_RT_PRIORITY", address.metric))
    bits = (read.NODAD if address.nodad else 0) | (
        read.NOPREFIXROUTE if address.noprefixroute else 0
    )
    if bits:
        options.append(("IFA_FLAGS", bits))
    lifetimes = {"ifa_preferred": address.preferred_lft, "ifa_valid": address.valid_lft}
    if set(lifetimes.values()) != {FOREVER}:
        options.append(("IFA_CACHEINFO", {**lifetimes, "cstamp": 0, "tstamp": 0}))
    return options


def _add_address(kernel: Kernel, step: op.AddAddress) -> None:
    _address(kernel, step.netns, step.phrase(), RTM_NEWADDR, step.address, CREATE | EXCL)


def _delete_address(kernel: Kernel, step: op.DeleteAddress) -> None:
    _address(kernel, step.netns, step.phrase(), RTM_DELADDR, step.address)


def _change_address(kernel: Kernel, step: op.ChangeAddress) -> None:
    _address(kernel, step.netns, step.phrase(), RTM_NEWADDR, step.new, CREATE | REPLACE)


def _route(kernel: Kernel, netns: str, what: str, kind: int, route: Route, flags: int) -> None:
    """Send the kernel's own message back, with another type in its header."""
    sock = kernel.socket(netns)
    sock.sequence += 1
    data = bytearray(route.wire)
    codec.HEADER.pack_into(data, 0, len(data), kind, REQUEST | ACK | flags, sock.sequence, 0)
    at = codec.HEADER.size + 8  # rtm_flags
    struct.pack_into("=I", data, at, struct.unpack_from("=I", data, at)[0] & ONLINK)
    if route.dev is not None:
        # A link that was away and came back may have got another number.
        at = codec.find(data, at + 4, RTA_OIF)
        struct.pack_into("=I", data, at, kernel.index(netns, route.dev))
    sock.exchange(what, bytes(data), rtmsg)


def _add_route(kernel: Kernel, step: op.AddRoute) -> None:
    try:
        _route(kernel, step.netns, step.phrase(), RTM_NEWROUTE, step.route, CREATE | EXCL)
    except KernelError as error:
        if error.errno != errno.EEXIST:  # it did not fall after all: that is what is wanted
            raise


def _delete_route(kernel: Kernel, step: op.DeleteRoute) -> None:
    _route(kernel, step.netns, step.phrase(), RTM_DELROUTE, step.route, 0)


APPLY: dict[type[op.Operation], t.Callable[[Kernel, t.Any], None]] = {
    op.CreateNamespace: _create_namespace,
    op.DeleteNamespace: _delete_namespace,
    op.RemoveStale: _remove_stale,
    op.PutStale: _put_stale,
    op.SetNsid: _set_nsid,
    op.CreateVeth: _create_veth,
    op.DeleteLink: _delete_link,
    op.MoveLink: _move_link,
    op.ChangeLink: _change_link,
    op.AddAddress: _add_address,
    op.DeleteAddress: _delete_address,
    op.ChangeAddress: _change_address,
    op.AddRoute: _add_route,
    op.DeleteRoute: _delete_route,
}
