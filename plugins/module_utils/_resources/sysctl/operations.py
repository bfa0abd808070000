# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on kernel parameters."""

from __future__ import annotations

import shlex
import typing as t

from ..._core.host_state import phrase
from ..._core.operation import LAYER_3, LINKS, PARAMETERS, Operation, Touch
from ..._core.record import dataclass
from . import RESOURCE
from . import state as sysctl


@dataclass(frozen=True)
class WriteSysctl(Operation):
    """Set a parameter.

    ``around`` are those that may change with it, as they were; ``also`` those that are to be set
    afterwards where they differ, which only an undo has. ``links`` may lose their addresses by it.
    """

    resource = RESOURCE

    netns: str
    key: str
    new: str
    old: str | None
    around: tuple[tuple[str, str], ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    links: tuple[str, ...] = ()

    def inverse(self) -> Operation | None:
        if self.old is None:
            return None  # a parameter cannot be unset again
        return WriteSysctl(self.netns, self.key, self.old, self.new, also=self.around)

    def waits(self, steps: t.Sequence[Operation]) -> bool:
        # A link gets the secret of new links when it is made, and uses its own when it goes up:
        # addrconf_dev_config().
        found = sysctl.of(self.key)
        link = None if found is None else found.link
        return self.inverse() is None and not any(
            netns == self.netns and (names is None or link is None or link in names)
            for each in steps
            if each.resource.acts_on_links
            for netns, _parts, names in each.touches()
        )

    def goes_with(self, done: t.Iterable[Operation]) -> bool:
        found = sysctl.of(self.key)
        return (
            found is not None
            and found.link is not None
            and any(
                (self.netns, found.link) in each.puts()
                for each in done
                if each.resource.acts_on_links
            )
        )

    def command(self) -> str:
        within = ""
        if self.netns.startswith("/"):
            within = f"nsenter --net={shlex.quote(self.netns)} "
        elif self.netns:
            within = f"ip netns exec {shlex.quote(self.netns)} "
        if (
            "=" in self.key
        ):  # in the name of a link, where sysctl(8) takes it for the end of the key
            file = shlex.quote(f"/proc/sys/{self.key}")
            return f"printf '%s\\n' {shlex.quote(self.new)} | {within}tee {file} >/dev/null"
        return f"{within}sysctl -w {shlex.quote(f'{sysctl.shown(self.key)}={self.new}')}"

    def phrase(self) -> str:
        return f"set {sysctl.shown(self.key)} to {self.new!r} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        found = sysctl.of(self.key)
        if found is None:
            return ()
        parts = LAYER_3 if self.links else LINKS | PARAMETERS
        # The kernel copies a parameter for all or for new links to the existing links.
        return ((self.netns, parts, None if found.link is None else (found.link,)),)

    def sysctl_files(self) -> tuple[str, ...]:
        """Return the parameters that the kernel sets along with this one, except those of links."""
        found = sysctl.of(self.key)
        if found is None or found.link is not None:
            return (self.key,)
        return tuple(f"{found.table}/{which}/{found.leaf}" for which in ("all", "default"))
