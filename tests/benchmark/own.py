# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Usage: own.py FILE [MODULE], of arguments in JSON. A module's own time, from arguments to result.

The module alone is imported before. What it imports once it knows what to do is its own time. The
result goes to standard output, and what it took to standard error, in JSON.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
import typing as t

from ansible.module_utils import basic

MODULES = "ansible_collections.linuxnet.netns.plugins.modules"


def used() -> float:
    """Return how long processors have worked for this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak() -> int:
    """Return how many bytes of memory this process had at most, since it was started."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM:"))


def main(arguments: str, name: str = "netns_topology") -> t.NoReturn:
    """Run the module as a process on a managed host does, and tell what it took."""
    with open(arguments, "rb") as file:
        basic._ANSIBLE_ARGS = file.read()
    module = importlib.import_module(f"{MODULES}.{name}")
    basic._ANSIBLE_PROFILE = "legacy"  # ansible-core from 2.19: what a module says is plain JSON
    before = peak()
    processor, wall = used(), time.perf_counter()
    try:
        module.main()
    finally:
        wall, processor = time.perf_counter() - wall, used() - processor
        taken = {"wall": wall, "processor": processor, "peak": peak(), "before": before}
        print(json.dumps(taken), file=sys.stderr)
    raise SystemExit(2)


if __name__ == "__main__":
    main(*sys.argv[1:])
