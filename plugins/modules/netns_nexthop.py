#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_nexthop
short_description: Manage nexthop objects in a network namespace
version_added: 0.1.0
description:
  - Add, change and remove nexthop objects (C(ip nexthop)), to which many routes can lead by their ID, and groups of
    them with weights (ECMP). To change a nexthop object changes where all of these routes lead, at once and without a
    gap.
  - Set one nexthop object by the options of the module, or many by O(nexthops).
  - "Options that are not set are left as they are, except those that belong together: if one of O(via), O(dev),
    O(blackhole), O(group) and O(fdb) is set, the others are removed."
  - "The kernel removes a nexthop object when its link is set down, loses its carrier, is deleted or moved to another
    namespace, and with it, without a word, all routes that use it. This module removes a nexthop object that routes
    or groups use only with O(force=true)."
  - Attributes without an option, such as an encapsulation or the buckets of a resilient group, are kept.
author:
  - The linuxnet.netns authors (@linuxnet)
extends_documentation_fragment:
  - linuxnet.netns._attributes
  - linuxnet.netns._attributes.actiongroup_all
  - linuxnet.netns._netns
  - linuxnet.netns._netns.requirements
requirements:
  - Linux 5.3; for O(fdb) 5.8.
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  id: &id
    description:
      - ID of the nexthop object, from 1 to 4294967295.
      - Required unless O(nexthops) is set.
    type: int
  via: &via
    description:
      - Address of the gateway. Requires O(dev), unless O(fdb=true).
    type: str
  dev: &dev
    description:
      - Outgoing link. The kernel accepts only one that is up and has a carrier.
    type: str
  onlink: &onlink
    description:
      - Assume that O(via) is directly reachable over O(dev), even if no address of the link says so.
    type: bool
  blackhole: &blackhole
    description:
      - Drop packets. It can only be the single member of a group. The link V(lo) has to be up.
    type: bool
  group: &group
    description:
      - Make it a group of other nexthop objects, among which packets are distributed by their weights.
      - The order does not matter.
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - ID of the member, which is not a group itself.
        type: int
        required: true
      weight:
        description:
          - Weight of the member, from 1 to 65536; at most 256 before Linux 6.12.
        type: int
        default: 1
  fdb: &fdb
    description:
      - Use it for forwarding entries of a VXLAN instead of routes. O(via) is the address of another VTEP then, or
        O(group) has such members.
    type: bool
  family: &family
    description:
      - Address family. It follows from O(via) if that is set. Default is V(ipv4).
    type: str
    choices: [ipv4, ipv6]
  nexthops:
    description:
      - Nexthop objects, each with the options above. The options above are the defaults of each entry, except O(id).
      - Groups may be listed before their members.
    type: list
    elements: dict
    suboptions:
      id: *id
      via: *via
      dev: *dev
      onlink: *onlink
      blackhole: *blackhole
      group: *group
      fdb: *fdb
      family: *family
  proto:
    description:
      - "Protocol: the origin of the nexthop objects, as V(kernel), V(boot), V(static), V(dhcp), another name from
        C(rt_protos) that the kernel defines, or a number. Default for a new one is V(static); an existing one is
        accepted whatever its protocol."
    type: str
  state:
    description:
      - V(present) adds or changes the nexthop objects. V(absent) removes those with the ID that match the options
        that are set.
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Remove all other nexthop objects whose protocol is O(proto), by default V(static).
    type: bool
    default: false
  force:
    description:
      - Remove the routes and forwarding entries that use a nexthop object together with it, whoever made them, and the
        nexthop object from its groups. Otherwise the task fails.
      - "The same for a nexthop object that has to be removed to change it, as the kernel does not make a group of a
        single one. Routes that can use the new one are added again then."
    type: bool
    default: false
seealso:
  - module: linuxnet.netns.netns_route
"""

EXAMPLES = r"""
- name: Add a nexthop object
  linuxnet.netns.netns_nexthop:
    netns: study01
    id: 1
    via: 172.16.1.1
    dev: veth01

- name: Set exactly these static nexthop objects, two gateways and a group of both
  linuxnet.netns.netns_nexthop:
    netns: study01
    nexthops:
      - id: 1
        via: 172.16.1.1
        dev: veth01
      - id: 2
        via: 172.16.2.1
        dev: veth02
      - id: 10
        group:
          - id: 1
            weight: 3
          - id: 2
    purge: true

- name: Let all routes that use a nexthop object drop their packets
  linuxnet.netns.netns_nexthop:
    netns: study01
    id: 3
    blackhole: true

- name: Remove a nexthop object, and the routes that use it
  linuxnet.netns.netns_nexthop:
    netns: study01
    id: 3
    state: absent
    force: true
"""

RETURN = r"""
nexthops:
  description:
    - All nexthop objects of the namespace as they are now, by ID; in check mode, as they would be.
  type: list
  elements: dict
  returned: success
  contains:
    id:
      description: The ID.
      type: int
      returned: always
      sample: 1
    family:
      description: V(ipv4) or V(ipv6), V(null) for a group.
      type: str
      returned: always
      sample: ipv4
    via:
      description: The gateway.
      type: str
      returned: always
      sample: 172.16.1.1
    dev:
      description: The outgoing link.
      type: str
      returned: always
      sample: veth01
    onlink:
      description: Whether the gateway is assumed to be directly reachable.
      type: bool
      returned: always
      sample: false
    blackhole:
      description: Whether packets are dropped.
      type: bool
      returned: always
      sample: false
    group:
      description: The members of a group, with RV(nexthops[].group[].id) and RV(nexthops[].group[].weight).
      type: list
      elements: dict
      returned: always
      sample: []
      contains:
        id:
          description: The ID of the member.
          type: int
          returned: always
          sample: 1
        weight:
          description: The weight of the member.
          type: int
          returned: always
          sample: 3
    fdb:
      description: Whether it is for forwarding entries.
      type: bool
      returned: always
      sample: false
    proto:
      description: The protocol (origin) of the nexthop object.
      type: str
      returned: always
      sample: static
    others:
      description: The names of attributes for which this module has no option.
      type: list
      elements: str
      returned: always
      sample: [encap]
commands:
  description: The iproute2 commands that would have made the same changes, in order. Empty if nothing changed.
  type: list
  elements: str
  returned: success
  sample: [ip -n study01 nexthop add id 1 via 172.16.1.1 dev veth01 proto static]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop.options import SPEC
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop.spec import (
    NexthopsSpec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop.state import (
    held,
    shown,
)

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation


def job_of(options: dict[str, t.Any]) -> Reconciliation:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop import (
        RESOURCE as NEXTHOP,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop.plan import plan

    desired = NexthopsSpec.of(options)
    return Reconciliation(
        header="nexthop objects",
        scope=Scope((desired.place,), resources=(NEXTHOP,)),
        plan=lambda builder: plan(builder, desired),
        render=lambda host, origins: {
            "nexthops": [shown(each) for each in held(host.at(desired.place))]
        },
    )


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec=SPEC,
        supports_check_mode=True,
    )
    run_job(module, job_of)


if __name__ == "__main__":
    main()
