#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_exec
short_description: Run a command in network namespaces
version_added: 0.1.0
description:
  - Runs a command in a namespace, or the same command in many of them at the same time, up to 32 at once.
  - A process of its own enters each namespace, as with C(ip netns exec). It has mounts of its own, C(/sys) shows the
    namespace, and what is in C(/etc/netns/NAME) is seen in C(/etc).
  - No shell is involved, and no variable is expanded. What ends well is a change, as with M(ansible.builtin.command).
author:
  - The linuxnet.netns authors (@linuxnet)
extends_documentation_fragment:
  - linuxnet.netns._attributes
  - linuxnet.netns._attributes.actiongroup_all
attributes:
  check_mode:
    support: partial
    details:
      - The command is not run. The task is skipped, unless O(creates) or O(removes) tell that it would be run, or that
        it would not.
      - A named namespace that is not there yet is taken as one that an earlier task would have made, and a warning says
        so.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - With O(creates) or O(removes), as far as the command keeps to them.
options:
  netns:
    description:
      - "The namespaces: names under C(/run/netns), else PIDs, else absolute paths; V('') is the one that the module runs
        in, as if left out. If one of them is not there, the command is run in none."
    type: list
    elements: str
  cmd:
    description:
      - The command with its arguments, in a line that is split as a shell would.
    type: str
  argv:
    description:
      - The command and its arguments as a list.
    type: list
    elements: str
  chdir:
    description:
      - The folder to run the command in, a path of at most 4095 bytes.
    type: path
  creates:
    description:
      - A path or a pattern of the host. If it is there, the command is not run.
    type: path
  removes:
    description:
      - A path or a pattern of the host. If it is not there, the command is not run.
    type: path
  stdin:
    description:
      - What the command reads from its standard input; each of them gets all of it. Left out, that is empty.
    type: str
  stdin_add_newline:
    description:
      - Whether a newline is added to O(stdin).
    type: bool
    default: true
  strip_empty_ends:
    description:
      - Whether empty lines are stripped from the end of the output.
    type: bool
    default: true
  environment:
    description:
      - Variables for the command, beside those that the module has itself. One that is null is taken away.
    type: dict
  timeout:
    description:
      - The seconds that the command may take. Then it is killed in this namespace, with all processes of its group, and
        has failed.
    type: float
requirements:
  - python >= 3.9
  - pyroute2 >= 0.7.2
notes:
  - Needs root on the managed host.
  - What is no UTF-8 in the output is shown as C(\xff).
  - A process that the command leaves in the background lives on, and is not waited for.
  - O(creates) and O(removes) are looked up once, as the host sees them. Relative ones are looked up in O(chdir).
  - Where O(stdin) or O(environment) hold a secret, give the task C(no_log=true), as with M(ansible.builtin.command).
  - By PID or path a namespace has no files in C(/etc/netns). In the current one, the command sees what the module sees.
seealso:
  - module: ansible.builtin.command
  - module: linuxnet.netns.netns_ping
  - module: linuxnet.netns.netns_dns
"""

EXAMPLES = r"""
- name: What listens in a namespace
  linuxnet.netns.netns_exec:
    netns: study01
    cmd: ss -lntu
  register: listening
  changed_when: false

- name: The same command in two namespaces
  linuxnet.netns.netns_exec:
    netns: [study01, study02]
    argv: [getent, hosts, example.com]
    timeout: 5
  register: found
  changed_when: false

- name: Tell what came of it
  ansible.builtin.debug:
    msg: "{{ item.name }} says {{ item.stdout }}"
  loop: "{{ found.namespaces }}"
  loop_control:
    label: "{{ item.name }}"

- name: Load rules, once
  linuxnet.netns.netns_exec:
    netns: study01
    argv: [nft, -f, '-']
    stdin: |
      table inet guard {
        chain input { type filter hook input priority 0; policy drop; }
      }
"""

RETURN = r"""
namespaces:
  description: What came of it in each namespace, in the order of O(netns); empty if the command was not run.
  type: list
  elements: dict
  returned: when all namespaces are there, or in check mode
  contains:
    name:
      description: The name, PID path or path; null for the current namespace.
      type: str
    rc:
      description:
        - The return code. Minus the number of a signal that ended the command, or the number of the error if it could
          not be started.
      type: int
    stdout:
      description: What the command wrote to its standard output.
      type: str
    stderr:
      description: What the command wrote to its standard error.
      type: str
    stdout_lines:
      description: The same, as a list of lines.
      type: list
      elements: str
    stderr_lines:
      description: The same, as a list of lines.
      type: list
      elements: str
    start:
      description: When it began.
      type: str
    end:
      description: When it ended.
      type: str
    delta:
      description: How long it took.
      type: str
    timed_out:
      description: Whether it was killed, having taken longer than O(timeout).
      type: bool
  sample:
    - name: study01
      rc: 0
      stdout: hello
      stderr: ''
      stdout_lines: [hello]
      stderr_lines: []
      start: '2026-11-24 12:00:00.000000'
      end: '2026-11-24 12:00:00.004000'
      delta: '0:00:00.004000'
      timed_out: false
cmd:
  description: The command as a list.
  type: list
  elements: str
  returned: when all namespaces are there, or in check mode
  sample: [echo, hello]
rc:
  description: The return code, of many the first that is not 0.
  type: int
  returned: when all namespaces are there, or in check mode
  sample: 0
stdout:
  description: As in RV(namespaces), as are the following.
  type: str
  returned: when run in one namespace
stderr:
  description: What the command wrote to its standard error.
  type: str
  returned: when run in one namespace
stdout_lines:
  description: The output as a list of lines.
  type: list
  elements: str
  returned: when run in one namespace
stderr_lines:
  description: The errors as a list of lines.
  type: list
  elements: str
  returned: when run in one namespace
start:
  description: When it began.
  type: str
  returned: when run in one namespace
end:
  description: When it ended.
  type: str
  returned: when run in one namespace
delta:
  description: How long it took.
  type: str
  returned: when run in one namespace
msg:
  description: In which namespaces the command failed and how, or why it was not run.
  type: str
  returned: when there is something to say
  sample: The command failed in namespace study02 with return code 2
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.entry import run

if t.TYPE_CHECKING:
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "netns": {"type": "list", "elements": "str"},
            "cmd": {"type": "str"},
            "argv": {"type": "list", "elements": "str"},
            "chdir": {"type": "path"},
            "creates": {"type": "path"},
            "removes": {"type": "path"},
            "stdin": {"type": "str"},
            "stdin_add_newline": {"type": "bool", "default": True},
            "strip_empty_ends": {"type": "bool", "default": True},
            "environment": {"type": "dict"},
            "timeout": {"type": "float"},
        },
        required_one_of=[("cmd", "argv")],
        mutually_exclusive=[("cmd", "argv")],
        supports_check_mode=True,
    )

    def work(kernel: Kernel) -> dict[str, t.Any]:
        from ansible_collections.linuxnet.netns.plugins.module_utils._exec.job import execute

        result, warnings = execute(kernel, module.params, module.check_mode)
        for warning in warnings:
            module.warn(warning)
        return result

    run(module, work)


if __name__ == "__main__":
    main()
