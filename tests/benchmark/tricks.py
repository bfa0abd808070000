# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each trick of the code saves: the same tasks with it, and with the plain thing instead.

A trick is taken out of a copy of the collection by replacing its text. It stays where it saves a task
enough, by the processor or by the clock.
"""

from __future__ import annotations

import dataclasses
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import typing as t

import carried
import contenders
import networks
import plays
import sandbox
import ways
from measure import Cost, Row, in_parts, shown, timed

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from measure import Costs

LEAST, SHARE = 0.010, 0.05  # seconds, and of a task, that a trick has to save
TASKS = 12  # of a play on the controller
UTILS = "module_utils"
SAME = {"linuxnet.netns.netns": {"name": ["bench-a", "bench-b"], "lo_up": True}}

IDLE, CHANGE, WORKER = "idle, sent", "a link changed, sent", "idle, on the controller"
BUILD, AGAIN, REMOVE = "750 built, sent", "750 again, sent", "750 removed, sent"
CLASSES = "classes of WireGuard, sent"
ADDRESSES = "400 addresses in check mode, sent"
WHOLE = "750 built, on the controller"
SMALL, LARGE = (IDLE, CHANGE, WORKER), (BUILD, AGAIN, REMOVE)

RECORDS = "from dataclasses import dataclass, field, fields, replace\n\n"
RECORDS += '__all__ = ("dataclass", "field", "fields", "replace")\n'
PLAIN_READ = """        found: dict[str, t.Any] = {}
        others = []
        while start + 4 <= end:
            length, kind = ATTRIBUTE.unpack_from(data, start)
            if length < 4 or start + length > end:
                break
            known = self.wanted.get(kind & TYPE_MASK)
            if known is not None:
                found[known[0]] = known[1](data[start + 4 : start + length])
            elif self.ignored is not None and kind & TYPE_MASK not in self.ignored:
                others.append((kind, data[start + 4 : start + length]))
            start += (length + 3) & ~3
        if others:
            found["others"] = tuple(others)
        return found


