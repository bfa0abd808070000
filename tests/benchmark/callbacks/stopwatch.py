# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell how long each task takes: from its start in the controller until its result is there.

The first one starts with its play, so that what is loaded for it before counts.
"""

from __future__ import annotations

import json
import os
import resource
import time
import typing as t

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: stopwatch
type: aggregate
short_description: How long each task takes
description: Writes the seconds of each task to the file that the environment names.
"""


class CallbackModule(CallbackBase):
    """The callback."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "stopwatch"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self.started = 0.0
        self.taken: list[float] = []
        self.before: float | None = None  # what processors have worked until the first task

    def v2_playbook_on_play_start(self, play: t.Any) -> None:
        """Start the watch for the first task, before anything is loaded for it."""
        used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        self.before = sum(each.ru_utime + each.ru_stime for each in used)
        self.started = time.perf_counter()

    def v2_playbook_on_task_start(self, task: t.Any, is_conditional: bool) -> None:
        """Start the watch for another one, before anything of it is read."""
        if self.taken:
            self.started = time.perf_counter()

    def v2_runner_on_ok(self, result: t.Any) -> None:
        """Stop it, of a loop after its last item."""
        self.taken.append(time.perf_counter() - self.started)

    def v2_playbook_on_stats(self, stats: t.Any) -> None:
        """Tell."""
        with open(os.environ["LINUXNET_NETNS_STOPWATCH"], "w") as file:
            json.dump({"tasks": self.taken, "before": self.before}, file)
