# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A machine of our own: new namespaces of network and mounts, an empty /run. It ends with us."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COLLECTIONS = ROOT / ".dev"
INSIDE = "--inside"


def enter(script: str, arguments: list[str]) -> list[str]:
    """Start the script again inside, and return there the arguments that it had outside."""
    if INSIDE in arguments:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"], check=True)
        subprocess.run(["ip", "link", "set", "dev", "lo", "up"], check=True)
        return [argument for argument in arguments if argument != INSIDE]
    if os.geteuid() != 0:
        sys.exit("bench: needs root, to make namespaces")
    missing = [program for program in ("unshare", "ip") if shutil.which(program) is None]
    if missing:
        sys.exit(f"bench: needs {' and '.join(missing)} (Debian: util-linux, iproute2)")
    unshare = ["unshare", "--net", "--mount", "--propagation", "private"]
    os.execvp("unshare", [*unshare, sys.executable, script, INSIDE, *arguments])


def environment() -> dict[str, str]:
    """Return an environment for children: nobody's settings, and Python writes its bytecode."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANSIBLE_", "PYTHON"))
    }


def ip(*lines: str, netns: str | None = None) -> None:
    """Have one ip process carry out commands, in a namespace if one is named."""
    where = ["-n", netns] if netns else []
    text = "".join(f"{line}\n" for line in lines)
    subprocess.run(["ip", *where, "-batch", "-"], input=text, text=True, check=True)
