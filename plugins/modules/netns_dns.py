#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_dns
short_description: Manage the resolv.conf and the hosts file of a network namespace
version_added: 0.1.0
description:
  - Manages C(/etc/netns/NAME/resolv.conf) and C(/etc/netns/NAME/hosts), which C(ip netns exec NAME) lays over
    C(/etc/resolv.conf) and C(/etc/hosts). The files in C(/etc) itself are never touched.
  - Each option is all there is of its kind in the file; one that is left out, and whatever else the file holds, comments
    and other keywords, stays as it is. Stating any of O(nameservers), O(search) and O(options) makes the C(resolv.conf),
    stating O(entries) makes the C(hosts), where it is not there yet.
  - A file is replaced at once, so that nobody reads half of it, and keeps its mode, its owner, its SELinux context and
    its ACL. A new one has mode C(0644).
author:
  - The linuxnet.netns authors (@linuxnet)
extends_documentation_fragment:
  - linuxnet.netns._attributes
  - linuxnet.netns._attributes.actiongroup_all
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  netns:
    description:
      - The name of the namespace. It need not be there yet, since the files are looked for by name when it is entered.
    type: str
    required: true
  nameservers:
    description:
      - The addresses of the name servers, in the order in which they are asked. Resolvers ask the first three.
      - A link-local address may have the link behind it, as in V(fe80::1%eth0). Behind any other, resolvers pass over it.
    type: list
    elements: str
  search:
    description:
      - The domains in which short names are looked for. It takes the place of a C(domain) line.
    type: list
    elements: str
  options:
    description:
      - The options of the resolver, such as V(ndots:2) or V(rotate).
    type: list
    elements: str
  entries:
    description:
      - The entries of the C(hosts) file. It is all that the namespace has; without an entry for C(localhost), that is not
        known there.
    type: list
    elements: dict
    suboptions:
      address:
        description:
          - The address.
        type: str
        required: true
      names:
        description:
          - Its names, the canonical one first.
        type: list
        elements: str
        required: true
  state:
    description:
      - With V(absent), both files go, and their directory if nothing else is in it. Other files there stay, and
        C(/etc/netns) itself does.
    type: str
    choices: [present, absent]
    default: present
requirements:
  - python >= 3.9
  - pyroute2 >= 0.7.2
notes:
  - Needs root on the managed host.
  - Processes that were started by C(ip netns exec) before keep the files that they had. They see the mount of a file that
    has been replaced since.
  - Within C(ip netns exec), the files in C(/etc) are mounts, and a module that replaces one of them, such as
    M(ansible.builtin.copy) or M(ansible.builtin.template), fails with C(Device or resource busy). Use this module instead,
    which manages what is mounted there.
  - C(nsenter), and C(ip netns exec) of a namespace that has no files here, show the files of the machine.
  - A symbolic link in the place of a file or of the directory is an error. It might lead to the files of the machine.
seealso:
  - module: linuxnet.netns.netns
"""

EXAMPLES = r"""
- name: A name server of its own
  linuxnet.netns.netns_dns:
    netns: study01
    nameservers: 192.0.2.53

- name: Both files
  linuxnet.netns.netns_dns:
    netns: study01
    nameservers:
      - 192.0.2.53
      - 2001:db8::53
    search: [lab.example]
    options: ["ndots:2"]
    entries:
      - address: 127.0.0.1
        names: [localhost]
      - address: 172.16.1.102
        names: [study02.lab.example, study02]

- name: The files of the machine again
  linuxnet.netns.netns_dns:
    netns: study01
    state: absent
"""

RETURN = r"""
dns:
  description: The files of the namespace, as they are now; in check mode, as they would be.
  type: dict
  returned: success
  contains:
    netns:
      description: The name of the namespace.
      type: str
    path:
      description: The directory of the files.
      type: str
    exists:
      description: Whether the directory is there.
      type: bool
    resolv_conf:
      description: What the C(resolv.conf) says, null if it is not there.
      type: dict
      contains:
        nameservers:
          description: The name servers.
          type: list
          elements: str
        search:
          description: The domains in which short names are looked for.
          type: list
          elements: str
        options:
          description: The options of the resolver.
          type: list
          elements: str
        lines:
          description: All lines of the file.
          type: list
          elements: str
    hosts:
      description: What the C(hosts) file says, null if it is not there.
      type: dict
      contains:
        entries:
          description: The entries, each an C(address) and its C(names).
          type: list
          elements: dict
        lines:
          description: All lines of the file.
          type: list
          elements: str
  sample:
    netns: study01
    path: /etc/netns/study01
    exists: true
    resolv_conf:
      nameservers: [192.0.2.53]
      search: []
      options: []
      lines: [nameserver 192.0.2.53]
    hosts: null
commands:
  description: The shell commands that would have done the same, in order. Empty when nothing was to be done.
  type: list
  elements: str
  returned: success
  sample:
    - mkdir /etc/netns
    - mkdir /etc/netns/study01
    - printf '%s\n' 'nameserver 192.0.2.53' > /etc/netns/study01/resolv.conf
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run_job
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns.spec import DnsSpec

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job


def job_of(options: dict[str, t.Any]) -> Job:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Job
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns import (
        RESOURCE as DNS,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns.plan import (
        plan,
        shown,
    )

    desired = DnsSpec.of(options)
    return Job(
        header=f"resolv.conf and hosts of {desired.name}",
        scope=Scope((), resources=(DNS,), dns=(desired.name,)),
        plan=lambda draft: plan(draft, desired),
        render=lambda world, origins: {"dns": shown(world.etc[desired.name])},
    )


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "netns": {"type": "str", "required": True},
            "nameservers": {"type": "list", "elements": "str"},
            "search": {"type": "list", "elements": "str"},
            "options": {"type": "list", "elements": "str"},
            "entries": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "address": {"type": "str", "required": True},
                    "names": {"type": "list", "elements": "str", "required": True},
                },
            },
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        supports_check_mode=True,
    )
    run_job(module, job_of)


if __name__ == "__main__":
    main()
