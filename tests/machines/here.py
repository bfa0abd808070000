# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""This machine's own kernel, used as a machine: with a network, mounts and a /run of its own."""

from __future__ import annotations

import os
import pathlib
import platform
import shlex
import signal
import subprocess
import tempfile
import typing as t

from guest import Done, NoAnswer, running

APART = "mount -t tmpfs none /run && mkdir /run/netns && ip link set lo up"


class Here:
    """Runs commands as `guest.Machine` does, without a machine."""

    def __enter__(self) -> Here:
        self.folder = tempfile.TemporaryDirectory(prefix="linuxnet.netns-here-")
        self.shared = pathlib.Path(self.folder.name)
        self.place = str(self.shared)
        self.release = platform.release()
        return self

    def __exit__(self, *error: object) -> None:
        self.folder.cleanup()

    def run(
        self,
        command: str | t.Sequence[str],
        limit: float = 60,
        cwd: str = "/",
        env: t.Mapping[str, str] | None = None,
    ) -> Done:
        """Run a command of the shell, or of words, and return its exit status and its output."""
        script = command if isinstance(command, str) else shlex.join(command)
        child = subprocess.Popen(
            ["unshare", "--net", "--mount", "sh", "-c", f"{APART} || exit 125\n{script}"],
            cwd=cwd,
            env={"PATH": os.environ["PATH"], **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        running.add(child.pid)
        try:
            output = child.communicate(timeout=limit)[0]
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            output = child.communicate()[0]
            raise NoAnswer(f"{script}: not done in {limit} s", output) from None
        finally:
            running.discard(child.pid)
        return Done(child.returncode, output)

    def log(self) -> str:
        """Of a console there is nothing to say."""
        return ""
