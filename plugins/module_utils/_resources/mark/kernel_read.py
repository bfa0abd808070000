# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Find the marked ones among all named namespaces, of which there may be many."""

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
    kernel: Handles, mark: str, places: t.Sequence[str], with_remote_links: bool = False
) -> dict[str, tuple[str, ...]]:
    """Return the namespaces whose loopback has an altname that begins with a mark, with its altnames,
    and the stale files that bear the mark. The links of these namespaces are kept for later reads.

    With ``with_remote_links``, also note which of the others have links on top of links in other namespaces.
    """
    kernel.recent_links.clear()
    kernel.leave()
    found: dict[str, tuple[str, ...]] = {}
    doubtful: list[str] = []
    kernel.remote_link_places = [] if with_remote_links else None

    def read_links(place: str) -> None:
        links = read.links(kernel.socket(place), phrase(place))
        altnames = next((each.link.altnames for each in links if each.link.name == "lo"), ())
        if any(name.startswith(mark) for name in altnames):
            found[place], kernel.recent_links[place] = altnames, links
        else:
            kernel.drop(place)

    def take(place: str, answer: list[bytes]) -> None:
        if mark.encode() in answer[0]:
            kernel.make_room(1)
            kernel.sockets[place] = Socket.open()  # this thread is inside that namespace
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

    doubtful += visit(places, question(0 if with_remote_links else read.LO), take)
    for place in doubtful:
        if names.state(place) == "present":
            with contextlib.suppress(NetnsError):  # removed meanwhile
                read_links(place)
        elif files.read_mark(place).startswith(mark):
            found[place] = (files.read_mark(place),)
    return {place: found[place] for place in places if place in found}
