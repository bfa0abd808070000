# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The MTU range of links, and which other links' MTU changes along with one's."""

from __future__ import annotations

from ..._core.host_state import Address, HostState, Link, lowers
from ..._core.inet import MIN_V6_MTU
from ..._core.link_table import ETHERNET_MTU
from .uppers import HSR, slaves

At = tuple[str, str]

# Of some kinds a link is at most as large as its lower link, macvlan_change_mtu(), and is made smaller
# with it, NETDEV_CHANGEMTU in macvlan_device_event(); of others larger, too: ipvlan_adjust_mtu().
AT_MOST, THE_SAME, BOTH = "at most", "the same", "both"


def bounds_of(link: Link) -> tuple[int, int]:
    """Return the least and the largest MTU that a link takes, 0 for no bound."""
    if link.min_mtu or link.max_mtu or link.index:
        return link.min_mtu, link.max_mtu
    from .kinds.table import KINDS  # of existing links the kernel shows the range

    return KINDS[link.kind].mtu if link.kind in KINDS else (0, 0)


def above_parent(host: HostState, key: str, link: Link, mtu: int) -> str:
    """Return why an MTU is too large for a link's lower link, '' if it is not."""
    most = most_below(host, key, link)
    below = _lower(host, key, link)
    if below is None or most is None or mtu <= most:
        return ""
    return f"its lower link {below.name} has an MTU of {below.mtu}, so at most {most} is possible"


def most_below(host: HostState, key: str, link: Link) -> int | None:
    """Return the largest MTU that a link's lower link allows, None for no limit."""
    below = _lower(host, key, link)
    if below is None or "mtu" in below.unknown:
        return None
    follows, headroom = _relation(link)
    if link.kind == "vxlan":
        return max(below.mtu - headroom, ETHERNET_MTU[0])
    if follows == BOTH:
        return _least(host, key, link, below.mtu, below.name) - headroom
    return below.mtu - headroom if follows == AT_MOST else None


def _least(host: HostState, key: str, link: Link, mtu: int, name: str) -> int:
    """Return the least MTU of the links below one, where one of them has this: hsr_get_max_mtu()."""
    links = host.namespaces[key].links
    others = [each for _key, each in slaves(host, key, link) if each != name and each in links]
    return min([mtu, *(links[each].mtu for each in others)])


def _relation(link: Link) -> tuple[str, int]:
    """Return how a link's MTU follows that of its lower link, and the size of the headers it adds."""
    if link.kind == "ipvtap":
        return THE_SAME, 0
    from .kinds.consequences import headroom  # of few links the lower one has another MTU
    from .kinds.table import KINDS

    return (KINDS[link.kind].mtu_follows, headroom(link)) if link.kind in KINDS else ("", 0)


def _lower(host: HostState, key: str, link: Link) -> Link | None:
    below = lowers(link)
    namespace = None if below is None else host.namespaces.get(below.netns or "")
    return None if below is None or namespace is None else namespace.links.get(below.name)


def followers(host: HostState, at: At, mtu: int) -> dict[At, int]:
    """Return the new MTU of each upper link whose MTU changes with a link's."""
    found: dict[At, int] = {}
    for key, namespace in host.namespaces.items():
        for link in namespace.links.values():
            below = lowers(link)
            if below is None or (
                (below.netns, below.name) != at
                and (link.kind != HSR or at not in slaves(host, key, link))
            ):
                continue
            follows, headroom = _relation(link)
            new = (_least(host, key, link, mtu, at[1]) if link.kind == HSR else mtu) - headroom
            if follows in (THE_SAME, BOTH) or (follows == AT_MOST and link.mtu > new):
                found[key, link.name] = new
                found.update(followers(host, (key, link.name), new))
    return found


def loses_v6(host: HostState, key: str, link: Link, mtu: int) -> dict[At, list[Address]]:
    """Return the IPv6 addresses, by link, that the kernel takes away with such an MTU; those that it
    made itself, it makes again."""
    if mtu >= MIN_V6_MTU:
        return {}
    found = {}
    for at in ((key, link.name), *followers(host, (key, link.name), mtu)):
        namespace = host.namespaces[at[0]]
        lost = [
            each for each in namespace.of_link(at[1]) if each.version == 6 and not each.kernel_made
        ]
        if lost:
            found[at] = lost
    return found
