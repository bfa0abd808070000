#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_neigh
short_description: Manage neighbours and forwarding entries of a link in a network namespace
version_added: 0.1.0
description:
  - Adds, changes and removes what a link knows of its neighbours, the MAC addresses of IP addresses (ARP, NDP), and the
    addresses for which the link answers itself (proxies).
  - With O(kind=fdb), adds, changes and removes entries of forwarding tables, those of bridges and those of VXLAN devices,
    which tell by which port or through which tunnel a MAC address is reached.
  - One entry is stated by the options of the module, many by O(entries).
  - What the kernel learned by itself, and will forget, is not taken for an entry that is stated, unless O(nud) says so.
  - Flags that there is no option for, such as C(extern_learn) or C(sticky), are kept when an entry is changed, and entries
    that bear them are not purged. An entry that is C(managed), and one of a forwarding table with C(nhid) or C(src_vni), is
    not changed; where it is in the way the task fails and names it. Of forwarding tables O(state=absent) leaves those, with
    a warning.
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
      - The link that the entries belong to.
    type: str
    required: true
    aliases: [dev]
  kind:
    description:
      - Whether the entries are neighbours and proxies, or of a forwarding table.
    type: str
    choices: [neigh, fdb]
    default: neigh
  address: &address
    description:
      - The IP address of the neighbour, or for which the link answers. It tells a neighbour from others.
    type: str
  mac: &mac
    description:
      - The MAC address of the neighbour; a new one needs it.
      - With O(kind=fdb), the MAC address that is reached, which tells the entry from others. V(00:00:00:00:00:00) stands for
        every one that a VXLAN device has no entry for; it and multicast addresses may have many O(dst) there, each an entry
        of its own.
    type: str
    aliases: [lladdr]
  nud: &nud
    description:
      - V(permanent), V(noarp), or for neighbours the state that a new entry is to begin with. V(reachable), V(stale),
        V(delay) and V(probe) are one in the end, for the kernel goes from one to another by itself; a neighbour in any of
        them is as it is stated. One that did not answer is dropped by the kernel, and is made again.
      - With O(kind=fdb), V(permanent), which in the table of a bridge means for the machine itself, V(static) or V(dynamic).
        All O(dst) of one V(00:00:00:00:00:00) share it.
      - Left out, a new entry is V(permanent), in the table of a bridge V(static).
    type: str
    choices: [permanent, noarp, reachable, stale, delay, probe, static, dynamic]
  router: &router
    description:
      - Whether the neighbour is a router.
    type: bool
  proxy: &proxy
    description:
      - Whether the link itself answers for O(address), with its own MAC. Such an entry is apart from a neighbour with the
        same address.
    type: bool
  dst: &dst
    description:
      - The far end of the tunnel, an IP address. An entry of a VXLAN device needs it. O(dst), O(port), O(vni) and O(via)
        belong together; stating one of them states them all.
    type: str
  port: &port
    description:
      - The UDP port of the far end. Left out, that of the VXLAN device.
    type: int
  vni: &vni
    description:
      - The network identifier at the far end. Left out, that of the VXLAN device.
    type: int
  via: &via
    description:
      - The link by which the far end is reached.
    type: str
  vlan: &vlan
    description:
      - The VLAN, in a bridge that filters VLANs. Left out, all of the port.
    type: int
  master: &master
    description:
      - Whether the entry is in the table of the bridge that O(link) is a port of, not in that of O(link) itself. Left out, it
        is for a port of a bridge, unless O(dst) is stated.
    type: bool
  entries:
    description:
      - Many entries, each with options as above. What one of them does not state, the options above state for it.
    type: list
    elements: dict
    suboptions:
      address: *address
      mac: *mac
      nud: *nud
      router: *router
      proxy: *proxy
      dst: *dst
      port: *port
      vni: *vni
      via: *via
      vlan: *vlan
      master: *master
  proto:
    description:
      - Who made the neighbours, a name such as V(static) or a number. Left out, a new one is V(static), and of one that is
        there it does not matter who made it.
    type: str
  state:
    description:
      - Whether the entries are to be there. With V(absent), those go that are what is stated.
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Remove all other neighbours of O(link) that O(proto), or else V(static), made. Proxies or neighbours, whichever are
        listed, both where none are. What the kernel learned or made stays.
      - With O(kind=fdb), remove all other entries with O(link) that are not V(dynamic). Of the table of the bridge or of
        O(link) itself, as O(master) has it, of both where no entry is listed. What the kernel made stays, and so do all
        entries of the table of a link that is no bridge and no VXLAN device.
    type: bool
    default: false
seealso:
  - module: linuxnet.netns.netns_addr
  - module: linuxnet.netns.netns_link
