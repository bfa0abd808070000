#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_masquerade
short_description: Masquerade what leaves a network namespace (NAT)
version_added: 0.1.0
description:
  - "Masquerade packets of some networks (source NAT): they get the address of the link that they leave by, so that
    answers find their way back."
  - Uses nftables, in a table of its own called C(linuxnet_NAME), family C(inet). No other table is read or changed.
  - If the table differs, it is replaced as a whole in one transaction. A table of that name with any other content is
    an error.
  - IP forwarding has to be enabled in the namespace, see M(linuxnet.netns.netns_sysctl).
author:
  - The linuxnet.netns authors (@linuxnet)
extends_documentation_fragment:
  - linuxnet.netns._attributes
  - linuxnet.netns._attributes.actiongroup_all
  - linuxnet.netns._netns
  - linuxnet.netns._netns.requirements
requirements:
  - The command C(nft), from the package nftables
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
      - Suffix of the table's name, after C(linuxnet_). It is a letter, followed by up to 31 letters, digits or C(_).
    type: str
    required: true
  source:
    description:
      - Networks that the packets come from. Required with O(state=present).
    type: list
    elements: str
  out:
    description:
      - Outgoing link. By default all packets that leave their network are masqueraded.
      - Names with a quotation mark, a backslash or an asterisk are refused, since C(nft) has no way to quote them.
    type: str
  state:
    description:
      - V(present) creates or replaces the table, V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: linuxnet.netns.netns_sysctl
  - module: linuxnet.netns.netns_route
"""

EXAMPLES = r"""
- name: Masquerade what the namespaces send to the outside
  linuxnet.netns.netns_masquerade:
    name: lab
    source: 172.16.1.0/24

- name: Masquerade on one link, in a namespace that acts as a router
  linuxnet.netns.netns_masquerade:
    netns: router
    name: lab
    source: [172.16.1.0/24, "fd00:1::/64"]
    out: wan0
"""

RETURN = r"""
masquerade:
  description: The table as it is now; in check mode, as it would be.
  type: dict
  returned: success
  contains:
    name:
      description: The name in the task.
      type: str
    table:
      description: The name of the table.
      type: str
    netns:
      description: The namespace that the table is in, null for the current one.
      type: str
    state:
      description: Whether it exists.
      type: str
      choices: [present, absent]
    source:
      description: The networks.
      type: list
      elements: str
    out:
      description: The outgoing link, null for any.
      type: str
  sample:
    name: lab
    table: linuxnet_lab
    netns: router
    state: present
    source: [172.16.1.0/24]
    out: wan0
commands:
  description: The commands that would have made the same changes, in order. Empty if nothing changed.
  type: list
  elements: str
  returned: success
  sample:
    - >-
      nft 'add table inet linuxnet_lab; delete table inet linuxnet_lab; table inet linuxnet_lab { chain postrouting { type
      nat hook postrouting priority srcnat; policy accept; ip saddr 172.16.1.0/24 ip daddr != 172.16.1.0/24 masquerade
      comment "linuxnet.netns"; }; }'
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.masquerade.state import (
    MasqueradeSpec,
)

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import HostState
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import (
        Origins,
        Reconciliation,
    )


def job_of(options: dict[str, t.Any]) -> Reconciliation:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import shown
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.masquerade import (
        RESOURCE as MASQUERADE,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.masquerade.plan import (
        plan,
    )

    desired = MasqueradeSpec.of(options)
    table = desired.wanted.table

    def show(host: HostState, origins: Origins) -> dict[str, t.Any]:
        namespace = host.at(desired.place)
        there = namespace.masquerades.get(table)
        return {
            "masquerade": {
                "name": options["name"],
                "table": table,
                "netns": shown(namespace.key),
                "state": "present" if there else "absent",
                "source": list(there.sources) if there else [],
                "out": there.out if there else None,
            }
        }

    return Reconciliation(
        header=f"masquerade {options['name']}",
        scope=Scope((desired.place,), resources=(MASQUERADE,), masquerade=table),
        plan=lambda builder: plan(builder, desired),
        render=show,
    )


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "netns": {"type": "str"},
            "name": {"type": "str", "required": True},
            "source": {"type": "list", "elements": "str"},
            "out": {"type": "str"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        required_if=[("state", "present", ("source",))],
        supports_check_mode=True,
    )
    run_job(module, job_of)


if __name__ == "__main__":
    main()
