#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_info
short_description: Read network namespaces with their links, addresses, routes and processes
version_added: 0.1.0
description:
  - Read links, addresses, routes and processes of network namespaces. The module changes and creates nothing.
  - The peer of a veth is returned with its name and its namespace.
author:
  - The linuxnet.netns authors (@linuxnet)
extends_documentation_fragment:
  - linuxnet.netns._attributes
  - linuxnet.netns._attributes.info_module
  - linuxnet.netns._attributes.actiongroup_all
  - linuxnet.netns._netns.requirements
options:
  netns:
    description:
      - "Namespaces: names under C(/run/netns), else PIDs, else absolute paths. V('') is the namespace that the module
        runs in. Default is that one and all that have a name."
    type: list
    elements: str
  gather:
    description:
      - What to read. Less is faster.
    type: list
    elements: str
    choices: [links, addresses, routes, processes]
    default: [links, addresses, routes, processes]
  as_facts:
    description:
      - Make the result available to later tasks as C(ansible_facts.netns), by the names of namespaces and links. It
        replaces the result of an earlier task.
      - The current namespace is called C(.), which cannot be the name of another one.
    type: bool
    default: false
seealso:
  - module: linuxnet.netns.netns
"""

EXAMPLES = r"""
- name: Read everything
  linuxnet.netns.netns_info:
  register: net

- name: Read only the links of one namespace
  linuxnet.netns.netns_info:
    netns: study01
    gather: [links]
  register: study01

- name: Assert that two namespaces are connected
  ansible.builtin.assert:
    that: veth01.peer.netns == 'study02'
  vars:
    veth01: "{{ study01.namespaces[0].links | selectattr('name', 'eq', 'veth01') | first }}"

- name: Read everything as facts, for templates
  linuxnet.netns.netns_info:
    as_facts: true

- name: Use the facts
  ansible.builtin.debug:
    msg:
      - "{{ ansible_facts.netns.study01.links.veth01.addresses }}"
      - "{{ ansible_facts.netns['.'].links.lo.mtu }}"
"""

RETURN = r"""
ansible_facts:
  description: The facts, with O(as_facts=true).
  type: dict
  returned: when O(as_facts=true)
  contains:
    netns:
      description:
        - The namespaces by their names, each as in RV(namespaces), but with C(links) as a dictionary by the names of
          the links. The current namespace is called C(.), which cannot be the name of a namespace.
      type: dict
namespaces:
  description: The namespaces, the current one first.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: The name, PID path or path; null for the current namespace.
      type: str
    nsid:
      description: The number (nsid) of the namespace in the current namespace, null if it has none.
      type: int
    links:
      description: The links, in the kernel's order; empty if not gathered.
      type: list
      elements: dict
      contains:
        name:
          description: The name of the link.
          type: str
        index:
          description: The index of the link in its namespace (ifindex).
          type: int
        kind:
          description: The kind of link, null for hardware and the loopback.
          type: str
        mac:
          description: The MAC address.
          type: str
        mtu:
          description: The maximum transmission unit (MTU), in bytes.
          type: int
        up:
          description: Whether the link is up (the flag UP, not the carrier).
          type: bool
        operstate:
          description: The operational state, as in RFC 2863.
          type: str
        master:
          description: The link that it is a port of, such as a bridge, a bond or a VRF; null for none.
          type: str
        addresses:
          description: All its addresses with their prefix lengths, including those that the kernel creates.
          type: list
          elements: str
        peer:
          description: The other end of a veth, null for other links.
          type: dict
          contains:
            name:
              description: The name of the other end.
              type: str
            netns:
              description: The namespace that it is in, null for the current one.
              type: str
            nsid:
              description: >-
                The number (nsid) of the peer's namespace in this namespace, if that is not among the
                namespaces that were read; else null.
              type: int
    routes:
      description: >-
        The routes of all tables but the local one, in the kernel's order, each with the keys that
        M(linuxnet.netns.netns_route) returns; empty if not gathered.
      type: list
      elements: dict
    pids:
      description: The processes in the namespace; empty if not gathered.
      type: list
      elements: int
  sample:
    - name: study01
      nsid: null
      links:
        - name: veth01
          index: 2
          kind: veth
          mac: 8a:5b:3f:11:02:7c
          mtu: 1500
          up: true
          operstate: up
          master: null
          addresses: [172.16.1.101/24]
          peer:
            name: veth02
            netns: study02
            nsid: null
      routes:
        - dst: 172.16.1.0/24
          via: null
          dev: veth01
          src: 172.16.1.101
          metric: 0
          table: 254
          proto: kernel
          scope: link
          type: unicast
      pids: []
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel


def main() -> None:
    """Run the module."""
    choices = ["links", "addresses", "routes", "processes"]
    module = AnsibleModule(
        argument_spec={
            "netns": {"type": "list", "elements": "str"},
            "gather": {
                "type": "list",
                "elements": "str",
                "choices": choices,
                "default": choices,
            },
            "as_facts": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )

    def work(kernel: Kernel) -> dict[str, t.Any]:
        from ansible_collections.linuxnet.netns.plugins.module_utils._info.job import (
            facts,
            survey,
        )

        found = survey(kernel, module.params["netns"], module.params["gather"])
        result: dict[str, t.Any] = {"changed": False, "namespaces": found}
        if module.params["as_facts"]:
            result["ansible_facts"] = {"netns": facts(found)}
        return result

    run(module, work)


if __name__ == "__main__":
    main()