"""

EXAMPLES = r"""
- name: A neighbour that need not be asked for
  linuxnet.netns.netns_neigh:
    netns: study01
    link: veth01
    address: 172.16.1.1
    mac: "02:00:00:00:00:01"

- name: Answer for two addresses behind this namespace
  linuxnet.netns.netns_neigh:
    netns: study01
    link: veth01
    proxy: true
    entries:
      - address: 172.16.1.50
      - address: 172.16.1.51

- name: What a VXLAN device floods to, and nothing else
  linuxnet.netns.netns_neigh:
    netns: study01
    link: vxlan10
    kind: fdb
    mac: "00:00:00:00:00:00"
    entries:
      - dst: 192.0.2.1
      - dst: 192.0.2.2
    purge: true

- name: A station behind a port of a bridge
  linuxnet.netns.netns_neigh:
    netns: study01
    link: port1
    kind: fdb
    mac: "02:00:00:00:00:05"
    nud: static
"""

RETURN = r"""
entries:
  description:
    - The entries of O(link) as they are now, sorted; in check mode, as they would be. Of what the kernel learns or makes by
      itself only what the task names.
  type: list
  elements: dict
  returned: success
  contains:
    address:
      description: The IP address of the neighbour or proxy.
      type: str
      returned: with O(kind=neigh)
      sample: 172.16.1.1
    mac:
      description: The MAC address, V(null) for a proxy.
      type: str
      returned: always
      sample: "02:00:00:00:00:01"
    nud:
      description: V(permanent), V(noarp), V(static), or V(dynamic) for what comes and goes. V(null) for a proxy.
      type: str
      returned: always
      sample: permanent
    router:
      description: Whether the neighbour is a router.
      type: bool
      returned: with O(kind=neigh)
      sample: false
    proxy:
      description: Whether the link answers for the address.
      type: bool
      returned: with O(kind=neigh)
      sample: false
    proto:
      description: Who made the entry.
      type: str
      returned: with O(kind=neigh)
      sample: static
    master:
      description: Whether the entry is in the table of the bridge.
      type: bool
      returned: with O(kind=fdb)
      sample: false
    vlan:
      description: The VLAN.
      type: int
      returned: with O(kind=fdb)
      sample: 10
    dst:
      description: The far end of the tunnel.
      type: str
      returned: with O(kind=fdb)
      sample: 192.0.2.1
    port:
      description: Its UDP port.
      type: int
      returned: with O(kind=fdb)
      sample: 4789
    vni:
      description: Its network identifier.
      type: int
      returned: with O(kind=fdb)
      sample: 10
    via:
      description: The link by which it is reached.
      type: str
      returned: with O(kind=fdb)
      sample: veth01
commands:
  description: The iproute2 commands that would have done the same, in order. Empty when nothing was to be done.
  type: list
  elements: str
  returned: success
  sample:
    - ip -n study01 neigh replace 172.16.1.1 lladdr 02:00:00:00:00:01 dev veth01 nud permanent protocol static
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour.options import (
    SPEC,
)

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job


def job_of(options: dict[str, t.Any]) -> Job:
    """Return the job that reconciles the current state with the options."""
    return _fdb(options) if options["kind"] == "fdb" else _neigh(options)


def _neigh(options: dict[str, t.Any]) -> Job:
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour import (
        RESOURCE as NEIGHBOUR,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour import (
        plan as neighbours,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour.spec import (
        NeighboursSpec,
    )

    desired = NeighboursSpec.of(options)
    return Job(
        header=f"neighbours of {desired.link}",
        scope=Scope((desired.place,), resources=(NEIGHBOUR,), neighbours=frozenset({desired.link})),
        plan=lambda draft: neighbours.plan(draft, desired),
        render=lambda world, origins: {"entries": neighbours.render(world, desired)},
    )


def _fdb(options: dict[str, t.Any]) -> Job:
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb import (
        RESOURCE as FDB,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb import plan as fdb
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb.spec import FdbSpec
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds import (
        RESOURCE as KIND,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.wireguard import (
        RESOURCE as WIREGUARD,
    )

    desired = FdbSpec.of(options)
    vlans = any(
        each.vlan is not None for each in desired.entries
    )  # the VLANs of the port are needed
    return Job(
        header=f"forwarding entries of {desired.link}",
        scope=Scope(
            (desired.place,),
            resources=(FDB, KIND, WIREGUARD),
            fdb=frozenset({desired.link}),
            kinds=frozenset({desired.link}) if vlans else frozenset(),
        ),
        plan=lambda draft: fdb.plan(draft, desired),
        render=lambda world, origins: {"entries": fdb.render(world, desired)},
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
