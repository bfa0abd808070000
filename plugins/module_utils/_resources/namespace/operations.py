# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on namespaces."""

from __future__ import annotations

import shlex
import typing as t

from ..._core.host_state import HERE
from ..._core.operation import Operation, ip
from ..._core.record import dataclass
from . import RESOURCE


@dataclass(frozen=True)
class CreateNamespace(Operation):
    """Create a namespace, or on rollback name one again that DeleteNamespace removed.

    With ``again`` the old namespace is still held open and is named again. ``mark`` is an altname of
    its loopback, which shows who made the namespace even before it has a name.
    """

    resource = RESOURCE

    netns: str
    again: bool = False
    mark: str = ""

    def inverse(self) -> Operation:
        return DeleteNamespace(self.netns)

    def creates_namespace(self) -> str | None:
        return None if self.again else self.netns

    def command(self) -> str:
        add = f"ip netns add {shlex.quote(self.netns)}"
        if not self.mark:
            return add
        return f"{add} && {ip(self.netns, 'link', 'property', 'add', 'dev', 'lo', 'altname', self.mark)}"

    def phrase(self) -> str:
        return f"create namespace {self.netns}"


@dataclass(frozen=True)
class DeleteNamespace(Operation):
    """Remove the name of a namespace; it is released once the whole plan is done.

    ``busy``: processes use the namespace and keep it alive.
    """

    resource = RESOURCE

    netns: str
    busy: bool = False

    def inverse(self) -> Operation:
        return CreateNamespace(self.netns, again=True)

    def deletes_namespace(self) -> str | None:
        return self.netns

    def command(self) -> str:
        return f"ip netns del {shlex.quote(self.netns)}"

    def phrase(self) -> str:
        return f"delete namespace {self.netns}"


@dataclass(frozen=True)
class RemoveStale(Operation):
    """Remove a stale file under /run/netns, on which no namespace is mounted."""

    resource = RESOURCE

    netns: str

    def inverse(self) -> Operation:
        return PutStale(self.netns)

    def command(self) -> str:
        return f"ip netns del {shlex.quote(self.netns)}"

    def phrase(self) -> str:
        return f"remove the stale file of namespace {self.netns}"


@dataclass(frozen=True)
class PutStale(Operation):
    """Create the stale file again; used for rollback only."""

    resource = RESOURCE

    netns: str

    def inverse(self) -> Operation:
        return RemoveStale(self.netns)

    def command(self) -> str:
        return f"touch {shlex.quote('/run/netns/' + self.netns)}"

    def phrase(self) -> str:
        return f"restore the stale file of namespace {self.netns}"


@dataclass(frozen=True)
class SetNsid(Operation):
    """Set the nsid of a namespace in the current one, which the kernel cannot revert."""

    resource = RESOURCE

    netns: str
    nsid: int

    def inverse(self) -> None:
        return None

    def waits(self, steps: t.Sequence[Operation]) -> bool:
        # The kernel itself numbers a namespace once a link leads there: peernet2id_alloc().
        return not any(HERE in each.places() for each in steps if each.resource.acts_on_links)

    def command(self) -> str:
        return f"ip netns set {shlex.quote(self.netns)} {self.nsid}"

    def phrase(self) -> str:
        return f"set the nsid of namespace {self.netns} to {self.nsid}"
