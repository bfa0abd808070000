# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What kinds of links and targets come to: a table, and what the page of the documentation has."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Iterable, Mapping, Sequence

import page
from jobs import Job, Outcome
from machine import ROOT

CELLS = ("check", "create", "again", "change", "move", "replay", "undo", "absent", "force")
KEPT = ROOT / "tests" / "machines" / "compatibility.json"
# How a failure begins that is another cell's than that of the try in which it came to light.
CHECK, AGAIN = "check mode ", "the second run "
LENGTH = 160  # of a reason that is kept

Cells = Sequence[Mapping[str, str]]
# kernel: {"release": ..., "kinds": {kind: ...}, "targets": {target: whether it passed}}
Kept = dict[str, t.Any]


def gathered(outcomes: Mapping[Job, Outcome]) -> Kept:
    """What came of the kinds and the integration targets, by kernel."""
    kept: Kept = {}
    for job, outcome in sorted(outcomes.items(), key=lambda each: str(each[0])):
        if not outcome.release or (job.is_kind and not outcome.cells):
            continue  # It came to nothing.
        empty = {"release": outcome.release, "kinds": {}, "targets": {}}
        at = kept.setdefault(job.kernel.name, empty)
        if job.is_kind:
            at["kinds"][job.name] = summary(outcome.cells)
        else:
            at["targets"][job.name] = outcome.passed
    return kept


def summary(cells: Cells) -> dict[str, t.Any]:
    """A kind: the outcome of each cell, how each option is changed, and what fails and why."""
    if cells[0]["outcome"] == "lacks":
        return {"lacks": True}
    found = dict.fromkeys(CELLS, "")
    changes: dict[str, str] = {}
    failures = []
    for cell in cells:
        name, what, outcome, why = (cell[key] for key in ("cell", "what", "outcome", "why"))
        if outcome == "FAIL":
            failures.append(f"{name} {shortened(what)}: {reason(why)}".replace(" :", ":"))
            name = "check" if why.startswith(CHECK) else "again" if why.startswith(AGAIN) else name
        elif name in ("create", "change"):  # they have asked the others as well
            worse(found, "check", outcome)
            worse(found, "again", outcome)
        worse(found, name, outcome)
        if cell["cell"] == "change" and what.startswith("{"):
            changes[shortened(what)] = {"ok": "in place", "FAIL": "fails"}.get(outcome, "refused")
        if cell["cell"] == "force" and outcome in ("ok", "FAIL"):
            changes[shortened(what)] = {"ok": "anew", "FAIL": "fails"}[outcome]
    return {"cells": found, "changes": changes, "failures": failures}


def worse(found: dict[str, str], name: str, outcome: str) -> None:
    """Note an outcome, unless a worse one is there: what is refused in both modes is no fault."""
    order = ("", "refused", "ok", "FAIL")
    found[name] = max(found.get(name, ""), outcome, key=order.index)


def shortened(what: str) -> str:
    """An option of a kind with its value, as `id: 5`, from the JSON of a change."""
    up, brace, rest = what.partition("{")
    if not brace:
        return what
    options: t.Any = json.loads(brace + rest)
    if len(options) == 1 and isinstance(next(iter(options.values())), dict):
        options = next(iter(options.values()))
    return up + ", ".join(f"{name}: {_value(value)}" for name, value in options.items())


def _value(value: t.Any) -> str:
    if isinstance(value, list):
        return " + ".join(_value(each) for each in value) or "none"
    if isinstance(value, dict):  # a peer: of it, whatever is beside its keys
        told = [f"{key} {_value(each)}" for key, each in value.items() if not key.endswith("_key")]
        return " ".join([*told, *(["preshared_key"] if "preshared_key" in value else [])])
    return str(value).lower() if isinstance(value, bool) else str(value)


def reason(why: str) -> str:
    """Why something fails, in a line: of a traceback the last one."""
    lines = [line.strip() for line in why.strip().splitlines()] or [""]
    line = lines[-1] if lines[0].startswith("Traceback") else lines[0]
    return line if len(line) <= LENGTH else f"{line[:LENGTH]} …"


def table(kept: Kept) -> str:
    """The matrix as text, a row for each kind on each kernel."""
    rows = [
        [f"{kernel} {kind}", *_row(told)]
        for kernel, at in kept.items()
        for kind, told in at["kinds"].items()
    ]
    return "\n" + _aligned([["kind", *CELLS], *rows]) if rows else ""


def _row(told: Mapping[str, t.Any]) -> Iterable[str]:
    if "lacks" in told:
        return ["not in this kernel"]
    return [told["cells"][name] or "-" for name in CELLS]


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[0]) for row in rows), *(max(7, len(name)) for name in CELLS)]
    lines = ("  ".join(f"{each:{width}}" for each, width in zip(row, widths)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def write(kept: Kept) -> None:
    """Keep what came of this run beside what is kept of others, and make the page anew."""
    known: Kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for kernel, at in kept.items():
        before = known.setdefault(kernel, {})
        before["release"] = at["release"]
        for each in ("kinds", "targets"):
            before.setdefault(each, {}).update(at[each])
    KEPT.write_text(json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    page.PAGE.write_text(page.made_of(known))
