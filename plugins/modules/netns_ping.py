#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_ping
short_description: Assert which network namespaces reach each other
version_added: 0.1.0
description:
  - Send ICMP and ICMPv6 echo requests from namespaces to namespaces and addresses, all pairs at once, and fail if the
    answers are not as expected. The pairs that differ are named.
  - A namespace is reachable if each of its addresses answers at least once. It is unreachable if none of them ever
    answers. Anything in between fails either expectation.
  - The module opens the sockets in the namespaces; no program is run.
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
      - "Namespaces to ping from: names under C(/run/netns), else PIDs, else absolute paths. V('') is the namespace
        that the module runs in, V(all) stands for all that have a name."
      - Required unless each entry of O(expect) has its own.
    type: list
    elements: str
  to:
    description:
      - "Targets: namespaces as in O(from), and addresses. A namespace stands for all addresses that it has now,
        except those with host or link scope. V(all) stands for all namespaces that have a name."
      - The task waits for new IPv6 addresses while duplicate address detection runs on them.
      - A link-local IPv6 address requires the link in O(from) over which it is reached, as in V(fe80::1%veth01).
      - A namespace is not pinged from itself. To do that, use its address.
      - Required unless each entry of O(expect) has its own.
    type: list
    elements: str
  expect:
    description:
      - Expectation for all pairs of O(from) and O(to), V(reachable) or V(unreachable).
      - Or a list of dictionaries with C(from), C(to) and C(expect), whose defaults are O(from), O(to) and
        V(reachable). Only these pairs are pinged. If several entries match the same pair, the last one applies, so
        exceptions follow the rule.
    type: raw
    default: reachable
  family:
    description:
      - Address family of the addresses that are pinged, of namespaces in O(to).
    type: str
    choices: [all, ipv4, ipv6]
    default: all
  count:
    description:
      - Number of requests to each address, up to 1000.
    type: int
    default: 1
  timeout:
    description:
      - Time to wait for an answer, in seconds. The kernel searches for a neighbour for three seconds, and reports an
        unreachable host only after that.
    type: float
    default: 4.0
  size:
    description:
      - Bytes of data in a request, 12 to 65507.
    type: int
    default: 56
requirements:
  - python >= 3.9
  - pyroute2 >= 0.7.2
notes:
  - Requires root on the managed host.
  - Everything is pinged at once. To ping at different times, use several tasks.
  - Use the path of a namespace whose name is V(all) or an address.
  - The kernel stores 1024 neighbours for all namespaces together. If more than 400 would be needed, as among many
    namespaces on one bridge, they are pinged in groups, and the neighbours learned are removed in between. On such a
    bridge, many targets that do not answer take long.
  - A namespace that pings a missing neighbour gets the error from itself, over C(lo). If C(lo) is down, none arrives.
  - A new IPv6 address may be unusable for up to two seconds. If that matters, retry the task with C(until).
seealso:
  - module: linuxnet.netns.netns_exec
  - module: linuxnet.netns.netns_topology
"""

EXAMPLES = r"""
- name: Test the connection between two namespaces
  linuxnet.netns.netns_ping:
    from: study01
    to: study02

- name: Test that all namespaces reach each other
  linuxnet.netns.netns_ping:
    from: all
    to: all

- name: Ping the outside three times
  linuxnet.netns.netns_ping:
    from: [study01, study02]
    to: 198.51.100.1
    count: 3
  register: out

- name: Show the round-trip time
  ansible.builtin.debug:
    msg: "{{ out.matrix.study01['198.51.100.1'].rtt }} ms"

- name: Test that all reach the server, and none reaches a guest
  linuxnet.netns.netns_ping:
    expect:
      - {from: all, to: server}
      - {from: all, to: [guest01, guest02], expect: unreachable}
"""

RETURN = r"""
matrix:
  description:
    - The results, by the name of the source namespace and of the target.
    - The current namespace is called C(.), which cannot be the name of a namespace.
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
      description: The percentage of requests that were not answered.
      type: float
    rtt:
      description: The average round-trip time in milliseconds; null if there was no answer.
      type: float
    error:
      description:
        - What the kernel or a router reported for a request without an answer, V(no answer) if nothing, V(has no
          address) if there was nothing to ping; null if each was answered.
        - Possible errors are V(network unreachable), V(host unreachable), V(administratively prohibited), V(time to
          live exceeded) and others, with the same words for IPv4 and IPv6.
      type: str
    error_from:
      description: >-
        The address that reported the error, one of the sender itself if it found no neighbour; null if the
        kernel refused to send.
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
      description: The source namespace.
      type: str
    to:
      description: The target.
      type: str
    expect:
      description: The expectation, V(reachable) or V(unreachable).
      type: str
  sample: []
msg:
  description: The pairs that are not as expected, at most twenty; in check mode, that nothing is pinged.
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
