# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations that restore what a rebuilt link or qdisc had before, as the kernel showed it."""

from __future__ import annotations

import typing as t

from ..._core.host_state import phrase
from ..._core.operation import ON_LINK, QDISCS, Operation, Touch
from ..._core.record import dataclass
from ..qdisc.state import Filter, Qdisc, class_name
from . import RESOURCE

if t.TYPE_CHECKING:
    from ..fdb.state import Forward
    from ..neighbour.state import Neighbour


@dataclass(frozen=True)
class CarrySettings(Operation):
    """Restore a link's kernel parameters and settings that are without an option."""

    resource = RESOURCE

    netns: str
    name: str

    def inverse(self) -> Operation:
        return self  # it is removed with its link

    def command(self) -> str:
        return ""  # iproute2 has no equivalent command

    def phrase(self) -> str:
        return f"restore the parameters of link {self.name} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, ON_LINK, (self.name,)),)


@dataclass(frozen=True)
class CarryThings(Operation):
    """Restore a link's neighbours, forwarding entries and queueing disciplines with classes and
    filters; of a ``port`` also multicast groups and VLANs."""

    resource = RESOURCE

    netns: str
    name: str
    port: bool
    neighbours: tuple[Neighbour, ...] = ()
    fdb: tuple[Forward, ...] = ()
    qdiscs: tuple[Qdisc, ...] = ()

    def inverse(self) -> Operation:
        return self  # it is removed with its link

    def command(self) -> str:
        from ..fdb.operations import SetForward
        from ..neighbour.operations import SetNeighbour
        from ..qdisc.operations import RestoreQdiscs

        steps: list[Operation] = [SetNeighbour(self.netns, each) for each in self.neighbours]
        steps += [SetForward(self.netns, each) for each in self.fdb]
        steps += [RestoreQdiscs(self.netns, self.qdiscs)] if self.qdiscs else []
        return " && ".join(step.command() for step in steps)

    def phrase(self) -> str:
        return f"restore neighbours, forwarding entries and qdiscs of link {self.name} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, ON_LINK, (self.name,)),)


@dataclass(frozen=True)
class CarryFilters(Operation):
    """Restore the filters of queueing disciplines."""

    resource = RESOURCE

    netns: str
    link: str
    numbers: tuple[int, ...]
    filters: tuple[Filter, ...]

    def inverse(self) -> Operation:
        return self  # they are removed with it

    def command(self) -> str:
        return f"# filters of {class_name(self.numbers[0])} on {self.link}: as they were"

    def phrase(self) -> str:
        return (
            f"restore the filters of {class_name(self.numbers[0])} on link {self.link}"
            f" {phrase(self.netns)}"
        )

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, QDISCS, (self.link,)),)
