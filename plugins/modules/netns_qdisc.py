#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_qdisc
short_description: Emulate delay and loss, and shape traffic (qdisc) of a link
version_added: 0.1.0
description:
  - Set up the queueing discipline (qdisc) of a link, to emulate a slow or lossy network, limit the rate, or divide it
    fairly. One task sets up one place of a link, by default its root.
  - Options that are not set are left as they are. A task that sets O(loss) does not change an existing delay.
  - Values that the kernel rounds are compared as the kernel stores them, so that a second run changes nothing.
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
    details:
      - Whether the kernel has a kind is known only when it is asked for one, in the real run.
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - Times have a unit, as in V(10ms), V(500us) or V(1.5s).
  - Rates have a unit, as in V(500kbit), V(1.5mbit) or V(1gbit). As in C(tc), V(kbps) and V(mbps) are bytes per second, and a
    number without a unit is bits per second.
  - Sizes are bytes, or have a unit, as in V(1600), V(32kbit), V(16kb) or V(1mb). As in C(tc), V(k) and V(m) stand for 1024 and its square.
  - Percentages are numbers with or without a percent sign, as in V(0.5%) or V(0.5).
  - Classes and handles are hexadecimal, and need quotes. YAML converts V(1:10) to the number 70.
options:
  link:
    description:
      - Link whose outgoing packets are queued. It has to exist.
    type: str
    required: true
  parent:
    description:
      - "Place of the qdisc: V(root) or a class such as V('1:10')."
    type: str
    default: root
  kind:
    description:
      - Kind of the qdisc. A qdisc of another kind at the same place is replaced, together with its classes.
      - V(netem) emulates delay and loss, V(tbf) limits the rate, V(htb) divides the rate among classes, V(fq_codel)
        keeps queues short and fair.
      - V(noqueue) restores the default of virtual links, which have no queue.
      - Required with O(state=present). With O(state=absent), a qdisc of another kind is kept.
    type: str
    choices: [netem, tbf, htb, fq_codel, noqueue]
  handle:
    description:
      - Handle by which classes and filters refer to the qdisc, such as V('1:'). Default for V(htb) at the root is
        V('1:'); for others the kernel chooses one.
    type: str
  delay:
    description:
      - For V(netem), delay of packets.
    type: str
  jitter:
    description:
      - For V(netem), random variation of O(delay).
    type: str
  correlation:
    description:
      - For V(netem), correlation of the delay with the packet before, in percent.
    type: str
  loss:
    description:
      - For V(netem), percentage of packets that are lost.
    type: str
  loss_correlation:
    description:
      - For V(netem), correlation of a loss with the packet before, in percent.
    type: str
  duplicate:
    description:
      - For V(netem), percentage of packets that are duplicated.
    type: str
  duplicate_correlation:
    description:
      - For V(netem), correlation of a duplicate with the packet before, in percent.
    type: str
  corrupt:
    description:
      - For V(netem), percentage of packets that have one bit inverted.
    type: str
  corrupt_correlation:
    description:
      - For V(netem), correlation of a corruption with the packet before, in percent.
    type: str
  reorder:
    description:
      - For V(netem), percentage of packets that are sent at once, and overtake delayed ones. Requires O(delay).
    type: str
  reorder_correlation:
    description:
      - For V(netem), correlation of a reordering with the packet before, in percent.
    type: str
  gap:
    description:
      - For V(netem), only every Nth packet may be reordered. With O(reorder), the default is 1.
    type: int
  rate:
    description:
      - For V(tbf) and V(netem), maximum rate of outgoing packets. V(0bit) removes the limit of a V(netem).
    type: str
  burst:
    description:
      - For V(tbf), size of the bucket in bytes, which may leave at once. It has to hold the largest packet. The
        kernel stores it as a time.
    type: str
  latency:
    description:
      - For V(tbf), maximum time that a packet may wait. The kernel stores it as O(limit), so that a new O(rate) or
        O(burst) changes it unless it is set again.
    type: str
  limit:
    description:
      - Length of the queue, in packets for V(netem) and V(fq_codel), in bytes for V(tbf).
    type: str
  target:
    description:
      - For V(fq_codel), acceptable minimum queueing delay. If it is exceeded for O(interval), packets are dropped.
    type: str
  interval:
    description:
      - For V(fq_codel), see O(target).
    type: str
  quantum:
    description:
      - For V(fq_codel), number of bytes of a flow that are sent at a time. Default for a new one is the largest frame
        of the link.
    type: int
  ecn:
    description:
      - For V(fq_codel), mark packets (ECN) instead of dropping them, if both ends support it.
    type: bool
  flows:
    description:
      - For V(fq_codel), number of queues. The kernel cannot change it, so the qdisc is replaced.
    type: int
  default:
    description:
      - For V(htb), class of packets that no filter matches, as its minor number in hexadecimal digits, V(20) for
        class V(1:20). V(0) for none. The kernel cannot change it, see O(force).
    type: str
  classes:
    description:
      - For V(htb), its classes. Options of an existing class that are not set are left as they are.
    type: list
    elements: dict
    suboptions:
      classid:
        description:
          - Class ID, such as V('1:10').
        type: str
        required: true
      parent:
        description:
          - Parent class, or V('1:') for none. By default a new class has none. The kernel cannot change it, see
            O(force).
        type: str
      rate:
        description:
          - Guaranteed rate. A new class requires it.
        type: str
      ceil:
        description:
          - Maximum rate, when other classes leave some. Default for a new class is its O(classes[].rate). If both are
            equal, it follows a change of the rate.
        type: str
      burst:
        description:
          - Number of bytes that may leave at once, beyond the rate.
        type: str
      cburst:
        description:
          - Number of bytes that may leave at once, beyond the maximum rate.
        type: str
      prio:
        description:
          - Priority among classes that want more than their rate, 0 first. For a class with child classes, it has no
            effect and cannot be changed.
        type: int
      quantum:
        description:
          - Number of bytes that the class may send before others of the same priority. By default it follows from the
            rate.
        type: int
  purge:
    description:
      - Remove classes that O(classes) does not list, with everything attached to them.
    type: bool
    default: false
  force:
    description:
      - Replace a V(htb), with its classes and everything attached to them, if the kernel cannot change it to the
        desired state. Its filters are restored.
      - Allow that another kind, or another handle, replaces a qdisc that has filters, which are lost then.
    type: bool
    default: false
  state:
    description:
      - V(present) sets up the qdisc. V(absent) restores the kernel's default at the place.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: linuxnet.netns.netns_link
