# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change in any release.

"""What hosts and groups of an inventory may be called by those who are not to be trusted with names.

A play finds hosts and groups by their names alone: who takes another's name gets its tasks, and the
secrets in them.
"""

from __future__ import annotations

import re
import typing as t

try:
    from ansible.template import trust_as_template as _trust
except ImportError:  # ansible-core before 2.19 takes any text for a template that looks like one
    _trust = None

if t.TYPE_CHECKING:
    from ansible.inventory.data import InventoryData

Hosts = list[tuple[str, dict[str, t.Any]]]  # each with its variables


class Refused(Exception):
    """What a parent tells cannot be used, and why."""


_TEMPLATE = re.compile(r"\{[{%#]")


def no_template(value: t.Any) -> t.Any:
    """Return a value that Ansible takes as it is, whatever a host has put into the texts in it."""
    if _trust is not None:
        return value
    from ansible.utils.unsafe_proxy import wrap_var

    return wrap_var(value)


def _runs(name: str) -> bool:
    """Return whether Ansible would take a name for a template; names cannot be wrapped."""
    return _trust is None and _TEMPLATE.search(name) is not None


def namespace(variables: t.Mapping[str, t.Any]) -> str:
    """Return whose a host is, in words."""
    name = variables["ansible_netns_name"]
    return f"namespace {name if name.isprintable() else repr(name)} of {variables['netns_parent']}"


def check_host(name: str, of: str, hosts: t.Container[str], groups: t.Container[str]) -> None:
    """Refuse a name that no host can have, or that a host or a group has."""
    if not name.strip() or not name.isprintable() or _runs(name):
        raise Refused(f"The {of} would be the host {name!r}, and no host can be called so")
    for owner, names in (("host", hosts), ("group", groups)):
        if name in names:
            raise Refused(
                f"The {of} would be the host {name}, which there is already, as a {owner}:"
                " the option host_name can tell them apart"
            )


def check_groups(inventory: InventoryData, hosts: t.Container[str]) -> None:
    """Refuse groups in an inventory of one parent that no group can be, or that are called as hosts."""
    for name, group in inventory.groups.items():
        of = [namespace(host.vars) for host in group.get_hosts()][:1]
        if of and not (name.strip() and name.isprintable()):
            raise Refused(f"The {of[0]} would be in the group {name!r}: none can be called so")
        if of and name in hosts:
            raise Refused(
                f"The {of[0]} would be in the group {name}, and there is a host of that name"
            )


def take_twice(hosts: t.Mapping[str, Hosts]) -> dict[str, str]:
    """Take the hosts out that several namespaces would be; return why, by the parents' names.

    Which of them has a right to the name, nobody can tell.
    """
    claims: dict[str, list[dict[str, t.Any]]] = {}
    for each in hosts.values():
        for name, variables in each:
            claims.setdefault(name, []).append(variables)
    several = {name: claimed for name, claimed in claims.items() if len(claimed) > 1}
    for each in hosts.values():
        each[:] = [(name, variables) for name, variables in each if name not in several]
    told: dict[str, str] = {}
    for name, claimed in several.items():
        parents = ", ".join(dict.fromkeys(each["netns_parent"] for each in claimed))
        why = f"The {' and the '.join(map(namespace, claimed))} would be the host {name}"
        told[parents] = f"{told[parents]}; {why}" if parents in told else why
    return told


def take_over(draft: InventoryData, inventory: InventoryData) -> None:
    """Put the hosts and groups of one inventory into another."""
    for host in draft.hosts.values():
        inventory.add_host(host.name)
        for key, value in host.vars.items():
            inventory.set_variable(host.name, key, value)
    groups = [group for name, group in draft.groups.items() if name not in ("all", "ungrouped")]
    for group in groups:
        inventory.add_group(group.name)
    for group in groups:
        for child in (*group.child_groups, *group.hosts):
            inventory.add_child(group.name, child.name)
