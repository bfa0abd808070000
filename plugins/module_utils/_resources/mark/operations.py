# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Operations on ownership marks, which are altnames of links."""

from __future__ import annotations

from ..._core.host_state import phrase
from ..._core.link_table import MARK
from ..._core.operation import LINKS, Operation, Touch, ip
from ..._core.record import dataclass
from . import RESOURCE


@dataclass(frozen=True)
class AddMark(Operation):
    """Add a mark to a link: `ip link property add`."""

    resource = RESOURCE

    netns: str
    link: str
    mark: str

    def inverse(self) -> Operation:
        return DeleteMark(self.netns, self.link, self.mark)

    def command(self) -> str:
        return ip(self.netns, "link", "property", "add", "dev", self.link, "altname", self.mark)

    def phrase(self) -> str:
        if not self.mark.startswith(MARK):
            return f"add altname {self.mark} to link {self.link} {phrase(self.netns)}"
        return f"mark link {self.link} {phrase(self.netns)} as {self.mark}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, LINKS, (self.link,)),)


@dataclass(frozen=True)
class DeleteMark(Operation):
    """Remove a mark from a link."""

    resource = RESOURCE

    netns: str
    link: str
    mark: str

    def inverse(self) -> Operation:
        return AddMark(self.netns, self.link, self.mark)

    def command(self) -> str:
        return ip(self.netns, "link", "property", "del", "dev", self.link, "altname", self.mark)

    def phrase(self) -> str:
        what = "mark" if self.mark.startswith(MARK) else "altname"
        return f"remove the {what} {self.mark} from link {self.link} {phrase(self.netns)}"

    def touches(self) -> tuple[Touch, ...]:
        return ((self.netns, LINKS, (self.link,)),)
