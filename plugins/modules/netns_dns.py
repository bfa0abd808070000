#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_dns
short_description: Manage the DNS files (resolv.conf, hosts) of a network namespace
version_added: 0.1.0
description:
  - Manage C(/etc/netns/NAME/resolv.conf) and C(/etc/netns/NAME/hosts), which C(ip netns exec NAME) mounts over
    C(/etc/resolv.conf) and C(/etc/hosts). The files in C(/etc) itself are never changed.
  - Each option holds all values of its kind in the file. Options that are not set are left as they are, as are
    comments and other keywords of the file. Setting any of O(nameservers), O(search) and O(options) creates the
    C(resolv.conf), and setting O(entries) creates the C(hosts) file, if it does not exist.
  - A file is replaced atomically, and keeps its mode, owner, SELinux context and ACL. A new one has mode C(0644).
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
      - Name of the namespace. It need not exist yet, since C(ip netns exec) looks for the files by name.
    type: str
    required: true
  nameservers:
    description:
      - Addresses of the name servers, in the order in which they are asked. Resolvers ask the first three.
      - A link-local address may be followed by its link, as in V(fe80::1%eth0). Resolvers ignore any other address
        with a link.
    type: list
    elements: str
  search:
    description:
      - Search domains for short names. They replace a C(domain) line.
    type: list
    elements: str
  options:
    description:
      - Resolver options, such as V(ndots:2) or V(rotate).
    type: list
    elements: str
  entries:
    description:
      - All entries of the C(hosts) file. Without an entry for C(localhost), that name is unknown in the namespace.
    type: list
    elements: dict
    suboptions:
      address:
        description:
          - The IP address.
        type: str
        required: true
      names:
        description:
          - The names of the address, the canonical one first.
        type: list
        elements: str
        required: true
  state:
    description:
      - With V(absent), delete both files, and their directory if it is empty then. Other files there are kept, and so
        is C(/etc/netns).
    type: str
    choices: [present, absent]
    default: present
requirements:
  - python >= 3.9
  - pyroute2 >= 0.7.2
notes:
  - Requires root on the managed host.
  - Processes that C(ip netns exec) started earlier keep the files that they had, even after a file is replaced.
  - Within C(ip netns exec), the files in C(/etc) are mounts, and a module that replaces one of them, such as
    M(ansible.builtin.copy) or M(ansible.builtin.template), fails with C(Device or resource busy). Use this module instead,
    which manages the files that are mounted there.
  - C(nsenter), and C(ip netns exec) for a namespace without such files, show the files of the host.
  - A symbolic link in the place of a file or the directory is an error, since it may lead to the files of the host.
seealso:
  - module: linuxnet.netns.netns
"""

EXAMPLES = r"""
- name: Set a name server
  linuxnet.netns.netns_dns:
    netns: study01
    nameservers: 192.0.2.53

- name: Manage resolv.conf and hosts
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

- name: Remove both files, so that those of the host are seen
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
      description: Whether the directory exists.
      type: bool
    resolv_conf:
      description: The content of the C(resolv.conf), null if it does not exist.
      type: dict
      contains:
        nameservers:
          description: The name servers.
          type: list
          elements: str
        search:
          description: The search domains.
          type: list
          elements: str
        options:
          description: The resolver options.
          type: list
          elements: str
        lines:
          description: All lines of the file.
          type: list
          elements: str
    hosts:
      description: The content of the C(hosts) file, null if it does not exist.
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
  description: The shell commands that would have made the same changes, in order. Empty if nothing changed.
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
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation


def job_of(options: dict[str, t.Any]) -> Reconciliation:
    """Return the job that reconciles the current state with the options."""
    from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns import (
        RESOURCE as DNS,
    )
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns.plan import (
        plan,
        shown,
    )

    desired = DnsSpec.of(options)
    return Reconciliation(
        header=f"resolv.conf and hosts of {desired.name}",
        scope=Scope((), resources=(DNS,), dns=(desired.name,)),
        plan=lambda builder: plan(builder, desired),
        render=lambda host, origins: {"dns": shown(host.etc[desired.name])},
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
