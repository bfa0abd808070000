# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The options of netns_topology: lists whose entries have those of the modules."""

from __future__ import annotations

import typing as t

from .._resources.address import options as addr
from .._resources.link import options as link
from .._resources.namespace import options as netns
from .._resources.neighbour import options as neigh
from .._resources.qdisc import options as qdisc
from .._resources.route import options as route
from .._resources.rule import options as rule
from .._resources.sysctl import options as sysctl
from .._resources.veth import options as veth


def _entries(spec: dict[str, t.Any], *without: str, **rules: t.Any) -> dict[str, t.Any]:
    """Return the specification of a list whose entries have the options of a module."""
    options = {name: each for name, each in spec.items() if name not in without}
    return {"type": "list", "elements": "dict", "options": options, **rules}


SPEC: dict[str, t.Any] = {
    "name": {"type": "str", "required": True},
    "namespaces": _entries(netns.SPEC, "wait", "timeout"),
    "veths": _entries(veth.SPEC, **veth.RULES),
    "links": _entries(link.SPEC),
    "addresses": _entries(addr.SPEC, "purge"),
    "routes": _entries(route.SPEC, "purge"),
    "rules": _entries(rule.SPEC, "purge"),
    "neighbours": _entries(neigh.SPEC, "purge"),
    "sysctls": _entries(sysctl.SPEC, **sysctl.RULES),
    "qdiscs": _entries(qdisc.SPEC),
    "purge": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
    "undo": {"type": "bool", "default": True},
    "wait": {"type": "bool", "default": True},
    "timeout": {"type": "int", "default": 30},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
