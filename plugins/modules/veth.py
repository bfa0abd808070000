#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: veth
short_description: Manage pairs of virtual Ethernet links
version_added: 0.1.0
description:
  - Makes a veth pair with both ends where they are to be, by one request to the kernel.
  - An existing pair is recognised from the kernel and is moved, renamed or corrected to what is stated. What is not
    stated is kept. It is recognised by one end that is in its place, wherever the other one is; or by both names,
    where its ends are in the current namespace and the two that are stated.
  - Two ends that are there, but are not each other's, are an error that says what is there.
  - A link that is moved loses its addresses and goes down, as the kernel has it; the diff shows it.
author:
  - The linuxnet.netns authors (@linuxnet)
extends_documentation_fragment:
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
      - The name of this end.
    type: str
    required: true
  peer:
    description:
      - The other end. Required when O(state=present); when O(state=absent), a pair whose other end has another name
        is an error.
    type: dict
    suboptions:
      name:
        description:
          - The name of the other end.
        type: str
        required: true
      netns:
        description:
          - Where the other end is, as in O(netns). Left out, the namespace that the module runs in.
        type: str
      mtu:
        description:
          - As O(mtu).
        type: int
      mac:
        description:
          - As O(mac).
        type: str
      up:
        description:
          - As O(up).
        type: bool
      alias:
        description:
          - As O(alias).
        type: str
      txqueuelen:
        description:
          - As O(txqueuelen).
        type: int
  mtu:
    description:
      - The largest packet, in bytes. The kernel says which values it takes.
    type: int
  mac:
    description:
      - The MAC address. Left out, the kernel draws one at random.
    type: str
  up:
    description:
      - Whether the link is to be up. It is born down.
    type: bool
  alias:
    description:
      - A text that describes the link; V('') for none.
    type: str
  txqueuelen:
    description:
      - The length of the transmit queue, in packets.
    type: int
  state:
    description:
      - Whether the pair is to be there.
    type: str
    choices: [present, absent]
    default: present
  force:
    description:
      - Remove the veths that stand in the way of the stated pair, and make it anew. Nothing else stands in the way.
      - Let links that lie on an end (macvlan, vlan, vxlan and others) be removed with it, or lose their IPv6 addresses by its MTU.
    type: bool
    default: false
seealso:
  - module: linuxnet.netns.netns_link
  - module: linuxnet.netns.netns_addr
"""

EXAMPLES = r"""
- name: A pair in the current namespace
  linuxnet.netns.veth:
    name: veth01
    peer:
      name: veth02

- name: A cable between two namespaces
  linuxnet.netns.veth:
    name: veth01
    netns: study01
    up: true
    peer:
      name: veth02
      netns: study02
      up: true

- name: No such cable
  linuxnet.netns.veth:
    name: veth01
    netns: study01
    state: absent
"""

RETURN = r"""
veth:
  description:
    - This end of the pair as it is now; in check mode, as it would be. The other end is its C(peer), with the same keys.
    - Of an end that is not there, only C(name), C(netns) and C(state) are told.
  type: dict
  returned: success
  contains:
    name:
      description: The name of the link.
      type: str
    netns:
      description: The namespace it is in, null for the current one.
      type: str
    state:
      description: Whether it is there.
      type: str
      choices: [present, absent]
    kind:
      description: The kind of link.
      type: str
    mac:
      description: >-
        The MAC address. Null in a run that makes the pair and leaves it to the kernel, so that check mode and the real
        run say the same.
      type: str
    mtu:
      description: The largest packet, in bytes.
      type: int
    up:
      description: Whether the link is set up.
      type: bool
    alias:
      description: The describing text.
      type: str
    txqueuelen:
      description: The length of the transmit queue.
      type: int
    group:
      description: The group of links it belongs to.
      type: int
    master:
      description: The link that it is a port of.
      type: str
    arp:
      description: Whether it speaks ARP.
      type: bool
    multicast:
      description: Whether it takes multicast.
      type: bool
    promisc:
      description: Whether it takes all packets.
      type: bool
    addresses:
      description: Its addresses, but for those that the kernel makes itself.
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
  description: The iproute2 commands that would have done the same, in order. Empty when nothing was to be done.
  type: list
  elements: str
  returned: success
  sample:
    - ip link add name veth01 netns study01 type veth peer name veth02 netns study02
    - ip -n study01 link set dev veth01 up
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._core import render
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.spec import VethSpec
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.veth.options import (
    RULES,
    SPEC,
)

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import World
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job, Origins


def job_of(options: dict[str, t.Any]) -> Job:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import HERE
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
        RESOURCE as ADDRESS,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
        RESOURCE as ROUTE,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.veth.plan import plan

    desired = VethSpec.of(options)
    ends = [desired.near] if desired.far is None else [desired.near, desired.far]

    def show(world: World, origins: Origins) -> dict[str, t.Any]:
        wanted = [(world.at(end.place).key, end.name) for end in ends]
        at = [origins.get(each, each) for each in wanted]
        return {"veth": render.veth(world, at[0], at[1] if len(at) > 1 else None)}

    return Job(
        header=f"veth {desired.near.name}",
        scope=Scope(
            (*dict.fromkeys([end.place for end in ends] + [HERE]),),
            peers=frozenset(end.name for end in ends),
            anywhere=frozenset((end.place, end.name) for end in ends),
            resources=(ADDRESS, ROUTE),
            keeps=True,
        ),
        plan=lambda draft: plan(draft, desired),
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