"""

EXAMPLES = r"""
- name: Emulate a long-distance link
  linuxnet.netns.netns_qdisc:
    netns: study01
    link: veth01
    kind: netem
    delay: 150ms
    jitter: 10ms

- name: Add packet loss and keep the delay
  linuxnet.netns.netns_qdisc:
    netns: study01
    link: veth01
    kind: netem
    loss: 0.5%

- name: Limit the rate to 1 Mbit/s
  linuxnet.netns.netns_qdisc:
    netns: study01
    link: veth01
    kind: tbf
    rate: 1mbit
    burst: 32kbit
    latency: 50ms

- name: Divide the rate among two classes below a common one
  linuxnet.netns.netns_qdisc:
    netns: study01
    link: veth01
    kind: htb
    default: 20
    classes:
      - classid: '1:1'
        rate: 10mbit
      - classid: '1:10'
        parent: '1:1'
        rate: 7mbit
        ceil: 10mbit
      - classid: '1:20'
        parent: '1:1'
        rate: 3mbit
        ceil: 10mbit
        prio: 1
    purge: true

- name: Restore the default
  linuxnet.netns.netns_qdisc:
    netns: study01
    link: veth01
    state: absent
"""

RETURN = r"""
qdisc:
  description:
    - The qdisc at the place as it is now; in check mode, as it would be. Beside these keys, it has the options of its
      kind, in the form that the module accepts.
  type: dict
  returned: success
  contains:
    link:
      description: The link.
      type: str
      returned: success
      sample: veth01
    netns:
      description: The namespace, V(null) for the current one.
      type: str
      returned: success
      sample: study01
    parent:
      description: The place.
      type: str
      returned: success
      sample: root
    state:
      description: V(absent) stands for the kernel's default.
      type: str
      returned: success
      sample: present
    kind:
      description: The kind, V(null) for the kernel's default.
      type: str
      returned: success
      sample: tbf
    handle:
      description: The handle, V(null) if the kernel chose it.
      type: str
      returned: when present
      sample: null
    rate:
      description: An option of the kind, like the others.
      type: str
      returned: when present, of kinds netem and tbf
      sample: 1mbit
    burst:
      description: See O(burst).
      type: str
      returned: when present, of kind tbf
      sample: 4kb
    limit:
      description: See O(limit). A number of packets, or a size.
      type: raw
      returned: when present, of kinds netem, tbf and fq_codel
      sample: 10346b
    latency:
      description: The time that a packet may wait, computed from O(limit).
      type: str
      returned: when present, of kind tbf
      sample: 50ms
    classes:
      description: All classes, by number, with the keys of O(classes).
      type: list
      elements: dict
      returned: when present, of kind htb
      sample:
        - {classid: '1:1', parent: '1:', rate: 10mbit, ceil: 10mbit, burst: 1600b, cburst: 1600b, prio: 0, quantum: 125000}
commands:
  description: The iproute2 commands that would have made the same changes, in order. Empty if nothing changed.
  type: list
  elements: str
  returned: success
  sample: [tc -n study01 qdisc add dev veth01 root tbf rate 1mbit burst 4096 limit 10346]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc.options import SPEC
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc.spec import QdiscSpec

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation


def job_of(options: dict[str, t.Any]) -> Reconciliation:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import (
        RESOURCE as QDISC,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import (
        render as qdisc_render,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc.plan import plan

    desired = QdiscSpec.of(options)
    return Reconciliation(
        header=f"queueing discipline of link {desired.link}",
        scope=Scope((desired.place,), resources=(QDISC,)),
        plan=lambda builder: plan(builder, desired),
        render=lambda host, origins: {
            "qdisc": qdisc_render.qdisc(
                host, host.at(desired.place).key, desired.link, desired.parent
            )
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
