#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_qdisc
short_description: Manage queueing disciplines in a network namespace
version_added: 0.1.0
description:
  - Makes a link slow, lossy or fair. One task sets up the queueing discipline at one place of a link, its root as a rule.
  - What is not stated is kept. A task that states O(loss) changes nothing about a delay that is there.
  - What the kernel rounds is compared as the kernel keeps it, so that a second run changes nothing.
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
  - Times are written with their unit, as in V(10ms), V(500us) or V(1.5s).
  - Rates are written as in V(500kbit), V(1.5mbit) or V(1gbit). V(kbps) and V(mbps) are bytes a second, a bare number is bits a second,
    as in C(tc).
  - Sizes are written as in V(1600), V(32kbit), V(16kb) or V(1mb), where V(k) and V(m) stand for 1024 and its square, as in C(tc).
  - Percentages are written as in V(0.5%) or V(0.5).
  - Classes and handles are hexadecimal, and need quotes. YAML takes V(1:10) for the number 70.
options:
  link:
    description:
      - The link whose packets are queued. It has to be there.
    type: str
    required: true
  parent:
    description:
      - The place, V(root) or a class such as V('1:10').
    type: str
    default: root
  kind:
    description:
      - The kind that is to be there. Another one at the same place is replaced, with all its classes.
      - V(netem) impairs, V(tbf) bounds the rate, V(htb) divides it among classes, V(fq_codel) keeps queues short and fair.
      - V(noqueue) brings back the default of virtual links, which queue nothing.
      - Required with O(state=present). With O(state=absent), one of another kind stays.
    type: str
    choices: [netem, tbf, htb, fq_codel, noqueue]
  handle:
    description:
      - The number by which classes and filters refer to it, such as V('1:'). Left out, a V(htb) at the root gets V('1:'),
        and of the others the kernel chooses it.
    type: str
  delay:
    description:
      - For V(netem), the time by which packets are late.
    type: str
  jitter:
    description:
      - For V(netem), by how much O(delay) varies.
    type: str
  correlation:
    description:
      - For V(netem), how much the delay of a packet depends on the one before it.
    type: str
  loss:
    description:
      - For V(netem), the share of packets that are lost.
    type: str
  loss_correlation:
    description:
      - For V(netem), how much a loss depends on the one before it.
    type: str
  duplicate:
    description:
      - For V(netem), the share of packets that arrive twice.
    type: str
  duplicate_correlation:
    description:
      - For V(netem), how much a duplicate depends on the one before it.
    type: str
  corrupt:
    description:
      - For V(netem), the share of packets in which one bit is turned.
    type: str
  corrupt_correlation:
    description:
      - For V(netem), how much a corruption depends on the one before it.
    type: str
  reorder:
    description:
      - For V(netem), the share of packets that overtake those that are delayed. It needs a O(delay).
    type: str
  reorder_correlation:
    description:
      - For V(netem), how much a reordering depends on the one before it.
    type: str
  gap:
    description:
      - For V(netem), that only each packet of this number may overtake. Left out, O(reorder) sets it to 1.
    type: int
  rate:
    description:
      - For V(tbf) and V(netem), the rate at which packets leave. V(0bit) takes the bound of a V(netem) away.
    type: str
  burst:
    description:
      - For V(tbf), how many bytes may leave at once. It has to hold the largest packet. The kernel keeps it as the time that it takes.
    type: str
  latency:
    description:
      - For V(tbf), how long a packet may wait. The kernel keeps it as O(limit), so that a new O(rate) or O(burst)
        changes it unless it is stated again.
    type: str
  limit:
    description:
      - How much may wait; packets for V(netem) and V(fq_codel), bytes for V(tbf).
    type: str
  target:
    description:
      - For V(fq_codel), how long packets may wait for O(interval) before the first is dropped.
    type: str
  interval:
    description:
      - For V(fq_codel), see O(target).
    type: str
  quantum:
    description:
      - For V(fq_codel), how many bytes of a flow are sent at a time. Left out, that of a new one is the largest frame of the link.
    type: int
  ecn:
    description:
      - For V(fq_codel), whether packets are marked rather than dropped where both ends can do that.
    type: bool
  flows:
    description:
      - For V(fq_codel), the number of queues. As the kernel cannot change it, another one sets it up anew.
    type: int
  default:
    description:
      - For V(htb), the class of packets that no filter takes, as its minor number in hexadecimal digits, V(20) for class V(1:20).
        V(0) for none. The kernel cannot change it, see O(force).
    type: str
  classes:
    description:
      - For V(htb), its classes. What is not stated of a class that is there is kept.
    type: list
    elements: dict
    suboptions:
      classid:
        description:
          - The class, such as V('1:10').
        type: str
        required: true
      parent:
        description:
          - The class that it is below of, or V('1:') for none. Left out, a new class is below none. The kernel cannot change
            it, see O(force).
        type: str
      rate:
        description:
          - The rate that it gets in any case. A new class needs it.
        type: str
      ceil:
        description:
          - The rate that it gets where others leave some. Left out, that of a new class is its O(classes[].rate); one that was the
            same as the rate stays so.
        type: str
      burst:
        description:
          - How many bytes may leave at once, beyond the rate.
        type: str
      cburst:
        description:
          - How many bytes may leave at once, beyond the ceiling.
        type: str
      prio:
        description:
          - The priority among the classes that ask for more, 0 first. Of a class with others below it, it has no effect and cannot be
            changed.
        type: int
      quantum:
        description:
          - How many bytes it may send before others of the same priority. Left out, it follows from the rate.
        type: int
  purge:
    description:
      - Remove the classes that O(classes) does not list, with what hangs at them.
    type: bool
    default: false
  force:
    description:
      - Set up a V(htb) anew with its classes, and what hangs at them, where the kernel cannot change what is stated.
        Its filters are put back as they were.
      - Let another kind, or another handle, take the place of what has filters, which are lost then.
    type: bool
    default: false
  state:
    description:
      - Whether it is to be there. With V(absent), the kernel's default comes back at the place.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: linuxnet.netns.netns_link
