# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print how much of plugins/ the tests have covered, in all trees, and fail below 90 %.

`ansible-test coverage report` leaves out the files that no test has loaded; here they count.
Doc fragments hold documentation alone, and no test ever runs them.
"""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys

import coverage

ENOUGH = 90
OUTPUT = pathlib.Path("tests/output/coverage")  # where ansible-test looks for it, and sums up
DATA = str(OUTPUT / "coverage")

found = list(pathlib.Path("../../../..").glob(f"*/ansible_collections/*/*/{OUTPUT}/*=coverage.*"))
OUTPUT.mkdir(parents=True, exist_ok=True)
for each in found:
    shutil.copy2(each, OUTPUT)
subprocess.run(["ansible-test", "coverage", "combine", "--color", "no"], check=True)
data = coverage.CoverageData(DATA)
data.read()
data.touch_files(str(path.resolve()) for path in pathlib.Path("plugins").rglob("*.py"))
data.write()

measured = coverage.Coverage(data_file=DATA, config_file=False)
measured.load()
measured.exclude(r"if t\.TYPE_CHECKING:")
total = measured.report(
    include=["plugins/*"],
    omit=["plugins/doc_fragments/*"],
    show_missing=True,
    skip_covered=True,
)
print(f"coverage of plugins/: {total:.1f} %, of which {ENOUGH} are needed")
sys.exit(total < ENOUGH)
