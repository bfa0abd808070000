# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: the callback plugin with which _asking.py, beside this folder, hears
# the answers of hosts. It has a folder of its own, as Ansible loads all plugins of a folder.

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

LARGEST = 1 << 28  # bytes: enough for thousands of namespaces with their routes


class CallbackModule(CallbackBase):
    """Write a line for each host: its name, and its answer or the error."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "netns_answers"

    def v2_runner_on_ok(self, result: t.Any) -> None:
        """Write the result of a host."""
        self._write(result, namespaces=_returned(result).get("namespaces"))

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:
        """Write why a host failed."""
        messages = [_returned(result).get(key) for key in ("msg", "module_stderr", "stderr")]
        self._write(
            result, failed="\n".join(str(each) for each in messages if each) or "the module failed"
        )

    def v2_runner_on_unreachable(self, result: t.Any) -> None:
        """Write why a host was unreachable."""
        self._write(result, failed=str(_returned(result).get("msg") or "the host is unreachable"))

    def _write(self, result: t.Any, **answer: t.Any) -> None:
        try:
            line = json.dumps(answer, default=str)
        except (TypeError, ValueError, RecursionError) as error:
            line = json.dumps({"failed": f"its answer cannot be read: {error}"})
        if len(line) > LARGEST:
            line = json.dumps({"failed": f"its answer has more than {LARGEST >> 20} MiB"})
        with open(os.environ["NETNS_ANSWERS"], "a", encoding="utf-8") as file:
            # ansible-core before 2.19, as below
            host = result.host if hasattr(result, "host") else result._host
            file.write(f"{host.get_name()} {line}\n")


def _returned(result: t.Any) -> t.Any:
    """Return the result of a module; ansible-core before 2.19 has another attribute for it."""
    return result.result if hasattr(result, "result") else result._result
