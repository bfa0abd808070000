# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who builds a network, and takes it away: netns_topology, ip by its best scripts, the floor."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import typing as t
import zipfile

import ends
import floor
import iproute2
import networks
import sandbox
from measure import Cost, timed

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from measure import Costs

Parts = dict[str, Cost]
HERE = pathlib.Path(__file__).parent
PLUGINS = "ansible_collections/linuxnet/netns/plugins"
COLLECTION = sandbox.COLLECTIONS / PLUGINS


class Run(t.NamedTuple):
    """What a run of the module took, its memory at most, in bytes, and what it returned."""

    cost: Cost
    peak: int
    result: dict[str, t.Any]


class Site:
    """A network, and a folder for all that its builders read."""

    def __init__(self, network: networks.Network, folder: pathlib.Path) -> None:
        self.network = network
        self.lists = networks.lists(network)
        self.folder = folder / network.name.replace(" ", "-")
        self.folder.mkdir()

    # --- netns_topology ------------------------------------------------------------------------

    def module(self, *prefix: str, **options: t.Any) -> Run:
        """Run the module as a managed host does: from a zip file, with Python's own bytecode."""
        options = {"name": "bench", **options}
        return own_time("netns_topology", options, self.folder, packed(self.folder.parent), *prefix)

    def build(self, *prefix: str) -> Run:
        """Have the module build all of it."""
        return self._expect(True, self.module(*prefix, **self.lists))

    def ours(self) -> Parts:
        """Have the module foretell, build, find nothing to do, and remove."""
        foretold = self._expect(True, self.module(**self.lists, _ansible_check_mode=True))
        built = self.build()
        again = self._expect(False, self.module(**self.lists))
        removed = self._expect(True, self.module(state="absent"))
        ends.normalise()
        return {
            "foretell": foretold.cost,
            "build": built.cost,
            "again": again.cost,
            "remove": removed.cost,
        }

    @staticmethod
    def _expect(changed: bool, run: Run) -> Run:
        if run.result["changed"] is not changed:
            sys.exit(f"bench: changed={changed} was expected: {run.result['commands'][:9]}")
        return run

    # --- ip, and the floor ---------------------------------------------------------------------

    def script(self, enter: str, jobs: int = 1) -> Callable[[], object]:
        """Return what has a shell and ip build it."""
        folder = self.folder / f"{enter}-{jobs}".replace(" ", "")
        folder.mkdir()
        script = folder / "script.sh"
        script.write_text(iproute2.building(self.lists, folder, enter, jobs))
        return lambda: subprocess.run(["sh", str(script)], check=True)

    def ip(self, enter: str, jobs: int = 1) -> Callable[[], Parts]:
        """Return what has a shell and ip build it, and then remove it."""
        build = self.script(enter, jobs)

        def run() -> Parts:
            built = timed(build)
            ends.plant()
            return {"build": built, "remove": timed(lambda: ends.remove(self.lists))}

        return run

    def ips(self) -> dict[str, Callable[[], Parts]]:
        """Return the scripts that may be the fastest, by their names."""
        return {f"ip -batch, {enter}": self.ip(enter) for enter in iproute2.ENTER}

    def floor(self, marks: bool = True) -> Parts:
        """Build it with next to nothing, in a process of its own."""
        cost = apart(lambda: floor.build(self.lists, marks))
        ends.clear(self.lists)
        return {"build": cost}


def apart(work: Callable[[], object]) -> Cost:
    """Do some work in a fork of this process, which ends with it; return what it costs."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writer, json.dumps(timed(work)).encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writer)
    with open(reader) as told:
        text = told.read()
    if os.waitpid(pid, 0)[1]:
        sys.exit("bench: the floor failed")
    return Cost(*json.loads(text))


def own_time(
    module: str,
    options: t.Mapping[str, t.Any],
    folder: pathlib.Path,
    path: pathlib.Path,
    *prefix: str,
) -> Run:
    """Run a module out of a zip file, as a managed host does, and tell its own time."""
    file = folder / "arguments.json"
    file.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}))
    command = [*prefix, sys.executable, str(HERE / "own.py"), str(file), module]
    env = {**sandbox.environment(), "PYTHONPATH": str(path)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    result = json.loads(done.stdout or "{}")
    if done.returncode or result.get("failed"):
        sys.exit(f"bench: {module} failed: {result.get('msg')}\n{done.stderr}")
    taken = json.loads(done.stderr.splitlines()[-1])
    return Run(Cost(taken["wall"], taken["processor"]), taken["peak"], result)


def packed(folder: pathlib.Path, plugins: pathlib.Path = COLLECTION) -> pathlib.Path:
    """Return a zip file of the collection, as AnsiballZ makes one: there is no bytecode in it."""
    file = folder / "payload.zip"
    if not file.exists():
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in ("", "/linuxnet", "/linuxnet/netns", "/linuxnet/netns/plugins"):
                archive.writestr(f"ansible_collections{path}/__init__.py", "")
            archive.writestr(f"{PLUGINS}/modules/__init__.py", "")
            for source in sorted(
                (*plugins.glob("modules/*.py"), *plugins.glob("module_utils/**/*.py"))
            ):
                archive.write(source, f"{PLUGINS}/{source.relative_to(plugins)}")
    return file


def asked(*words: str) -> list[dict[str, t.Any]]:
    """Return what ip tells in JSON."""
    done = subprocess.run(["ip", "-json", *words], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout or "[]")  # type: ignore[no-any-return]


def best(costs: t.Mapping[str, Costs]) -> str:
    """Return the name of the fastest."""
    return min(costs, key=lambda name: costs[name].median.wall)
