#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: veth
short_description: Manage veth pairs (virtual Ethernet links)
version_added: 0.1.0
description:
  - Create a veth pair with each end in its namespace, by one request to the kernel.
  - An existing pair is found, and moved, renamed or changed to the desired state. Options that are not set are left
    as they are. A pair is found by one end that is in its place, wherever the other end is, or by both names if both
    ends are in the current namespace and those of the two ends that are set.
  - If both ends exist and belong to different pairs, the task fails and says what exists.
  - The kernel takes a moved link down and removes its addresses; the diff shows it.
author:
  - The linuxnet.netns authors (@linuxnet)
extends_documentation_fragment:
  - linuxnet.netns._link
  - linuxnet.netns._attributes
  - linuxnet.netns._attributes.actiongroup_all
  - linuxnet.netns._netns
  - linuxnet.netns._netns.requirements
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  name:
    description:
      - Name of this end.
    type: str
    required: true
  peer:
    description:
      - The other end. Required with O(state=present). With O(state=absent), it is an error if the other end has
        another name.
    type: dict
    suboptions:
      name:
        description:
          - Name of the other end.
        type: str
        required: true
      netns:
        description:
          - Namespace of the other end, as in O(netns). Default is the namespace that the module runs in.
        type: str
      mtu:
        description:
          - See O(mtu).
        type: int
      mac:
        description:
          - See O(mac).
        type: str
      up:
        description:
          - See O(up).
        type: bool
      alias:
        description:
          - See O(alias).
        type: str
      txqueuelen:
        description:
          - See O(txqueuelen).
        type: int
      gso_max_size:
        description:
          - See O(gso_max_size).
        type: int
      gso_ipv4_max_size:
        description:
          - See O(gso_ipv4_max_size).
        type: int
      gro_max_size:
        description:
          - See O(gro_max_size).
        type: int
      gro_ipv4_max_size:
        description:
          - See O(gro_ipv4_max_size).
        type: int
      numtxqueues:
        description:
          - See O(numtxqueues).
        type: int
      numrxqueues:
        description:
          - See O(numrxqueues).
        type: int
      addrgenmode:
        description:
          - See O(addrgenmode).
        type: str
        choices: [eui64, none, random]
      altnames:
        description:
          - See O(altnames).
        type: list
        elements: str
      purge_altnames:
        description:
          - See O(purge_altnames).
        type: bool
        default: false
  mtu:
    description:
      - Maximum transmission unit (MTU) in bytes. The kernel determines the range; by default a new veth has 1500.
    type: int
  mac:
    description:
      - MAC address. By default the kernel chooses one at random.
    type: str
  up:
    description:
      - Set the link up or down. By default it is left as it is; a new link is down.
    type: bool
  alias:
    description:
      - Descriptive text (ifalias); V('') removes it.
    type: str
  txqueuelen:
    description:
      - Length of the transmit queue, in packets.
    type: int
  state:
    description:
      - V(present) creates or changes the pair, V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  force:
    description:
      - Delete veths that occupy the names of the pair, and create the pair again. Other kinds of links are never
        deleted.
      - Allow that links on top of an end (macvlan, vlan, vxlan and others) are deleted with it, or lose their IPv6
        addresses because of its MTU.
    type: bool
    default: false
seealso:
  - module: linuxnet.netns.netns_link
  - module: linuxnet.netns.netns_addr
"""

EXAMPLES = r"""
- name: Create a pair in the current namespace
  linuxnet.netns.veth:
    name: veth01
    peer:
      name: veth02

- name: Connect two namespaces
  linuxnet.netns.veth:
    name: veth01
    netns: study01
    up: true
    peer:
      name: veth02
      netns: study02
      up: true

- name: Delete a pair
  linuxnet.netns.veth:
    name: veth01
    netns: study01
    state: absent
