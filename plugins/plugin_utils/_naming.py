# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change in any release.

"""Check the names of hosts and groups that come from namespaces.

A play refers to hosts and groups by name alone: a namespace that takes another host's name would get
the tasks of that host, and the secrets in them. Whoever runs in a namespace may name links there.
"""

from __future__ import annotations

import re
import typing as t

try:
    from ansible.template import trust_as_template as _trust
except ImportError:  # ansible-core before 2.19 treats any text that looks like a template as one
    _trust = None

if t.TYPE_CHECKING:
    from ansible.inventory.data import InventoryData


class Refused(Exception):
    """The name of a namespace, or of what is in it, cannot be used."""


_TEMPLATE = re.compile(r"\{[{%#]")


def no_template(value: t.Any) -> t.Any:
    """Return a value that Ansible does not treat as a template, whatever texts are in it."""
    if _trust is not None:
        return value
    from ansible.utils.unsafe_proxy import wrap_var

    return wrap_var(value)


def _is_template(name: str) -> bool:
    """Return whether Ansible would treat a name as a template; names cannot be wrapped."""
    return _trust is None and _TEMPLATE.search(name) is not None


def shown(namespace: str) -> str:
    """Return a phrase for a namespace."""
    return f"namespace {namespace if namespace.isprintable() else repr(namespace)}"


def check_host(name: str, of: str, hosts: t.Container[str], groups: t.Container[str]) -> None:
    """Raise Refused for a name that is not valid for a host, or that a host or group already has."""
    if not name.strip() or not name.isprintable() or _is_template(name):
        raise Refused(
            f"The {of} would be the host {name!r}, which is not a valid host name; change the option host_name"
        )
    for owner, names in (("host", hosts), ("group", groups)):
        if name in names:
            raise Refused(
                f"The {of} would be the host {name}, but a {owner} already has that name:"
                " change the option host_name"
            )


def check_groups(inventory: InventoryData, hosts: t.Container[str]) -> None:
    """Raise Refused for groups of namespaces with an invalid name, or with the name of a host."""
    for name, group in inventory.groups.items():
        of = [shown(host.vars["ansible_netns_name"]) for host in group.get_hosts()][:1]
        if of and not (name.strip() and name.isprintable()):
            raise Refused(
                f"The {of[0]} would be in the group {name!r}, which is not a valid group name; change the option that makes it"
            )
        if of and name in hosts:
            raise Refused(
                f"The {of[0]} would be in the group {name}, but a host already has that name; change the option that makes it"
            )


def add_inventory(builder: InventoryData, inventory: InventoryData) -> None:
    """Add the hosts and groups of one inventory to another."""
    for host in builder.hosts.values():
        inventory.add_host(host.name)
        for key, value in host.vars.items():
            inventory.set_variable(host.name, key, value)
    groups = [group for name, group in builder.groups.items() if name not in ("all", "ungrouped")]
    for group in groups:
        inventory.add_group(group.name)
    for group in groups:
        for child in (*group.child_groups, *group.hosts):
            inventory.add_child(group.name, child.name)
