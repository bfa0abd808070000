# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Argument specification of netns_qdisc, also used for the entries of netns_topology."""

from __future__ import annotations

import typing as t

SPEC: dict[str, t.Any] = {
    "netns": {"type": "str"},
    "link": {"type": "str", "required": True},
    "parent": {"type": "str", "default": "root"},
    "kind": {"type": "str", "choices": ["netem", "tbf", "htb", "fq_codel", "noqueue"]},
    "handle": {"type": "str"},
    "delay": {"type": "str"},
    "jitter": {"type": "str"},
    "correlation": {"type": "str"},
    "loss": {"type": "str"},
    "loss_correlation": {"type": "str"},
    "duplicate": {"type": "str"},
    "duplicate_correlation": {"type": "str"},
    "corrupt": {"type": "str"},
    "corrupt_correlation": {"type": "str"},
    "reorder": {"type": "str"},
    "reorder_correlation": {"type": "str"},
    "gap": {"type": "int"},
    "rate": {"type": "str"},
    "burst": {"type": "str"},
    "latency": {"type": "str"},
    "limit": {"type": "str"},
    "target": {"type": "str"},
    "interval": {"type": "str"},
    "quantum": {"type": "int"},
    "ecn": {"type": "bool"},
    "flows": {"type": "int"},
    "default": {"type": "str"},
    "classes": {
        "type": "list",
        "elements": "dict",
        "options": {
            "classid": {"type": "str", "required": True},
            "parent": {"type": "str"},
            "rate": {"type": "str"},
            "ceil": {"type": "str"},
            "burst": {"type": "str"},
            "cburst": {"type": "str"},
            "prio": {"type": "int"},
            "quantum": {"type": "int"},
        },
    },
    "purge": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
