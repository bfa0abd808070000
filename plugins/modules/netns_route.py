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
  - Add, change and remove IPv4 and IPv6 routes of one namespace.
  - A route is identified by its destination, table and metric. If O(metric) is not set, a route to O(dst) that
    matches all options that are set is accepted, whatever its metric.
  - "Options that are not set are left as they are, except those that belong together: O(via), O(dev), O(nexthops),
    O(nhid), O(type), O(onlink) and O(scope). Setting one of them sets all of them. Attributes without an option, such as
    C(initcwnd), C(advmss), C(realm), C(pref) or C(expires), are kept."
  - A route that is identified by an attribute without an option (C(tos), C(from) or C(encap)) is never
    changed or removed. If it is in the way, the task fails and names it; with O(state=absent) and the same
    destination, there is a warning.
  - Routes that the kernel creates itself, with an address or from router advertisements, are neither replaced nor
    removed. The task fails and says what to do instead.
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
      - "Destinations: networks, addresses or V(default). The options below apply to all of them."
      - V(default) is IPv4, unless O(via), O(src) or the first of O(nexthops) is an IPv6 address. V(::/0) is IPv6.
    type: list
    elements: str
    required: true
  via:
    description:
      - Gateway (next hop). An IPv4 destination may have an IPv6 gateway. A link-local one requires O(dev).
    type: str
  dev:
    description:
      - Link that the packets leave by. Default is the link over which O(via) is reachable; if there are several, the
        task fails.
    type: str
  src:
    description:
      - Preferred source address of the packets. The task waits for an IPv6 address while duplicate address detection
        runs on it.
    type: str
  metric:
    description:
      - Metric (priority), lowest first. Default for a new route is 0, and 1024 for IPv6.
    type: int
  table:
    description:
      - "Routing table: V(main), V(default), V(local) or a number."
    type: str
    default: main
  scope:
    description:
      - Scope of an IPv4 route. By default it follows from the other options, as in C(ip route).
    type: str
  type:
    description:
      - Type of the route. Default for a new route is V(unicast).
    type: str
    choices: [unicast, blackhole, unreachable, prohibit, throw, local]
  onlink:
    description:
      - Assume that O(via) is directly reachable over O(dev), even if no address of the link says so.
    type: bool
  mtu:
    description:
      - Path MTU in bytes, at most 65520; 0 to use that of the link.
    type: int
  proto:
    description:
      - "Protocol: the origin of the route. Default for a new route is V(static)."
    type: str
  nexthops:
    description:
      - Next hops of a multipath route (ECMP).
    type: list
    elements: dict
    suboptions:
      via:
        description:
          - Gateway of the next hop.
        type: str
      dev:
        description:
          - Link of the next hop.
        type: str
      weight:
        description:
          - Weight of the next hop.
        type: int
        default: 1
      onlink:
        description:
          - See O(onlink).
        type: bool
        default: false
  nhid:
    description:
      - ID of a nexthop object that the route uses, or of a group of them (M(linuxnet.netns.netns_nexthop)). It has
        O(via), O(dev) and O(onlink) then.
    type: int
  state:
    description:
      - V(present) adds or changes the routes. V(absent) removes all routes to O(dst) that match the options that are
        set.
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Remove all other routes of O(table) whose protocol is O(proto), by default V(static). This applies to the
        address families in O(dst), or to both if it is empty. Routes that the kernel creates are kept.
    type: bool
    default: false
seealso:
  - module: linuxnet.netns.netns_addr
  - module: linuxnet.netns.netns_nexthop
"""

EXAMPLES = r"""
- name: Add a default route
  linuxnet.netns.netns_route:
    netns: study01
    dst: default
    via: 172.16.1.1

- name: Add a multipath route with weights
  linuxnet.netns.netns_route:
    netns: study01
    dst: 10.0.0.0/8
    nexthops:
      - via: 172.16.1.1
        weight: 2
      - via: 172.16.2.1

- name: Add a route by a nexthop object, such as a group of gateways
  linuxnet.netns.netns_route:
    netns: study01
    dst: 10.20.0.0/16
    nhid: 10

- name: Add a route and remove all other static ones
  linuxnet.netns.netns_route:
    netns: study01
    dst: 192.0.2.0/24
    type: blackhole
    purge: true
"""

RETURN = r"""
routes:
  description:
    - All routes of O(table) as they are now, sorted; in check mode, as they would be. Routes that the kernel creates
      itself are left out. A route that is identified by an attribute without an option has the key C(others) too, a
      list of such attributes, as C(tos 0x10). A route that uses a nexthop object has the key C(nhid)
      too; C(via), C(dev) and C(nexthops) show where that leads.
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
  description: The iproute2 commands that would have made the same changes, in order. Empty if nothing changed.
  type: list
  elements: str
  returned: success
  sample: [ip -n study01 -4 route add default via 172.16.1.1 dev veth01 proto static]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route.options import SPEC
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route.spec import RoutesSpec

LOCAL = 255  # RT_TABLE_LOCAL, linux/rtnetlink.h

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation


def job_of(options: dict[str, t.Any]) -> Reconciliation:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core import render
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
        RESOURCE as ADDRESS,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop import (
        RESOURCE as NEXTHOP,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
        RESOURCE as ROUTE,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route.plan import plan

    desired = RoutesSpec.of(options)
    by_object = any(each.nhid for each in desired.routes)
    return Reconciliation(
        header=f"routes to {' '.join(each.dst for each in desired.routes)}",
        scope=Scope(
            (desired.place,),
            resources=(ADDRESS, ROUTE, *((NEXTHOP,) if by_object else ())),
            local_routes=desired.table == LOCAL,
        ),
        plan=lambda builder: plan(builder, desired),
        render=lambda host, origins: {
            "routes": render.routes(host, host.at(desired.place).key, desired.table)
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
