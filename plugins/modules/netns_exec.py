#!/usr/bin/python

# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netns_exec
short_description: Run a command in one or many network namespaces
version_added: 0.1.0
description:
  - Run a command in a namespace, or the same command in many at the same time, up to 32 at once.
  - Each namespace is entered by a process of its own, as with C(ip netns exec). It has mounts of its own, C(/sys)
    shows the namespace, and files in C(/etc/netns/NAME) appear in C(/etc).
  - No shell is involved, and no variables are expanded. A command that succeeds counts as a change, as with
    M(ansible.builtin.command).
author:
  - The linuxnet.netns authors (@linuxnet)
extends_documentation_fragment:
  - linuxnet.netns._attributes
  - linuxnet.netns._attributes.actiongroup_all
attributes:
  check_mode:
    support: partial
    details:
      - The command is not run. The task is skipped, unless O(creates) or O(removes) decide whether it would be run.
      - A named namespace that does not exist is assumed to be created by an earlier task, and a warning says so.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - With O(creates) or O(removes), as far as the command keeps to them.
options:
  netns:
    description:
      - "Namespaces: names under C(/run/netns), else PIDs, else absolute paths. V('') is the namespace that the module
        runs in, which is the default. If one of them does not exist, the command is run in none."
    type: list
    elements: str
  cmd:
    description:
      - Command with its arguments, in a line that is split as a shell would.
    type: str
  argv:
    description:
      - Command and its arguments, as a list.
    type: list
    elements: str
  chdir:
    description:
      - Directory to run the command in, a path of at most 4095 bytes.
    type: path
  creates:
    description:
      - A path or a pattern on the host. If it exists, the command is not run.
    type: path
  removes:
    description:
      - A path or a pattern on the host. If it does not exist, the command is not run.
    type: path
  stdin:
    description:
      - Standard input of the command; in each namespace it gets all of it. Empty by default.
    type: str
  stdin_add_newline:
    description:
      - Append a newline to O(stdin).
    type: bool
    default: true
  strip_empty_ends:
    description:
      - Strip empty lines from the end of the output.
    type: bool
    default: true
  environment:
    description:
      - Environment variables for the command, in addition to those of the module. A variable that is null is removed.
    type: dict
  timeout:
    description:
      - Time in seconds that the command may take. After that it is killed in this namespace, with all processes of
        its group, and counts as failed. No limit by default.
    type: float
requirements:
  - python >= 3.9
  - pyroute2 >= 0.7.2
notes:
  - Requires root on the managed host.
  - Output that is not valid UTF-8 is shown as C(\xff).
  - A process that the command leaves in the background keeps running; the task does not wait for it.
  - O(creates) and O(removes) are checked once, on the host. Relative paths are relative to O(chdir).
  - If O(stdin) or O(environment) contain a secret, set C(no_log=true) on the task, as with M(ansible.builtin.command).
  - A namespace given by PID or path has no files in C(/etc/netns). In the current one, the command sees what the module sees.
seealso:
  - module: ansible.builtin.command
  - module: linuxnet.netns.netns_ping
  - module: linuxnet.netns.netns_dns
"""

EXAMPLES = r"""
- name: List listening sockets in a namespace
  linuxnet.netns.netns_exec:
    netns: study01
    cmd: ss -lntu
  register: listening
  changed_when: false

- name: Run a command in two namespaces
  linuxnet.netns.netns_exec:
    netns: [study01, study02]
    argv: [getent, hosts, example.com]
    timeout: 5
  register: found
  changed_when: false

- name: Show the output
  ansible.builtin.debug:
    msg: "{{ item.name }} says {{ item.stdout }}"
  loop: "{{ found.namespaces }}"
  loop_control:
    label: "{{ item.name }}"

- name: Load firewall rules once
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
  description: The result in each namespace, in the order of O(netns); empty if the command was not run.
  type: list
  elements: dict
  returned: when all namespaces are there, or in check mode
  contains:
    name:
      description: The name, PID path or path; null for the current namespace.
      type: str
    rc:
      description:
        - The return code. If a signal ended the command, minus its number; if the command could not be started, the
          number of the error (errno).
      type: int
    stdout:
      description: The standard output of the command.
      type: str
    stderr:
      description: The standard error of the command.
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
      description: The time when it started.
      type: str
    end:
      description: The time when it ended.
      type: str
    delta:
      description: The time that it took.
      type: str
    timed_out:
      description: Whether it was killed because it took longer than O(timeout).
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
  description: The return code; with several namespaces, the first one that is not 0.
  type: int
  returned: when all namespaces are there, or in check mode
  sample: 0
stdout:
  description: As in RV(namespaces), as are the following.
  type: str
  returned: when run in one namespace
stderr:
  description: The standard error of the command.
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
  description: The time when it started.
  type: str
  returned: when run in one namespace
end:
  description: The time when it ended.
  type: str
  returned: when run in one namespace
delta:
  description: The time that it took.
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
