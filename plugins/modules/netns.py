#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns
short_description: Manage Linux network namespaces
version_added: 0.1.0
description:
  - Create and delete named network namespaces, as C(ip netns add) and C(ip netns del) do.
  - Names are matched exactly. An empty file under C(/run/netns) that is not a namespace is C(stale). It is repaired
    with O(state=present), and deleted with O(state=absent).
  - Any other entry there that is not a namespace (a symbolic link, a directory, a file with content) is an error and
    left unchanged, regardless of O(state) and O(force). Other modules can enter a namespace by a symbolic link.
author:
  - The linuxnet.netns authors (@linuxnet)
extends_documentation_fragment:
  - linuxnet.netns._attributes
  - linuxnet.netns._attributes.actiongroup_all
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
      - Names of the namespaces. One task with several names is faster than several tasks.
      - A number is a name here, never a PID.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(present) creates the namespaces, V(absent) deletes them.
    type: str
    choices: [present, absent]
    default: present
  nsid:
    description:
      - Number (nsid) that the namespace has in the current namespace, as set by C(ip netns set).
      - The kernel sets it once. It is an error if the namespace already has another number.
    type: int
  lo_up:
    description:
      - Set the link C(lo) up or down. By default it is left as it is; in a new namespace it is down.
    type: bool
  force:
    description:
      - With O(state=absent), delete the name even if processes run in the namespace, if it contains hardware, or if
        links in other namespaces depend on one of its links and would be deleted with it.
      - Hardware is moved to the current namespace first. Processes keep the namespace alive, without a name, until
        they end.
    type: bool
    default: false
  wait:
    description:
      - With O(state=absent), wait until the kernel has torn down the namespace, not only until its name is deleted.
      - Before that, the other ends of its veth pairs still exist, and their names are taken.
    type: bool
    default: true
  timeout:
    description:
      - Time to wait in seconds, at least 1. After that the task fails, although the names are deleted.
    type: int
    default: 30
seealso:
  - module: linuxnet.netns.veth
  - module: linuxnet.netns.netns_info
"""

EXAMPLES = r"""
- name: Create a namespace
  linuxnet.netns.netns:
    name: study01

- name: Create two namespaces with lo up
  linuxnet.netns.netns:
    name: [study01, study02]
    lo_up: true

- name: Delete namespaces, and wait until the kernel has torn them down
  linuxnet.netns.netns:
    name: [study01, study02]
    state: absent
"""

RETURN = r"""
namespaces:
  description: The namespaces of O(name) as they are now; in check mode, as they would be.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: The name.
      type: str
    path:
      description: The path of the namespace's file.
      type: str
    state:
      description: Whether the namespace exists.
      type: str
      choices: [present, absent]
    nsid:
      description: The number (nsid) of the namespace in the current namespace, null if it has none.
      type: int
    lo_up:
      description: Whether C(lo) is up, null if the namespace is absent.
      type: bool
  sample:
    - name: study01
      path: /run/netns/study01
      state: present
      nsid: null
      lo_up: true
commands:
  description: The iproute2 commands that would have made the same changes, in order. Empty if nothing changed.
  type: list
  elements: str
  returned: success
  sample: [ip netns add study01, ip -n study01 link set dev lo up]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace.options import (
    SPEC,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace.spec import (
    NetnsSpec,
)

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation


def job_of(options: dict[str, t.Any]) -> Reconciliation:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core import render
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import HERE
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
        RESOURCE as ADDRESS,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace.plan import (
        plan,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
        RESOURCE as ROUTE,
    )

    desired = NetnsSpec.of(options)
    waits = options["wait"] and not desired.present
    return Reconciliation(
        header=f"netns {' '.join(desired.names)}",
        scope=Scope(
            desired.names if desired.present else (*desired.names, HERE),
            # For rollback: what lo gets when it is set up, and what hardware loses when it is moved.
            resources=(
                *((ADDRESS,) if desired.lo_up is not None or desired.force else ()),
                *((ROUTE,) if desired.force else ()),
            ),
            pids=not desired.present,
            nsids=desired.nsid is not None,
            named=frozenset(desired.names),
            by_name=True,
            mounts=desired.present,
        ),
        plan=lambda builder: plan(builder, desired),
        render=lambda host, origins: {
            "namespaces": [render.namespace(host.namespaces[name]) for name in desired.names]
        },
        wait=options["timeout"] if waits else None,
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
