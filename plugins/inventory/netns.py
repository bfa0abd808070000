# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: netns
short_description: Network namespaces of hosts, as hosts
version_added: 0.1.0
author:
  - The linuxnet.netns authors (@linuxnet)
description:
  - Each namespace that has a name becomes a host. Its tasks run inside the namespace, by the become plugin
    P(linuxnet.netns.netns#become), over the connection of the host that contains it, which is called its parent here.
  - The namespaces are read by M(linuxnet.netns.netns_info), which runs on the parents as root.
  - The name of the inventory file has to end in C(netns.yml) or C(netns.yaml).
  - All namespaces are in the group C(netns), those of a parent also in the group C(netns_PARENT), with C(_) instead
    of characters that are invalid in group names.
  - "A namespace has the variables of its parent that determine the connection (those that begin with C(ansible_),
    except those for becoming another user, of which only the password is kept), and in addition: C(ansible_become),
    C(ansible_become_method), C(ansible_netns_name), C(netns_parent), which is the name of the parent, and
    C(netns_namespace), which is what M(linuxnet.netns.netns_info) returns for it."
notes:
  - The parents are read by a second C(ansible), which gets their variables, and the options of the command line that determine how to
    connect and to become root (C(--user), C(--private-key), C(--connection), C(--become), files of passwords, arguments of
    ssh, and the C(--extra-vars) that begin with C(ansible_)). Passwords that are entered there (C(--ask-pass), C(--ask-become-pass))
    are not available to plugins. Keep passwords in variables, encrypted by C(ansible-vault), or in the files of
    C(--connection-password-file) and C(--become-password-file).
  - If the login user of a parent is not root, set its variable C(ansible_become).
  - The parents themselves are not hosts of this inventory, unless another source lists them.
  - Answers of parents are never templated. But if O(keyed_groups) takes group names from them, the parent
    chooses the groups of its namespaces, and with them their variables. Set O(keyed_groups[].prefix) to keep them apart from other groups.
  - Since C(ansible_become) is a variable here, C(become=false) has no effect on a task. Set the variable C(ansible_become) for
    the task instead.
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description:
      - Name of this plugin.
    type: str
    required: true
    choices: [linuxnet.netns.netns]
  parents:
    description:
      - Hosts whose namespaces are read, by name, each with its variables, if any.
      - The name may be that of a host, or of a group of hosts, from an inventory source that was read earlier.
        Variables from there apply, and variables here override them. Any other name is a host that is known only
        here.
      - C(localhost) is the controller, with the Python that runs Ansible, unless its variables differ.
    type: dict
    default:
      localhost: {}
  include:
    description:
      - Only namespaces whose name matches one of these shell patterns.
    type: list
    elements: str
    default: ['*']
  exclude:
    description:
      - Except namespaces whose name matches one of these shell patterns.
    type: list
    elements: str
    default: []
  gather:
    description:
      - What to read of each namespace, for C(netns_namespace). Less is faster.
    type: list
    elements: str
    choices: [links, addresses, routes, processes]
    default: [links, addresses]
  host_name:
    description:
      - Jinja2 expression for the host name of a namespace.
      - Whoever controls a parent chooses the names of its namespaces. If not all parents are yours, include the name
        of the parent, and list this file after the other inventory sources, so that their hosts are known here.
    type: str
    default: netns_namespace.name ~ '.' ~ netns_parent
  skip_failed:
    description:
      - Warn, and continue without a parent that cannot be read or whose answer cannot be used, instead of failing.
      - An answer cannot be used if M(linuxnet.netns.netns_info) would not return it, if a namespace would have the
        name of another host, of a parent, of a group or of C(localhost), or if it would be in a group with the name
        of a host. If namespaces of two parents would be the same host, neither of them is in the inventory.
    type: bool
    default: false
seealso:
  - plugin: linuxnet.netns.netns
    plugin_type: become
  - module: linuxnet.netns.netns_info
"""

EXAMPLES = r"""
# lab.netns.yml: the namespaces of this machine; `ansible-playbook -i lab.netns.yml` as root
plugin: linuxnet.netns.netns

---
# All that begin with study, but one, on two routers that are known here only
plugin: linuxnet.netns.netns
parents:
  router1:
    ansible_host: 192.0.2.1
    ansible_user: root
  router2:
    ansible_host: 192.0.2.2
    ansible_user: admin
    ansible_become: true
include: ['study*']
exclude: [study99]

---
# On the hosts of a group: `ansible-playbook -i hosts.yml -i lab.netns.yml`
plugin: linuxnet.netns.netns
parents:
  routers:
host_name: netns_namespace.name
compose:
  addresses: netns_namespace.links | map(attribute='addresses') | flatten
groups:
  wired: netns_namespace.links | length > 1
keyed_groups:
  - key: netns_namespace.links | map(attribute='kind') | select
    prefix: with
