# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The ends of an IP tunnel: in a namespace, one of its kind has them, ip_tunnel_find() of the kernel."""

from __future__ import annotations

import socket
import sys
import typing as t

from ...._core.errors import Conflict
from ...._core.host_state import HostState, Link, phrase
from ...._core.operation import Operation
from ...._core.wire import number_of
from ..fallback import FALLBACK, is_fallback
from .operations import ChangeKind, CreateLink
from .option import NOWHERE
from .table import KINDS

Ends = tuple[int, int, int]


def check_name(step: CreateLink) -> None:
    """Refuse the name of what comes with each namespace."""
    if FALLBACK.get(step.name) == step.kind:
        raise Conflict(
            f"{step.phrase()}: {step.name} is the {step.kind} that the kernel makes in each namespace."
            " Choose another name"
        )


def check_ends(host: HostState, step: Operation, kind: str, new: t.Mapping[str, t.Any]) -> None:
    """Refuse ends that another tunnel has, or that what comes with each namespace has: none."""
    numbers = KINDS[kind].ends
    if numbers is None or not isinstance(step, (CreateLink, ChangeKind)):
        return
    namespace = host.namespaces[step.netns]
    if isinstance(step, CreateLink):
        if step.source is not None:
            return
        there = namespace.links.get(step.parent or "")
        lower = 0 if there is None else there.index
        options, has_lower = new, step.parent is not None
    else:
        link = namespace.links[step.name]
        if link.socket is not None or is_fallback(link) or not {"local", "remote"} & new.keys():
            return
        options, has_lower = {**dict(link.options), **new}, link.parent is not None
        lower = _lower(host, link)
    if not numbers[0]:  # tunnels of this kind are told apart by their addresses alone
        lower, has_lower = 0, False
    ends = lower, _number(options.get("local")), _number(options.get("remote"))
    if not has_lower and not any(ends):
        raise Conflict(
            f"{step.phrase()}: without {'local, remote and parent' if numbers[0] else 'local and remote'}"
            " it would be what comes with each namespace already. State local or remote"
        )
    if has_lower and not lower:
        return  # what is yet to be made has no other tunnels
    for other in namespace.links.values():
        if other.kind == kind and other.name != step.name and _ends(host, other) == ends:
            raise Conflict(
                f"{step.phrase()}: {other.name} {phrase(step.netns)}, another {kind}, has these ends"
                f" already. State another local or remote, or remove {other.name}"
            )


def _ends(host: HostState, link: Link) -> Ends | None:
    """Return the ends of a tunnel, None if it has a key, or a socket elsewhere."""
    _link, local, remote, key = KINDS[link.kind or ""].ends or (0, 0, 0, 0)
    if link.socket is not None or (key and number_of(link.kind_wire, key)):
        return None
    options = dict(link.options)
    if options:
        ends = _number(options.get("local")), _number(options.get("remote"))
    else:
        ends = number_of(link.kind_wire, local), number_of(link.kind_wire, remote)
    return _lower(host, link), *ends


def _lower(host: HostState, link: Link) -> int:
    number = (KINDS[link.kind or ""].ends or (0,))[0]
    if link.kind_wire or not number:
        return number_of(link.kind_wire, number) if number else 0
    parent = link.parent
    namespace = None if parent is None else host.namespaces.get(parent.netns or "")
    there = None if namespace is None or parent is None else namespace.links.get(parent.name)
    return 0 if there is None else there.index


def _number(address: t.Any) -> int:
    if address is None or address in NOWHERE:
        return 0
    family = socket.AF_INET6 if ":" in str(address) else socket.AF_INET
    return int.from_bytes(socket.inet_pton(family, str(address)), sys.byteorder)