"""

EXAMPLES = r"""
- name: A link to the other side of the world
  linuxnet.netns.netns_qdisc:
    netns: study01
    link: veth01
    kind: netem
    delay: 150ms
    jitter: 10ms

- name: It gets lossy as well; the delay stays
  linuxnet.netns.netns_qdisc:
    netns: study01
    link: veth01
    kind: netem
    loss: 0.5%

- name: A link of 1 Mbit/s
  linuxnet.netns.netns_qdisc:
    netns: study01
    link: veth01
    kind: tbf
    rate: 1mbit
    burst: 32kbit
    latency: 50ms

- name: Two classes below one that bounds both
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

- name: As it was before
  linuxnet.netns.netns_qdisc:
    netns: study01
    link: veth01
    state: absent
"""

RETURN = r"""
qdisc:
  description:
    - What is set up at the place now; in check mode, what would be. Beside these keys, the options of its kind, written so that they
      can be stated again.
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
      description: Its handle, V(null) where the kernel chose it.
      type: str
      returned: when present
      sample: null
    rate:
      description: An option of its kind, as the others are.
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
      description: The time for which O(limit) lets packets wait.
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
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job


def job_of(options: dict[str, t.Any]) -> Job:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import (
        RESOURCE as QDISC,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import (
        render as qdisc_render,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc.plan import plan

    desired = QdiscSpec.of(options)
    return Job(
        header=f"queueing discipline of link {desired.link}",
        scope=Scope((desired.place,), resources=(QDISC,)),
        plan=lambda draft: plan(draft, desired),
        render=lambda world, origins: {
            "qdisc": qdisc_render.qdisc(
                world, world.at(desired.place).key, desired.link, desired.parent
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