"""

import fnmatch
import sys
import typing as t

from ansible import constants as C
from ansible import context
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.inventory.helpers import get_group_vars
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.vars import combine_vars, load_extra_vars
from ansible.vars.plugins import get_vars_from_inventory_sources

from ansible_collections.linuxnet.netns.plugins.plugin_utils._asking import ask
from ansible_collections.linuxnet.netns.plugins.plugin_utils._heard import namespaces as checked
from ansible_collections.linuxnet.netns.plugins.plugin_utils._naming import (
    Hosts,
    Refused,
    add_inventory,
    check_groups,
    check_host,
    no_template,
    remove_duplicates,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._naming import namespace as shown

Variables = dict[str, t.Any]

# Privilege escalation of a parent does not apply in its namespaces, where the become plugin handles
# it.
ESCALATION_VARIABLES = {
    f"ansible_become{ending}" for ending in ("", "_method", "_user", "_exe", "_flags")
}

# Options of the command line for connections.
CONNECTION_OPTIONS = {
    "--user": "remote_user",
    "--private-key": "private_key_file",
    "--connection": "connection",
    "--ssh-common-args": "ssh_common_args",
    "--ssh-extra-args": "ssh_extra_args",
    "--connection-password-file": "connection_password_file",
    "--become-password-file": "become_password_file",
}

OWN = ("netns",)  # the group of all namespaces


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """List the network namespaces of hosts."""

    NAME = "linuxnet.netns.netns"
    inventory: t.Any

    def verify_file(self, path: str) -> bool:
        """Return whether a file is for this plugin."""
        return super().verify_file(path) and path.endswith(("netns.yml", "netns.yaml"))

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Add the namespaces to the inventory."""
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        self.extra: Variables = load_extra_vars(self.loader)
        self._check_extra_variables(self.extra)
        parents = self._parents()
        by_parent = self._namespaces(parents, self.get_cache_key(path), cache)
        refused: dict[str, str] = {}
        hosts: dict[str, Hosts] = {}
        for parent, namespaces in sorted(by_parent.items()):
            try:
                hosts[parent] = self._named(parent, parents, namespaces)
            except Refused as error:
                refused[parent] = str(error)
        taken = {name for each in hosts.values() for name, _variables in each}
        taken.update(self.inventory.hosts, parents, C.LOCALHOST)
        twice = remove_duplicates(hosts)
        inventories = []
        for parent, each in hosts.items():
            try:
                inventories.append(self._separate_inventory(each, taken))
            except Refused as error:
                refused[parent] = str(error)
        self._refuse([*refused.items(), *twice.items()])
        for builder in inventories:
            add_inventory(builder, self.inventory)

    def _check_extra_variables(self, extra: Variables) -> None:
        """Refuse extra variables that would make tasks run on the parents themselves, as they
        override all others."""
        for name, needed in (("ansible_become", True), ("ansible_become_method", self.NAME)):
            value = extra.get(name, needed)
            if (boolean(value, strict=False) if needed is True else value) != needed:
                raise AnsibleParserError(
                    f"With the extra variable {name}={value}, tasks would not run in the namespaces,"
                    " but on their parents. State it as a variable of the parents instead"
                )

    def _parents(self) -> dict[str, Variables]:
        """Return the parents with their variables for connecting."""
        groups, all_stated = self.inventory.groups, self.get_option("parents")
        found: dict[str, Variables] = {}
        # Variables of a host override those of its groups.
        for name in sorted(all_stated, key=lambda name: name not in groups):
            stated = all_stated[name]
            if not isinstance(stated, dict) and stated is not None:
                raise AnsibleParserError(
                    f"parents.{name} must be a dictionary of variables, not {stated!r}"
                )
            hosts = [each.name for each in groups[name].get_hosts()] if name in groups else [name]
            for host in map(str, hosts):
                found[host] = {**found.get(host, {}), **(stated or {})}
        return {host: self._connection(host, stated) for host, stated in found.items()}

    def _connection(self, name: str, stated: Variables) -> Variables:
        """Return the variables for connecting to a host, with templates expanded."""
        host = self.inventory.hosts.get(name)
        variables = dict(stated) if host is None else combine_vars(self._variables(host), stated)
        if host is None and name in C.LOCALHOST and "ansible_connection" not in variables:
            variables = {"ansible_python_interpreter": sys.executable, **variables}
            variables["ansible_connection"] = "local"
        magic = {"inventory_hostname": name, "ansible_playbook_python": sys.executable}
        variables.update(self.extra)
        self.templar.available_variables = {**magic, **variables}
        connection = {"ansible_host": name}
        for key, value in variables.items():
            if key.startswith("ansible_"):
                try:
                    connection[key] = no_template(self.templar.template(value))
                except AnsibleError as error:
                    raise AnsibleParserError(f"{name}: {key}: {error}") from error
        return connection

    def _variables(self, host: t.Any) -> Variables:
        """Return the variables that earlier sources define for a host."""
        sources = getattr(self.inventory, "processed_sources", [])
        groups = host.get_groups()
        every = combine_vars(get_group_vars(groups), self._adjacent_variables(sources, groups))
        own = combine_vars(host.get_vars(), self._adjacent_variables(sources, [host]))
        return dict(combine_vars(every, own))

    def _adjacent_variables(self, sources: list[str], of: list[t.Any]) -> Variables:
        """Return the variables of group_vars and host_vars next to the sources."""
        return dict(get_vars_from_inventory_sources(self.loader, sources, of, "all"))

    def _namespaces(
        self, parents: dict[str, Variables], key: str, cache: bool
    ) -> dict[str, list[t.Any]]:
        """Return the namespaces of each parent, from the cache if possible."""
        kept: dict[str, list[t.Any]] | None = None
        if self.get_option("cache") and cache:
            kept = _checked(self._cache.get(key))
        if kept is None or kept.keys() != parents.keys():
            kept = self._ask(parents)
            if self.get_option("cache"):
                self._cache[key] = kept
        return kept

    def _ask(self, parents: dict[str, Variables]) -> dict[str, list[t.Any]]:
        """Return the namespaces of each parent, queried from there."""
        stated = ((flag, context.CLIARGS.get(name)) for flag, name in CONNECTION_OPTIONS.items())
        arguments = [f"{flag}={value}" for flag, value in stated if value]
        arguments += ["--become"] if context.CLIARGS.get("become") else []
        answers = ask(parents, self.get_option("gather"), arguments) if parents else {}
        found: dict[str, list[t.Any]] = {}
        failed: list[tuple[str, str]] = []
        for name, answer in answers.items():
            found[name] = []
            if "failed" in answer:
                failed.append((name, answer["failed"]))
                continue
            try:
                found[name] = checked(answer.get("namespaces"))
            except ValueError as error:
                failed.append((name, f"its answer is not that of netns_info: {error}"))
        self._refuse(failed)
        return found

    def _refuse(self, failed: t.Sequence[tuple[str, str]]) -> None:
        """Raise AnsibleParserError for failed parents, or warn with skip_failed."""
        reasons = [f"{name}: {why}" for name, why in failed]
        if reasons and not self.get_option("skip_failed"):
            raise AnsibleParserError(
                "The namespaces of some parents cannot be listed. " + "; ".join(reasons)
            )
        for each in reasons:
            self.display.warning(f"The namespaces of a parent are left out. {each}")

    def _is_included(self, name: str) -> bool:
        """Return whether the patterns include a namespace."""

        def one_of(option: str) -> bool:
            return any(fnmatch.fnmatchcase(name, each) for each in self.get_option(option))

        return one_of("include") and not one_of("exclude")

    def _named(self, parent: str, parents: dict[str, Variables], namespaces: list[t.Any]) -> Hosts:
        """Return the hosts for the namespaces of a parent, with their variables."""
        hosts = {*self.inventory.hosts, *parents, *C.LOCALHOST}
        known = (*self.inventory.groups, *self.get_option("groups"), *OWN, *map(_group, parents))
        groups = {*known, *map(self._sanitize_group_name, known)}
        found: Hosts = []
        for namespace in map(no_template, namespaces):
            if namespace["name"] is None or not self._is_included(namespace["name"]):
                continue
            variables = {
                **{
                    key: value
                    for key, value in parents[parent].items()
                    if key not in ESCALATION_VARIABLES
                },
                "ansible_become": True,
                "ansible_become_method": "linuxnet.netns.netns",
                "ansible_netns_name": namespace["name"],
                "netns_parent": parent,
                "netns_namespace": namespace,
            }
            of = shown(variables)
            try:
                name = str(self._compose(self.get_option("host_name"), variables))
            # anything may fail in a template that uses data of the parent
            except Exception as error:
                raise Refused(f"The {of} cannot be named by host_name: {error}") from error
            check_host(name, of, hosts, groups)
            found.append((name, variables))
        return found

    def _separate_inventory(self, hosts: Hosts, taken: t.Container[str]) -> InventoryData:
        """Return a separate inventory of a parent's namespaces, so that nothing has to be undone on
        failure."""
        whole, self.inventory = self.inventory, InventoryData()
        try:
            self.inventory.current_source = whole.current_source
            for name, variables in hosts:
                self._add(name, variables)
            check_groups(self.inventory, taken)
            return self.inventory
        except Refused:
            raise
        except Exception as error:  # as above, in the options compose, groups and keyed_groups
            raise Refused(str(error)) from error
        finally:
            self.inventory = whole

    def _add(self, host: str, variables: Variables) -> None:
        """Add a namespace to the inventory."""
        self.inventory.add_host(host)
        for group in (*OWN, _group(variables["netns_parent"])):
            self.inventory.add_child(
                self.inventory.add_group(self._sanitize_group_name(group)), host
            )
        for key, value in variables.items():
            self.inventory.set_variable(host, key, value)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, host, strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict)


def _group(parent: str) -> str:
    """Return the name of the group for a parent's namespaces."""
    return f"netns_{parent}"


def _checked(kept: t.Any) -> dict[str, list[t.Any]] | None:
    """Return the content of a cache if it is valid, None otherwise."""
    try:
        return {parent: checked(answer) for parent, answer in kept.items()}
    except (AttributeError, ValueError):
        return None
