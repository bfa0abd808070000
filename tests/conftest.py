# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the units share with the tests on the live kernel."""

from __future__ import annotations

import os
import pathlib
import signal
import sys

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core import record

# What classes get that have many instances, they get with the second one here, where few are made.
record.MANY = 0

# Where the data goes of what the tests cover, if it is to be measured.
MEASURED = pathlib.Path(__file__).parent / "output" / "covered"


# A shell that runs this in the background ignores it for us; tests send it to themselves.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config):
    if MEASURED.is_dir() and not hasattr(measure, "begun"):
        measure()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Let a worker that has run out of tests take some of another's: a few take half a minute."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


def measure():
    """Measure which lines are run, in the children as well, which end by os._exit().

    `ansible-test units --coverage` traces each call of all that is loaded, which takes longer than
    the tests. Python 3.12 and newer tell of each line once.
    """
    if sys.version_info >= (3, 12):
        os.environ["COVERAGE_CORE"] = "sysmon"
    import coverage

    measure.begun = coverage.Coverage(
        data_file=str(MEASURED / "tests"),
        data_suffix=True,
        config_file=False,
        include=["*/ansible_collections/linuxnet/netns/plugins/*"],
    )
    measure.begun.set_option("run:disable_warnings", ["no-data-collected"])
    measure.begun.start()
    # What a process has run so far is in its own file, so that its children's files are small.
    os.register_at_fork(before=measure.begun.get_data)
    end = os._exit

    def save_and_end(code):
        measure.begun.stop()
        measure.begun.save()
        end(code)

    os._exit = save_and_end
