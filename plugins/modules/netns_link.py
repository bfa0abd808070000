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
  - With O(type), makes the link if it is not there, and sees to it that it is of this kind with these options. Each kind
    has an option of its own, called as the kind is. What the kernel can change is changed in place; what it cannot is an
    error, unless O(force=true) has the link made anew.
  - What is not stated is left alone. A link that is moved loses its addresses, its master and its routes and goes down,
    as the kernel has it; the diff shows it.
  - Links that lie on one which is moved or removed (macvlan, vlan, vxlan and others, in whatever namespace) can go with it.
    The task is refused then, unless O(force=true) says that they may; the diff and a warning show them.
  - What the kernel is known to refuse is refused before anything is touched. That is a name that another link has as its name
    or its altname, an MTU out of bounds, a move of a bridge, a bond or a VRF, and another name, MAC address or master for
    the loopback.
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
      - The name of the link. One of its other names (altnames) is refused, with the name to state instead.
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
      - The kernel drops the neighbours of a link that goes down or is moved, lasting ones too, its IPv6 addresses, and the routes
        that leave by it. The diff tells them.
    type: bool
  mtu:
    description:
      - The largest packet, in bytes. The kernel says which values it takes.
      - Below 1280 bytes the kernel takes IPv6 from a link. Where that would take addresses that somebody set, the task is refused
        unless O(force=true).
    type: int
  mac:
    description:
      - The MAC address. An ifb keeps the one that it was made with, so that another one needs O(force).
      - The kernel drops the neighbours of a link that gets another one, or with O(arp). Those that somebody has set are
        set again, as the commands show.
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
  type:
    description:
      - The kind that the link is to be of. A link that is not there is made.
    type: str
    choices: [bridge, vlan, vxlan, macvlan, macvtap, ipvlan, vrf, bond, dummy, ifb, tun, tap, gre, gretap, ipip, sit, geneve, wireguard]
  parent:
    description:
      - The link that a vlan, macvlan, macvtap or ipvlan lies on, or that a tunnel leaves by.
    type: str
  parent_netns:
    description:
      - The namespace that O(parent) is in, written as O(netns); the current one is written as V(''). Left out, that of the
        link itself.
    type: str
  socket_netns:
    description:
      - The namespace that the socket of a tunnel is to stay in, written as O(netns); the link is made from there. Packets
        come and go by that namespace, and are seen without the tunnel in O(netns).
    type: str
  force:
    description:
      - Remove a link that cannot be changed to what is stated, and make it anew. Only a link of the same kind is ever
        replaced, and it gets back all that it had and that is not stated otherwise.
      - Let other links be removed along with this one, or lose their IPv6 addresses by its MTU.
    type: bool
    default: false
  bridge:
    description:
      - What a bridge is like.
    type: dict
    suboptions:
      stp:
        description: Whether it speaks the spanning tree protocol.
        type: bool
      vlan_filtering:
        description: Whether it keeps VLANs apart.
        type: bool
      ageing:
        description: For how many seconds it remembers where an address is.
        type: float
      forward_delay:
        description: For how many seconds a port listens, and learns, before it forwards.
        type: float
      priority:
        description: Its priority in the spanning tree, lowest first.
        type: int
  vlan:
    description:
      - What a VLAN is like.
    type: dict
    suboptions:
      id:
        description: The number of the VLAN.
        type: int
      protocol:
        description: How frames are tagged.
        type: str
        choices: [802.1Q, 802.1ad]
  vxlan:
    description:
      - What a VXLAN is like.
    type: dict
    suboptions:
      id:
        description: The number of the network (VNI).
        type: int
      local:
        description: The source address of the tunnel.
        type: str
      remote:
        description: The address of the one other end.
        type: str
      group:
        description: The multicast group that the other ends are in.
        type: str
      dstport:
        description: The UDP port of the other end. Left out, the kernel takes 8472; the registered one is 4789.
        type: int
      device:
        description: The link that the tunnel leaves by.
        type: str
      learning:
        description: Whether it remembers where an address is.
        type: bool
      ttl:
        description: The time to live of the tunnel's packets.
        type: int
  macvlan:
    description:
      - What a macvlan is like.
    type: dict
    suboptions:
      mode:
        description: How links on the same parent see each other.
        type: str
        choices: [private, vepa, bridge, passthru, source]
  macvtap:
    description:
      - What a macvtap is like.
    type: dict
    suboptions:
      mode:
        description: How links on the same parent see each other.
        type: str
        choices: [private, vepa, bridge, passthru, source]
  ipvlan:
    description:
      - What an ipvlan is like.
    type: dict
    suboptions:
      mode:
        description: How links on the same parent see each other.
        type: str
        choices: [l2, l3, l3s]
  vrf:
    description:
      - What a VRF is like.
    type: dict
    suboptions:
      table:
        description: The number of its routing table.
        type: int
  bond:
    description:
      - What a bond is like. Its ports are links that have it as their O(master).
    type: dict
    suboptions:
      mode:
        description: How packets are divided among the ports.
        type: str
        choices: [balance-rr, active-backup, balance-xor, broadcast, 802.3ad, balance-tlb, balance-alb]
      miimon:
        description: How often the ports are looked at, in milliseconds.
        type: int
  tun:
    description:
      - What a tun link is like.
    type: dict
    suboptions:
      owner:
        description: The user, by name or number, whose programs may use it.
        type: str
      group:
        description: The group, by name or number, whose programs may use it.
        type: str
  tap:
    description:
      - What a tap link is like.
    type: dict
    suboptions:
      owner:
        description: The user, by name or number, whose programs may use it.
        type: str
      group:
        description: The group, by name or number, whose programs may use it.
        type: str
  gre:
    description:
      - What a gre tunnel is like.
      - Needs O(gre.local), O(gre.remote) or O(parent), and other ends than each other one in the namespace.
    type: dict
    suboptions:
      local:
        description: The source address of the tunnel.
        type: str
      remote:
        description: The address of the other end.
        type: str
      ttl:
        description: The time to live of the tunnel's packets, 0 to take that of the packet inside.
        type: int
  gretap:
    description:
      - What a gretap tunnel is like.
      - Needs O(gretap.local), O(gretap.remote) or O(parent), and other ends than each other one in the namespace.
    type: dict
    suboptions:
      local:
        description: The source address of the tunnel.
        type: str
      remote:
        description: The address of the other end.
        type: str
      ttl:
        description: The time to live of the tunnel's packets, 0 to take that of the packet inside.
        type: int
  ipip:
    description:
      - What an ipip tunnel is like.
      - Needs O(ipip.local), O(ipip.remote) or O(parent), and other ends than each other one in the namespace.
    type: dict
    suboptions:
      local:
        description: The source address of the tunnel.
        type: str
      remote:
        description: The address of the other end.
        type: str
      ttl:
        description: The time to live of the tunnel's packets, 0 to take that of the packet inside.
        type: int
  sit:
    description:
      - What a sit tunnel is like.
      - Needs O(sit.local), O(sit.remote) or O(parent), and other ends than each other one in the namespace.
    type: dict
    suboptions:
      local:
        description: The source address of the tunnel.
        type: str
      remote:
        description: The address of the other end.
        type: str
      ttl:
        description: The time to live of the tunnel's packets, 0 to take that of the packet inside.
        type: int
  geneve:
    description:
      - What a Geneve tunnel is like.
    type: dict
    suboptions:
      id:
        description: The number of the network (VNI).
        type: int
      remote:
        description: The address of the other end.
        type: str
      dstport:
        description: The UDP port of the other end. Left out, 6081.
        type: int
      ttl:
        description: The time to live of the tunnel's packets, 0 to take that of the packet inside.
        type: int
  wireguard:
    description:
      - What a WireGuard link is like. Its secrets are in no result, no diff and no command.
    type: dict
    suboptions:
      private_key:
        description: The private key, as C(wg genkey) writes it.
        type: str
      listen_port:
        description: The UDP port that it listens on, 0 to have the kernel choose one.
        type: int
      fwmark:
        description: The mark of the packets that it sends, 0 for none.
        type: int
      peers:
        description: The other ends. What is not stated of one is left alone.
        type: list
        elements: dict
        suboptions:
          public_key:
            description: The key that it is known by.
            type: str
            required: true
          preshared_key:
            description: A secret that both ends share, as C(wg genpsk) writes it.
            type: str
          endpoint:
            description: Where it is, C(ADDRESS:PORT). Names are not looked up.
            type: str
          allowed_ips:
            description: The networks that are behind it; others of it are removed.
            type: list
            elements: str
          persistent_keepalive:
            description: Every how many seconds it is sent an empty packet, 0 for never.
            type: int
      purge_peers:
        description: Remove the peers that are not listed.
        type: bool
        default: false
  bridge_port:
    description:
      - What the link is like as a port of the bridge that is its O(master).
    type: dict
    suboptions:
      tagged:
        description: The VLANs that it carries with their tag; others with a tag are removed.
        type: list
        elements: int
      untagged:
        description: The VLANs that it carries without a tag; others without one are removed.
        type: list
        elements: int
      pvid:
        description: The VLAN of frames that come in without a tag, 0 for none.
        type: int
      isolated:
        description: Whether it speaks only to ports that are not isolated.
        type: bool
      learning:
        description: Whether the bridge remembers the addresses behind it.
        type: bool
      hairpin:
        description: Whether a frame may leave by the port that it came in.
        type: bool
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

