# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: netns
short_description: Run tasks inside a network namespace of the managed host
version_added: 0.1.0
author:
  - The linuxnet.netns authors (@linuxnet)
description:
  - Run tasks of any module inside a network namespace of the managed host, over any connection that runs a POSIX
    shell there.
  - Only root can enter a namespace. If the login user is not root, C(sudo) is used.
  - If the namespace does not exist or cannot be entered, the task fails. It never runs on the host instead.
  - What Ansible itself does for a task, such as creating its temporary directory or finding a Python, is done outside
    of the namespace.
notes:
  - The host needs C(ip), or C(nsenter) with O(netns_method=nsenter), also C(sudo) if the login user is not root,
    and C(runuser) if O(become_user) is set. It does not need pyroute2.
  - The modules of this collection have the namespace as an option, and run outside of it. A namespace that is created inside
    C(ip netns exec) is not visible outside, so M(linuxnet.netns.netns) refuses to create one there.
  - With C(ip netns exec), the files below C(/etc/netns/NAME) are mounted over those in C(/etc). They can be read and
    written there, but not replaced, so modules that replace files (M(ansible.builtin.copy), M(ansible.builtin.template)) need
    their option C(unsafe_writes); it is better to use M(linuxnet.netns.netns_dns), from outside.
  - Services that are reached over a socket in the file system (systemd, D-Bus, containers) are those of the host, outside.
  - The variable C(ansible_become) of a host overrides C(become=false) of a task.
options:
  netns_name:
    description:
      - Name of the namespace below C(/run/netns). Without a name every task fails.
    type: str
    default: ''
    vars:
      - name: ansible_netns_name
  netns_method:
    description:
      - Program that enters the namespace.
      - V(ip) is C(ip netns exec), where C(/sys) and the files below C(/etc/netns/NAME) are those of the namespace.
      - V(nsenter) changes the network only. C(/sys/class/net) shows the links of the host, and modules that read it,
        such as M(ansible.builtin.setup), return these. What is written to C(/etc) is written on the host.
    type: str
    choices: [ip, nsenter]
    default: ip
    vars:
      - name: ansible_netns_method
  become_user:
    description:
      - User inside the namespace. Default is root.
      - The keyword C(become_user) sets it, unless the variable C(ansible_netns_user) is set. The variable
        C(ansible_become_user) has no effect.
      - "For a user who is neither root nor the login user, Ansible handles its temporary files as with C(sudo): it
        needs C(setfacl) on the host, or root as the login user, or pipelining."
    type: str
    default: ''
    vars:
      - name: ansible_netns_user
  become_pass:
    description:
      - Password of the login user for C(sudo). The last of these variables that is set applies; if none is set, it is
        the one that C(--ask-become-pass) asked for.
    type: str
    vars:
      - name: ansible_become_password
      - name: ansible_become_pass
      - name: ansible_netns_password
  become_exe:
    description:
      - Path of the C(sudo) program.
    type: str
    default: sudo
    vars:
      - name: ansible_netns_become_exe
  become_flags:
    description:
      - Options of C(sudo). If there is a password, C(-n) is left out.
    type: str
    default: -H -S -n
    vars:
      - name: ansible_netns_become_flags
"""

EXAMPLES = r"""
- name: What a task finds inside
  hosts: all
  become: true
  become_method: linuxnet.netns.netns
  vars:
    ansible_netns_name: study01
  tasks:
    - name: See the links of the namespace
      ansible.builtin.command: ip -brief link
      changed_when: false

- name: Some tasks inside, others outside
  hosts: all
  tasks:
    - name: A namespace
      become: true
      linuxnet.netns.netns:
        name: study01
        lo_up: true

    - name: Read what can be heard there, as an ordinary user
      become: true
      become_method: linuxnet.netns.netns
      vars:
        ansible_netns_name: study01
        ansible_netns_user: nobody
      ansible.builtin.command: ss --listening --numeric
      changed_when: false
"""

import re
import shlex
import typing as t
from gettext import dgettext

from ansible.errors import AnsibleError
from ansible.plugins.become import BecomeBase

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._core.options import text
from ansible_collections.linuxnet.netns.plugins.module_utils._core.parse import netns_name

# Flags of sudo without an argument, which may be combined in one word with -n.
LONGEST_USER = 256  # LOGIN_NAME_MAX, limits.h
ALONE = re.compile(r"-[ABbEeHiKklnPSsVv]+")

# Runs on the host first, as the login user: prepends sudo unless that is root.
RISE = """\
if [ "$(id -u)" != 0 ]; then
  command -v {0} >/dev/null || {{
    echo "linuxnet.netns: only root can enter a namespace, and "{0}" was not found on this host" >&2
    exit 1
  }}
  set -- {1} "$@"