class CachedLayout:"""


@dataclasses.dataclass(frozen=True)
class Trick:
    """A trick: which tasks it is for, and what replaces it in which files below plugins."""

    name: str
    tasks: tuple[str, ...]
    plain: tuple[tuple[str, str, str], ...]  # files, what is in them, what takes its place
    by_the_clock: bool = False  # what it saves is not work, but waiting

    def take_out(self, plugins: pathlib.Path) -> None:
        """Put the plain thing in the place of the trick."""
        for files, pattern, text in self.plain:
            found = [each for each in plugins.glob(files) if _replace(each, pattern, text)]
            if not found:
                raise LookupError(f"{self.name}: {files} has nothing like {pattern!r}")


def _replace(file: pathlib.Path, pattern: str, text: str) -> bool:
    """Replace what matches a pattern in a file; return whether anything does."""
    old = file.read_text(encoding="utf-8")
    new = re.sub(pattern, lambda _found: text, old, flags=re.DOTALL)
    file.write_text(new, encoding="utf-8")
    return new != old


def _eager() -> str:
    """Return lines that import all that goes along with the module netns."""
    lines = []
    for file in carried.reached(carried.PLUGINS / "modules" / "netns.py"):
        parts = file.relative_to(carried.PLUGINS).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        lines.append(f"    importlib.import_module('{carried.OURS}{name}')\n")
    return "".join(lines)


TRICKS = (
    Trick(
        "own record class",
        (*SMALL, *LARGE),
        ((f"{UTILS}/_core/record.py", r"import itertools\n.*", RECORDS),),
    ),
    Trick(
        "compiled constructors of records",
        (IDLE, *LARGE),
        ((f"{UTILS}/_core/record.py", r"\nMANY = 100\n", "\nMANY = 1 << 60\n"),),
    ),
    Trick(
        "zipimport that compiles once",
        (IDLE, CHANGE, BUILD),
        (
            (
                f"{UTILS}/_engine/payload.py",
                r"        sys\.path_importer_cache\[path\] = .*?\n.*?\n",
                "",
            ),
        ),
    ),
    Trick(
        "no garbage collection",
        (*SMALL, *LARGE),
        (
            (f"{UTILS}/_engine/payload.py", r"gc\.(disable|freeze)\(\)", "pass"),
            ("action/netns.py", r"gc\.disable\(\)", "pass"),
        ),
    ),
    Trick(
        "cached layouts of messages",
        (IDLE, *LARGE),
        (
            (
                f"{UTILS}/_netlink/attributes.py",
                r"        layout = self\.layouts\.get.*?\nclass CachedLayout:",
                PLAIN_READ,
            ),
        ),
    ),
    Trick(
        "pyroute2 without its package",
        (CLASSES,),
        ((f"{UTILS}/_netlink/messages.py", r"with isolated_pyroute2\(\):", "if True:"),),
    ),
    Trick(
        "cache of addresses' networks",
        (ADDRESSES,),
        ((f"{UTILS}/_core/host_state.py", r"@functools\.lru_cache\(maxsize=4096\)\n", ""),),
    ),
    Trick(
        "hint where the other end of a veth is",
        LARGE,
        ((f"{UTILS}/_topology/job.py", r"cables=_cables\(desired\)", "cables={}"),),
    ),
    Trick(
        "namespaces made ahead, by several threads",
        (BUILD,),
        ((f"{UTILS}/_resources/namespace/kernel.py", r"\nBATCH = 50 ", "\nBATCH = 1 "),),
        by_the_clock=True,
    ),
    Trick(
        "imports where they are needed",
        (IDLE, WORKER),
        (
            (
                f"{UTILS}/_engine/entry.py",
                r"    try:\n        kernel = open_kernel\(\)",
                "    import importlib\n\n" + _eager() + "    try:\n        kernel = open_kernel()",
            ),
        ),
    ),
    Trick(
        "bytecode kept by the controller",
        (WORKER,),
        (
            (
                "action/netns.py",
                r"        if _Bytecode not in sys\.meta_path:\n.*?\n",
                "",
            ),
        ),
    ),
    Trick(
        "lists that do not return from the worker",
        (WHOLE,),
        (("action/netns.py", r"> LONG and", "> 1 << 60 and"),),
    ),
)


class Copy:
    """A copy of the collection, and the tasks that are run by it."""

    def __init__(
        self, folder: pathlib.Path, network: networks.Network, trick: Trick | None
    ) -> None:
        plugins = folder / contenders.PLUGINS
        shutil.copytree(sandbox.ROOT / "plugins", plugins)
        for name in ("meta", "galaxy.yml"):
            source, at = sandbox.ROOT / name, plugins.parent / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, at)
        if trick is not None:
            trick.take_out(plugins)
        self.folder, self.network = folder, network
        self.zip = contenders.packed(folder, plugins)
        self.tasks = {task for each in TRICKS for task in each.tasks if trick in (None, each)}

    def run(self) -> dict[str, Cost]:
        """Run each task once, and return what they cost."""
        return dict(self._parts())

    def _parts(self) -> Iterator[tuple[str, Cost]]:
        if IDLE in self.tasks:
            yield IDLE, self._module("netns", **SAME["linuxnet.netns.netns"])
        if CHANGE in self.tasks:
            costs = [
                self._module("netns_link", name="bench01", netns="bench-a", mtu=mtu)
                for mtu in (1400, 1500)
            ]
            yield CHANGE, Cost(*map(statistics.mean, zip(*costs)))
        if ADDRESSES in self.tasks:
            addresses = [f"10.{number // 200}.{number % 200}.1/24" for number in range(400)]
            options = {"link": "bench01", "netns": "bench-a", "address": addresses}
            yield ADDRESSES, self._module("netns_addr", **options, _ansible_check_mode=True)
        if CLASSES in self.tasks:
            yield CLASSES, self._classes()
        if WORKER in self.tasks:
            play = plays.written(self.folder / "play.yml", [SAME] * TASKS)
            yield WORKER, timed(lambda: plays.run(play, self.environment()), TASKS)
        if self.tasks & {BUILD, AGAIN, REMOVE}:
            lists = networks.lists(self.network)
            for task in (BUILD, AGAIN):
                yield task, self._module("netns_topology", name="bench", **lists)
            yield REMOVE, self._module("netns_topology", name="bench", state="absent")
        if WHOLE in self.tasks:
            yield WHOLE, self._topology(networks.lists(self.network))
            self._topology({"state": "absent"})

    def environment(self) -> dict[str, str]:
        """Return the environment for plays that use this copy."""
        folder = str(self.folder)
        return {**plays.environment(self.folder), "ANSIBLE_COLLECTIONS_PATH": folder}

    def _module(self, module: str, **options: t.Any) -> Cost:
        run = contenders.own_time
        return timed(lambda: run(module, options, self.folder, self.zip))

    def _classes(self) -> Cost:
        """Return what it costs to load what WireGuard needs, which not every kernel has."""
        room = f"{carried.OURS}{UTILS}._resources.wireguard.kernel"
        env = {**sandbox.environment(), "PYTHONPATH": str(self.zip)}
        command = [sys.executable, "-c", f"import {room}"]
        return timed(lambda: subprocess.run(command, env=env, check=True))

    def _topology(self, options: dict[str, t.Any]) -> Cost:
        task = {"linuxnet.netns.netns_topology": {"name": "bench", **options}}
        play = plays.written(self.folder / "topology.yml", [task])
        return timed(lambda: plays.run(play, self.environment()))


def rows(rounds: int, network: networks.Network) -> Iterator[Row]:
    """Yield a row for each trick and task."""
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-bench-") as name:
        top = pathlib.Path(name)
        sandbox.ip("netns add bench-a", "netns add bench-b")
        for netns in ("bench-a", "bench-b"):
            sandbox.ip("link set lo up", netns=netns)
        sandbox.ip("link add bench01 type veth peer bench02", netns="bench-a")
        copies = {"": Copy(top / "as-it-is", network, None)}
        for number, trick in enumerate(TRICKS):
            copies[trick.name] = Copy(top / str(number), network, trick)
        costs = in_parts(rounds, {key: each.run for key, each in copies.items()})
        ansible = _sent(copies[""])
        if IDLE in costs[""]:
            ansible -= costs[""][IDLE].median.processor
    for trick in TRICKS:
        yield from _rows(trick, costs[""], costs[trick.name], ansible)


def _sent(copy: Copy) -> float:
    """Return how long a processor works for an idle task that is sent, all of Ansible included."""

    def growth() -> float:
        files = [
            plays.written(copy.folder / f"{count}.yml", [SAME] * count, vars={ways.OPTION: False})
            for count in (1, 4)
        ]
        one, four = (timed(lambda: plays.run(file, copy.environment())) for file in files)  # noqa: B023
        return (four.processor - one.processor) / 3

    return statistics.median(growth() for _unused in range(3))


def _rows(
    trick: Trick, base: dict[str, Costs], plain: dict[str, Costs], ansible: float
) -> Iterator[Row]:
    """Yield the rows of a trick; ``ansible`` is what that needs besides for a module that is sent."""
    found = []
    for task in trick.tasks:
        saved = plain[task].over(base[task])
        seconds = saved.wall if trick.by_the_clock else saved.processor
        takes = base[task].median
        whole = takes.wall if trick.by_the_clock else takes.processor
        whole += ansible if task.endswith(", sent") else 0
        found.append((min(seconds / LEAST, seconds / whole / SHARE), task, saved, seconds / whole))
    best = max(worth for worth, *_unused in found)
    for worth, task, saved, share in found:
        verdict = ("kept" if worth >= 1 else "BROKEN: take it out") if worth == best else ""
        yield Row(
            f"{trick.name}: {task}",
            shown(base[task].median.processor),
            f"{shown(plain[task].median.processor)} without",
            f"{saved.wall * 1e3:+.1f} ms by the clock",
            f"{saved.processor * 1e3:+.1f} ms",
            f"{LEAST * 1e3:.0f} ms and {SHARE:.0%}: {share:+.1%}",
            verdict,
        )
