# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's part of netns_topology: a long document goes to the host, and not back; and
where the controller is the host, it does not go anywhere."""

from __future__ import annotations

import sys
import typing as t

from ansible.plugins.action.normal import ActionModule as Normal

if sys.platform.startswith("linux"):  # a controller may be something else
    from ..plugin_utils import _bytecode

    with _bytecode.kept():
        from ..module_utils._topology.job import job_of
        from ..module_utils._topology.options import SPEC
        from ..plugin_utils import _worker

LONG = 100  # entries in all lists together
Task = dict[str, t.Any]


class ActionModule(Normal):
    """Runs the module as Ansible runs any, or does its work; then forgets the lists of a long document.

    With the result of a task its worker sends the arguments back, each string with where in which
    file it was read. For a network of 750 nodes that took a sixth of the time of the task. What
    has the arguments from the task itself, as callbacks have when it starts, still has all of them.
    """

    stated: Task | None = None

    def run(self, tmp: str | None = None, task_vars: Task | None = None) -> Task:
        """Return what the module returned; `until` may ask for it several times."""
        if self.stated is None:
            self.stated = self._task.args
        self._task.args = self.stated
        try:
            return t.cast(Task, super().run(tmp, task_vars))
        finally:
            if sum(len(each) for each in self.stated.values() if isinstance(each, list)) > LONG:
                self._task.args = {
                    key: value for key, value in self.stated.items() if not isinstance(value, list)
                }

    def _execute_module(self, *arguments: t.Any, **options: t.Any) -> Task:
        """Return what the module returns, whoever carries it out."""
        if sys.platform.startswith("linux") and _worker.suits(self, options["task_vars"]):
            done = _worker.carry_out(self, SPEC, job_of)
            if done is not None:
                return done
        return t.cast(Task, super()._execute_module(*arguments, **options))
