# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Check names of links against existing names, altnames and reserved names."""

from __future__ import annotations

import typing as t

from ..._core.errors import Conflict
from ..._core.host_state import HostState, Link, NamespaceState, phrase
from ..._core.link_table import MARK
from ..._core.operation import Operation, ip

# /proc/sys/net/ipv4/conf has folders of these names already: sysctl_dev_name_is_allowed().
RESERVED = ("all", "default")


class Plan(t.Protocol):
    """What is needed of a plan here."""

    before: HostState
    host: HostState
    altnames: tuple[frozenset[str], set[str]] | None

    def may_take(self, thing: t.Any) -> bool:
        """Return whether a thing may go along that a task does not name."""

    def warn(self, text: str) -> None:
        """Tell the user something, once."""


def holder(namespace: NamespaceState, name: str) -> Link | None:
    """Return the link that has another one's name as its altname."""
    return next((link for link in namespace.links.values() if name in link.altnames), None)


def refuse_altname(namespace: NamespaceState, name: str) -> None:
    """Refuse the altname of a link as its name."""
    found = None if name in namespace.links else holder(namespace, name)
    if found is not None:
        raise Conflict(
            f"link {name} not found {phrase(namespace.key)}, where {name} is an altname of link"
            f" {found.name}; use {found.name}"
        )


def free(builder: Plan, step: Operation, key: str, name: str) -> None:
    """Refuse a name that a link of the namespace has as its name or altname."""
    if name in RESERVED:
        raise Conflict(
            f"{step.phrase()}: the name {name} is reserved for kernel parameters"
            f" (/proc/sys/net/ipv4/conf/{name}). Choose another name"
        )
    namespace = builder.host.namespaces[key]
    if name in namespace.links:
        raise Conflict(
            f"{step.phrase()}: a link {name} exists {phrase(key)} already. Remove it, rename it,"
            " or choose another name"
        )
    found = holder(namespace, name) if name in altnames(builder) else None
    if found is not None:
        tool = ip(key, "link", "property", "del", "dev", found.name, "altname", name)
        raise Conflict(
            f"{step.phrase()}: {name} {phrase(key)} is an altname of link"
            f" {found.name}. Choose another name, or remove the altname: {tool}"
        )


def altnames(builder: Plan) -> set[str]:
    """Return all altnames except ownership marks, with which names of links can collide."""
    if builder.altnames is None or len(builder.altnames[0]) != len(builder.before.namespaces):
        namespaces = builder.before.namespaces
        found = {
            name
            for namespace in namespaces.values()
            for link in namespace.links.values()
            if link.altnames
            for name in link.altnames
            if not name.startswith(MARK)
        }
        builder.altnames = frozenset(namespaces), found
    return builder.altnames[1]
