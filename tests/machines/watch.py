# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a killed test leaves is ended and removed by another process, which waits for that."""

from __future__ import annotations

import os
import subprocess

# It reads nothing: that ends with the process at the other end of the pipe.
SCRIPT = 'read -r nothing; kill -s KILL -- "-$1"; rm -rf -- "$2"'


class Watch:
    """Ends a group of processes and removes a folder, unless it is told that this has been done."""

    def __init__(self, group: int, folder: str | os.PathLike[str]) -> None:
        self.process = subprocess.Popen(
            ["sh", "-c", SCRIPT, "sh", str(group), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def end(self) -> None:
        """It has been done."""
        self.process.kill()
        self.process.communicate()
