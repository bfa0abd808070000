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
  - Makes and removes named network namespaces, as C(ip netns add) and C(ip netns del) do.
  - Names are compared exactly. An empty file under C(/run/netns) that is no namespace is C(stale); it is repaired when
    O(state=present), and unlinked when O(state=absent).
  - Anything else there that is no namespace of its own is an error and left alone, whatever O(state) and O(force) say, such as a
    symbolic link, a directory, or a file that holds something. Other modules enter a namespace by a symbolic link.
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
      - The names. Several at once cost less than several tasks.
      - Digits are a name here, never the process of that number.
    type: list
    elements: str
    required: true
  state:
    description:
      - Whether the namespaces are to be there.
    type: str
    choices: [present, absent]
    default: present
  nsid:
    description:
      - The number by which the current namespace is to know the one that O(name) names.
      - The kernel gives it once; a namespace that has another number already is an error.
    type: int
  lo_up:
    description:
      - Whether the link C(lo) is to be up. Left out, it is left alone; it is born down.
    type: bool
  force:
    description:
      - With O(state=absent), take the name away although processes run in the namespace or hardware is in it, or links in
        other namespaces lie on one of it and are removed with that.
      - Hardware is moved to the current namespace first. Processes keep the nameless namespace alive until they end.
    type: bool
    default: false
  wait:
    description:
      - With O(state=absent), return when the kernel has torn the namespace down, not when its name is gone.
      - Until then the other ends of its veths are still there, and their names taken.
    type: bool
    default: true
  timeout:
    description:
      - How many seconds to wait, at least 1. Afterwards the task fails; the names are gone all the same.
    type: int
    default: 30
seealso:
  - module: linuxnet.netns.veth
  - module: linuxnet.netns.netns_info
"""

EXAMPLES = r"""
- name: A namespace
  linuxnet.netns.netns:
    name: study01

- name: Two namespaces that can talk to themselves
  linuxnet.netns.netns:
    name: [study01, study02]
    lo_up: true

- name: No such namespaces, and nothing of them left
  linuxnet.netns.netns:
    name: [study01, study02]
    state: absent
"""

RETURN = r"""
namespaces:
  description: The namespaces that O(name) names, as they are now; in check mode, as they would be.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: The name.
      type: str
    path:
      description: Where the name is.
      type: str
    state:
      description: Whether the namespace is there.
      type: str
      choices: [present, absent]
    nsid:
      description: The number by which the current namespace knows this one, null if it has none.
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
  description: The iproute2 commands that would have done the same, in order. Empty when nothing was to be done.
  type: list
  elements: str
  returned: success
  sample: [ip netns add study01, ip -n study01 link set dev lo up]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._core import render
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace.options import (
    SPEC,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace.spec import (
    NetnsSpec,
)

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job


def job_of(options: dict[str, t.Any]) -> Job:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import HERE
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job
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
    return Job(
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
        plan=lambda draft: plan(draft, desired),
        render=lambda world, origins: {
            "namespaces": [render.namespace(world.spaces[name]) for name in desired.names]
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
