#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_addr
short_description: Manage IP addresses of a link in a network namespace
version_added: 0.1.0
description:
  - Assign IPv4 and IPv6 addresses to a link, remove them, or make sure that the link has exactly these
    (O(purge=true)).
  - The attributes of an address that are set are compared and corrected. If the kernel cannot change one in place,
    the address is removed and added again; addresses and routes that the kernel removes with it are restored. If it
    is the only IPv4 address of the link, a temporary one takes its place meanwhile, for at most a minute, so that
    neighbours and routes are kept.
  - When the last IPv4 address of a link is removed, the kernel deletes the link's IPv4 neighbours, permanent ones
    too, and the routes over it. The diff lists them as C(neighbours) and C(routes).
  - Attributes without an option, such as C(autojoin), C(home) or C(mngtmpaddr), are kept.
  - Addresses that the kernel creates itself (link-local, temporary, from router advertisements, those of C(lo)) are
    never purged, and are not in RV(addresses). They are not removed or replaced even if they are listed; the task
    fails and says what to do instead.
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
  link:
    description:
      - Name of the link.
    type: str
    required: true
  address:
    description:
      - Addresses, each with its prefix length. The options below apply to all of them.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(present) assigns the addresses, V(absent) removes them.
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Remove all other addresses of the link. With an empty O(address), remove all.
    type: bool
    default: false
  scope:
    description:
      - "Scope of the IPv4 addresses: V(global), V(site), V(link), V(host) or a number. By default a new address in
        127.0.0.0/8 has V(host), and others V(global). The scope of an IPv6 address follows from the address."
    type: str
  label:
    description:
      - Label of the IPv4 addresses. Default for a new address is the name of the link.
    type: str
  broadcast:
    description:
      - Broadcast address of the IPv4 addresses. V(auto) computes it from the prefix, V('') sets none. IPv6 has none;
        V(auto) leaves IPv6 addresses unchanged.
    type: str
  peer:
    description:
      - Address of the other end of a point-to-point link. The prefix length of O(address) is then that of the peer.
    type: str
  valid_lft:
    description:
      - Valid lifetime in seconds, or V(forever), the default of a new address.
    type: str
  preferred_lft:
    description:
      - Preferred lifetime in seconds, or V(forever), the default of a new address. Until it ends, the address is preferred
        for new connections.
    type: str
  nodad:
    description:
      - Use IPv6 addresses at once, without duplicate address detection (DAD).
    type: bool
  noprefixroute:
    description:
      - Do not create the route for the prefix with the address.
    type: bool
  metric:
    description:
      - Metric of the route for the prefix.
    type: int
seealso:
  - module: linuxnet.netns.netns_link
  - module: linuxnet.netns.veth
"""

EXAMPLES = r"""
- name: Assign an address
  linuxnet.netns.netns_addr:
    netns: study01
    link: veth01
    address: 172.16.1.101/24

- name: Assign exactly these addresses, without duplicate address detection
  linuxnet.netns.netns_addr:
    netns: study01
    link: veth01
    address:
      - 172.16.1.101/24
      - 2001:db8:1::101/64
    broadcast: auto
    nodad: true
    purge: true

- name: Remove all addresses
  linuxnet.netns.netns_addr:
    netns: study01
    link: veth01
    address: []
    purge: true
"""

RETURN = r"""
addresses:
  description:
    - All addresses of the link as they are now, sorted, except those that the kernel creates itself; in check mode,
      as they would be.
  type: list
  elements: dict
  returned: success
  contains:
    address:
      description: The address with its prefix length.
      type: str
    peer:
      description: The address of the other end, null if there is none.
      type: str
    scope:
      description: The scope.
      type: str
    label:
      description: The label, null for IPv6.
      type: str
    broadcast:
      description: The broadcast address, null if there is none.
      type: str
    valid_lft:
      description: The valid lifetime as it was set, in seconds, or V(forever).
      type: raw
    preferred_lft:
      description: The preferred lifetime as it was set, in seconds, or V(forever).
      type: raw
    nodad:
      description: Whether duplicate address detection is skipped.
      type: bool
    noprefixroute:
      description: Whether it was added without a route for its prefix.
      type: bool
    metric:
      description: The metric of its route.
      type: int
    secondary:
      description: Whether it is a secondary IPv4 address, added after another one of the same subnet.
      type: bool
    dadfailed:
      description:
        - Whether duplicate address detection found the address on another host. The kernel does not use it then.
        - Detection takes one or two seconds, so the task that adds the address returns V(false). The next one warns
          and changes nothing. To use the address nevertheless, set O(nodad=true); to repeat the detection, remove and
          add it.
      type: bool
  sample:
    - address: 172.16.1.101/24
      peer: null
      scope: global
      label: veth01
      broadcast: null
      valid_lft: forever
      preferred_lft: forever
      nodad: false
      noprefixroute: false
      metric: 0
      secondary: false
      dadfailed: false
commands:
  description: The iproute2 commands that would have made the same changes, in order. Empty if nothing changed.
  type: list
  elements: str
  returned: success
  sample: [ip -n study01 address add 172.16.1.101/24 dev veth01]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address.options import SPEC
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address.spec import (
    AddressesSpec,
)

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
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address.plan import (
        normalise_lifetimes,
        plan,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
        RESOURCE as ROUTE,
    )

    desired = AddressesSpec.of(options)
    return Reconciliation(
        header=f"addresses of {desired.link}",
        scope=Scope((desired.place,), resources=(ADDRESS, ROUTE)),
        plan=lambda builder: plan(builder, desired),
        render=lambda host, origins: {
            "addresses": render.addresses(host, host.at(desired.place).key, desired.link)
        },
        normalise=lambda host: normalise_lifetimes(host.at(desired.place), desired),
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
