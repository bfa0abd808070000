# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The options of the filters besides the drawing."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from dataclasses import dataclass

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    DrawingError,
    shown,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.numbering import Network

# ip_network() also accepts netmasks, wildcards and zones.
PREFIX = re.compile(r"[0-9a-fA-F.:]+(/[0-9]{1,3})?")
ROUTES = ("loopbacks", "links")
DEFAULTS: dict[str, t.Any] = {
    "link_prefix": None,
    "link_length": 31,
    "loopback_prefix": None,
    "routes": (),
    "name_prefix": "",
}


@dataclass(frozen=True)
class Choices:
    """The validated options that all filters share; networks by IP version."""

    links: t.Mapping[int, Network]
    loopbacks: t.Mapping[int, Network]
    link_length: int
    routes: tuple[str, ...]
    name_prefix: str


def choices(options: t.Mapping[str, t.Any]) -> Choices:
    """Return the validated options; raise DrawingError if one is invalid."""
    for name in options.keys() - DEFAULTS.keys():
        raise DrawingError(f"unknown option {shown(name)}; use one of {', '.join(DEFAULTS)}")
    link_prefix, link_length, loopback_prefix, routes, name_prefix = {
        **DEFAULTS,
        **options,
    }.values()
    links = _networks("link_prefix", link_prefix)
    loopbacks = _networks("loopback_prefix", loopback_prefix)
    for version in links.keys() & loopbacks.keys():
        if links[version].overlaps(loopbacks[version]):
            raise DrawingError(f"{links[version]} and {loopbacks[version]} overlap; choose others")
    if isinstance(link_length, (bool, float)) or link_length not in (30, 31, "30", "31"):
        raise DrawingError(f"link_length must be 30 or 31, not {shown(link_length)}")
    if not isinstance(name_prefix, str):
        raise DrawingError(f"name_prefix must be text, not {shown(name_prefix)}")
    wanted = tuple(_as_list("routes", routes))
    for word in wanted:
        if word not in ROUTES:
            raise DrawingError(f"routes must lead to {' or '.join(ROUTES)}, not to {shown(word)}")
    if wanted and not links:
        raise DrawingError("routes need a link_prefix: they lead from address to address")
    if "loopbacks" in wanted and not loopbacks:
        raise DrawingError("routes to loopbacks need a loopback_prefix")
    for version in loopbacks.keys() - links.keys() if "loopbacks" in wanted else ():
        raise DrawingError(f"routes to {loopbacks[version]} need a link_prefix of IPv{version}")
    return Choices(links, loopbacks, int(link_length), wanted, name_prefix)


def _as_list(name: str, value: t.Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if not isinstance(value, t.Sequence):
        raise DrawingError(f"{name} must be a list, not {shown(value)}")
    for item in value:
        if not isinstance(item, str):
            raise DrawingError(f"{name} must be a list of texts, but has {shown(item)}")
    return list(value)


def attributes(label: t.Any, cost: t.Any) -> tuple[str, str | None]:
    """Return the validated names of the attributes for labels and costs."""
    return _attribute("label", label), None if cost is None else _attribute("cost", cost)


def _attribute(name: str, value: t.Any) -> str:
    if not isinstance(value, str):
        raise DrawingError(f"{name} must be the name of an attribute, not {shown(value)}")
    return value


def _networks(name: str, value: t.Any) -> dict[int, Network]:
    found: dict[int, Network] = {}
    try:
        for text in _as_list(name, value):
            if not PREFIX.fullmatch(text):
                raise ValueError(f"{shown(text)} must be a network, as 10.0.0.0/8 or fd00::/64")
            network = ipaddress.ip_network(text)
            if network.version in found:
                raise ValueError(f"two networks of IPv{network.version}; state one of each version")
            found[network.version] = network
    except ValueError as error:
        raise DrawingError(f"{name}: {error}") from error
    return found
