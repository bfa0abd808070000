# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What imports what: a folder for each resource, and no import in a circle."""

from __future__ import annotations

import ast
import graphlib
import pathlib

import pytest

from ansible_collections.linuxnet.netns.plugins import module_utils

ROOT = pathlib.Path(next(iter(module_utils.__path__)))
PURE = {"options", "spec", "state", "operations", "plan", "simulate"}


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
    assert order.index("_core.operation") < order.index("_engine.apply")
    assert order.index("_netlink.handles") < order.index("_engine.kernel")


def test_only_files_called_kernel_know_netlink(graph):
    pure = [name for name in graph if name.rpartition(".")[2] in PURE]
    assert len(pure) > 50
    wrong = [
        f"{name} imports {other}"
        for name in graph
        if not name.startswith("_netlink.") and not name.rpartition(".")[2].startswith("kernel")
        for other in graph[name]
        if other.startswith("_netlink.") or other.rpartition(".")[2].startswith("kernel")
        if name.startswith(("_core.", "_resources."))
    ]
    assert not wrong
