# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on nexthop objects."""

from __future__ import annotations

import struct
import typing as t

from ..._core.host_state import phrase
from ..._core.operation import ROUTES, Operation, Touch, ip
from ..._core.record import dataclass
from . import RESOURCE
from .state import RES_GROUP, TYPE_MASK, NexthopObject

USER_HZ = 100  # the kernel's unit of times, include/asm-generic/param.h


def nexthop_words(verb: str, nexthop: NexthopObject) -> list[str]:
    """Return the arguments of ip-nexthop(8) for a nexthop object."""
    words = [f"-{nexthop.version}"] if nexthop.version == 6 and not nexthop.via else []
    words += ["nexthop", verb, "id", str(nexthop.id)]
    words += ["blackhole"] if nexthop.blackhole else []
    if nexthop.group:
        words += ["group", "/".join(_member(*each) for each in nexthop.group)]
        words += _resilient(nexthop.extra(RES_GROUP))
    words += ["via", nexthop.via] if nexthop.via else []
    words += ["dev", nexthop.dev] if nexthop.dev else []
    words += ["onlink"] if nexthop.onlink else []
    words += ["fdb"] if nexthop.fdb else []
    return words + (["proto", nexthop.proto] if nexthop.proto != "unspec" else [])


def _member(number: int, weight: int) -> str:
    return str(number) if weight == 1 else f"{number},{weight}"


def _resilient(data: bytes) -> list[str]:
    """Return the words of a resilient group, from its attributes NHA_RES_GROUP_…"""
    if not data:
        return []
    found, offset = {}, 0
    while offset + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, offset)
        found[kind & TYPE_MASK] = int.from_bytes(data[offset + 4 : offset + length], _order())
        offset += max((length + 3) & ~3, 4)
    words = ["type", "resilient", *(["buckets", str(found[1])] if found.get(1) else [])]
    for kind, word in ((2, "idle_timer"), (3, "unbalanced_timer")):
        words += [word, str(found[kind] // USER_HZ)] if kind in found else []
    return words


def _order() -> t.Literal["little", "big"]:
    import sys

    return sys.byteorder


def description(nexthop: NexthopObject) -> str:
    """Return a description of a nexthop object for messages."""
    words = nexthop_words("add", nexthop)
    return " ".join(words[words.index("id") + 1 :])


def _touches(netns: str, *nexthops: NexthopObject) -> tuple[Touch, ...]:
    links = dict.fromkeys(each.dev for each in nexthops if each.dev is not None)
    return ((netns, ROUTES, tuple(links)),)


@dataclass(frozen=True)
class AddNexthop(Operation):
    """Add a nexthop object; ``again`` if it was there and falls with a link that the plan changes."""

    resource = RESOURCE

    netns: str
    nexthop: NexthopObject
    again: bool = False

    def inverse(self) -> Operation:
        return DeleteNexthop(self.netns, self.nexthop)

    def command(self) -> str:
        return ip(self.netns, *nexthop_words("add", self.nexthop))

    def phrase(self) -> str:
        return f"add the nexthop object {description(self.nexthop)} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return _touches(self.netns, self.nexthop)

    def puts(self) -> tuple[tuple[str, str | None], ...]:
        return ((self.netns, self.nexthop.dev),)


@dataclass(frozen=True)
class DeleteNexthop(Operation):
    """Delete a nexthop object that no route and no group uses."""

    resource = RESOURCE

    netns: str
    nexthop: NexthopObject

    def inverse(self) -> Operation:
        return AddNexthop(self.netns, self.nexthop)

    def command(self) -> str:
        return ip(self.netns, "nexthop", "del", "id", str(self.nexthop.id))

    def phrase(self) -> str:
        return f"delete the nexthop object {description(self.nexthop)} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return _touches(self.netns, self.nexthop)

    def loses(self) -> tuple[t.Any, ...]:
        return (self.nexthop,)


@dataclass(frozen=True)
class ReplaceNexthop(Operation):
    """Replace a nexthop object, which the routes and groups that use it keep."""

    resource = RESOURCE

    netns: str
    new: NexthopObject
    old: NexthopObject

    def inverse(self) -> Operation:
        return ReplaceNexthop(self.netns, self.old, self.new)

    def command(self) -> str:
        return ip(self.netns, *nexthop_words("replace", self.new))

    def phrase(self) -> str:
        return f"replace the nexthop object {description(self.new)} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return _touches(self.netns, self.new, self.old)

    def loses(self) -> tuple[t.Any, ...]:
        return (self.old,)
