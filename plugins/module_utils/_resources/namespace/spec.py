# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired namespaces, normalised from a task's options."""

from __future__ import annotations

import typing as t

from ..._core import parse
from ..._core.errors import BadInput
from ..._core.record import dataclass


@dataclass(frozen=True)
class NetnsSpec:
    """Namespaces that must be present or absent."""

    names: tuple[str, ...]
    present: bool = True
    nsid: int | None = None
    lo_up: bool | None = None
    force: bool = False
    mark: str = ""  # of the topology that makes them

    @classmethod
    def of(cls, options: t.Mapping[str, t.Any]) -> NetnsSpec:
        """Read the options of the netns module."""
        names = parse.each_of("name", parse.netns_name, options["name"])
        if not names:
            raise BadInput("name is empty; list at least one namespace")
        nsid = parse.number("nsid", options["nsid"], 0, 0x7FFFFFFF)
        if nsid is not None and len(names) > 1:
            raise BadInput(f"nsid {nsid} requires a single namespace, but name lists {len(names)}")
        parse.number("timeout", options.get("timeout"), 1, 0x7FFFFFFF)
        present = options["state"] == "present"
        return cls(names, present, nsid, options["lo_up"], options["force"])
