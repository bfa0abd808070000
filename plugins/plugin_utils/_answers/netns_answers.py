# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: the callback plugin with which _asking.py, beside this folder, hears
# what the hosts have answered. It is in a folder of its own, of which Ansible loads all.

from __future__ import annotations

DOCUMENTATION = r"""
name: netns_answers
type: stdout
short_description: Write what hosts answer to a file
version_added: 0.1.0
author:
  - The linuxnet.netns authors (@linuxnet)
description:
  - For the inventory plugin P(linuxnet.netns.netns#inventory) alone.
options: {}
"""

import json
import os
import typing as t

from ansible.plugins.callback import CallbackBase

LARGEST = 1 << 28  # bytes: thousands of namespaces, and whole tables of routes


class CallbackModule(CallbackBase):
    """Writes a line for each host: its name, and its answer or why there is none."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "netns_answers"

    def v2_runner_on_ok(self, result: t.Any) -> None:
        """Write what a host has told."""
        self._write(result, namespaces=_returned(result).get("namespaces"))

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:
        """Write why a host could not tell."""
        said = [_returned(result).get(key) for key in ("msg", "module_stderr", "stderr")]
        self._write(result, failed="\n".join(str(each) for each in said if each) or "it failed")

    def v2_runner_on_unreachable(self, result: t.Any) -> None:
        """Write why a host was not reached."""
        self._write(result, failed=str(_returned(result).get("msg") or "it cannot be reached"))

    def _write(self, result: t.Any, **told: t.Any) -> None:
        try:
            answer = json.dumps(told, default=str)
        except (TypeError, ValueError, RecursionError) as error:
            answer = json.dumps({"failed": f"its answer cannot be read: {error}"})
        if len(answer) > LARGEST:
            answer = json.dumps({"failed": f"its answer has more than {LARGEST >> 20} MiB"})
        with open(os.environ["NETNS_ANSWERS"], "a", encoding="utf-8") as file:
            host = result.host if hasattr(result, "host") else result._host  # as below
            file.write(f"{host.get_name()} {answer}\n")


def _returned(result: t.Any) -> t.Any:
    """Return what a module has returned; ansible-core before 2.19 has it by another name."""
    return result.result if hasattr(result, "result") else result._result
