# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read the namespaces of a result of netns_info or netns_topology."""

from __future__ import annotations

import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.found import (
    Found,
    Place,
    Port,
    Spaces,
)

Mapping = t.Mapping[str, t.Any]


def read(namespaces: t.Iterable[Mapping]) -> Spaces:
    """Return the namespaces that are present, with their links."""
    return {
        namespace["name"]: {link["name"]: _link(link) for link in namespace["links"]}
        for namespace in namespaces
        if namespace.get("state", "present") == "present"
    }


def _link(link: Mapping) -> Found:
    """Return a link; netns_topology omits some attributes that netns_info has."""
    return Found(
        name=link["name"],
        kind=link["kind"],
        up=link["up"],
        operstate=link.get("operstate"),
        mtu=link.get("mtu"),
        master=link.get("master"),
        addresses=list(link["addresses"]),
        peer=link["peer"] and _far(link["peer"]),
    )


def _far(peer: Mapping) -> Port:
    """Return the other end; of an unnamed namespace only the number is known."""
    place: Place = peer["netns"] if peer.get("nsid") is None else ""
    return place, peer["name"]
