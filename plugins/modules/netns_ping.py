#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_ping
short_description: Check that network namespaces reach each other
version_added: 0.1.0
description:
  - Sends ICMP and ICMPv6 echo requests from namespaces to namespaces and addresses, all pairs at once, and fails if the
    answers are not as expected. It names the pairs that are not.
  - A namespace is reached if each of its addresses answers at least once. It is not reached if none of them ever does.
    What lies between is not as expected either way.
  - The sockets are opened in the namespaces; no program is run.
author:
  - The linuxnet.netns authors (@linuxnet)
extends_documentation_fragment:
  - linuxnet.netns._attributes
  - linuxnet.netns._attributes.actiongroup_all
attributes:
  check_mode:
    support: partial
    details:
      - The task is skipped in check mode, once its options are seen to be right, as what it is to ping may not have
        been made. It changes nothing, so that C(check_mode=false) lets it ping all the same.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    support: full
    details:
      - This module changes nothing.
options:
  from:
    description:
      - "The namespaces to ping from: names under C(/run/netns), else PIDs, else absolute paths; V('') is the one that the
        module runs in. With V(all), all that have a name."
      - Needed unless each entry of O(expect) has its own.
    type: list
    elements: str
  to:
    description:
      - What to ping, namespaces as in O(from), and addresses. A namespace stands for all addresses that it has now, but for
        those of the host or the link only. With V(all), all namespaces that have a name.
      - IPv6 addresses that were given a moment ago, and that the kernel still looks for duplicates of, are waited for.
      - A link-local address of IPv6 needs the link in O(from) that it is reached by, as V(fe80::1%veth01).
      - A namespace is not pinged from itself. For that, state its address.
      - Needed unless each entry of O(expect) has its own.
    type: list
    elements: str
  expect:
    description:
      - What to expect of all pairs of O(from) and O(to), V(reachable) or V(unreachable).
      - Or a list of dictionaries with C(from), C(to) and C(expect). What is left out is O(from), O(to), and V(reachable). Just
        these pairs are pinged. If several are about the same pair, the last one counts, so that exceptions follow the
        rule.
    type: raw
    default: reachable
  family:
    description:
      - Which addresses of namespaces in O(to) are pinged.
    type: str
    choices: [all, ipv4, ipv6]
    default: all
  count:
    description:
      - How many requests are sent to each address, up to 1000.
    type: int
    default: 1
  timeout:
    description:
      - How many seconds an answer may take. The kernel looks for a neighbour for three seconds, and says that a host is
        unreachable only after that.
    type: float
    default: 4.0
  size:
    description:
      - How many bytes of data a request has, 12 to 65507.
    type: int
    default: 56
requirements:
  - python >= 3.9
  - pyroute2 >= 0.7.2
notes:
  - Needs root on the managed host.
  - Everything is pinged at once; what is not to be in the same moment needs tasks of its own.
  - A namespace with the name V(all), or that of an address, is stated by its path.
  - The kernel holds 1024 neighbours for all namespaces together. Where more than 400 would be needed, as among many
    namespaces on one bridge, they are pinged in groups, and the neighbours that this made known are forgotten in between.
    On such a bridge, many that do not answer take long.
  - A namespace that pings an absent neighbour is told so by itself, over C(lo). If that is down, it only gets no answer.
  - An IPv6 address that was set just now may not be used for up to two seconds. Where it matters, retry the task with C(until).
seealso:
  - module: linuxnet.netns.netns_exec
  - module: linuxnet.netns.netns_topology
"""

EXAMPLES = r"""
- name: The cable works
  linuxnet.netns.netns_ping:
    from: study01
    to: study02

- name: Every namespace reaches every other one
  linuxnet.netns.netns_ping:
    from: all
    to: all

- name: The way out, three times
  linuxnet.netns.netns_ping:
    from: [study01, study02]
    to: 198.51.100.1
    count: 3
  register: out

- name: How long it takes
  ansible.builtin.debug:
    msg: "{{ out.matrix.study01['198.51.100.1'].rtt }} ms"

- name: All reach the server, and nobody reaches a guest
  linuxnet.netns.netns_ping:
    expect:
      - {from: all, to: server}
      - {from: all, to: [guest01, guest02], expect: unreachable}
"""

RETURN = r"""
matrix:
  description:
    - How it went, by the name of the namespace it was pinged from and that of what was pinged.
    - The current namespace is called C(.), which is no name that a namespace can have.
  type: dict
  returned: when all namespaces are there, but not in check mode
  contains:
    reachable:
      description: Whether each address has answered.
      type: bool
    sent:
      description: The number of requests.
      type: int
    received:
      description: The number of requests that were answered in time.
      type: int
    duplicates:
      description: The number of answers to a request that had one already.
      type: int
    loss:
      description: How many of a hundred requests were not answered.
      type: float
    rtt:
      description: How long an answer took on average, in milliseconds; null if there was none.
      type: float
    error:
      description:
        - What the kernel or a router said of a request that got no answer, V(no answer) if it said nothing,
          V(has no address) if there was nothing to ping; null if each was answered.
        - So V(network unreachable), V(host unreachable), V(administratively prohibited), V(time to live exceeded) and
          so on, the same words for IPv4 and IPv6.
      type: str
    error_from:
      description: >-
        The address of who said so, one of the sender itself if it found no neighbour; null if the kernel refused to send.
      type: str
  sample:
    study01:
      study02: {reachable: true, sent: 1, received: 1, duplicates: 0, loss: 0.0, rtt: 0.061, error: null, error_from: null}
broken:
  description: The pairs that are not as expected.
  type: list
  elements: dict
  returned: when all namespaces are there, but not in check mode
  contains:
    from:
      description: The namespace that it was pinged from.
      type: str
    to:
      description: What was pinged.
      type: str
    expect:
      description: What was expected, V(reachable) or V(unreachable).
      type: str
  sample: []
msg:
  description: What is not as expected, of many pairs the first twenty; in check mode, that nothing is pinged.
  type: str
  returned: failure, and in check mode
  sample: "study01 does not reach study02: host unreachable (from 172.16.1.101)"
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "from": {"type": "list", "elements": "str"},
            "to": {"type": "list", "elements": "str"},
            "expect": {"type": "raw", "default": "reachable"},
            "family": {"type": "str", "choices": ["all", "ipv4", "ipv6"], "default": "all"},
            "count": {"type": "int", "default": 1},
            "timeout": {"type": "float", "default": 4.0},
            "size": {"type": "int", "default": 56},
        },
        supports_check_mode=True,
    )

    def work(kernel: Kernel) -> dict[str, t.Any]:
        from ansible_collections.linuxnet.netns.plugins.module_utils._ping.job import assess

        return assess(kernel, module.params, module.check_mode)

    run(module, work)


if __name__ == "__main__":
    main()
