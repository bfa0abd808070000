# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure how fast the modules are, each figure against what does the same without them.

Everything happens in namespaces of its own, which end with it. A broken promise is told, and is no
failure: on a busy machine times lie, and ratios less so.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import platform
import subprocess
import sys
import typing as t
from importlib import metadata

import sandbox
from measure import Row

if t.TYPE_CHECKING:
    from collections.abc import Iterator

FIGURES = (
    *("carried", "modules", "sockets", "namespaces", "veths", "survey"),
    *("foreign", "ring", "shapes", "sizes", "tasks", "ways", "peers", "tricks"),
)


def arguments(given: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"of {', '.join(FIGURES)}")
    parser.add_argument("--quick", action="store_true", help="fewer namespaces and rounds")
    parser.add_argument(
        "--graphml", metavar="FILE", help="a drawing for tasks, instead of one of Cogentco's size"
    )
    read = parser.parse_args(given)
    unknown = sorted(set(read.figures) - set(FIGURES))
    if unknown:
        parser.error(f"no such figure: {', '.join(unknown)}")
    return read


def machine() -> Iterator[str]:
    """Yield what the figures depend on."""
    model = "unknown processor"
    with contextlib.suppress(OSError):
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.split(":")[1].strip() for line in lines if "model name" in line), model)
    load = os.getloadavg()[0]
    yield f"{os.cpu_count()} x {model}, load {load:.2f}, Linux {platform.release()}"
    versions = " ".join(
        f"{name} {metadata.version(name)}," for name in ("ansible-core", "pyroute2")
    )
    ip = subprocess.run(["ip", "-V"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    yield f"Python {platform.python_version()}, {versions} {' '.join(ip[2:])}"
    if load > 0.5 * (os.cpu_count() or 1):
        yield "The machine is busy with other things: times are longer than they need be."


def figures(wanted: list[str], quick: bool, graphml: str | None) -> Iterator[Row]:
    """Measure what is wanted."""
    sys.path.insert(0, str(sandbox.COLLECTIONS))
    import carried
    import foreign
    import making
    import networks
    import peers
    import starts
    import surveying
    import tasks
    import topology
    import tricks
    import ways

    rounds, count = (5, 40) if quick else (7, 200)
    few = 3 if quick else 5

    def playbooks() -> Iterator[Row]:
        yield from tasks.rows(few, tasks.network_of(graphml))
        if not quick:
            yield from tasks.rows(few, networks.backbone(750, 890))

    measured = {
        "carried": carried.rows,
        "modules": lambda: starts.rows(rounds if quick else 15),
        "sockets": lambda: making.sockets(rounds),
        "namespaces": lambda: making.namespaces(rounds, count),
        "veths": lambda: making.veths(rounds, count),
        "survey": lambda: surveying.rows(5, count),
        "foreign": lambda: foreign.rows(few, 500 if quick else 4000),
        "ring": lambda: topology.ring(5, 200),
        "shapes": lambda: topology.shapes(3, quick),
        "sizes": lambda: topology.sizes(*((1, 100, 1000) if quick else (3, 200, 3000))),
        "tasks": playbooks,
        "ways": lambda: ways.rows(few),
        "peers": lambda: peers.rows(few, quick),
        "tricks": lambda: tricks.rows(5 if quick else 15, networks.backbone(750, 890)),
    }
    for name in FIGURES:
        if name in (wanted or FIGURES):
            print(f"measuring {name}", file=sys.stderr, flush=True)
            yield from measured[name]()


def table(rows: list[Row]) -> Iterator[str]:
    """Yield the lines of the table."""
    head = Row("figure", "ours", "theirs", "compared", "in processor time", "promised", "verdict")
    cells = [tuple(vars(row).values()) for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells)]
    for line in (cells[0], tuple("-" * width for width in widths), *cells[1:]):
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()


def main() -> None:
    """Measure, and print the table."""
    read = arguments([each for each in sys.argv[1:] if each != sandbox.INSIDE])
    if sandbox.INSIDE not in sys.argv and "peers" in (read.figures or FIGURES):
        import peers_made

        print("looking for peers", file=sys.stderr, flush=True)
        peers_made.make()  # out here, where the registries are
    sandbox.enter(__file__, sys.argv[1:])
    about = list(machine())
    rows: list[Row] = []
    try:
        for row in figures(read.figures, read.quick, read.graphml):
            rows.append(row)
    except KeyboardInterrupt:
        print("interrupted: this is what there is", file=sys.stderr, flush=True)
    print(*about, "", *table(rows), sep="\n")
    promised = [row for row in rows if row.verdict]
    kept = [row for row in promised if row.verdict.startswith("kept")]
    print(f"\n{len(kept)} of {len(promised)} promises kept")


if __name__ == "__main__":
    main()
