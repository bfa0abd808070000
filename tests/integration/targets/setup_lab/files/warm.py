# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run modules, each in a child of a process that has loaded already what they load.

A line of the input is a module's name and its arguments, as JSON; a line of the output is what the
module printed. The child calls what Ansible's own wrapper calls once it has unpacked a module.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import runpy
import sys
import tempfile

from ansible.module_utils import basic

try:
    from ansible.module_utils._internal._ansiballz import _loader
except ImportError:  # ansible-core before 2.19
    _loader = None

ROOT = sys.argv[1]  # where ansible_collections is
UTILS = "ansible_collections.linuxnet.netns.plugins.module_utils"


def main() -> None:
    """Answer until the input ends."""
    sys.path.insert(0, ROOT)
    utils = importlib.import_module(UTILS)
    for found in pkgutil.walk_packages(utils.__path__, f"{UTILS}."):
        importlib.import_module(found.name)
    gc.freeze()
    for line in sys.stdin:
        name, arguments = json.loads(line)
        with tempfile.TemporaryFile() as out:
            child = os.fork()
            if not child:
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(out.fileno(), 1)
                run(name, arguments.encode())
            os.waitpid(child, 0)
            out.seek(0)
            print(json.dumps(out.read().decode()), flush=True)


def run(name: str, arguments: bytes) -> None:
    """Run a module, which ends this process."""
    if _loader is None:
        basic._ANSIBLE_ARGS = arguments
        known = {"_module_fqn": name, "_modlib_path": ROOT}
        runpy.run_module(name, init_globals=known, run_name="__main__", alter_sys=True)
        return
    _loader.run_module(
        json_params=arguments,
        profile="legacy",
        module_fqn=name,
        modlib_path=ROOT,
        extensions={},
    )


main()
