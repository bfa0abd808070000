# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What imports what: downward from floor to floor, and never in a circle."""

from __future__ import annotations

import ast
import graphlib
import pathlib

import pytest

from ansible_collections.linuxnet.netns.plugins import module_utils

ROOT = pathlib.Path(next(iter(module_utils.__path__)))
FLOORS = ["_model", "_plan", "_kernel"]  # the two last stand beside each other, on the first


def files():
    """Return all files of the engine, by their names in dots."""
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): file
        for file in ROOT.rglob("*.py")
        if file.name != "__init__.py"
    }


def imports(name, file, known):
    """Return what a file imports of the engine, at its top or where it is needed."""
    package = name.split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            base += node.module.split(".") if node.module else []
            whole = ".".join(base)
            each = (
                [whole] if whole in known else [".".join([*base, one.name]) for one in node.names]
            )
            yield from (one for one in each if one in known)


@pytest.fixture(scope="module")
def graph():
    known = files()
    found = {name: set(imports(name, file, known)) for name, file in known.items()}
    assert sum(map(len, found.values())) > 500
    return found


def test_no_circle(graph):
    order = list(graphlib.TopologicalSorter(graph).static_order())
    assert order.index("_model.operation") < order.index("_kernel.apply")
    assert order.index("_kernel.handles") < order.index("_kernel.kernel")


@pytest.mark.parametrize(
    ("floor", "below"), [("_model", []), ("_plan", ["_model"]), ("_kernel", ["_model"])]
)
def test_floors(graph, floor, below):
    wrong = [
        f"{name} imports {other}"
        for name, others in graph.items()
        for other in others
        if name.startswith(f"{floor}.") and other.split(".")[0] not in (floor, *below)
    ]
    assert not wrong
