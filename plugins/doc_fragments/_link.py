# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The names of doc fragments are private to this collection: they may change without notice.

from __future__ import annotations


class ModuleDocFragment:
    """The options that netns_link and veth have of the table of link attributes."""

    DOCUMENTATION = r"""
options:
  gso_max_size:
    description:
      - Largest packet in bytes that the network stack passes to the link, which cuts it up (generic segmentation
        offload). At most what its driver takes, C(tso_max_size). More than 65536 (big TCP) needs Linux 5.19.
      - Up to 65536, the kernel sets O(gso_ipv4_max_size) along with it.
    type: int
  gso_ipv4_max_size:
    description:
      - The same for IPv4 (Linux 6.3).
    type: int
  gro_max_size:
    description:
      - Largest packet in bytes that received packets are joined to (generic receive offload, Linux 5.19).
      - Up to 65536, the kernel sets O(gro_ipv4_max_size) along with it.
    type: int
  gro_ipv4_max_size:
    description:
      - The same for IPv4 (Linux 6.3).
    type: int
  numtxqueues:
    description:
      - Number of transmit queues of a new link, 1 to 4096. The kernel does not change that of an existing one.
    type: int
  numrxqueues:
    description:
      - Number of receive queues of a new link, 1 to 4096. The kernel does not change that of an existing one.
    type: int
  addrgenmode:
    description:
      - How the kernel generates IPv6 addresses for the link. V(eui64) from its MAC address, V(random) from a random
        secret, V(none) generates no link-local address.
      - It counts for addresses that are generated from then on, so it is set before the link goes up. For
        C(stable_secret), set C(net.ipv6.conf.LINK.stable_secret) with M(linuxnet.netns.netns_sysctl).
    type: str
    choices: [eui64, none, random]
  altnames:
    description:
      - Alternative names of the link, by which C(ip) finds it too. The names that are stated are added; others stay,
        unless O(purge_altnames=true).
      - They have 1 to 127 bytes, without a space and without V(/), and no link of the namespace has them. Names that
        begin with C(netns:) mark what topologies own and are refused.
    type: list
    elements: str
  purge_altnames:
    description:
      - Remove alternative names that O(altnames) does not list, except the marks of topologies.
    type: bool
    default: false
"""
