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
  - Add, change and remove the rules (C(ip rule)) that select the routing table for a packet.
  - Set one rule by the options of the module, or many by O(rules).
  - "A rule matches packets that meet all of its criteria: O(from), O(to), O(iif), O(oif), O(fwmark), O(ipproto),
    O(sport) and O(dport). A rule with more or fewer criteria is another rule. What a rule does (O(action), O(table)
    and O(goto)) is changed in the rule with the same criteria and the same O(priority). If O(priority) is not set, a
    rule that does something else is kept, and another one added."
  - A rule with a criterion without an option, such as C(not), C(tos), C(uidrange), C(l3mdev) or
    C(suppress_prefixlength), is another rule too. It is never changed or removed; with O(state=absent) and otherwise
    the same criteria, there is a warning.
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
      - Priority (preference) of the rule, lowest first.
      - By default a rule of any priority is accepted, and a new one comes before all others but the first, as with
        C(ip rule).
    type: int
  from: &from
    description:
      - "Source: an address, a network or V(all)."
    type: str
  to: &to
    description:
      - "Destination: an address, a network or V(all)."
    type: str
  iif: &iif
    description:
      - Incoming link, V(lo) for packets sent by the namespace itself. It need not exist yet.
    type: str
  oif: &oif
    description:
      - Link to which the sending socket is bound. It need not exist yet.
    type: str
  fwmark: &fwmark
    description:
      - Firewall mark, as V(MARK) or V(MARK/MASK), decimal or hexadecimal.
    type: str
  ipproto: &ipproto
    description:
      - IP protocol, such as V(tcp) or V(udp), or its number.
    type: str
  sport: &sport
    description:
      - Source port, or a range such as V(1000-1999). The kernel accepts no rule for port 65535.
    type: str
  dport: &dport
    description:
      - Destination port, or a range such as V(1000-1999). The kernel accepts no rule for port 65535.
    type: str
  action: &action
    description:
      - What happens to matching packets. It follows from O(table) and O(goto) if they are set. Default for a new rule
        is V(to_tbl).
    type: str
    choices: [to_tbl, goto, nop, blackhole, unreachable, prohibit]
  table: &table
    description:
      - "Routing table to look up: V(main), V(default), V(local) or a number. Default for a new rule with
        O(action=to_tbl) is V(main)."
    type: str
  goto: &goto
    description:
      - Priority of a later rule to continue with.
    type: int
  family: &family
    description:
      - Address family of the rule. It follows from O(from) and O(to) if they are set. Default is V(ipv4).
    type: str
    choices: [ipv4, ipv6]
  rules:
    description:
      - Rules, each with the options above. The options above are the defaults of each entry.
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
      - "Protocol: the origin of the rules, as V(kernel), V(boot), V(static), V(dhcp), another name from C(rt_protos)
        that the kernel defines, or a number. Default for a new rule is V(static); an existing rule is accepted
        whatever its protocol."
    type: str
  state:
    description:
      - V(present) adds or changes the rules. V(absent) removes all rules of the family that match the options that
        are set; those that the kernel created only with O(proto=kernel).
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Remove all other rules whose protocol is O(proto), by default V(static). This applies to the families of
        O(rules), else to O(family), else to both. Rules of the kernel are kept.
    type: bool
    default: false
seealso:
  - module: linuxnet.netns.netns_route
"""

EXAMPLES = r"""
- name: Use a routing table of their own for packets from one network
  linuxnet.netns.netns_rule:
    netns: study01
    priority: 100
    from: 10.1.0.0/16
    table: "100"

- name: Set exactly these static rules
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

- name: Remove all static rules
  linuxnet.netns.netns_rule:
    netns: study01
    purge: true

- name: Remove all rules of a priority
  linuxnet.netns.netns_rule:
    netns: study01
    priority: 100
    state: absent
"""

RETURN = r"""
rules:
  description:
    - All rules as they are now, those of the kernel included, IPv4 before IPv6, in the order of evaluation; in check
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
      description: The priority.
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
      description: The incoming link.
      type: str
      returned: always
      sample: lo
    oif:
      description: The link to which the sending socket is bound.
      type: str
      returned: always
      sample: veth01
    fwmark:
      description: The firewall mark, with its mask unless that is all ones.
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
      description: What happens to matching packets.
      type: str
      returned: always
      sample: to_tbl
    table:
      description: The routing table to look up.
      type: int
      returned: always
      sample: 100
    goto:
      description: The priority of the rule to continue with.
      type: int
      returned: always
      sample: 32766
    proto:
      description: The protocol (origin) of the rule.
      type: str
      returned: always
      sample: static
    others:
      description: >-
        The names of criteria of the rule for which this module has no option. Such a rule never counts as one
        that the task lists.
      type: list
      elements: str
      returned: always
      sample: [uidrange]
commands:
  description: The iproute2 commands that would have made the same changes, in order. Empty if nothing changed.
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
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation


def job_of(options: dict[str, t.Any]) -> Reconciliation:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule import (
        RESOURCE as RULE,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.plan import plan

    desired = RulesSpec.of(options)
    return Reconciliation(
        header="rules",
        scope=Scope((desired.place,), resources=(RULE,)),
        plan=lambda builder: plan(builder, desired),
        render=lambda host, origins: {
            "rules": [shown(each) for each in host.at(desired.place).rules]
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
