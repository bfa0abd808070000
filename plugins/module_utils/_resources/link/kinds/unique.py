# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What only one link of a kind can have in a namespace, or on a lower link."""

from __future__ import annotations

import sys
import typing as t

from ...._core.errors import Conflict
from ...._core.host_state import HostState, Link, phrase
from ...._core.wire import number_of
from ..uppers import directly_on
from .operations import ChangeKind, CreateLink
from .table import KINDS

At = tuple[str, str]

SCI = 1  # IFLA_MACSEC_SCI


def check_unique(
    host: HostState, step: CreateLink | ChangeKind, kind: str, new: t.Mapping[str, t.Any]
) -> None:
    """Refuse a value that another link of the kind has in the namespace: xfrmi_locate()."""
    name = KINDS[kind].unique
    if not name or name not in new:
        return
    number = KINDS[kind].options[name].number
    for other in host.namespaces[step.netns].links.values():
        if other.kind != kind or other.name == step.name:
            continue
        has = dict(other.options).get(name) or number_of(other.kind_wire, number)
        if has == new[name]:
            raise Conflict(
                f"{step.phrase()}: {other.name} {phrase(step.netns)}, another {kind}, has {name} {has}"
                f" already. State another {name}, or remove {other.name}"
            )


def check_sci(host: HostState, step: CreateLink, parent: At) -> None:
    """Refuse the identifier of another MACsec on a link: macsec_newlink()."""
    namespace = host.namespaces.get(parent[0])
    lower = None if namespace is None else namespace.links.get(parent[1])
    wanted = dict(step.options).get("sci") or _default(step.mac or (lower and lower.mac))
    for at in directly_on(host, parent):
        other = host.namespaces[at[0]].links[at[1]]
        if other.kind == "macsec" and wanted and _sci(other) == wanted:
            raise Conflict(
                f"{step.phrase()}: {other.name} {phrase(at[0])}, another macsec on {parent[1]}, has the"
                f" SCI {wanted} already. State another sci, or remove {other.name}"
            )


def _default(mac: t.Any) -> str:
    """Return the identifier that the kernel makes of a MAC address, with port 1."""
    return f"{mac.replace(':', '')}0001" if mac else ""


def _sci(link: Link) -> str:
    known = dict(link.options).get("sci")
    if known or not link.kind_wire:
        return str(known or _default(link.mac))
    return number_of(link.kind_wire, SCI).to_bytes(8, sys.byteorder).hex()
