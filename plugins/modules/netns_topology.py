#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_topology
short_description: Build, change and remove a whole network of namespaces in one task
version_added: 0.1.0
description:
  - Create, check, correct and remove a network of any number of namespaces, links, addresses and routes. Its lists
    have the options of the other modules, and are planned together, by the same planners.
  - The order of the lists and of their entries does not matter; steps are ordered by their dependencies.
  - "All or nothing: if a step is refused, the steps before it are rolled back."
  - What a topology creates is marked with its name, so that later runs recognise it. Links and namespaces have an
    alternative name, as in C(ip link show altname netns:study:veth01), a namespace on its C(lo). Addresses, nexthop
    objects, routes, rules and neighbours have a protocol number that is derived from O(name). There are no state
    files.
  - Only what is marked is removed. Anything else is left as it is. If it is in the way, the task fails before any
    change, and says what it is.
  - Kernel parameters, queueing disciplines and forwarding entries have no mark. In namespaces and on links that the
    topology created, they are deleted with these; elsewhere they are left as they are.
author:
  - The linuxnet.netns authors (@linuxnet)
extends_documentation_fragment:
  - linuxnet.netns._attributes
  - linuxnet.netns._attributes.actiongroup_all
  - linuxnet.netns._topology
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details: By what the things are, those alone that differ.
  idempotent:
    support: full
requirements:
  - python >= 3.9
  - pyroute2 >= 0.7.2
notes:
  - Requires root on the managed host, and Linux 5.5 or newer. Before Linux 5.18, addresses have no protocol
    number; those on the topology's own links and in its own namespaces are deleted with these.
  - In check mode, a namespace that is neither listed nor exists is assumed to be created by an earlier task, and a warning
    says so. In a real run it is an error.
  - C(commands) leave out the protocol number of addresses, which C(ip) supports only since iproute2 6.3.
  - On the controller itself, the module runs in a child process of Ansible's worker instead of being sent, unless the
    variable C(ansible_netns_import_modules) is V(false). The task's C(timeout) then makes it roll back; a module that was
    sent continues to its end.
options:
  name:
    description:
      - Name of the topology. Several topologies on one host have different names, and do not affect each other.
      - Up to 64 letters, digits, C(.), C(_) and C(-).
    type: str
    required: true
  purge:
    description:
      - Remove what has the mark of this topology and is no longer listed.
      - By default it is kept.
    type: bool
    default: false
  force:
    description:
      - Delete namespaces of the topology even if processes run in them, or they contain hardware or links of others.
        Hardware is moved to the current namespace first.
    type: bool
    default: false
  undo:
    description:
      - Roll back the steps before one that fails.
      - With V(false) they are kept, and the next run continues from there.
    type: bool
    default: true
  wait:
    description:
      - Wait until the kernel has torn down deleted namespaces, not only until their names are deleted.
    type: bool
    default: true
  timeout:
    description:
      - Time to wait in seconds, at least 1. After that the task fails, although the names are deleted.
    type: int
    default: 30
  state:
    description:
      - V(present) creates and changes everything that is listed.
      - V(absent) removes everything that has the mark of this topology, listed or not.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: linuxnet.netns.netns
  - module: linuxnet.netns.veth
  - module: linuxnet.netns.netns_info
"""

EXAMPLES = r"""
- name: Connect two namespaces, with an address at each end
  linuxnet.netns.netns_topology:
    name: study
    namespaces:
      - {name: [study01, study02], lo_up: true}
    veths:
      - {name: veth01, netns: study01, up: true, peer: {name: veth02, netns: study02, up: true}}
    addresses:
      - {netns: study01, link: veth01, address: 172.16.1.101/24}
      - {netns: study02, link: veth02, address: 172.16.1.102/24}

- name: Build a router between two networks, and remove what is no longer listed
  linuxnet.netns.netns_topology:
    name: lab
    purge: true
    namespaces:
      - {name: [left, router, right], lo_up: true}
    sysctls:
      - {netns: router, name: net.ipv4.ip_forward, value: 1}
    veths:
      - {name: eth0, netns: left, up: true, peer: {name: left, netns: router, up: true}}
      - {name: eth0, netns: right, up: true, peer: {name: right, netns: router, up: true}}
    addresses:
      - {netns: left, link: eth0, address: 192.0.2.1/25}
      - {netns: router, link: left, address: 192.0.2.126/25}
      - {netns: right, link: eth0, address: 192.0.2.129/25}
      - {netns: router, link: right, address: 192.0.2.254/25}
    routes:
      - {netns: left, dst: default, via: 192.0.2.126}
      - {netns: right, dst: default, via: 192.0.2.254}

- name: Remove the topology
  linuxnet.netns.netns_topology:
    name: lab
    state: absent
"""

RETURN = r"""
summary:
  description:
    - The number of items that were created, changed and removed, by list; in check mode, that would be.
    - What is deleted with a namespace is not counted, except its links. A veth pair counts as one.
  type: dict
  returned: success
  contains:
    created:
      description: By list. Lists without any are left out.
      type: dict
    changed:
      description: By list, likewise.
      type: dict
    removed:
      description: By list, likewise.
      type: dict
  sample:
    created: {namespaces: 2, veths: 1, addresses: 2}
    changed: {}
    removed: {}
namespaces:
  description:
    - The namespaces, each with what the topology has in it, as it is now; in check mode, as it would be.
    - What the kernel chooses for a new link is null in the run that creates it, in both modes.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: The name, null for the namespace that the module runs in.
      type: str
    state:
      description: Whether the namespace exists. An absent one has no links and no routes.
      type: str
      choices: [present, absent]
    made:
      description: Whether the topology created the namespace.
      type: bool
    links:
      description:
        - Its links, each with C(name), C(kind), C(mtu), C(up), C(addresses), C(peer), and C(master) if it has one.
        - C(lo) only if it is down, or has addresses other than those that the kernel assigns.
      type: list
      elements: dict
    routes:
      description:
        - Its routes, without those that the kernel creates, with the options of M(linuxnet.netns.netns_route) that
          differ from the default.
        - Routes that differ only in their destination are one entry, with a list as C(dst).
      type: list
      elements: dict
  sample:
    - name: study01
      state: present
      made: true
      links:
        - name: veth01
          kind: veth
          mtu: 1500
          up: true
          addresses: [172.16.1.101/24]
          peer: {name: veth02, netns: study02}
      routes: []
commands:
  description: The iproute2 commands that would have made the same changes, in order. Empty if nothing changed.
  type: list
  elements: str
  returned: success
  sample:
    - ip netns add study01 && ip -n study01 link property add dev lo altname netns:study
    - ip link add name veth01 netns study01 type veth peer name veth02 netns study02
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._topology.job import job_of
from ansible_collections.linuxnet.netns.plugins.module_utils._topology.options import SPEC


def main() -> None:
    """Run the module."""
    run_job(AnsibleModule(argument_spec=SPEC, supports_check_mode=True), job_of, looks=True)


if __name__ == "__main__":
    main()
