#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_link
short_description: Manage links of any kind in a network namespace
version_added: 0.1.0
description:
  - Move, rename, change or delete an existing link of any kind.
  - With O(type), create the link if it does not exist, and make sure that it is of this kind and has these options.
    Each kind has an option of the same name for what is particular to it. What the kernel can change is changed in
    place. For what it cannot change the task fails, unless O(force=true) allows to replace the link.
  - Options that are not set are left as they are. The kernel takes a moved link down, and removes its addresses, its
    master and its routes; the diff shows it.
  - Links on top of one that is moved or deleted (macvlan, vlan, vxlan and others, in any namespace) can be deleted
    with it. The task fails then, unless O(force=true) allows it; the diff and a warning show them.
  - What the kernel is known to refuse is refused before any change. That includes a name that is the name or altname
    of another link, an MTU out of range, moving a bridge, a bond or a VRF to another namespace, and another name, MAC
    address or master for the loopback.
author:
  - The linuxnet.netns authors (@linuxnet)
extends_documentation_fragment:
  - linuxnet.netns._link
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
      - Name of the link. An alternative name (altname) is refused, with the name to use instead.
    type: str
    required: true
  move_from:
    description:
      - Namespace to move the link from, as in O(netns). The current one is V('').
      - A link that exists only there is moved to O(netns). A link that exists only in O(netns) has been moved
        already. If there is one in both, or in neither, the task fails.
    type: str
  new_name:
    description:
      - New name of the link. If link O(name) does not exist, but one of this name, it has been renamed already.
    type: str
  up:
    description:
      - Set the link up or down. By default it is left as it is; a new link is down.
      - When a link goes down or is moved, the kernel removes its neighbours, permanent ones too, its IPv6 addresses,
        and the routes over it. The diff shows them.
    type: bool
  mtu:
    description:
      - Maximum transmission unit (MTU) in bytes. The range and the default depend on the kind of link.
      - Below 1280 bytes, the kernel disables IPv6 on the link. If that would remove addresses that somebody has set,
        the task fails, unless O(force=true).
    type: int
  mac:
    description:
      - MAC address. By default the kernel chooses one for a new link. The kernel does not change that of an ifb, so
        another one needs O(force).
      - When the MAC address or O(arp) changes, the kernel removes the neighbours of the link. Permanent ones are
        restored, as the commands show.
    type: str
  alias:
    description:
      - Descriptive text (ifalias); V('') removes it.
    type: str
  txqueuelen:
    description:
      - Length of the transmit queue, in packets.
    type: int
  master:
    description:
      - Link that this one is a port of (bridge, bond, VRF), in the same namespace; V('') for none.
    type: str
  arp:
    description:
      - Enable ARP (V(true)), or set the flag NOARP (V(false)).
    type: bool
  multicast:
    description:
      - Set or clear the flag MULTICAST.
    type: bool
  promisc:
    description:
      - "Promiscuous mode: receive all packets (the flag PROMISC)."
    type: bool
  group:
    description:
      - Number of the group of links that it belongs to.
    type: int
  type:
    description:
      - Kind of the link. The link is created if it does not exist.
    type: str
    choices: [bridge, vlan, vxlan, macvlan, macvtap, ipvlan, vrf, bond, dummy, ifb, tun, tap, gre, gretap, ipip, sit, geneve,
      ip6gre, ip6tnl, vti, vti6, xfrm, macsec, hsr, nlmon, vcan, wireguard]
  parent:
    description:
      - Link below a vlan, macvlan, macvtap, ipvlan or macsec, or the link that a tunnel leaves by.
    type: str
  parent_netns:
    description:
      - Namespace of O(parent), as in O(netns). The current one is V(''). Default is that of the link itself.
      - A tunnel over IP and an xfrm are created in the namespace of their parent. To have one elsewhere, move it
        (O(move_from)).
    type: str
  socket_netns:
    description:
      - Namespace in which the socket of a tunnel stays, as in O(netns); the link is created from there. The tunnel's
        packets enter and leave by that namespace, and appear decapsulated in O(netns).
      - This is for vxlan, geneve and wireguard. For another tunnel, create it in that namespace and move it
        (O(move_from)).
    type: str
  force:
    description:
      - Delete a link that cannot be changed to the desired state, and create it again. Only a link of the same kind
        is replaced, and it keeps everything that is not set otherwise.
      - Allow that other links are deleted along with this one, or lose their IPv6 addresses because of its MTU.
    type: bool
    default: false
  bridge:
    description:
      - Options of a bridge.
    type: dict
    suboptions:
      stp:
        description: Enable the spanning tree protocol (STP).
        type: bool
      vlan_filtering:
        description: Enable VLAN filtering.
        type: bool
      ageing:
        description: Lifetime of learned MAC addresses, in seconds (ageing_time).
        type: float
      forward_delay:
        description: Time in seconds that a port listens, and then learns, before it forwards (forward_delay).
        type: float
      priority:
        description: Priority in the spanning tree, lowest first.
        type: int
  vlan:
    description:
      - Options of a VLAN.
    type: dict
    suboptions:
      id:
        description: VLAN ID.
        type: int
      protocol:
        description: Protocol of the VLAN tag.
        type: str
        choices: [802.1Q, 802.1ad]
  vxlan:
    description:
      - Options of a VXLAN.
    type: dict
    suboptions:
      id:
        description: VXLAN network identifier (VNI).
        type: int
      local:
        description: Source address of the tunnel.
        type: str
      remote:
        description: Address of the only other end (unicast).
        type: str
      group:
        description: Multicast group of the other ends.
        type: str
      dstport:
        description: UDP destination port. The kernel's default is 8472; the registered port is 4789.
        type: int
      device:
        description: Link that the tunnel leaves by.
        type: str
      learning:
        description: Learn MAC addresses behind the other ends.
        type: bool
      ttl:
        description: Time to live (TTL) of the tunnel's packets.
        type: int
  macvlan:
    description:
      - Options of a macvlan.
    type: dict
    suboptions:
      mode:
        description: How links on the same parent reach each other.
        type: str
        choices: [private, vepa, bridge, passthru, source]
  macvtap:
    description:
      - Options of a macvtap.
    type: dict
    suboptions:
      mode:
        description: How links on the same parent reach each other.
        type: str
        choices: [private, vepa, bridge, passthru, source]
  ipvlan:
    description:
      - Options of an ipvlan.
    type: dict
    suboptions:
      mode:
        description: How links on the same parent reach each other.
        type: str
        choices: [l2, l3, l3s]
  vrf:
    description:
      - Options of a VRF. Its ports are links that have it as their O(master).
    type: dict
    suboptions:
      table:
        description: Number of its routing table.
        type: int
  bond:
    description:
      - Options of a bond. Its ports are links that have it as their O(master).
    type: dict
    suboptions:
      mode:
        description: Policy that distributes packets among the ports.
        type: str
        choices: [balance-rr, active-backup, balance-xor, broadcast, 802.3ad, balance-tlb, balance-alb]
      miimon:
        description: Interval in milliseconds at which the carrier of the ports is checked (miimon).
        type: int
  tun:
    description:
      - Options of a tun link.
    type: dict
    suboptions:
      owner:
        description: User, by name or number, whose programs may use the link.
        type: str
      group:
        description: Group, by name or number, whose programs may use the link.
        type: str
  tap:
    description:
      - Options of a tap link.
    type: dict
    suboptions:
      owner:
        description: User, by name or number, whose programs may use the link.
        type: str
      group:
        description: Group, by name or number, whose programs may use the link.
        type: str
  gre:
    description:
      - Options of a gre tunnel.
      - Requires O(gre.local), O(gre.remote) or O(parent). No other gre tunnel in the namespace may have the same
        ends.
    type: dict
    suboptions:
      local:
        description: Source address of the tunnel.
        type: str
      remote:
        description: Address of the other end.
        type: str
      ttl:
        description: Time to live (TTL) of the tunnel's packets, 0 to copy that of the inner packet.
        type: int
  gretap:
    description:
      - Options of a gretap tunnel.
      - Requires O(gretap.local), O(gretap.remote) or O(parent). No other gretap tunnel in the namespace may have the
        same ends.
    type: dict
    suboptions:
      local:
        description: Source address of the tunnel.
        type: str
      remote:
        description: Address of the other end.
        type: str
      ttl:
        description: Time to live (TTL) of the tunnel's packets, 0 to copy that of the inner packet.
        type: int
  ipip:
    description:
      - Options of a ipip tunnel.
      - Requires O(ipip.local), O(ipip.remote) or O(parent). No other ipip tunnel in the namespace may have the same
        ends.
    type: dict
    suboptions:
      local:
        description: Source address of the tunnel.
        type: str
      remote:
        description: Address of the other end.
        type: str
      ttl:
        description: Time to live (TTL) of the tunnel's packets, 0 to copy that of the inner packet.
        type: int
  sit:
    description:
      - Options of a sit tunnel.
      - Requires O(sit.local), O(sit.remote) or O(parent). No other sit tunnel in the namespace may have the same
        ends.
    type: dict
    suboptions:
      local:
        description: Source address of the tunnel.
        type: str
      remote:
        description: Address of the other end.
        type: str
      ttl:
        description: Time to live (TTL) of the tunnel's packets, 0 to copy that of the inner packet.
        type: int
  geneve:
    description:
      - Options of a Geneve tunnel.
    type: dict
    suboptions:
      id:
        description: Virtual network identifier (VNI).
        type: int
      remote:
        description: Address of the other end.
        type: str
      dstport:
        description: UDP destination port. The kernel's default is 6081.
        type: int
      ttl:
        description: Time to live (TTL) of the tunnel's packets, 0 to copy that of the inner packet.
        type: int
  ip6gre:
    description:
      - Options of an ip6gre tunnel, over IPv6.
      - Requires O(ip6gre.local), O(ip6gre.remote) or O(parent). No other ip6gre tunnel in the namespace may have the
        same ends.
    type: dict
    suboptions:
      local:
        description: Source address of the tunnel (IPv6).
        type: str
      remote:
        description: Address of the other end (IPv6).
        type: str
      ttl:
        description: Hop limit of the tunnel's packets (hoplimit), 0 to copy that of the inner packet.
        type: int
      encap_limit:
        description: How many more tunnels a packet may enter on its way (encaplimit).
        type: int
  ip6tnl:
    description:
      - Options of an ip6tnl tunnel, over IPv6.
      - Requires O(ip6tnl.local), O(ip6tnl.remote) or O(parent). No other ip6tnl tunnel in the namespace may have the
        same ends.
    type: dict
    suboptions:
      local:
        description: Source address of the tunnel (IPv6).
        type: str
      remote:
        description: Address of the other end (IPv6).
        type: str
      ttl:
        description: Hop limit of the tunnel's packets (hoplimit), 0 to copy that of the inner packet.
        type: int
      encap_limit:
        description: How many more tunnels a packet may enter on its way (encaplimit).
        type: int
      mode:
        description: What the tunnel carries, IPv4 (V(ipip6)), IPv6 (V(ip6ip6)) or both.
        type: str
        choices: [any, ipip6, ip6ip6]
  vti:
    description:
      - Options of a vti link, a tunnel of IPsec over IPv4 whose policies are chosen by its keys.
      - Requires O(vti.local), O(vti.remote) or O(parent). No other vti in the namespace may have the same ends,
        whatever its keys.
      - Policies and states are not managed here (C(ip xfrm)).
    type: dict
    suboptions:
      local:
        description: Source address of the tunnel (IPv4).
        type: str
      remote:
        description: Address of the other end (IPv4).
        type: str
      ikey:
        description: Mark by which policies and states of incoming packets are chosen.
        type: int
      okey:
        description: Mark by which policies and states of outgoing packets are chosen.
        type: int
  vti6:
    description:
      - Options of a vti6 link, a tunnel of IPsec over IPv6 whose policies are chosen by its keys.
      - Requires O(vti6.local) or O(vti6.remote). No other vti6 in the namespace may have the same ends, whatever its
        keys or O(parent).
      - Policies and states are not managed here (C(ip xfrm)).
    type: dict
    suboptions:
      local:
        description: Source address of the tunnel (IPv6).
        type: str
      remote:
        description: Address of the other end (IPv6).
        type: str
      ikey:
        description: Mark by which policies and states of incoming packets are chosen.
        type: int
      okey:
        description: Mark by which policies and states of outgoing packets are chosen.
        type: int
  xfrm:
    description:
      - Options of an xfrm link, a link of IPsec.
      - Policies and states are not managed here (C(ip xfrm)).
    type: dict
    suboptions:
      if_id:
        description: Number by which policies and states belong to the link, from 1. Each xfrm in a namespace has its own.
        type: int
  macsec:
    description:
      - Options of a MACsec link, whose packets are encrypted or authenticated on its O(parent).
      - Keys and secure channels of other hosts are not managed here (C(ip macsec)).
    type: dict
    suboptions:
      sci:
        description:
          - Secure channel identifier, of up to 16 hexadecimal digits. Default is the MAC address and port 1.
        type: str
      cipher:
        description: Cipher suite.
        type: str
        choices: [gcm-aes-128, gcm-aes-256, gcm-aes-xpn-128, gcm-aes-xpn-256]
      icv_len:
        description: Length of the integrity check value in bytes, from 8 to 16 (icvlen).
        type: int
      encrypt:
        description: Encrypt packets, rather than authenticate them only.
        type: bool
      send_sci:
        description: Send the secure channel identifier with each packet.
        type: bool
      end_station:
        description: Set the end station bit. Requires O(macsec.send_sci=false).
        type: bool
      scb:
        description: Set the single copy broadcast bit.
        type: bool
      protect:
        description: Protect outgoing packets.
        type: bool
      replay_protect:
        description: Drop packets that arrive again or too late (replay). Requires O(macsec.window).
        type: bool
      window:
        description:
          - How many packets late one may arrive. It is kept only with O(macsec.replay_protect=true).
        type: int
      validate:
        description: What is done with packets whose check fails.
        type: str
        choices: [disabled, check, strict]
      encoding_sa:
        description: Number of the secure association that outgoing packets use, from 0 to 3 (encodingsa).
        type: int
  hsr:
    description:
      - Options of an HSR or PRP link, which sends each packet over two others for redundancy.
      - It is deleted with the last of the two links.
    type: dict
    suboptions:
      slave1:
        description: First of the two links, in the same namespace. The link has its MAC address.
        type: str
      slave2:
        description: Second of the two links, in the same namespace.
        type: str
      supervision:
        description: Last octet of the multicast address for supervision frames, 0 by default.
        type: int
      version:
        description:
          - Version of HSR, 0 (default) or 1. There is none of PRP.
          - Older kernels do not report it, so that it counts only when the link is created; with O(force=true), state
            it again.
        type: int
      protocol:
        description: Protocol, HSR by default.
        type: str
        choices: [hsr, prp]
  wireguard:
    description:
      - Options of a WireGuard link (VPN). Secrets are in no result, diff or command.
    type: dict
    suboptions:
      private_key:
        description: Private key, as written by C(wg genkey).
        type: str
      listen_port:
        description: UDP port to listen on, 0 to let the kernel choose one.
        type: int
      fwmark:
        description: Firewall mark of outgoing packets, 0 for none.
        type: int
      peers:
        description: The peers. Options of a peer that are not set are left as they are.
        type: list
        elements: dict
        suboptions:
          public_key:
            description: Public key that identifies the peer.
            type: str
            required: true
          preshared_key:
            description: Preshared key, as written by C(wg genpsk).
            type: str
          endpoint:
            description: Address and port of the peer, as C(ADDRESS:PORT). Host names are not resolved.
            type: str
          allowed_ips:
            description: Networks behind the peer. Others of the peer are removed.
            type: list
            elements: str
          persistent_keepalive:
            description: Interval of keepalive packets in seconds, 0 for none.
            type: int
      purge_peers:
        description: Remove peers that are not listed.
        type: bool
        default: false
  bridge_port:
    description:
      - Options of the link as a port of the bridge that is its O(master).
    type: dict
    suboptions:
      tagged:
        description: VLANs with a tag on this port. Other tagged VLANs are removed.
        type: list
        elements: int
      untagged:
        description: VLANs without a tag on this port. Other untagged VLANs are removed.
        type: list
        elements: int
      pvid:
        description: VLAN of frames that arrive without a tag (PVID), 0 for none.
        type: int
      isolated:
        description: Forward only to ports that are not isolated.
        type: bool
      learning:
        description: Learn the MAC addresses behind the port.
        type: bool
      hairpin:
        description: Allow frames to leave by the port that they arrived on (hairpin mode).
        type: bool
  state:
    description:
      - V(present) creates or changes the link, V(absent) deletes it. A veth is deleted with its peer.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: linuxnet.netns.veth
  - module: linuxnet.netns.netns_addr
