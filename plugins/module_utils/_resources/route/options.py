# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Argument specification of netns_route, also used for the entries of netns_topology."""

from __future__ import annotations

import typing as t

from .table import arguments

SPEC: dict[str, t.Any] = {
    "netns": {"type": "str"},
    "dst": {"type": "list", "elements": "str", "required": True},
    **arguments(),
    "nexthops": {
        "type": "list",
        "elements": "dict",
        "options": {
            "via": {"type": "str"},
            "dev": {"type": "str"},
            "weight": {"type": "int", "default": 1},
            "onlink": {"type": "bool", "default": False},
        },
    },
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "purge": {"type": "bool", "default": False},
}
