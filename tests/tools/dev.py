# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Usage: ./dev COMMAND [ARGUMENTS]

  study [ARGUMENTS of ansible-playbook]
      Wire two network namespaces and let them ping each other. Sets up all that it needs, and
      leaves a picture of it in study.svg; without Graphviz, in study.mmd for Mermaid.
  test [WORD...] [-- ARGUMENTS of ansible-test]
      Run every check, or those whose name has one of the words; `./dev test --list` names them.
  machines [--jobs=N] [--keep] [WORD...]
      Run every integration target, and every kind of link, on every kernel that can be had here,
      each on a machine of its own; or on the kernels, and those of them, that the words name;
      `./dev machines --list` names them.
  docs
      Build the site of the documentation, and say where it is.
  errors
      Write tests/unit/errors.txt, the catalogue of all error messages, as they are in plugins/.
  bench [ARGUMENTS]
      Measure how fast the modules are.
  help
      Show this.

Needs root, and Linux. On Debian and Ubuntu it installs what is missing, and only then."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import typing as t

import checks
import machine
from machine import ROOT, Venv


def user_venv() -> Venv:
    """The clone's .venv, made anew when requirements.txt changes."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    wanted = tuple(line for line in lines if line and not line.startswith("#"))
    return Venv("user", machine.controller(), (wanted,), ROOT / ".venv")


def run(program: str, *arguments: str) -> t.NoReturn:
    """Become a program of .venv."""
    machine.commands(ip="iproute2", ping="iputils-ping")
    venv = user_venv()
    venv.make()
    # Said in full: from another folder, or one that all may write to, Ansible would not read it.
    env = {**machine.environment(str(venv.bin)), "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    os.execve(venv.bin / program, [program, *arguments], env)


def docs() -> int:
    """Build the site, in a folder that git ignores."""
    venv = checks.tools("docs")
    if not isinstance(venv, Venv):
        raise machine.MachineError(f"needs {venv}")
    machine.commands(dot="graphviz")
    print("Building the site: it takes a minute", flush=True)
    venv.make()
    env = machine.environment(str(venv.bin))
    env["ANSIBLE_COLLECTIONS_PATH"] = str(ROOT / ".dev")
    build = [str(venv.bin / "python"), "-B", str(ROOT / "tests" / "tools" / "site.py")]
    return subprocess.run([*build, str(ROOT / "docs" / "site")], env=env, check=False).returncode


def main(command: str = "help", *arguments: str) -> int:
    if command in ("study", "bench") and os.geteuid():
        raise machine.MachineError(f"needs root, for namespaces: sudo ./dev {command}")
    if command == "study":
        drawn = f"study_drawing={json.dumps(str(ROOT / 'study'))}"  # the playbook adds .svg or .mmd
        playbook = str(ROOT / "playbooks" / "study.yml")
        run("ansible-playbook", "-e", drawn, playbook, *arguments)
    if command == "bench":
        run("python", str(ROOT / "tests" / "benchmark" / "bench.py"), *arguments)
    if command == "docs":
        return docs()
    if command == "errors":
        import errors

        errors.write()
        return 0
    if command == "test":
        return checks.main(list(arguments))
    if command == "machines":
        sys.path.append(str(ROOT / "tests" / "machines"))
        import machines

        return machines.main(arguments)
    if command not in ("help", "-h", "--help"):
        raise machine.MachineError(
            f"there is no command {command}; ./dev help shows those there are"
        )
    print(__doc__)
    return 0


if __name__ == "__main__":
    # Ended from outside, it ends its children too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main(*sys.argv[1:]))
    except machine.MachineError as error:
        sys.exit(f"dev: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
