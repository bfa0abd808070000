#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_link
short_description: Manage a link in a network namespace
version_added: 0.1.0
description:
  - Moves, renames, changes or removes a link that exists, of whatever kind.
  - What is not stated is left alone. A link that is moved loses its addresses, its master and its routes and goes down,
    as the kernel has it; RV(diff) shows it.
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
      - The name of the link.
    type: str
    required: true
  move_from:
    description:
      - The namespace to take the link from, written as O(netns); the current one is written as V('').
      - A link that is only there is moved to O(netns). A link that is only in O(netns) has been moved already.
        In both, or in neither, is an error.
    type: str
  new_name:
    description:
      - What the link is to be called. A link that has this name, where there is none called O(name), has been renamed
        already.
    type: str
  up:
    description:
      - Whether the link is to be up.
    type: bool
  mtu:
    description:
      - The largest packet, in bytes. The kernel says which values it takes.
    type: int
  mac:
    description:
      - The MAC address.
    type: str
  alias:
    description:
      - A text that describes the link; V('') for none.
    type: str
  txqueuelen:
    description:
      - The length of the transmit queue, in packets.
    type: int
  master:
    description:
      - The link that this one is to be a port of, in the same namespace; V('') for none.
    type: str
  arp:
    description:
      - Whether the link is to speak ARP.
    type: bool
  multicast:
    description:
      - Whether the link is to take multicast.
    type: bool
  promisc:
    description:
      - Whether the link is to take all packets that pass.
    type: bool
  group:
    description:
      - The number of the group of links that it is to belong to.
    type: int
  state:
    description:
      - Whether the link is to be there. A veth takes its peer along.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: linuxnet.netns.veth
  - module: linuxnet.netns.netns_addr
"""

EXAMPLES = r"""
- name: The loopback is up
  linuxnet.netns.netns_link:
    name: lo
    netns: study01
    up: true

- name: The host's end of the cable goes to another namespace
  linuxnet.netns.netns_link:
    name: veth02
    move_from: ''
    netns: study02
    up: true

- name: A link is renamed and is a port of a bridge
  linuxnet.netns.netns_link:
    name: veth7
    new_name: lan0
    master: br0
"""

RETURN = r"""
link:
  description:
    - The link as it is now; in check mode, as it would be.
    - Of a link that is not there, only C(name), C(netns) and C(state) are told.
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
      description: The kind of link, null for hardware and the loopback.
      type: str
    mac:
      description: The MAC address.
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
  sample:
    name: veth02
    netns: study02
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
    addresses: []
commands:
  description: The iproute2 commands that would have done the same, in order. Empty when nothing was to be done.
  type: list
  elements: str
  returned: success
  sample: [ip link set dev veth02 netns study02, ip -n study02 link set dev veth02 up]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._model import render
from ansible_collections.linuxnet.netns.plugins.module_utils._model.link_want import MoveWant

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._converge import Job, Origins
    from ansible_collections.linuxnet.netns.plugins.module_utils._model.world import World


def job_of(options: dict[str, t.Any]) -> Job:
    """Return what the options ask of the loop."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._converge import Job
    from ansible_collections.linuxnet.netns.plugins.module_utils._kernel.kernel import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._plan.link import plan

    want = MoveWant.of(options)
    places = [want.place] if want.move_from is None else [want.place, want.move_from]

    def show(world: World, origins: Origins) -> dict[str, t.Any]:
        at = (world.at(want.place).key, want.final_name)
        return {"link": render.link(world, *origins.get(at, at))}

    return Job(
        header=f"link {want.name}",
        scope=Scope(
            tuple(dict.fromkeys(places)),
            peers=frozenset((want.name, want.final_name)),
            routes=True,
            keeps=True,
        ),
        plan=lambda draft: plan(draft, want),
        render=show,
    )


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "netns": {"type": "str"},
            "move_from": {"type": "str"},
            "new_name": {"type": "str"},
            "up": {"type": "bool"},
            "mtu": {"type": "int"},
            "mac": {"type": "str"},
            "alias": {"type": "str"},
            "txqueuelen": {"type": "int"},
            "master": {"type": "str"},
            "arp": {"type": "bool"},
            "multicast": {"type": "bool"},
            "promisc": {"type": "bool"},
            "group": {"type": "int"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        supports_check_mode=True,
    )
    run_job(module, job_of)


if __name__ == "__main__":
    main()
