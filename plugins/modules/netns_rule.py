#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_rule
short_description: Manage policy routing rules in a network namespace
version_added: 0.1.0
description:
  - Adds, changes and removes the rules by which a namespace chooses the routing table for a packet.
  - One rule is stated by the options of the module, many by O(rules).
  - A rule is about the packets that meet all of its criteria, O(from), O(to), O(iif), O(oif), O(fwmark), O(ipproto),
    O(sport) and O(dport). One that has more or fewer of them is another rule. What a rule does, O(action), O(table) and
    O(goto), is changed in a rule with the same criteria and the same O(priority). Where O(priority) is not stated, a rule
    that does something else is left, and another one added.
  - A rule with a criterion that there is no option for, such as C(not), C(tos), C(uidrange), C(l3mdev) or
    C(suppress_prefixlength), is another rule too. It is left alone, never changed and never removed; where O(state=absent)
    is about such a one there is a warning.
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
  priority: &priority
    description:
      - The place among the rules, lowest first; also known as preference.
      - Left out, a rule in any place will do, and a new one comes before all others but the first, as with C(ip rule).
    type: int
  from: &from
    description:
      - The source, an address, a network or V(all).
    type: str
  to: &to
    description:
      - The destination, an address, a network or V(all).
    type: str
  iif: &iif
    description:
      - The link by which the packet came in, V(lo) for packets that are made in the namespace. It need not be there yet.
    type: str
  oif: &oif
    description:
      - The link to which the socket that sends the packet is bound. It need not be there yet.
    type: str
  fwmark: &fwmark
    description:
      - The mark that a firewall gave, as V(MARK) or V(MARK/MASK), decimal or hexadecimal.
    type: str
  ipproto: &ipproto
    description:
      - The protocol, such as V(tcp) or V(udp), or its number.
    type: str
  sport: &sport
    description:
      - The source port, or a range such as V(1000-1999). The kernel takes no rule for port 65535.
    type: str
  dport: &dport
    description:
      - The destination port, or a range such as V(1000-1999). The kernel takes no rule for port 65535.
    type: str
  action: &action
    description:
      - What becomes of the packets. It follows from O(table) and O(goto) where these are stated; left out, a new rule is
        V(to_tbl).
    type: str
    choices: [to_tbl, goto, nop, blackhole, unreachable, prohibit]
  table: &table
    description:
      - The routing table that is looked into, V(main), V(default), V(local) or a number. Left out, a new rule with
        O(action=to_tbl) gets V(main).
    type: str
  goto: &goto
    description:
      - The priority of a later rule that is asked next.
    type: int
  family: &family
    description:
      - Whether the rule is for IPv4 or IPv6. It follows from O(from) and O(to); left out where they are too, it is V(ipv4).
    type: str
    choices: [ipv4, ipv6]
  rules:
    description:
      - Many rules, each with options as above. What one of them does not state, the options above state for it.
      - Rules without O(rules[].priority) each come before the one that is listed before them.
    type: list
    elements: dict
    suboptions:
      priority: *priority
      from: *from
      to: *to
      iif: *iif
      oif: *oif
      fwmark: *fwmark
      ipproto: *ipproto
      sport: *sport
      dport: *dport
      action: *action
      table: *table
      goto: *goto
      family: *family
  proto:
    description:
      - Who made the rules, V(kernel), V(boot), V(static), V(dhcp), another name from C(rt_protos) that the kernel defines,
        or a number. Left out, a new rule is V(static), and of one that is there it does not matter who made it.
    type: str
  state:
    description:
      - Whether the rules are to be there. With V(absent), all rules of the family go that are what is stated, whatever else
        of the options they are; those that the kernel made only with O(proto=kernel).
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Remove all other rules that O(proto), or else V(static), made. Of the families that O(rules) list, or else of
        O(family), or else of both. Those of the kernel stay.
    type: bool
    default: false
seealso:
  - module: linuxnet.netns.netns_route
"""

EXAMPLES = r"""
- name: Packets from one network take the routes of a table of their own
  linuxnet.netns.netns_rule:
    netns: study01
    priority: 100
    from: 10.1.0.0/16
    table: "100"

- name: These rules, and none of ours beside them
  linuxnet.netns.netns_rule:
    netns: study01
    rules:
      - priority: 100
        from: 10.1.0.0/16
        table: "100"
      - priority: 110
        fwmark: "0x10/0xff"
        ipproto: tcp
        dport: 80-89
        table: "110"
      - priority: 120
        to: 192.0.2.0/24
        action: unreachable
    purge: true

- name: No rule of ours at all
  linuxnet.netns.netns_rule:
    netns: study01
    purge: true

- name: Whatever has this priority goes
  linuxnet.netns.netns_rule:
    netns: study01
    priority: 100
    state: absent
"""

RETURN = r"""
rules:
  description:
    - All rules as they are now, those of the kernel too, IPv4 before IPv6, in the order in which they are asked; in check
      mode, as they would be.
  type: list
  elements: dict
  returned: success
  contains:
    family:
      description: V(ipv4) or V(ipv6).
      type: str
      returned: always
      sample: ipv4
    priority:
      description: The place among the rules.
      type: int
      returned: always
      sample: 100
    from:
      description: The source, V(null) for all.
      type: str
      returned: always
      sample: 10.1.0.0/16
    to:
      description: The destination, V(null) for all.
      type: str
      returned: always
      sample: 192.0.2.1/32
    iif:
      description: The link by which the packet came in.
      type: str
      returned: always
      sample: lo
    oif:
      description: The link to which the socket is bound.
      type: str
      returned: always
      sample: veth01
    fwmark:
      description: The mark, with its mask unless that is all ones.
      type: str
      returned: always
      sample: "0x10/0xff"
    ipproto:
      description: The protocol.
      type: str
      returned: always
      sample: tcp
    sport:
      description: The source port or ports.
      type: str
      returned: always
      sample: "1024-2047"
    dport:
      description: The destination port or ports.
      type: str
      returned: always
      sample: "80"
    action:
      description: What becomes of the packets.
      type: str
      returned: always
      sample: to_tbl
    table:
      description: The routing table that is looked into.
      type: int
      returned: always
      sample: 100
    goto:
      description: The priority of the rule that is asked next.
      type: int
      returned: always
      sample: 32766
    proto:
      description: Who made the rule.
      type: str
      returned: always
      sample: static
    others:
      description: The names of criteria that the rule has and this module does not know. It never takes such a rule for
        one that is to be there.
      type: list
      elements: str
      returned: always
      sample: [uidrange]
commands:
  description: The iproute2 commands that would have done the same, in order. Empty when nothing was to be done.
  type: list
  elements: str
  returned: success
  sample: [ip -n study01 -4 rule add priority 100 from 10.1.0.0/16 table 100 protocol static]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.options import SPEC
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.spec import RulesSpec
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.state import shown

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job


def job_of(options: dict[str, t.Any]) -> Job:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule import (
        RESOURCE as RULE,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.plan import plan

    desired = RulesSpec.of(options)
    return Job(
        header="rules",
        scope=Scope((desired.place,), resources=(RULE,)),
        plan=lambda draft: plan(draft, desired),
        render=lambda world, origins: {
            "rules": [shown(each) for each in world.at(desired.place).rules]
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
