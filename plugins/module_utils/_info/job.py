# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""All that is there, for netns_info: the same reading as the loop's, without a plan."""

from __future__ import annotations

import typing as t

from .._core import parse, render
from .._core.errors import unusable
from .._core.host_state import HERE, HERE_NAME, NamespaceState, shown
from .._core.scope import Scope
from .._engine.kernel import Kernel
from .._resources.address import RESOURCE as ADDRESS
from .._resources.route import RESOURCE as ROUTE

GATHERED = {"addresses": ADDRESS, "routes": ROUTE}


def survey(
    kernel: Kernel, netns: t.Sequence[str] | None, gather: t.Collection[str]
) -> list[dict[str, t.Any]]:
    """Return what lives in the namespaces, as plain dicts. None: of all, and here.

    Raises BadInput where a namespace that was asked for is not there.
    """
    asked = netns is not None
    names = netns if netns is not None else [HERE, *kernel.names()]
    scope = Scope(
        parse.each_of("netns", parse.place, (name or None for name in names)),
        peers=None if "links" in gather else frozenset(),
        resources=tuple(each for name, each in GATHERED.items() if name in gather),
        pids="processes" in gather,
    )
    host = kernel.survey(scope)
    namespaces = []
    for place in scope.places:
        namespace = host.at(place)
        if namespace.state == "present":
            namespaces.append(namespace)
        elif asked:
            raise unusable(namespace.key, namespace.state, namespace.foreign)
    return [
        _shown(namespace, gather)
        for namespace in {namespace.key: namespace for namespace in namespaces}.values()
    ]


def _shown(namespace: NamespaceState, gather: t.Collection[str]) -> dict[str, t.Any]:
    by_link: dict[str, list[str]] = {}
    for address in namespace.addresses:
        by_link.setdefault(address.link, []).append(address.cidr)
    links = namespace.links.values() if {"links", "addresses"} & set(gather) else ()
    return {
        "name": shown(namespace.key),
        "nsid": namespace.nsid,
        "links": [render.found(link, by_link.get(link.name, [])) for link in links],
        "routes": [render.route(route) for route in namespace.routes],
        "pids": list(namespace.pids),
    }


def facts(namespaces: t.Sequence[dict[str, t.Any]]) -> dict[str, t.Any]:
    """Return the same by names, for templates: namespaces, and their links.

    The current one, which has no name here, is called as no namespace can be.
    """
    return {
        HERE_NAME if namespace["name"] is None else namespace["name"]: {
            **namespace,
            "links": {link["name"]: link for link in namespace["links"]},
        }
        for namespace in namespaces
    }
