# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Argument specification of netns_sysctl, also used for the entries of netns_topology."""

from __future__ import annotations

import typing as t

SPEC: dict[str, t.Any] = {
    "netns": {"type": "str"},
    "name": {"type": "str"},
    "value": {"type": "raw"},
    "sysctls": {"type": "dict"},
}

RULES: dict[str, t.Any] = {
    "mutually_exclusive": [("name", "sysctls"), ("value", "sysctls")],
    "required_together": [("name", "value")],
    "required_one_of": [("name", "sysctls")],
}
