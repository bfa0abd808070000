# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Argument specification of veth, also used for the entries of netns_topology."""

from __future__ import annotations

import typing as t

from ..._core.link_table import arguments

END: dict[str, t.Any] = {
    "name": {"type": "str", "required": True},
    "netns": {"type": "str"},
    **arguments(only_veth=True),
}

SPEC: dict[str, t.Any] = {
    **END,
    "peer": {"type": "dict", "options": END},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "force": {"type": "bool", "default": False},
}

RULES: dict[str, t.Any] = {"required_if": [("state", "present", ("peer",))]}
