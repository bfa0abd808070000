# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Add, change and remove addresses over netlink."""

from __future__ import annotations

import struct
import typing as t

from ..._core.host_state import Address
from ..._core.parse import FOREVER, scope_number
from ..._core.resource import Handlers
from ..._netlink import codec
from ..._netlink.handles import Handles
from ..._netlink.socket import CREATE, EXCL, REPLACE, What
from . import operations as op
from .table import FLAGS, ROWS

RTM_NEWADDR, RTM_DELADDR = 20, 21  # linux/rtnetlink.h
AF_INET, AF_INET6 = 2, 10


LIFETIMES = struct.Struct("=IIII")  # struct ifa_cacheinfo: preferred, valid, cstamp, tstamp


class AddressRequest(codec.NetlinkMessage):
    """RTM_NEWADDR and RTM_DELADDR; numbers from linux/if_addr.h."""

    fields = codec.AddressMessage.fields
    nla_map = (
        (1, "IFA_ADDRESS", "ipaddr"),
        (2, "IFA_LOCAL", "ipaddr"),
        *((row.number, row.attr, row.wire) for row in ROWS if row.number),
        (6, "IFA_CACHEINFO", "cdata"),
        (8, "IFA_FLAGS", "uint32"),
        (11, "IFA_PROTO", "uint8"),
    )


def _address(
    kernel: Handles, netns: str, what: What, kind: int, address: Address, flags: int = 0
) -> None:
    local, _unused, prefix = address.cidr.partition("/")
    fields = {
        "family": AF_INET if address.version == 4 else AF_INET6,
        "prefixlen": int(prefix),
        "flags": 0,
        "scope": scope_number(address.scope),
        "index": kernel.index(netns, address.link),
    }
    attrs: list[tuple[t.Any, t.Any]] = [
        ("IFA_LOCAL", local),
        ("IFA_ADDRESS", address.peer or local),
    ]
    if kind == RTM_NEWADDR:
        attrs += _address_options(address)
    kernel.socket(netns).request(what, AddressRequest, kind, fields, attrs, flags)


def _address_options(address: Address) -> list[tuple[t.Any, t.Any]]:
    values = [(row.attr, getattr(address, row.name)) for row in ROWS if row.number]
    options: list[tuple[t.Any, t.Any]] = [(attr, value) for attr, value in values if value]
    bits = address.flags | sum(row.flag for row in FLAGS if getattr(address, row.name))
    if bits:
        options.append(("IFA_FLAGS", bits))
    lifetimes = (address.preferred_lft, address.valid_lft)
    if lifetimes != (FOREVER, FOREVER):
        options.append(("IFA_CACHEINFO", LIFETIMES.pack(*lifetimes, 0, 0)))
    if address.proto and not address.kernel_made:
        options.append(("IFA_PROTO", address.proto))
    return [*options, *address.extras]


def _add_address(kernel: Handles, step: op.AddAddress) -> None:
    _address(kernel, step.netns, step.phrase, RTM_NEWADDR, step.address, CREATE | EXCL)


def _delete_address(kernel: Handles, step: op.DeleteAddress) -> None:
    _address(kernel, step.netns, step.phrase, RTM_DELADDR, step.address)


def _change_address(kernel: Handles, step: op.ChangeAddress) -> None:
    _address(kernel, step.netns, step.phrase, RTM_NEWADDR, step.new, CREATE | REPLACE)


APPLY: Handlers = {
    op.AddAddress: _add_address,
    op.DeleteAddress: _delete_address,
    op.ChangeAddress: _change_address,
}
