# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on queueing disciplines and htb classes."""

from __future__ import annotations

import typing as t

from ..._core.host_state import phrase
from ..._core.operation import QDISCS, Operation, Touch, iproute2
from ..._core.record import dataclass
from . import RESOURCE
from .command import class_words, place, qdisc_words
from .state import HtbClass, Qdisc, class_name


def _tc(netns: str, words: t.Sequence[str]) -> str:
    return iproute2("tc", netns, words)


def _where(netns: str, qdisc: Qdisc) -> str:
    return f"{' '.join(place(qdisc)[1:])} {phrase(netns)}"


@dataclass(frozen=True)
class PutQdisc(Operation):
    """Set a queueing discipline; ``old`` is the one that it replaces and all below that."""

    resource = RESOURCE

    netns: str
    new: Qdisc
    old: tuple[Qdisc, ...] = ()

    def inverse(self) -> Operation:
        if self.old:
            return RestoreQdiscs(self.netns, self.old, self.new)
        return DeleteQdisc(self.netns, (self.new,))

    def command(self) -> str:
        return _tc(self.netns, qdisc_words("replace" if self.old else "add", self.new))

    def phrase(self) -> str:
        return f"set {self.new.kind} on {_where(self.netns, self.new)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, QDISCS, (self.new.link,)),)


@dataclass(frozen=True)
class ChangeQdisc(Operation):
    """Change options in place, which keeps the queued packets."""

    resource = RESOURCE

    netns: str
    new: Qdisc
    old: Qdisc

    def inverse(self) -> Operation:
        return ChangeQdisc(self.netns, self.old, self.new)

    def command(self) -> str:
        return _tc(self.netns, qdisc_words("change", self.new, self.old.options))

    def phrase(self) -> str:
        return f"change {self.new.kind} on {_where(self.netns, self.new)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, QDISCS, (self.new.link,)),)


@dataclass(frozen=True)
class DeleteQdisc(Operation):
    """Delete the first of ``old`` with all others below it; the kernel's default replaces it."""

    resource = RESOURCE

    netns: str
    old: tuple[Qdisc, ...]

    def inverse(self) -> Operation:
        return RestoreQdiscs(self.netns, self.old)

    def command(self) -> str:
        return _tc(self.netns, ["qdisc", "del", *place(self.old[0])])

    def phrase(self) -> str:
        return f"delete {self.old[0].kind} from {_where(self.netns, self.old[0])}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, QDISCS, (self.old[0].link,)),)


@dataclass(frozen=True)
class RestoreQdiscs(Operation):
    """Restore queueing disciplines with classes and all below in place of what replaced them."""

    resource = RESOURCE

    netns: str
    old: tuple[Qdisc, ...]
    over: Qdisc | None = None

    def inverse(self) -> None:
        return None  # it is used for rollback only

    def command(self) -> str:
        lines = [["qdisc", "del", *place(self.over)]] if self.over else []
        for each in self.old:
            lines.append(qdisc_words("add", each))
            lines += [class_words("add", each.link, one, one.quantum) for one in each.classes]
        return " && ".join(_tc(self.netns, words) for words in lines)

    def phrase(self) -> str:
        return f"restore {self.old[0].kind} on {_where(self.netns, self.old[0])}"


@dataclass(frozen=True)
class PutClass(Operation):
    """Add a class or change ``old``; for ``quantum`` 0 the kernel computes it from the rate."""

    resource = RESOURCE

    netns: str
    qdisc: Qdisc
    new: HtbClass
    quantum: int = 0
    old: HtbClass | None = None
    old_quantum: int = 0

    def inverse(self) -> Operation:
        if self.old is None:
            return DeleteClass(self.netns, self.qdisc, self.new)
        return PutClass(self.netns, self.qdisc, self.old, self.old_quantum, self.new, self.quantum)

    def command(self) -> str:
        verb = "change" if self.old else "add"
        return _tc(self.netns, class_words(verb, self.qdisc.link, self.new, self.quantum))

    def phrase(self) -> str:
        verb = "change" if self.old else "add"
        return f"{verb} class {class_name(self.new.classid)} of {_where(self.netns, self.qdisc)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, QDISCS, (self.qdisc.link,)),)


@dataclass(frozen=True)
class DeleteClass(Operation):
    """Delete a class without classes below it."""

    resource = RESOURCE

    netns: str
    qdisc: Qdisc
    old: HtbClass
    quantum: int = 0

    def inverse(self) -> Operation:
        return PutClass(self.netns, self.qdisc, self.old, self.quantum)

    def command(self) -> str:
        return _tc(self.netns, class_words("del", self.qdisc.link, self.old))

    def phrase(self) -> str:
        name = class_name(self.old.classid)
        return f"delete class {name} of {_where(self.netns, self.qdisc)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, QDISCS, (self.qdisc.link,)),)