- name: A bridge
  linuxnet.netns.netns_link:
    name: br0
    netns: study01
    type: bridge
    bridge:
      stp: false
    up: true

- name: A network card of its own for a namespace, on a link of the host
  linuxnet.netns.netns_link:
    name: wan0
    netns: study01
    type: macvlan
    parent: lan0
    parent_netns: ''
    macvlan:
      mode: bridge

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
    parent:
      description: The link that it lies on, and the namespace of that; null for links that lie on no other.
      type: dict
    options:
      description: >-
        The options of its kind, called as in the option that describes the kind. In a run that makes the link, null
        where the kernel chooses; likewise with C(mac), C(mtu), C(txqueuelen), C(arp) and C(multicast).
      type: dict
    bridge_port:
      description: What it is like as a port of a bridge, null if it is none.
      type: dict
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
    parent: null
    options: {}
    bridge_port: null
commands:
  description: The iproute2 commands that would have done the same, in order. Empty when nothing was to be done.
  type: list
  elements: str
  returned: success
  sample: [ip link set dev veth02 netns study02, ip -n study02 link set dev veth02 up]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._core import render
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.options import SPEC
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.spec import MoveSpec

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import World
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job, Origins


def job_of(options: dict[str, t.Any]) -> Job:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
        RESOURCE as ADDRESS,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb import (
        RESOURCE as FDB,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds import (
        RESOURCE as KIND,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.plan import plan
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour import (
        RESOURCE as NEIGHBOUR,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import (
        RESOURCE as QDISC,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
        RESOURCE as ROUTE,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.wireguard import (
        RESOURCE as WIREGUARD,
    )

    desired = MoveSpec.of(options)
    places = [desired.place] if desired.move_from is None else [desired.place, desired.move_from]
    if desired.kind is not None and desired.kind.source is not None:
        places.append(desired.kind.source)

    names = frozenset((desired.name, desired.final_name))

    def show(world: World, origins: Origins) -> dict[str, t.Any]:
        at = (world.at(desired.place).key, desired.final_name)
        return {"link": render.kind(world, *origins.get(at, at))}

    rebuild = desired.kind is not None and desired.force

    def settle(world: World) -> None:
        if desired.kind is not None:
            from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds.plan import (
                normalise as normalise_kind,
            )

            normalise_kind(world, (world.at(desired.place).key, desired.final_name), desired.kind)

    return Job(
        header=f"link {desired.name}",
        scope=Scope(
            tuple(dict.fromkeys(places)),
            # Deleting one end of a veth deletes the other one.
            peers=frozenset() if desired.present else names,
            anywhere=frozenset()
            if desired.present
            else frozenset((desired.place, each) for each in names),
            keeps=True,
            kinds=names,
            # What belongs to a link that may have to be rebuilt.
            resources=(
                ADDRESS,
                ROUTE,
                *((QDISC, NEIGHBOUR, FDB) if rebuild else ()),
                KIND,
                WIREGUARD,
            ),
            neighbours=names if rebuild else frozenset(),
            fdb=names if rebuild else frozenset(),
        ),
        plan=lambda draft: plan(draft, desired),
        render=show,
        settle=settle,
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
