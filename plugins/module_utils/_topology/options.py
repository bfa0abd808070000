# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The options of netns_topology: lists whose entries have those of the modules."""

from __future__ import annotations

import typing as t

from . import registry

SPEC: dict[str, t.Any] = {
    "name": {"type": "str", "required": True},
    **{each.name: each.option() for each in registry.LISTS},
    "purge": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
    "undo": {"type": "bool", "default": True},
    "wait": {"type": "bool", "default": True},
    "timeout": {"type": "int", "default": 30},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
