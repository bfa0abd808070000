# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the documentation that tells which kernels have which kinds of links, and how."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence

from kernels import KERNELS
from machine import ROOT

PAGE = ROOT / "docs" / "docsite" / "rst" / "guide_compatibility.rst"
HEAD = """\
..
  Copyright: (c) 2026, The linuxnet.netns authors
  GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

  Made by ./dev machines --keep: do not edit.

.. _ansible_collections.linuxnet.netns.docsite.guide_compatibility:

Compatibility: kernels and kinds of links
=========================================

After this guide you know whether :ansplugin:`linuxnet.netns.netns_link#module` can create a kind of
link on your kernel, and which options can be changed without replacing the link. Each option was
tried on each kernel: check mode, the real run, a second run, a move to another namespace, the
returned commands, a rollback after a failure at each step, and removal.

.. contents::
   :local:
   :depth: 1
"""
LEGEND = """\
**yes**: all of it works. **not there**: the kernel was built without this kind. **not tried**: the
kernel is there for what the others lack. Otherwise, what does not work yet; the reasons are below.
"""
CHANGES = """\
**in place**: the kernel changes it. **anew**: the task is refused, in check mode too, unless
``force: true`` lets the link be removed and made anew with all that it had. **refused**: there is
no way; the task says why. Where kernels differ, each is named.
"""
TARGETS = """\
The tests of the modules, plugins and roles, each with what it uses of a kernel: addresses, routes,
rules, neighbours, queueing disciplines, kernel parameters, whole topologies, traffic. **yes**: it
passed.
"""

Kinds = Mapping[str, t.Any]


def made_of(kept: Mapping[str, t.Any]) -> str:
    """The page, as reStructuredText."""
    names = [kernel.name for kernel in KERNELS if kernel.name in kept]
    by_kernel = {name: kept[name]["kinds"] for name in names}
    kinds = sorted({kind for told in by_kernel.values() for kind in told})
    head = ["Kind", *(f"{about(name)} ({kept[name]['release']})" for name in names)]
    verdicts = [
        [f"``{kind}``", *(verdict(by_kernel[name].get(kind)) for name in names)] for kind in kinds
    ]
    parts = [HEAD, title("Kinds of links"), LEGEND, listed([head, *verdicts])]
    changes = [
        [f"``{kind}``", f"``{option}``", where] for kind, option, where in changed(by_kernel, kinds)
    ]
    parts += [title("What can be changed"), CHANGES]
    parts.append(listed([["Kind", "Change", "How"], *changes]))
    if targets := sorted({name for at in kept.values() for name in at.get("targets", ())}):
        on = [name for name in names if kept[name].get("targets")]
        run = [
            [f"``{target}``", *(passed(kept[name]["targets"].get(target)) for name in on)]
            for target in targets
        ]
        parts += [title("Integration tests"), TARGETS]
        parts.append(listed([["Test", *(about(name) for name in on)], *run]))
    failing = [
        f"- ``{kind}``, {about(name)}: ``{each.replace('`', chr(39))}``"
        for kind in kinds
        for name in names
        for each in by_kernel[name].get(kind, {}).get("failures", ())
    ]
    if failing:
        parts += [title("What does not work yet"), "\n".join(failing) + "\n"]
    return "\n".join(parts)


def about(name: str) -> str:
    """A kernel in words."""
    return next(kernel.about for kernel in KERNELS if kernel.name == name)


def title(text: str) -> str:
    """A title of a section."""
    return f"{text}\n{'-' * len(text)}\n"


def verdict(told: Kinds | None) -> str:
    """A kind on a kernel, in a word or a few."""
    if told is None:
        return "not tried"
    if told.get("lacks"):
        return "not there"
    failing = [name for name, outcome in told["cells"].items() if outcome == "FAIL"]
    return f"fails: {', '.join(failing)}" if failing else "yes"


def passed(told: bool | None) -> str:
    """A target on a kernel, in a word or two."""
    return "not run" if told is None else "yes" if told else "fails"


def changed(
    by_kernel: Mapping[str, Kinds], kinds: Iterable[str]
) -> t.Iterator[tuple[str, str, str]]:
    """Each change of each kind, and how the kernels take it."""
    for kind in kinds:
        told = {name: each.get(kind, {}).get("changes", {}) for name, each in by_kernel.items()}
        for option in dict.fromkeys(option for changes in told.values() for option in changes):
            ways = {name: changes[option] for name, changes in told.items() if option in changes}
            alike = set(ways.values())
            by_name = (f"{about(name)}: {way}" for name, way in ways.items())
            yield kind, option, "; ".join(alike if len(alike) == 1 else by_name)


def listed(rows: Sequence[Sequence[str]]) -> str:
    """A table."""
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in rows:
        first, *others = row
        lines += [f"   * - {first}", *(f"     - {cell}" for cell in others)]
    return "\n".join(lines) + "\n"
