#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_sysctl
short_description: Set kernel parameters (sysctl) in a network namespace
version_added: 0.1.0
description:
  - Set parameters below C(net) in one namespace, as C(ip netns exec NAME sysctl -w) does.
  - A parameter that does not belong to a namespace is refused, since setting it would change the whole host. The
    kernel tells which ones do; a namespace other than the initial one lacks the others, or shows them as read-only.
  - Several parameters are set together or not at all. If one is refused, the ones before it are restored, together
    with what the kernel changed with them.
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
      - Name of one parameter, as V(net.ipv4.ip_forward) or V(net/ipv4/ip_forward).
      - As with C(sysctl), the first separator determines which of the two is the separator. The forwarding of the
        link C(eth0.1) is V(net.ipv4.conf.eth0/1.forwarding) or V(net/ipv4/conf/eth0.1/forwarding).
    type: str
  value:
    description:
      - "Value of O(name): a number, a text, or a list of them. A boolean is converted to 1 or 0."
    type: raw
  sysctls:
    description:
      - Several parameters with their values, instead of O(name) and O(value).
    type: dict
notes:
  - Values are compared as the kernel shows them, with one space between their parts. Hexadecimal and octal numbers, and
    lists of numbers as in C(net.ipv4.ip_local_reserved_ports), are converted to the kernel's form first. If the kernel
    stores another value than the one set, the task fails, shows it, and restores the old one.
  - Values that the kernel refuses are refused in the real run; check mode cannot know them.
  - A parameter of C(all) or C(default) may change those of links. If O(sysctls) has both, the wider one is set first.
  - Parameters do not survive a reboot, and neither do namespaces.
  - The result shows values. For a secret such as C(net.ipv4.tcp_fastopen_key), set C(no_log) on the task.
seealso:
  - module: linuxnet.netns.netns
  - module: ansible.posix.sysctl
    description: Parameters of the machine, and those that last.
"""

EXAMPLES = r"""
- name: Enable IPv4 forwarding
  linuxnet.netns.netns_sysctl:
    netns: study01
    name: net.ipv4.ip_forward
    value: 1

- name: Set several parameters, one of them for the link eth0.1
  linuxnet.netns.netns_sysctl:
    netns: study01
    sysctls:
      net.ipv6.conf.all.forwarding: 1
      net.ipv4.conf.eth0/1.rp_filter: 2
      net.ipv4.ping_group_range: 0 2147483647
      net.ipv4.tcp_rmem: [4096, 131072, 6291456]
"""

RETURN = r"""
sysctls:
  description:
    - The parameters of the task, by their names with dots, with their values as they are now; in check mode, as they
      would be. Null for a parameter that is not set.
  type: dict
  returned: success
  sample:
    net.ipv4.ip_forward: "1"
    net.ipv4.tcp_rmem: 4096 131072 6291456
commands:
  description: The commands that would have made the same changes, in order. Empty if nothing changed.
  type: list
  elements: str
  returned: success
  sample: [ip netns exec study01 sysctl -w net.ipv4.ip_forward=1]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl import (
    state as sysctl,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl.options import (
    RULES,
    SPEC,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl.spec import (
    SysctlsSpec,
)

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation


def job_of(options: dict[str, t.Any]) -> Reconciliation:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
        RESOURCE as ADDRESS,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
        RESOURCE as ROUTE,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl import (
        RESOURCE as SYSCTL,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl.plan import (
        plan,
        shown_parameters,
    )

    desired = SysctlsSpec.of(options)
    return Reconciliation(
        header=f"sysctls {' '.join(sysctl.shown(key) for key in desired.keys)}",
        scope=Scope((desired.place,), resources=(ADDRESS, ROUTE, SYSCTL), sysctls=desired.keys),
        plan=lambda builder: plan(builder, desired),
        render=lambda host, origins: {"sysctls": shown_parameters(host.at(desired.place), desired)},
    )


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec=SPEC,
        **RULES,
        supports_check_mode=True,
    )
    run_job(module, job_of)


if __name__ == "__main__":
    main()