fi
exec "$@"
"""

# Then runs as root. The namespace is entered once in advance: so errors of `ip` are not mixed up
# with those of the task, nor with a lost connection (`ip` exits with 255).
ENTER = """\
fail() { echo "linuxnet.netns: $1" >&2; exit 1; }
find() { (PATH=$PATH:/usr/sbin:/sbin; command -v "$1") || fail "$1 not found on this host"; }
name=$1 user=$2; shift 2
if [ "$user" ]; then
  id -u -- "$user" >/dev/null 2>&1 || fail "user $user does not exist on this host"
  runuser=$(find runuser) || exit 1
  set -- "$runuser" -u "$user" -- "$@"
fi
tool=$(find METHOD) || exit 1
[ -e "/run/netns/$name" ] || fail "namespace $name does not exist on this host; create it first (netns module)"
error=$(WAY true 2>&1) || fail "namespace $name cannot be entered: $error"
exec WAY "$@"
"""
WAYS = {
    "ip": '"$tool" netns exec "$name"',
    "nsenter": '"$tool" "--net=/run/netns/$name" --',
}


class Inside(str):
    """The name of the user in the namespace, unequal even to the login user.

    If both users are equal, Ansible silently skips a become plugin, and the task would run on the
    host. Only that comparison uses `!=`; `==` and `in` remain correct, so that files of a task are
    handed over to another user only if needed.
    """

    __slots__ = ()
    __hash__ = str.__hash__

    def __ne__(self, other: object) -> bool:
        return True


class BecomeModule(BecomeBase):
    """Enter a network namespace, through sudo if needed."""

    name = "linuxnet.netns.netns"
    # Messages of sudo.
    fail = ("Sorry, try again.",)
    missing = ("Sorry, a password is required to run sudo", "sudo: a password is required")

    def get_option(self, option: str, hostvars: t.Any = None, playcontext: t.Any = None) -> t.Any:
        """Return an option; the user becomes an Inside, as Ansible compares it with the login user."""
        value = super().get_option(option, hostvars=hostvars, playcontext=playcontext)
        return Inside(value or "root") if option == "become_user" else value

    def _check_password_error(self, b_out: bytes, msg: str) -> bool:
        """Return whether the output contains a message of sudo, in the current locale."""
        return dgettext("sudo", msg).encode() in b_out

    def build_become_command(self, cmd: str, shell: t.Any) -> str:
        """Return the command that runs a command of the shell in the namespace."""
        super().build_become_command(cmd, shell)
        self.prompt = ""
        name, user = self._name(), self._user()
        if not cmd:
            return cmd
        method = self.get_option("netns_method")
        enter = ENTER.replace("METHOD", method).replace("WAY", WAYS[method])
        sudo = self._sudo()
        rise = RISE.format(shlex.quote(sudo[0]), shlex.join(sudo)) if sudo else 'exec "$@"'
        words = ["/bin/sh", "-c", rise, "linuxnet.netns"]
        words += ["/bin/sh", "-c", enter, "linuxnet.netns", name, user]
        return f"{shlex.join(words)} {self._build_success_command(cmd, shell)}"

    def _name(self) -> str:
        """Return the validated name of the namespace."""
        name = str(self.get_option("netns_name") or "").strip()
        shown = name.isprintable() or "\0" in name
        try:
            if shown:
                netns_name(name)
                text(name, "it")
        except BadInput as error:
            raise AnsibleError(f"ansible_netns_name: {error}") from error
        if name.startswith("-") or not shown:
            raise AnsibleError(
                "ansible_netns_name must not begin with a hyphen, which `ip` would take for an"
                f" option, and must consist of printable characters: {name!r}"
            )
        return name

    def _user(self) -> str:
        """Return the validated user in the namespace, '' for root."""
        user = str(self.get_option("become_user"))
        wrong = user.startswith(("-", "+")) or re.search(r"[\s:/\0]", user)
        if wrong or not user.isprintable() or len(user) > LONGEST_USER:
            raise AnsibleError(
                f"ansible_netns_user: {user[:40]!r} is not a valid user name; state one of the host"
            )
        return "" if user == "root" else user

    def _sudo(self) -> list[str]:
        """Return the sudo command; set the prompt to wait for if there is a password."""
        words = self._split("become_exe", "ansible_netns_become_exe") or ["sudo"]
        flags = self._split("become_flags", "ansible_netns_become_flags")
        if self.get_option("become_pass"):
            self.prompt = f"[sudo for linuxnet.netns, key={self._id}] password:"
            flags = [_asking(flag) for flag in flags if flag not in ("-n", "--non-interactive")]
            flags += ["-p", self.prompt]
        return words + flags

    def _split(self, option: str, variable: str) -> list[str]:
        """Return the words of an option; raise AnsibleError if its quotation is invalid."""
        stated = str(self.get_option(option) or "")
        if "\0" in stated:
            raise AnsibleError(f"{variable} must not contain a NUL character: {stated!r}")
        try:
            return shlex.split(stated)
        except ValueError as error:
            raise AnsibleError(
                f"{variable} cannot be split into words: {error}. Correct its quotes"
            ) from error


def _asking(flag: str) -> str:
    """Return a flag of sudo, or several in one word, without -n."""
    return flag.replace("n", "") if ALONE.fullmatch(flag) else flag
