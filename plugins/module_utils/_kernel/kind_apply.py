# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""How links of a kind are made and changed."""

from __future__ import annotations

import os
import typing as t

from .._model import kind_ops as op
from .._model.kinds import KINDS, PORT, Option, to_wire
from .._model.operation import Deeds
from . import codec, kind_read, read
from .handles import Handles
from .messages import ifinfmsg
from .netlink import CREATE, EXCL

RTM_NEWLINK, RTM_DELLINK, RTM_SETLINK = 16, 17, 19  # linux/rtnetlink.h
# The drivers of these take what a request does not say for 0 (ip_tunnel_changelink()).
WHOLE = ("gre", "gretap", "ipip", "sit")

Attrs = list[tuple[str, t.Any]]


def info(kind: str, attrs: Attrs) -> tuple[str, t.Any]:
    """Return IFLA_LINKINFO with a kind and its options."""
    inner: Attrs = [("IFLA_INFO_KIND", kind)]
    if attrs:
        inner.append(("IFLA_INFO_DATA", {"attrs": attrs}))
    return "IFLA_LINKINFO", {"attrs": inner}


def encoded(
    options: t.Mapping[str, Option], values: op.Pairs, index: t.Callable[[str], int]
) -> Attrs:
    """Return options as the attributes of their kind."""
    attrs: Attrs = []
    for name, value in values:
        option = options[name]
        if value is None:
            continue
        if option.form == "link":
            attrs.append((option.attr, index(value)))
        elif option.form == "ip" and ":" in value:
            attrs.append((option.attr6, value))
        else:
            attrs.append((option.attr, to_wire(option, value)))
    return attrs


def _create_link(kernel: Handles, step: op.CreateLink) -> None:
    kernel.next_index.pop(step.netns, None)
    if step.kind in ("tun", "tap"):
        from . import tun

        tun.create(kernel, step)
        return
    source = step.netns if step.source is None else step.source
    attrs = encoded(KINDS[step.kind].options, step.options, lambda name: kernel.index(source, name))
    request: Attrs = [("IFLA_IFNAME", step.name)]
    for name, value in (
        ("IFLA_ADDRESS", step.mac),
        ("IFLA_MTU", step.mtu),
        ("IFLA_TXQLEN", step.txqueuelen),
        ("IFLA_LINK", kernel.index(source, step.parent) if step.parent else None),
    ):
        request += [] if value is None else [(name, value)]
    fd = kernel.socket(step.netns).namespace() if source != step.netns else None
    try:
        if fd is not None:
            request.append(("IFLA_NET_NS_FD", fd))
        request.append(info(step.kind, attrs))
        kernel.socket(source).request(
            step.phrase(), ifinfmsg, RTM_NEWLINK, {"index": step.index}, request, CREATE | EXCL
        )
    finally:
        if fd is not None:
            os.close(fd)


def _change_kind(kernel: Handles, step: op.ChangeKind) -> None:
    index = kernel.index(step.netns, step.name)
    sock = kernel.socket(step.netns)
    attrs = encoded(KINDS[step.kind].options, step.new, lambda name: kernel.index(step.netns, name))
    if step.kind in WHOLE:
        answer = sock.ask(
            step.phrase(),
            codec.LinkMessage,
            read.RTM_GETLINK,
            {"index": index},
            [("IFLA_EXT_MASK", read.EXT_MASK)],
        )
        told = kind_read.attributes(step.kind, answer.found["info"]["data"])
        changed = {name for name, _value in attrs}
        attrs = [*((name, value) for name, value in told if name not in changed), *attrs]
    sock.request(step.phrase(), ifinfmsg, RTM_NEWLINK, {"index": index}, [info(step.kind, attrs)])


def _change_port(kernel: Handles, step: op.ChangePort) -> None:
    attrs = encoded(PORT, step.new, lambda name: 0)
    slave = {
        "attrs": [
            ("IFLA_INFO_SLAVE_KIND", "bridge"),
            ("IFLA_INFO_SLAVE_DATA", {"attrs": attrs}),
        ]
    }
    kernel.socket(step.netns).request(
        step.phrase(),
        ifinfmsg,
        RTM_NEWLINK,
        {"index": kernel.index(step.netns, step.name)},
        [("IFLA_LINKINFO", slave)],
    )


def _vlan(kernel: Handles, step: op.AddVlan | op.DeleteVlan, kind: int) -> None:
    flags = (kind_read.UNTAGGED if step.untagged else 0) | (kind_read.PVID if step.pvid else 0)
    spec = {"attrs": [("IFLA_BRIDGE_VLAN_INFO", {"flags": flags, "vid": step.vid})]}
    kernel.socket(step.netns).request(
        step.phrase(),
        ifinfmsg,
        kind,
        {"family": kind_read.AF_BRIDGE, "index": kernel.index(step.netns, step.name)},
        [("IFLA_AF_SPEC", spec)],
    )


def _add_vlan(kernel: Handles, step: op.AddVlan) -> None:
    _vlan(kernel, step, RTM_SETLINK)


def _delete_vlan(kernel: Handles, step: op.DeleteVlan) -> None:
    _vlan(kernel, step, RTM_DELLINK)


APPLY: Deeds = {
    op.CreateLink: _create_link,
    op.ChangeKind: _change_kind,
    op.ChangePort: _change_port,
    op.AddVlan: _add_vlan,
    op.DeleteVlan: _delete_vlan,
}
