#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_addr
short_description: Manage the addresses of a link in a network namespace
version_added: 0.1.0
description:
  - Gives a link IPv4 and IPv6 addresses, takes them away, or sees to it that it has exactly these.
  - What is stated of an address is compared and corrected. Where the kernel cannot change it in place, the address is
    removed and added; the addresses and routes that fall with it are put back. Where it is the only IPv4 address of the
    link, another one holds its place meanwhile, for a minute at most, so that neighbours and routes stay.
  - With the last IPv4 address of a link the kernel drops its IPv4 neighbours, lasting ones too, and the routes that leave by
    it. The diff tells them, as C(neighbours) and C(routes).
  - What there is no option for, such as C(autojoin), C(home) or C(mngtmpaddr), is kept.
  - Addresses that the kernel makes itself (link-local ones, temporary ones, those from router advertisements, those of
    C(lo)) are never purged, and are not in RV(addresses). Nor are they removed or replaced where they are stated; a task
    that would have to, fails and says what to do instead.
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
      - The name of the link.
    type: str
    required: true
  address:
    description:
      - The addresses, each with its prefix. The options below apply to all of them.
    type: list
    elements: str
    required: true
  state:
    description:
      - Whether the link is to have the addresses.
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
      - The scope of the IPv4 addresses, V(global), V(site), V(link), V(host) or a number. Left out, a new address of
        127.0.0.0/8 gets V(host) and others V(global). That of an IPv6 address follows from the address.
    type: str
  label:
    description:
      - The label of the IPv4 addresses. Left out, a new address is labelled with the name of the link.
    type: str
  broadcast:
    description:
      - The broadcast address of the IPv4 addresses, V(auto) to have it computed from the prefix, V('') for none.
        IPv6 knows none; V(auto) leaves its addresses alone.
    type: str
  peer:
    description:
      - The address at the other end of a point-to-point link; the prefix of O(address) is then that of the peer.
    type: str
  valid_lft:
    description:
      - For how many seconds the addresses are valid, or V(forever).
    type: str
  preferred_lft:
    description:
      - For how many seconds the addresses are preferred for new connections, or V(forever).
    type: str
  nodad:
    description:
      - Whether IPv6 addresses are used at once, without duplicate address detection.
    type: bool
  noprefixroute:
    description:
      - Whether no route for the prefix is made along with the address.
    type: bool
  metric:
    description:
      - The metric of the route for the prefix.
    type: int
seealso:
  - module: linuxnet.netns.netns_link
  - module: linuxnet.netns.veth
"""

EXAMPLES = r"""
- name: An address
  linuxnet.netns.netns_addr:
    netns: study01
    link: veth01
    address: 172.16.1.101/24

- name: Exactly these addresses, usable at once
  linuxnet.netns.netns_addr:
    netns: study01
    link: veth01
    address:
      - 172.16.1.101/24
      - 2001:db8:1::101/64
    broadcast: auto
    nodad: true
    purge: true

- name: No address at all
  linuxnet.netns.netns_addr:
    netns: study01
    link: veth01
    address: []
    purge: true
"""

RETURN = r"""
addresses:
  description:
    - All addresses of the link as they are now, sorted, but for those that the kernel makes itself; in
      check mode, as they would be.
  type: list
  elements: dict
  returned: success
  contains:
    address:
      description: The address with its prefix.
      type: str
    peer:
      description: The address at the other end, null where there is none.
      type: str
    scope:
      description: The scope.
      type: str
    label:
      description: The label, null for IPv6.
      type: str
    broadcast:
      description: The broadcast address, null where there is none.
      type: str
    valid_lft:
      description: For how many seconds it was made valid, or V(forever).
      type: raw
    preferred_lft:
      description: For how many seconds it was made preferred, or V(forever).
      type: raw
    nodad:
      description: Whether it does without duplicate address detection.
      type: bool
    noprefixroute:
      description: Whether it came without a route.
      type: bool
    metric:
      description: The metric of its route.
      type: int
    secondary:
      description: Whether another IPv4 address of the same subnet was there before it.
      type: bool
    dadfailed:
      description:
        - Whether duplicate address detection found that another host has it. The kernel does not use it then.
        - That takes a second or two, so that a task which adds the address returns V(false). The next one warns and changes
          nothing. To have it used all the same state O(nodad=true); to have it tried again, remove and add it.
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
  description: The iproute2 commands that would have done the same, in order. Empty when nothing was to be done.
  type: list
  elements: str
  returned: success
  sample: [ip -n study01 address add 172.16.1.101/24 dev veth01]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._core import render
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address.options import SPEC
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address.spec import (
    AddressesSpec,
)

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job


def job_of(options: dict[str, t.Any]) -> Job:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job
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
    return Job(
        header=f"addresses of {desired.link}",
        scope=Scope((desired.place,), resources=(ADDRESS, ROUTE)),
        plan=lambda draft: plan(draft, desired),
        render=lambda world, origins: {
            "addresses": render.addresses(world, world.at(desired.place).key, desired.link)
        },
        settle=lambda world: normalise_lifetimes(world.at(desired.place), desired),
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
