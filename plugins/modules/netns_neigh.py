#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_neigh
short_description: Manage neighbours (ARP, NDP) and forwarding entries of a link
version_added: 0.1.0
description:
  - Add, change and remove neighbours of a link, which are the MAC addresses of IP addresses (ARP, NDP), and the
    addresses for which the link answers itself (proxies).
  - With O(kind=fdb), add, change and remove entries of forwarding tables of bridges and VXLAN devices, which say by
    which port or through which tunnel a MAC address is reached.
  - Set one entry by the options of the module, or many by O(entries).
  - An entry that the kernel learned, and will forget, does not count as one that the task lists, unless O(nud) asks
    for such a state.
  - Flags without an option, such as C(extern_learn) or C(sticky), are kept when an entry is changed, and entries with
    them are not purged. A C(managed) entry, and one of a forwarding table with C(nhid) or C(src_vni), is not changed;
    if it is in the way, the task fails and names it. With O(state=absent), such entries of forwarding tables are
    kept, with a warning.
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
      - Link that the entries belong to.
    type: str
    required: true
    aliases: [dev]
  kind:
    description:
      - V(neigh) for neighbours and proxies, V(fdb) for a forwarding table.
    type: str
    choices: [neigh, fdb]
    default: neigh
  address: &address
    description:
      - IP address of the neighbour, or the one for which the link answers. It identifies the entry.
    type: str
  mac: &mac
    description:
      - MAC address of the neighbour. A new one requires it.
      - With O(kind=fdb), the MAC address that is reached, which identifies the entry. V(00:00:00:00:00:00) stands for
        all addresses for which a VXLAN device has no entry; it and multicast addresses may have many O(dst), each an
        entry of its own.
    type: str
    aliases: [lladdr]
  nud: &nud
    description:
      - V(permanent), V(noarp), or for neighbours the initial state of a new entry. V(reachable), V(stale), V(delay)
        and V(probe) are equivalent, since the kernel changes one to another by itself; a neighbour in any of them is
        left as it is. The kernel drops a neighbour that does not answer, and it is added again.
      - With O(kind=fdb), V(permanent), which in the table of a bridge means the host itself, V(static) or V(dynamic).
        All O(dst) of one V(00:00:00:00:00:00) share it.
      - Default for a new entry is V(permanent), and V(static) in the table of a bridge.
    type: str
    choices: [permanent, noarp, reachable, stale, delay, probe, static, dynamic]
  router: &router
    description:
      - Mark the neighbour as a router.
    type: bool
  proxy: &proxy
    description:
      - Answer for O(address) with the link's own MAC address (proxy ARP or NDP). Such an entry is distinct from a
        neighbour with the same address.
    type: bool
  dst: &dst
    description:
      - IP address of the other end of the tunnel. An entry of a VXLAN device requires it. O(dst), O(port), O(vni) and
        O(via) belong together; setting one of them sets all of them.
    type: str
  port: &port
    description:
      - UDP port of the other end. Default is that of the VXLAN device.
    type: int
  vni: &vni
    description:
      - Network identifier (VNI) at the other end. Default is that of the VXLAN device.
    type: int
  via: &via
    description:
      - Link over which the other end is reached.
    type: str
  vlan: &vlan
    description:
      - VLAN ID, in a bridge with VLAN filtering. Default is all VLANs of the port.
    type: int
  master: &master
    description:
      - Use the table of the bridge that O(link) is a port of, not that of O(link) itself. Default is V(true) for a
        port of a bridge, unless O(dst) is set.
    type: bool
  entries:
    description:
      - Entries, each with the options above. The options above are the defaults of each entry.
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
      - "Protocol: the origin of the neighbours, as a name such as V(static) or a number. Default for a new one is
        V(static); an existing one is accepted whatever its protocol."
    type: str
  state:
    description:
      - V(present) adds or changes the entries, V(absent) removes those that match the options that are set.
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Remove all other neighbours of O(link) whose protocol is O(proto), by default V(static). This applies to
        proxies or neighbours, whichever are listed, or to both if none are. Entries that the kernel learned or
        created are kept.
      - With O(kind=fdb), remove all other entries of O(link) that are not V(dynamic), in the table of the bridge or
        of O(link) itself according to O(master), or in both if no entry is listed. Entries that the kernel created
        are kept, as are all entries of a link that is neither a bridge nor a VXLAN device.
    type: bool
    default: false
seealso:
  - module: linuxnet.netns.netns_addr
  - module: linuxnet.netns.netns_link
"""

EXAMPLES = r"""
- name: Add a permanent neighbour
  linuxnet.netns.netns_neigh:
    netns: study01
    link: veth01
    address: 172.16.1.1
    mac: "02:00:00:00:00:01"

- name: Answer for two addresses behind this namespace (proxy)
  linuxnet.netns.netns_neigh:
    netns: study01
    link: veth01
    proxy: true
    entries:
      - address: 172.16.1.50
      - address: 172.16.1.51

- name: Set exactly these flooding targets of a VXLAN device
  linuxnet.netns.netns_neigh:
    netns: study01
    link: vxlan10
    kind: fdb
    mac: "00:00:00:00:00:00"
    entries:
      - dst: 192.0.2.1
      - dst: 192.0.2.2
    purge: true

- name: Add a MAC address behind a port of a bridge
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
    - The entries of O(link) as they are now, sorted; in check mode, as they would be. Entries that the kernel learns
      or creates are listed only if the task names them.
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
      description: >-
        V(permanent), V(noarp), V(static), or V(dynamic) for entries that the kernel adds and removes by itself.
        V(null) for a proxy.
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
      description: The protocol (origin) of the entry.
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
      description: The IP address of the other end of the tunnel.
      type: str
      returned: with O(kind=fdb)
      sample: 192.0.2.1
    port:
      description: The UDP port of the other end.
      type: int
      returned: with O(kind=fdb)
      sample: 4789
    vni:
      description: The network identifier (VNI) at the other end.
      type: int
      returned: with O(kind=fdb)
      sample: 10
    via:
      description: The link over which the other end is reached.
      type: str
      returned: with O(kind=fdb)
      sample: veth01
commands:
  description: The iproute2 commands that would have made the same changes, in order. Empty if nothing changed.
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
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation


def job_of(options: dict[str, t.Any]) -> Reconciliation:
    """Return the job that reconciles the current state with the options."""
    return _fdb(options) if options["kind"] == "fdb" else _neigh(options)


def _neigh(options: dict[str, t.Any]) -> Reconciliation:
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
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
    return Reconciliation(
        header=f"neighbours of {desired.link}",
        scope=Scope((desired.place,), resources=(NEIGHBOUR,), neighbours=frozenset({desired.link})),
        plan=lambda builder: neighbours.plan(builder, desired),
        render=lambda host, origins: {"entries": neighbours.render(host, desired)},
    )


def _fdb(options: dict[str, t.Any]) -> Reconciliation:
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
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
    return Reconciliation(
        header=f"forwarding entries of {desired.link}",
        scope=Scope(
            (desired.place,),
            resources=(FDB, KIND, WIREGUARD),
            fdb=frozenset({desired.link}),
            kinds=frozenset({desired.link}) if vlans else frozenset(),
        ),
        plan=lambda builder: fdb.plan(builder, desired),
        render=lambda host, origins: {"entries": fdb.render(host, desired)},
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
