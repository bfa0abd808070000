# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many files of module_utils go along with each module: AnsiballZ finds imports in the source."""

from __future__ import annotations

import ast
import pathlib
import typing as t

import sandbox
from measure import Row

if t.TYPE_CHECKING:
    from collections.abc import Iterator

PLUGINS = sandbox.ROOT / "plugins"
OURS = "ansible_collections.linuxnet.netns.plugins."
MOST = {"netns": 60}  # files, of those that are promised


def rows() -> Iterator[Row]:
    """Yield a row for each module."""
    every = [file for file in (PLUGINS / "module_utils").rglob("*.py") if file.stat().st_size]
    for module in sorted((PLUGINS / "modules").glob("*.py")):
        count, most = len(reached(module)), MOST.get(module.stem)
        promised = f"at most {most}" if most else ""
        verdict = ("kept" if count <= most else "BROKEN") if most else ""
        figure = f"files that go along with {module.stem}"
        yield Row(figure, str(count), f"{len(every)} in all", "", "", promised, verdict)


def reached(module: pathlib.Path) -> list[pathlib.Path]:
    """Return the files of module_utils, without empty ones, that a module's imports lead to."""
    seen: set[pathlib.Path] = set()
    todo = [module]
    while todo:
        file = todo.pop()
        if file not in seen:
            seen.add(file)
            todo += _imported(file)
    return sorted(file for file in seen - {module} if file.stat().st_size)


def _imported(file: pathlib.Path) -> Iterator[pathlib.Path]:
    """Yield the files that a file imports, wherever in it, and those of their packages."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                base = file.parents[node.level - 1]
            elif module.startswith(OURS):
                base, module = PLUGINS, module.removeprefix(OURS)
            else:
                continue
            folder = base.joinpath(*filter(None, module.split(".")))
            for name in (None, *(alias.name for alias in node.names)):
                yield from _files(folder / name if name else folder)


def _files(path: pathlib.Path) -> Iterator[pathlib.Path]:
    """Yield the file of a module or package, if it is one, and those of the packages around it."""
    found = [each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()]
    yield from found
    for parent in path.parents:
        if found and parent.is_relative_to(PLUGINS) and (parent / "__init__.py").is_file():
            yield parent / "__init__.py"
