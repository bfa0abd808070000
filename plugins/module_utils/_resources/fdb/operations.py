# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on forwarding database entries."""

from __future__ import annotations

from ..._core.host_state import phrase
from ..._core.operation import FORWARDING, Operation, Touch, iproute2
from ..._core.record import dataclass
from . import RESOURCE
from .state import FLAGS, Forward


def words(verb: str, each: Forward) -> list[str]:
    """Return the arguments of bridge(8) for an entry."""
    line = ["fdb", verb, each.mac, "dev", each.link]
    stated = (
        ("dst", each.dst),
        ("port", each.port),
        ("vni", each.vni),
        ("src_vni", each.src_vni),
        ("nhid", each.nhid or None),
        ("via", each.via),
        ("vlan", each.vlan),
    )
    for word, value in stated:
        line += [word, str(value)] if value is not None else []
    line.append("master" if each.master else "self")
    if verb == "del":
        return line
    return [*line, each.nud, *(word for bit, word in FLAGS.items() if each.flags & bit)]


@dataclass(frozen=True)
class SetForward(Operation):
    """Add an entry or replace ``old`` with it."""

    resource = RESOURCE

    netns: str
    new: Forward
    old: Forward | None = None

    def inverse(self) -> Operation:
        if self.old is None:
            return DeleteForward(self.netns, self.new)
        return SetForward(self.netns, self.old, self.new)

    def command(self) -> str:
        verb = "append" if self.new.many else "add" if self.old is None else "replace"
        return iproute2("bridge", self.netns, words(verb, self.new))

    def phrase(self) -> str:
        return f"set the {description(self.new)} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, FORWARDING, (self.new.link,)),)


@dataclass(frozen=True)
class DeleteForward(Operation):
    """Delete an entry."""

    resource = RESOURCE

    netns: str
    forward: Forward

    def inverse(self) -> Operation:
        return SetForward(self.netns, self.forward)

    def command(self) -> str:
        return iproute2("bridge", self.netns, words("del", self.forward))

    def phrase(self) -> str:
        return f"delete the {description(self.forward)} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, FORWARDING, (self.forward.link,)),)


def description(each: Forward) -> str:
    """Return a description of an entry for messages."""
    return f"forwarding entry {' '.join(words('del', each)[2:])}"
