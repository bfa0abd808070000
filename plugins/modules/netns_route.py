#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_route
short_description: Manage routes in a network namespace
version_added: 0.1.0
description:
  - Adds, changes and removes IPv4 and IPv6 routes of one namespace.
  - A route is told from others by its destination, its table and its metric. Where O(metric) is not stated, a route to
    O(dst) that is all that is stated will do, whatever its metric.
  - What is not stated is kept, but for the way that a route takes. O(via), O(dev), O(nexthops), O(type), O(onlink) and
    O(scope) belong together; stating one of them states them all. Kept is also what there is no option for, such as
    C(initcwnd), C(advmss), C(realm), C(pref) or C(expires).
  - A route that is told from others by something that there is no option for, C(tos), C(from), C(nhid) or C(encap), is
    left alone, never changed and never removed. Where it is in the way the task fails and names it; where O(state=absent)
    is about its destination there is a warning.
  - Routes that the kernel makes itself, with an address or by router advertisements, are neither replaced nor removed. A
    task that would have to, fails and says what to do instead.
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
  dst:
    description:
      - The destinations, each a network, an address or V(default). The options below apply to all of them.
      - V(default) is IPv4, unless O(via), O(src) or the first of O(nexthops) is an IPv6 address; V(::/0) is IPv6.
    type: list
    elements: str
    required: true
  via:
    description:
      - The gateway. It may be an IPv6 address for an IPv4 destination. A link-local one needs O(dev).
    type: str
  dev:
    description:
      - The link to leave by. Left out, the one by which O(via) is reached; where several links reach it alike, the task
        fails.
    type: str
  src:
    description:
      - The source address that packets are given. One of IPv6 that the kernel still looks for duplicates of, is waited
        for.
    type: str
  metric:
    description:
      - The preference, lowest first. Left out, a new route gets 0, in IPv6 1024.
    type: int
  table:
    description:
      - The routing table, V(main), V(default), V(local) or a number.
    type: str
    default: main
  scope:
    description:
      - The scope of an IPv4 route. Left out, it follows from the rest, as C(ip route) has it.
    type: str
  type:
    description:
      - What becomes of the packets. Left out, a new route is V(unicast).
    type: str
    choices: [unicast, blackhole, unreachable, prohibit, throw, local]
  onlink:
    description:
      - Whether O(via) is taken to be reached by O(dev), although no address of that says so.
    type: bool
  mtu:
    description:
      - The largest packet along this route, in bytes, at most 65520; 0 for that of the link.
    type: int
  proto:
    description:
      - Who made the route. Left out, a new route is V(static).
    type: str
  nexthops:
    description:
      - Several ways at once, among which packets are divided.
    type: list
    elements: dict
    suboptions:
      via:
        description:
          - The gateway of this way.
        type: str
      dev:
        description:
          - The link that this way leaves by.
        type: str
      weight:
        description:
          - The share of this way.
        type: int
        default: 1
      onlink:
        description:
          - As O(onlink).
        type: bool
        default: false
  state:
    description:
      - Whether the routes are to be there. With V(absent), all routes to O(dst) go that are what is stated.
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Remove all other routes of O(table) that O(proto), or else V(static), made. Of the families that O(dst) lists, of
        both where it is empty. Those of the kernel stay.
    type: bool
    default: false
seealso:
  - module: linuxnet.netns.netns_addr
"""

EXAMPLES = r"""
- name: The way out
  linuxnet.netns.netns_route:
    netns: study01
    dst: default
    via: 172.16.1.1

- name: Two ways, one of them for every third packet flow
  linuxnet.netns.netns_route:
    netns: study01
    dst: 10.0.0.0/8
    nexthops:
      - via: 172.16.1.1
        weight: 2
      - via: 172.16.2.1

- name: No route of ours but this one
  linuxnet.netns.netns_route:
    netns: study01
    dst: 192.0.2.0/24
    type: blackhole
    purge: true
"""

RETURN = r"""
routes:
  description:
    - All routes of O(table) as they are now, sorted; in check mode, as they would be. Those that the kernel makes itself
      are left out. One that is told from others by something that there is no option for has C(others) too, a list of
      that, such as C(tos 0x10).
  type: list
  elements: dict
  returned: success
  sample:
    - dst: default
      via: 172.16.1.1
      dev: veth01
      src: null
      metric: 0
      table: 254
      proto: static
      scope: global
      type: unicast
      mtu: null
      onlink: false
      nexthops: []
commands:
  description: The iproute2 commands that would have done the same, in order. Empty when nothing was to be done.
  type: list
  elements: str
  returned: success
  sample: [ip -n study01 -4 route add default via 172.16.1.1 dev veth01 proto static]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._core import render
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route.options import SPEC
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route.spec import RoutesSpec

LOCAL = 255  # RT_TABLE_LOCAL, linux/rtnetlink.h

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job


def job_of(options: dict[str, t.Any]) -> Job:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
        RESOURCE as ADDRESS,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
        RESOURCE as ROUTE,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route.plan import plan

    desired = RoutesSpec.of(options)
    return Job(
        header=f"routes to {' '.join(each.dst for each in desired.routes)}",
        scope=Scope(
            (desired.place,), resources=(ADDRESS, ROUTE), local_routes=desired.table == LOCAL
        ),
        plan=lambda draft: plan(draft, desired),
        render=lambda world, origins: {
            "routes": render.routes(world, world.at(desired.place).key, desired.table)
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
