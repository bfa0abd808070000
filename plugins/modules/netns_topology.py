#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_topology
short_description: Manage a whole network of Linux network namespaces in one task
version_added: 0.1.0
description:
  - Builds, checks, corrects and removes a network of any number of namespaces, links, addresses and routes. Its lists
    hold the options of the other modules, and are planned together, by the same planners.
  - The order of the lists and of their entries does not matter; things are made in the order in which they depend on
    each other.
  - All or nothing. When something is refused, what was done before it is undone.
  - What a topology makes bears its mark, so that it is known again. Links and namespaces have another name, as in
    C(ip link show altname netns:study:veth01), a namespace on its C(lo). Addresses, routes, rules and neighbours have a
    protocol number that comes from O(name). Nothing is kept in files.
  - Only what bears the mark is ever removed. What is there without it is left alone; where it is in the way, the task
    fails before anything is touched, and says what it is.
  - Parameters, queueing disciplines and forwarding entries bear no mark. In namespaces and on links that the topology
    made, they go with these; elsewhere they stay as they are.
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
  - Needs root on the managed host, and Linux 5.5 or newer. Before Linux 5.18, the kernel does not tell who made an
    address; those on the topology's own links and in its own namespaces go with these.
  - In check mode, a namespace that is neither listed nor there is taken as one that an earlier task would have made,
    and a warning says so. In a real run it is an error.
  - C(commands) leave out the protocol number of addresses, which C(ip) states since iproute2 6.3 only.
  - Where the managed host is the controller, with ansible-core 2.19 or newer, no module is sent. A worker of Ansible does
    the work itself, which spares half a second of each task. So it is with C(connection=local), and with the Python that
    Ansible runs on, without C(become), C(async) and C(environment). The result is the same; only the system's log says
    nothing of it. With C(ANSIBLE_KEEP_REMOTE_FILES=1) in its environment, Ansible sends a module there, too.
  - A task's C(timeout) that strikes there undoes what was done. A module that was sent goes on to its end instead.
options:
  name:
    description:
      - Whose the network is. Two topologies on one host have two names, and leave each other alone.
      - Up to 64 letters, digits, C(.), C(_) and C(-).
    type: str
    required: true
  purge:
    description:
      - Remove what bears the mark of this topology and is not listed any more.
      - Otherwise it stays.
    type: bool
    default: false
  force:
    description:
      - Remove namespaces of the topology although processes run, hardware is, or links of others are in them. Hardware
        is moved to the current namespace first.
    type: bool
    default: false
  undo:
    description:
      - When something fails, undo what was done before it.
      - With V(false) it stays; the next run goes on from there.
    type: bool
    default: true
  wait:
    description:
      - Return when the kernel has torn removed namespaces down, not when their names are gone.
    type: bool
    default: true
  timeout:
    description:
      - How many seconds to wait, at least 1. Afterwards the task fails; the names are gone all the same.
    type: int
    default: 30
  state:
    description:
      - V(present), and all that is listed is there as stated.
      - V(absent), and nothing is there any more that bears the mark of this topology, listed or not.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: linuxnet.netns.netns
  - module: linuxnet.netns.veth
  - module: linuxnet.netns.netns_info
"""

EXAMPLES = r"""
- name: Two namespaces, a cable between them, and an address at each end
  linuxnet.netns.netns_topology:
    name: study
    namespaces:
      - {name: [study01, study02], lo_up: true}
    veths:
      - {name: veth01, netns: study01, up: true, peer: {name: veth02, netns: study02, up: true}}
    addresses:
      - {netns: study01, link: veth01, address: 172.16.1.101/24}
      - {netns: study02, link: veth02, address: 172.16.1.102/24}

- name: A router between two networks, and nothing of this topology beside it
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

- name: Nothing left of it
  linuxnet.netns.netns_topology:
    name: lab
    state: absent
"""

RETURN = r"""
summary:
  description:
    - How many things of each list were created, changed and removed; in check mode, would be.
    - What goes with a namespace is not counted, but for its links. A pair of links counts as one.
  type: dict
  returned: success
  contains:
    created:
      description: By list. Lists of which nothing was created are left out.
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
    - What the kernel chooses for a link that is made is null in the run that makes it, in both modes.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: The name, null for the namespace that the module runs in.
      type: str
    state:
      description: Whether the namespace is there. One that is not has no links and no routes.
      type: str
      choices: [present, absent]
    made:
      description: Whether it is there because the topology made it.
      type: bool
    links:
      description:
        - Its links, each with C(name), C(kind), C(mtu), C(up), C(addresses), C(peer), and C(master) if it has one.
        - C(lo) only where it is down, or has addresses that the kernel did not give it.
      type: list
      elements: dict
    routes:
      description:
        - Its routes, without those that the kernel makes, with those options of M(linuxnet.netns.netns_route) that
          are not as usual.
        - Those that differ only in where they lead to are one, and C(dst) is a list.
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
