# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The options of the netns_rule module, which are those of an entry of netns_topology too."""

from __future__ import annotations

import typing as t

from .table import arguments

RULE: dict[str, t.Any] = {
    **arguments(),
    "family": {"type": "str", "choices": ["ipv4", "ipv6"]},
}

SPEC: dict[str, t.Any] = {
    "netns": {"type": "str"},
    **RULE,
    "rules": {"type": "list", "elements": "dict", "options": RULE},
    "proto": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "purge": {"type": "bool", "default": False},
}
