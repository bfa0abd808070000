# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task on a machine of its own, with something going wrong."""

from __future__ import annotations

import contextlib
from unittest import mock

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._engine import kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import names, read

from . import modules, witness


@contextlib.contextmanager
def pretending(task):
    """Let links pass for hardware, and the kernel for an older one, as the task has it."""
    found = read._found

    def as_hardware(message, names):
        each = found(message, names)
        if each.link.name not in task.hardware:
            return each
        return read.replace(each, link=read.replace(each.link, kind=None, hardware=True))

    with (
        mock.patch.object(read, "_found", as_hardware),
        mock.patch.object(kernel, "_live_rename", lambda: task.live_rename),
        mock.patch.object(names, "YOUNG", 0.0),
    ):
        yield


def given(task):
    """Return a machine as it is before the task."""
    witness.sh(*task.given)
    return witness.state()


def attempt(task, faults, before):
    """Return the machine after a task that failed, what it said, and which writes failed.

    ``before`` is how the machine is expected to become again, None if it is not.
    """
    witness.sh(*task.given)
    said = None
    with pretending(task), faults.at_work():
        try:
            modules.run(task.module, **task.params)
        except NetnsError as error:
            said = str(error)
        except KeyboardInterrupt:
            said = "stopped"
    after = None
    if said:
        after = witness.state() if before is None else witness.becomes(before)
    return after, said, faults.failed
