# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What this process may do, of what namespaces take."""

from __future__ import annotations

CAPABILITIES = {12: "CAP_NET_ADMIN", 21: "CAP_SYS_ADMIN"}  # linux/capability.h


def lacking() -> list[str]:
    """Return the capabilities that this process needs and does not have (proc_pid_status(5))."""
    with open("/proc/self/status", encoding="utf-8", errors="replace") as status:
        for line in status:
            if line.startswith("CapEff:"):
                effective = int(line.split()[1], 16)
                return [name for bit, name in CAPABILITIES.items() if not effective >> bit & 1]
    return list(CAPABILITIES.values())
