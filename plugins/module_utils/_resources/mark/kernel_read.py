# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Which of all named namespaces bear a mark: most of them may be somebody else's, and many."""

from __future__ import annotations

import contextlib
import typing as t

from ..._core.errors import NetnsError
from ..._core.host_state import phrase
from ..._netlink import names, read
from ..._netlink import netns_files as files
from ..._netlink.handles import Handles
from ..._netlink.socket import Socket
from ..._netlink.visit import has_remote_links, question, visit


def marked(
    kernel: Handles, mark: str, places: t.Sequence[str], tied: bool = False
) -> dict[str, tuple[str, ...]]:
    """Return the namespaces whose loopback has another name that begins with a mark, with its other
    names, and the stale files that say so. Of these namespaces, the links are read.

    With ``tied``, the others are asked on the way whether links in them lie on links elsewhere.
    """
    kernel.recent_links.clear()
    kernel.leave()
    found: dict[str, tuple[str, ...]] = {}
    doubtful: list[str] = []
    kernel.remote_link_places = [] if tied else None

    def read_links(place: str) -> None:
        links = read.links(kernel.socket(place), phrase(place))
        told = next((each.link.altnames for each in links if each.link.name == "lo"), ())
        if any(name.startswith(mark) for name in told):
            found[place], kernel.recent_links[place] = told, links
        else:
            kernel.drop(place)

    def take(place: str, answer: list[bytes]) -> None:
        if mark.encode() in answer[0]:
            kernel.make_room(1)
            kernel.sockets[place] = Socket.open()  # this thread is in there
            try:
                read_links(place)
            except NetnsError:
                doubtful.append(place)
        if (
            kernel.remote_link_places is not None
            and place not in found
            and has_remote_links(answer)
        ):
            kernel.remote_link_places.append(place)

    doubtful += visit(places, question(0 if tied else read.LO), take)
    for place in doubtful:
        if names.state(place) == "present":
            with contextlib.suppress(NetnsError):  # gone meanwhile
                read_links(place)
        elif files.read_mark(place).startswith(mark):
            found[place] = (files.read_mark(place),)
    return {place: found[place] for place in places if place in found}