"""

EXAMPLES = r"""
- name: Set the loopback up
  linuxnet.netns.netns_link:
    name: lo
    netns: study01
    up: true

- name: Move a link from the host into a namespace
  linuxnet.netns.netns_link:
    name: veth02
    move_from: ''
    netns: study02
    up: true

- name: Create a bridge
  linuxnet.netns.netns_link:
    name: br0
    netns: study01
    type: bridge
    bridge:
      stp: false
    up: true

- name: Create a macvlan in a namespace on a link of the host
  linuxnet.netns.netns_link:
    name: wan0
    netns: study01
    type: macvlan
    parent: lan0
    parent_netns: ''
    macvlan:
      mode: bridge

- name: Create a MACsec link in a namespace
  linuxnet.netns.netns_link:
    name: ms0
    netns: study01
    type: macsec
    parent: veth01
    macsec:
      encrypt: true
      replay_protect: true
      window: 32

- name: Create a link of IPsec, whose policies and states have the same if_id
  linuxnet.netns.netns_link:
    name: ipsec7
    netns: study01
    type: xfrm
    xfrm:
      if_id: 7
    up: true

- name: Rename a link and make it a port of a bridge
  linuxnet.netns.netns_link:
    name: veth7
    new_name: lan0
    master: br0

- name: Carry VLAN 10 without a tag and VLAN 20 with one on a port of a bridge
  linuxnet.netns.netns_link:
    name: lan1
    netns: study01
    master: br0
    bridge_port:
      untagged: [10]
      pvid: 10
      tagged: [20]

