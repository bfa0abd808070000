# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on neighbours."""

from __future__ import annotations

import typing as t

from ..._core.host_state import phrase
from ..._core.operation import NEIGHBOURS, Operation, Touch, ip
from ..._core.record import dataclass
from . import RESOURCE
from .state import EXT_LEARNED, MANAGED, Neighbour


def words(verb: str, each: Neighbour) -> list[str]:
    """Return the arguments of ip-neighbour(8) for an entry."""
    if each.proxy:
        line = ["neigh", verb, "proxy", each.address, "dev", each.link]
    elif verb == "del":
        return ["neigh", verb, each.address, "dev", each.link]
    else:
        line = ["neigh", verb, each.address]
        line += ["lladdr", each.mac] if each.mac else []
        line += ["dev", each.link, "nud", each.state or each.nud]
    if verb != "del":
        line += ["router"] if each.router else []
        line += ["extern_learn"] if each.flags[0] & EXT_LEARNED else []
        line += ["managed"] if each.flags[1] & MANAGED else []
    proto = each.proto if verb != "del" and each.proto != "unspec" else None
    return line + (["protocol", proto] if proto else [])


@dataclass(frozen=True)
class SetNeighbour(Operation):
    """Add an entry or replace ``old`` with it."""

    resource = RESOURCE

    netns: str
    new: Neighbour
    old: Neighbour | None = None

    def inverse(self) -> Operation:
        if self.old is None:
            return DeleteNeighbour(self.netns, self.new)
        return SetNeighbour(self.netns, self.old, self.new)

    def command(self) -> str:
        return ip(self.netns, *words("replace", self.new))

    def phrase(self) -> str:
        return f"set the {description(self.new)} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, NEIGHBOURS, (self.new.link,)),)

    def puts(self) -> tuple[tuple[str, str | None], ...]:
        return ((self.netns, self.new.link),)

    def loses(self) -> tuple[t.Any, ...]:
        return () if self.old is None else (self.old,)


@dataclass(frozen=True)
class DeleteNeighbour(Operation):
    """Delete an entry."""

    resource = RESOURCE

    netns: str
    neighbour: Neighbour

    def inverse(self) -> Operation:
        return SetNeighbour(self.netns, self.neighbour)

    def command(self) -> str:
        return ip(self.netns, *words("del", self.neighbour))

    def phrase(self) -> str:
        return f"delete the {description(self.neighbour)} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, NEIGHBOURS, (self.neighbour.link,)),)

    def loses(self) -> tuple[t.Any, ...]:
        return (self.neighbour,)


def description(each: Neighbour) -> str:
    """Return a description of an entry for messages."""
    what = f"proxy for {each.address}" if each.proxy else f"neighbour {each.address}"
    return f"{what}{f' with MAC {each.mac}' if each.mac else ''} of link {each.link}"
