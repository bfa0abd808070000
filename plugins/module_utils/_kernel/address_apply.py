# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""How addresses are added, changed and removed."""

from __future__ import annotations

import typing as t

from .._model import address_ops as op
from .._model.parse import FOREVER, scope_number
from .._model.world import Address
from . import read
from .apply import Appliers
from .kernel import Kernel
from .messages import ifaddrmsg
from .netlink import CREATE, EXCL, REPLACE

RTM_NEWADDR, RTM_DELADDR = 20, 21  # linux/rtnetlink.h
AF_INET, AF_INET6 = 2, 10


class AddressRequest(ifaddrmsg):
    """RTM_NEWADDR and RTM_DELADDR, with the metric: pyroute2 0.7.2 would leave it out unasked."""

    nla_map = (*ifaddrmsg.nla_map[:9], ("IFA_RT_PRIORITY", "uint32"))


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
    kernel.socket(netns).request(what, AddressRequest, kind, fields, attrs, flags)


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


APPLY: Appliers = {
    op.AddAddress: _add_address,
    op.DeleteAddress: _delete_address,
    op.ChangeAddress: _change_address,
}
