# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The VNI of a vxlan: at each port, only one link of a namespace can have it."""

from __future__ import annotations

import typing as t

from ...._core.errors import Conflict
from ...._core.host_state import HostState, phrase
from .operations import CreateLink

VXLAN_PORT = 8472  # which the driver takes where none is stated


def check_vni(host: HostState, step: CreateLink) -> None:
    """Refuse a VNI that another link has: vxlan_vni_in_use() of drivers/net/vxlan."""
    if step.kind != "vxlan":
        return
    wanted = _claim(dict(step.options))
    if step.source is not None or wanted[0] is None:
        return
    for link in host.namespaces[step.netns].links.values():
        if link.kind != "vxlan" or (link.lower is not None and link.lower.netns != step.netns):
            continue
        options = dict(link.options)
        if options and _claim(options) == wanted:
            raise Conflict(
                f"{step.phrase()}: {link.name} {phrase(step.netns)} has the VNI {wanted[0]} at port"
                f" {wanted[1]} already. Choose another id or dstport, or remove {link.name}"
            )


def _claim(options: t.Mapping[str, t.Any]) -> tuple[t.Any, int, bool]:
    texts = [str(options.get(each) or "") for each in ("local", "remote", "group")]
    six = any(":" in text for text in texts)
    return options.get("id"), options.get("dstport") or VXLAN_PORT, six