- name: Create a WireGuard link (VPN) in a namespace, whose packets leave by the host
  linuxnet.netns.netns_link:
    name: wg0
    netns: study01
    socket_netns: ''
    type: wireguard
    wireguard:
      private_key: "{{ wireguard_private_key }}"
      peers:
        - public_key: "{{ wireguard_peer_key }}"
          endpoint: 192.0.2.1:51820
          allowed_ips: [0.0.0.0/0]
    up: true
"""

RETURN = r"""
link:
  description:
    - The link as it is now; in check mode, as it would be.
    - If the link does not exist, only C(name), C(netns) and C(state) are returned.
  type: dict
  returned: success
  contains:
    name:
      description: The name of the link.
      type: str
    netns:
      description: The namespace that the link is in, null for the current one.
      type: str
    state:
      description: Whether it exists.
      type: str
      choices: [present, absent]
    kind:
      description: The kind of link, null for hardware and the loopback.
      type: str
    mac:
      description: The MAC address.
      type: str
    mtu:
      description: The maximum transmission unit (MTU), in bytes.
      type: int
    up:
      description: Whether the link is up (the flag UP, not the carrier).
      type: bool
    alias:
      description: The descriptive text (ifalias).
      type: str
    txqueuelen:
      description: The length of the transmit queue, in packets.
      type: int
    gso_max_size:
      description: >-
        The largest packet in bytes that the network stack passes to the link. This and the following are left out
        where the kernel does not report them, and for a link that the task creates.
      type: int
    gso_ipv4_max_size:
      description: The same for IPv4.
      type: int
    gro_max_size:
      description: The largest packet in bytes that received packets are joined to.
      type: int
    gro_ipv4_max_size:
      description: The same for IPv4.
      type: int
    numtxqueues:
      description: The number of transmit queues.
      type: int
    numrxqueues:
      description: The number of receive queues.
      type: int
    addrgenmode:
      description: How the kernel generates IPv6 addresses for the link.
      type: str
    altnames:
      description: The alternative names, without the marks of topologies; left out where there are none.
      type: list
      elements: str
    group:
      description: The number of the group of links that it belongs to.
      type: int
    master:
      description: The link that it is a port of, such as a bridge, a bond or a VRF; null for none.
      type: str
    arp:
      description: Whether ARP is enabled.
      type: bool
    multicast:
      description: Whether multicast is enabled.
      type: bool
    promisc:
      description: Whether promiscuous mode is on.
      type: bool
    addresses:
      description: Its addresses, except those that the kernel creates itself.
      type: list
      elements: str
    parent:
      description: The link below it, and the namespace of that; null for links without one.
      type: dict
    options:
      description: >-
        The options of its kind, with the names of the module's option for that kind. In a run that creates the
        link, null where the kernel chooses; likewise for C(mac), C(mtu), C(txqueuelen), C(arp) and
        C(multicast).
      type: dict
    bridge_port:
      description: Its options as a port of a bridge, null if it is none.
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
  description: The iproute2 commands that would have made the same changes, in order. Empty if nothing changed.
  type: list
  elements: str
  returned: success
  sample: [ip link set dev veth02 netns study02, ip -n study02 link set dev veth02 up]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.options import SPEC
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.spec import MoveSpec

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import HostState
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import (
        Origins,
        Reconciliation,
    )


def job_of(options: dict[str, t.Any]) -> Reconciliation:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core import render
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
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
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop import (
        RESOURCE as NEXTHOP,
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

    def show(host: HostState, origins: Origins) -> dict[str, t.Any]:
        at = (host.at(desired.place).key, desired.final_name)
        return {"link": render.kind(host, *origins.get(at, at))}

    rebuild = desired.kind is not None and desired.force
    # A VRF and a bond take no link that is up, nor do older kernels rename one.
    goes_down = options["master"] is not None or desired.new_name is not None

    def normalise(host: HostState) -> None:
        if desired.kind is not None:
            from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds.plan import (
                normalise as normalise_kind,
            )

            normalise_kind(host, (host.at(desired.place).key, desired.final_name), desired.kind)

    return Reconciliation(
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
                *((NEXTHOP,) if rebuild or goes_down else ()),
                KIND,
                WIREGUARD,
            ),
            neighbours=names if rebuild else frozenset(),
            fdb=names if rebuild else frozenset(),
        ),
        plan=lambda builder: plan(builder, desired),
        render=show,
        normalise=normalise,
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
