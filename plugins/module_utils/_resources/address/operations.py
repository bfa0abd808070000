# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on addresses."""

from __future__ import annotations

import typing as t

from ..._core.host_state import Address, phrase
from ..._core.operation import ADDRESSES, NEIGHBOURS, ROUTES, Operation, Touch, ip
from ..._core.parse import FOREVER
from ..._core.record import dataclass
from . import RESOURCE
from .table import FLAGS

OTHER_FLAGS = {0x10: "home", 0x100: "mngtmpaddr", 0x400: "autojoin"}  # IFA_F_…, linux/if_addr.h


def address_words(address: Address) -> list[str]:
    """Return the arguments of ip-address(8) for an address."""
    words = [address.cidr]
    if address.peer:
        words = [
            address.local,
            "peer",
            f"{address.peer}/{address.cidr.partition('/')[2]}",
        ]
    words += ["dev", address.link]
    if address.broadcast:
        words += ["broadcast", address.broadcast]
    if address.version == 4 and address.scope != "global":
        words += ["scope", address.scope]
    if address.label and address.label != address.link:
        words += ["label", address.label]
    if address.metric:
        words += ["metric", str(address.metric)]
    if (address.valid_lft, address.preferred_lft) != (FOREVER, FOREVER):
        for key, value in (
            ("valid_lft", address.valid_lft),
            ("preferred_lft", address.preferred_lft),
        ):
            words += [key, "forever" if value == FOREVER else str(value)]
    words += [row.name for row in FLAGS if getattr(address, row.name)]
    return words + [word for bit, word in OTHER_FLAGS.items() if address.flags & bit]


# Deleting an address removes routes that need it, and the last IPv4 address of a link its neighbours.
WITH_ADDRESS = ADDRESSES | ROUTES | NEIGHBOURS


@dataclass(frozen=True)
class AddAddress(Operation):
    """Add an address to a link."""

    resource = RESOURCE

    netns: str
    address: Address

    def inverse(self) -> Operation:
        return DeleteAddress(self.netns, self.address)

    def command(self) -> str:
        return ip(self.netns, "address", "add", *address_words(self.address))

    def phrase(self) -> str:
        return f"add {self.address.cidr} to link {self.address.link} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, WITH_ADDRESS, (self.address.link,)),)

    def puts(self) -> tuple[tuple[str, str | None], ...]:
        return ((self.netns, self.address.link),)

    def begins(self) -> tuple[str, str] | None:
        if self.address.version == 4 or self.address.nodad:
            return None
        return self.netns, self.address.local


@dataclass(frozen=True)
class DeleteAddress(Operation):
    """Remove an address from a link."""

    resource = RESOURCE

    netns: str
    address: Address

    def inverse(self) -> Operation:
        return AddAddress(self.netns, self.address)

    def command(self) -> str:
        words = address_words(self.address)
        return ip(self.netns, "address", "del", *words[: words.index("dev") + 2])

    def phrase(self) -> str:
        return f"remove {self.address.cidr} from link {self.address.link} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, WITH_ADDRESS, (self.address.link,)),)

    def loses(self) -> tuple[t.Any, ...]:
        return (self.address,)

    def drops(self) -> tuple[tuple[str, str], ...]:
        return ((self.netns, self.address.link),)


@dataclass(frozen=True)
class ChangeAddress(Operation):
    """Change the fields that NLM_F_REPLACE can: lifetimes, metric, and for IPv6 the flags."""

    resource = RESOURCE

    netns: str
    new: Address
    old: Address

    def inverse(self) -> Operation:
        return ChangeAddress(self.netns, self.old, self.new)

    def command(self) -> str:
        return ip(self.netns, "address", "replace", *address_words(self.new))

    def phrase(self) -> str:
        return f"change {self.new.cidr} on link {self.new.link} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, WITH_ADDRESS, (self.new.link,)),)

    def loses(self) -> tuple[t.Any, ...]:
        return (self.old,)
