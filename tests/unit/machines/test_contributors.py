# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What contributors read and run: the workflows have every check, the pages every folder."""

from __future__ import annotations

import itertools
import pathlib
import re
import shlex
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path += [str(ROOT / "tests" / "tools")]

import checks

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def combinations(matrix):
    """Return each combination of a matrix's values."""
    if "include" in matrix:
        return matrix["include"]
    return [dict(zip(matrix, values)) for values in itertools.product(*matrix.values())]


def words(workflow):
    """Yield each word that the jobs of a workflow give to `./dev test`."""
    for job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values():
        for row in combinations(job.get("strategy", {}).get("matrix", {})):
            for step in job["steps"]:
                found = re.search(r"\./dev test (.+)", step.get("run", ""))
                if found:
                    line = re.sub(
                        r"\$\{\{ matrix\.(\w+) \}\}", lambda m, row=row: row[m[1]], found[1]
                    )
                    yield from shlex.split(line)


@pytest.mark.skipif(not WORKFLOWS, reason="a collection that was built has no workflows")
def test_workflows_run_every_check(capsys):
    assert checks.main(["--list"]) == 0
    names = capsys.readouterr().out.splitlines()
    wanted = [word for workflow in WORKFLOWS for word in words(workflow)]
    assert wanted
    assert [word for word in wanted if not any(word in name for name in names)] == []
    # What was covered is counted over all checks of one run, so only a whole run can tell.
    left = [name for name in names if not any(word in name for word in wanted)]
    assert left == ["coverage"]


def test_the_architecture_names_every_folder_of_module_utils():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/]+)`", page))
    utils = ROOT / "plugins" / "module_utils"
    folders = {path.parent.relative_to(utils).as_posix() for path in utils.rglob("*.py")} - {"."}
    assert {each.replace("_resources/", "") for each in folders} - named == set()