"""

RETURN = r"""
veth:
  description:
    - This end of the pair as it is now; in check mode, as it would be. The other end is its C(peer), with the same
      keys.
    - If the end does not exist, only C(name), C(netns) and C(state) are returned.
  type: dict
  returned: success
  contains:
    name:
      description: The name of the link.
      type: str
    netns:
      description: The namespace that the link is in, null for the current one.
      type: str
    state:
      description: Whether it exists.
      type: str
      choices: [present, absent]
    kind:
      description: The kind of link.
      type: str
    mac:
      description: >-
        The MAC address. Null in a run that creates the pair and lets the kernel choose, so that check mode and
        the real run return the same.
      type: str
    mtu:
      description: The maximum transmission unit (MTU), in bytes.
      type: int
    up:
      description: Whether the link is up (the flag UP, not the carrier).
      type: bool
    alias:
      description: The descriptive text (ifalias).
      type: str
    txqueuelen:
      description: The length of the transmit queue, in packets.
      type: int
    gso_max_size:
      description: >-
        The largest packet in bytes that the network stack passes to the link. This and the following are left out
        where the kernel does not report them, and for a link that the task creates.
      type: int
    gso_ipv4_max_size:
      description: The same for IPv4.
      type: int
    gro_max_size:
      description: The largest packet in bytes that received packets are joined to.
      type: int
    gro_ipv4_max_size:
      description: The same for IPv4.
      type: int
    numtxqueues:
      description: The number of transmit queues.
      type: int
    numrxqueues:
      description: The number of receive queues.
      type: int
    addrgenmode:
      description: How the kernel generates IPv6 addresses for the link.
      type: str
    altnames:
      description: The alternative names, without the marks of topologies; left out where there are none.
      type: list
      elements: str
    group:
      description: The number of the group of links that it belongs to.
      type: int
    master:
      description: The link that it is a port of, such as a bridge, a bond or a VRF; null for none.
      type: str
    arp:
      description: Whether ARP is enabled.
      type: bool
    multicast:
      description: Whether multicast is enabled.
      type: bool
    promisc:
      description: Whether promiscuous mode is on.
      type: bool
    addresses:
      description: Its addresses, except those that the kernel creates itself.
      type: list
      elements: str
    peer:
      description: The other end, with the same keys.
      type: dict
  sample:
    name: veth01
    netns: study01
    state: present
    kind: veth
    mac: 8a:5b:3f:11:02:7c
    mtu: 1500
    up: true
    alias: ''
    txqueuelen: 1000
    group: 0
    master: null
    arp: true
    multicast: true
    promisc: false
    addresses: [172.16.1.101/24]
    peer:
      name: veth02
      netns: study02
      state: present
commands:
  description: The iproute2 commands that would have made the same changes, in order. Empty if nothing changed.
  type: list
  elements: str
  returned: success
  sample:
    - ip link add name veth01 netns study01 type veth peer name veth02 netns study02
    - ip -n study01 link set dev veth01 up
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.spec import VethSpec
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.veth.options import (
    RULES,
    SPEC,
)

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import HostState
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import (
        Origins,
        Reconciliation,
    )


def job_of(options: dict[str, t.Any]) -> Reconciliation:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core import render
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import HERE
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
        RESOURCE as ADDRESS,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
        RESOURCE as ROUTE,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.veth.plan import plan

    desired = VethSpec.of(options)
    ends = [desired.near] if desired.far is None else [desired.near, desired.far]

    def show(host: HostState, origins: Origins) -> dict[str, t.Any]:
        wanted = [(host.at(end.place).key, end.name) for end in ends]
        at = [origins.get(each, each) for each in wanted]
        return {"veth": render.veth(host, at[0], at[1] if len(at) > 1 else None)}

    return Reconciliation(
        header=f"veth {desired.near.name}",
        scope=Scope(
            (*dict.fromkeys([end.place for end in ends] + [HERE]),),
            peers=frozenset(end.name for end in ends),
            anywhere=frozenset((end.place, end.name) for end in ends),
            resources=(ADDRESS, ROUTE),
            keeps=True,
        ),
        plan=lambda builder: plan(builder, desired),
        render=show,
    )


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec=SPEC,
        **RULES,
        supports_check_mode=True,
    )
    run_job(module, job_of)


if __name__ == "__main__":
    main()
