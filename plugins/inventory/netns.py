# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: netns
short_description: Network namespaces of the controller, as hosts
version_added: 0.1.0
author:
  - The linuxnet.netns authors (@linuxnet)
description:
  - Each namespace of the controller that has a name becomes a host. Its tasks run inside the namespace, by the become
    plugin P(linuxnet.netns.netns#become).
  - The namespaces are read as M(linuxnet.netns.netns_info) reads them, in the process that reads the inventory. Namespaces of other
    hosts become hosts by a play, which can write a static inventory as well. See the notes.
  - The name of the inventory file has to end in C(netns.yml) or C(netns.yaml).
  - All namespaces are in the groups C(netns) and C(netns_localhost).
  - "Variables of a namespace are C(ansible_connection), which is V(local), C(ansible_python_interpreter), which is the
    Python that runs Ansible, C(ansible_become), C(ansible_become_method), C(ansible_netns_name), C(netns_parent), which is
    V(localhost), and C(netns_namespace), which is what M(linuxnet.netns.netns_info) returns for it. O(compose) may override
    them."
requirements:
  - Linux on the controller
  - pyroute2 >= 0.7.2, for the Python that runs Ansible
notes:
  - Requires that Ansible runs as root.
  - >-
    For namespaces of other hosts, or if Ansible does not run as root, use M(linuxnet.netns.netns_info) and
    M(ansible.builtin.add_host) in a play, or write its result to a static inventory. The guide
    R(Run tasks and commands inside a namespace,ansible_collections.linuxnet.netns.docsite.guide_inside) has both as
    playbooks.
  - Names of links and namespaces are never templated. But if O(keyed_groups) takes group names from them, who is root in
    a namespace chooses its groups, and with them its variables. Set O(keyed_groups[].prefix) to keep them apart from other groups.
  - Since C(ansible_become) is a variable here, C(become=false) has no effect on a task. Set the variable C(ansible_become) for
    the task instead.
extends_documentation_fragment:
  - ansible.builtin.constructed
options:
  plugin:
    description:
      - Name of this plugin.
    type: str
    required: true
    choices: [linuxnet.netns.netns]
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
      - It must differ from the names of other hosts and of groups. List this file after the other inventory sources, so
        that their hosts are known here.
    type: str
    default: netns_namespace.name ~ '.' ~ netns_parent
  skip_failed:
    description:
      - Warn, and list nothing, instead of failing, where the namespaces cannot be read or cannot be hosts.
      - A namespace cannot be a host if it would have the name of another host, of a group or of C(localhost), or if it would
        be in a group with the name of a host.
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
# All that begin with study, but one, beside other hosts: `ansible-playbook -i hosts.yml -i lab.netns.yml`
plugin: linuxnet.netns.netns
include: ['study*']
exclude: [study99]
host_name: netns_namespace.name
compose:
  addresses: netns_namespace.links | map(attribute='addresses') | flatten
groups:
  wired: netns_namespace.links | length > 1
keyed_groups:
  - key: netns_namespace.links | map(attribute='kind') | select
    prefix: with
"""

import contextlib
import fnmatch
import sys
import typing as t

from ansible import constants as C
from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable
from ansible.utils.vars import load_extra_vars

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import open_kernel
from ansible_collections.linuxnet.netns.plugins.plugin_utils._naming import (
    Refused,
    add_inventory,
    check_groups,
    check_host,
    no_template,
    shown,
)

Variables = dict[str, t.Any]

PARENT = "localhost"
GROUPS = ("netns", f"netns_{PARENT}")
RECIPE = (
    "use a play with netns_info and add_host, or one that writes a static inventory, as shown in"
    " the guide `Run tasks and commands inside a namespace` of linuxnet.netns"
)


class InventoryModule(BaseInventoryPlugin, Constructable):
    """List the network namespaces of the controller."""

    NAME = "linuxnet.netns.netns"
    inventory: t.Any

    def verify_file(self, path: str) -> bool:
        """Return whether a file is for this plugin."""
        return super().verify_file(path) and path.endswith(("netns.yml", "netns.yaml"))

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Add the namespaces to the inventory."""
        super().parse(inventory, loader, path, cache)
        stated = self._read_config_data(path)
        if "parents" in stated:
            raise AnsibleParserError(
                "parents: this plugin lists the namespaces of the controller only. For namespaces of"
                f" other hosts, {RECIPE}. Remove the option to list those of the controller;"
                " `compose` sets variables of them"
            )
        self._check_extra_variables(load_extra_vars(self.loader))
        try:
            separate = self._separate_inventory(self._hosts(self._namespaces()))
        except (NetnsError, OSError, Refused) as error:
            if not self.get_option("skip_failed"):
                raise AnsibleParserError(f"The namespaces cannot be listed. {error}") from error
            self.display.warning(f"The namespaces of the controller are left out. {error}")
        else:
            add_inventory(separate, self.inventory)

    def _check_extra_variables(self, extra: Variables) -> None:
        """Refuse extra variables that would make tasks run on the controller itself, as they
        override all others."""
        for name, needed in (("ansible_become", True), ("ansible_become_method", self.NAME)):
            value = extra.get(name, needed)
            if (boolean(value, strict=False) if needed is True else value) != needed:
                raise AnsibleParserError(
                    f"With the extra variable {name}={value}, tasks would not run in the namespaces,"
                    " but on the controller. State it as a variable of other hosts instead"
                )

    def _namespaces(self) -> list[t.Any]:
        """Return the namespaces of this machine, as netns_info does."""
        with contextlib.closing(open_kernel(f"Run Ansible as root; else {RECIPE}")) as kernel:
            from ansible_collections.linuxnet.netns.plugins.module_utils._info.job import survey

            return survey(kernel, None, self.get_option("gather"))

    def _is_included(self, name: str) -> bool:
        """Return whether the patterns include a namespace."""

        def one_of(option: str) -> bool:
            return any(fnmatch.fnmatchcase(name, each) for each in self.get_option(option))

        return one_of("include") and not one_of("exclude")

    def _hosts(self, namespaces: list[t.Any]) -> dict[str, Variables]:
        """Return the hosts for namespaces, with their variables, by their names."""
        hosts = {*self.inventory.hosts, *C.LOCALHOST}
        known = (*self.inventory.groups, *self.get_option("groups"), *GROUPS)
        groups = {*known, *map(self._sanitize_group_name, known)}
        found: dict[str, Variables] = {}
        for namespace in map(no_template, namespaces):
            if namespace["name"] is None or not self._is_included(namespace["name"]):
                continue
            variables = {
                "ansible_connection": "local",
                "ansible_python_interpreter": sys.executable,
                "ansible_become": True,
                "ansible_become_method": self.NAME,
                "ansible_netns_name": namespace["name"],
                "netns_parent": PARENT,
                "netns_namespace": namespace,
            }
            of = shown(namespace["name"])
            try:
                name = str(self._compose(self.get_option("host_name"), variables))
            # anything may fail in a template that uses names of links
            except Exception as error:
                raise Refused(f"The {of} cannot be named by host_name: {error}") from error
            if name in found:
                other = shown(found[name]["ansible_netns_name"])
                raise Refused(
                    f"The {other} and the {of} would both be the host {name}:"
                    " change the option host_name"
                )
            check_host(name, of, hosts, groups)
            found[name] = variables
        return found

    def _separate_inventory(self, hosts: dict[str, Variables]) -> InventoryData:
        """Return a separate inventory of the namespaces, so that nothing has to be undone on
        failure."""
        whole, self.inventory = self.inventory, InventoryData()
        try:
            self.inventory.current_source = whole.current_source
            for name, variables in hosts.items():
                self._add(name, variables)
            check_groups(self.inventory, {*whole.hosts, *hosts, *C.LOCALHOST})
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
        for group in GROUPS:
            self.inventory.add_child(self.inventory.add_group(group), host)
        for key, value in variables.items():
            self.inventory.set_variable(host, key, value)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, host, strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict)
