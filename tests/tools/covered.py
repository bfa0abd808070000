# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print how much of plugins/ the tests have covered, in all trees, and fail below 90 %.

`ansible-test coverage combine` and `report` do so too, but leave out the files that no test has
loaded, which count here, and take minutes for what thousands of processes have left.
Doc fragments hold documentation alone, and no test ever runs them.

Then print each error message of the catalogue (tests/unit/errors.txt) that no test has raised.
"""

from __future__ import annotations

import pathlib
import sys

import coverage

import errors

ENOUGH = 90
PLUGINS = "/ansible_collections/linuxnet/netns/plugins/"
LEFT = (  # of `ansible-test integration --coverage`, and of tests/conftest.py
    "tests/output/coverage/*=coverage.*",
    "tests/output/covered/*",
)

here = pathlib.Path("plugins").resolve()
lines: dict[str, set[int]] = {str(path): set() for path in here.rglob("*.py")}
for pattern in LEFT:
    for file in pathlib.Path("../../../..").glob(f"*{PLUGINS.removesuffix('plugins/')}{pattern}"):
        found = coverage.CoverageData(str(file))
        try:
            found.read()
        except coverage.exceptions.DataError as error:
            # Of a process that was ended while it wrote this. Without it the figure is lower.
            print(f"left out: {error}")
            continue
        for name in found.measured_files():
            # The tree that it was run in, or the zip file in which Ansible sent it.
            name_here = str(here / name.partition(PLUGINS)[2])
            if name_here in lines:
                lines[name_here].update(found.lines(name) or ())
data = coverage.CoverageData("covered")
data.add_lines(lines)
data.write()

measured = coverage.Coverage(data_file="covered", config_file=False)
measured.load()
measured.exclude(r"if t\.TYPE_CHECKING:")
total = measured.report(
    include=["plugins/*"],
    omit=["plugins/doc_fragments/*"],
    show_missing=True,
    skip_covered=True,
)
print(f"coverage of plugins/: {total:.1f} %, of which {ENOUGH} are needed")
never = errors.unraised(lines)
for message in never:
    print(f"no test raises {message.path}:{message.first}: {message.texts[0]}")
print(
    f"messages that tests raise: {len(errors.messages()) - len(never)} of {len(errors.messages())}"
)
sys.exit(total < ENOUGH)
