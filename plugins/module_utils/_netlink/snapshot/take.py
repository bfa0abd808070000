# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Take a snapshot of what a plan may disturb, as the kernel's own messages: to restore unmodelled
state as well.

Nothing is decoded here: decoding takes longer than reading, and is needed only after a failure.
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
import time
import typing as t

from ..._core import operation as parts
from ..._core.errors import KernelError
from ..._core.host_state import HostState, phrase
from ..._core.record import dataclass, field
from .. import attributes as nla
from .. import codec, netns_files, syscalls
from ..socket import (
    ACK,
    DUMP,
    DUMP_INTR,
    DUMP_TRIES,
    NLMSG_DONE,
    NLMSG_ERROR,
    RECEIVE,
    REQUEST,
    Socket,
    check,
)

if t.TYPE_CHECKING:
    from ..._core.operation import Operation
    from ..._resources.wireguard.state import WgDevice
    from ..handles import Handles

AF_BRIDGE = 7
EXT_MASK = 29  # IFLA_EXT_MASK
SKIP_STATS, BRIDGE_VLANS, MST = 1 << 3, 1 << 1, 1 << 7  # RTEXT_FILTER_…
LINK_NETNSID = 37
PROXY = 0x08  # NTF_PROXY
CLSACT = (0xFFFFFFF2, 0xFFFFFFF3)  # TC_H_MIN_INGRESS, TC_H_MIN_EGRESS
TC = struct.Struct("=B3xiIII")  # struct tcmsg
GETTCLASS, GETTFILTER = 42, 46
# The kernel lacks the feature, or there is nothing to list.
NOTHING = (errno.EOPNOTSUPP, errno.EINVAL, errno.ENODEV, errno.ENOENT, errno.EAFNOSUPPORT)


def _mask(bits: int) -> bytes:
    return nla.attribute(EXT_MASK, struct.pack("=I", bits))


# By name: the part of a namespace, the request type, and the payload after the header.
DUMPS: dict[str, tuple[int, int, bytes]] = {
    "links": (parts.LINKS, 18, bytes(16) + _mask(SKIP_STATS)),
    "parameters": (parts.PARAMETERS, 66, bytes(4)),
    "addresses": (parts.ADDRESSES, 22, bytes(8)),
    "nexthops": (parts.ROUTES, 106, bytes(8)),
    "routes": (parts.ROUTES, 26, bytes(12)),
    "rules": (parts.RULES, 34, bytes(12)),
    "neighbours": (parts.NEIGHBOURS, 30, bytes(12)),
    "proxies": (parts.NEIGHBOURS, 30, struct.pack("=B3xiHBB", 0, 0, 0, PROXY, 0)),
    "forwarding": (parts.FORWARDING, 30, struct.pack("=B11x", AF_BRIDGE)),
    "ports": (parts.FORWARDING, 18, struct.pack("=B15x", AF_BRIDGE) + _mask(BRIDGE_VLANS)),
    "groups": (parts.FORWARDING, 86, struct.pack("=B7x", AF_BRIDGE)),
    "qdiscs": (parts.QDISCS, 38, bytes(20)),
}


@dataclass
class NamespaceSnapshot:
    """The state of a namespace: messages by kind of item, and the time of reading."""

    parts: int
    at: float
    messages: dict[str, list[bytes]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # kernel parameters
    wireguards: dict[int, WgDevice] = field(default_factory=dict)  # by ifindex


@dataclass
class Snapshot:
    """The state before a plan, as far as the plan may disturb it."""

    namespaces: dict[str, NamespaceSnapshot] = field(default_factory=dict)


def take(kernel: Handles, steps: t.Sequence[Operation], before: HostState) -> Snapshot:
    """Return what the steps may disturb in existing namespaces."""
    there = {key for key, namespace in before.namespaces.items() if namespace.state == "present"}
    wanted: dict[str, int] = {}
    texts: dict[str, set[str]] = {}
    for step in steps:
        if not step.beyond and getattr(step, "netns", None) not in there:
            continue  # most steps that build something new
        for key, part, links in parts.disturbed(step, before):
            if key not in there:
                continue
            wanted[key] = wanted.get(key, parts.LINKS) | part
            if part == parts.ON_LINK:
                texts.setdefault(key, set()).update(map(_secret, links or ()))
        files = step.sysctl_files()
        if files:
            texts.setdefault(step.netns, set()).update(files)  # type: ignore[attr-defined]
    if any(part == parts.ON_LINK for part in wanted.values()):
        for key in there:  # links on top of deleted ones may be anywhere
            wanted[key] = wanted.get(key, 0) | parts.LINKS
    taken = {key: read(kernel, key, part) for key, part in wanted.items()}
    if len(taken) > 1:
        for key, found in taken.items():
            if found.parts != parts.ON_LINK and any(map(_lies_elsewhere, found.messages["links"])):
                taken[key] = read(kernel, key, found.parts | parts.ON_LINK)
    for key, paths in texts.items():
        if key in taken:
            taken[key].files = read_files(kernel, key, paths)
    for step in steps:
        link = getattr(step, "link", None) if step.beyond else None
        if link is not None and link.kind == "wireguard" and step.netns in taken:  # type: ignore[attr-defined]
            _keep_wireguard(kernel, step.netns, taken[step.netns], link.index)  # type: ignore[attr-defined]
    return Snapshot(taken)


def _keep_wireguard(kernel: Handles, key: str, taken: NamespaceSnapshot, index: int) -> None:
    """Read the configuration of a WireGuard link that is to be deleted: link messages do not
    include it."""
    from ..._resources.wireguard import kernel as wireguard
    from . import links as link_state

    link = link_state.states(taken.messages["links"]).get(index)
    if link is not None:
        taken.wireguards[index] = wireguard.read(kernel, key, link.name)


def read(kernel: Handles, key: str, wanted: int) -> NamespaceSnapshot:
    """Return the current state of the wanted parts of a namespace."""
    sock = kernel.socket(key)
    taken = NamespaceSnapshot(wanted, time.monotonic())
    for name, (part, kind, payload) in DUMPS.items():
        if part & wanted:
            taken.messages[name] = dump(sock, f"read the {name} {phrase(key)}", kind, payload)
    if wanted & parts.QDISCS:
        taken.messages["classes"], taken.messages["filters"] = _queues(sock, taken)
    return taken


def read_files(kernel: Handles, key: str, paths: t.Iterable[str]) -> dict[str, str]:
    """Return the kernel parameters of a namespace that can be read."""
    fd = kernel.socket(key).namespace()
    try:
        texts = syscalls.inside(
            fd, lambda: {path: netns_files.sysctl(path) for path in sorted(paths)}
        )
    finally:
        os.close(fd)
    return {path: text for path, text in texts.items() if text}


def _secret(link: str) -> str:
    return f"net/ipv6/conf/{link}/stable_secret"


def _lies_elsewhere(message: bytes) -> bool:
    """Return whether a link other than a veth refers to another namespace."""
    found = dict(nla.attributes(message, codec.HEADER.size + 16, len(message)))
    return LINK_NETNSID in found and b"veth\0" not in found.get(18, b"")[:16]


def _queues(sock: Socket, taken: NamespaceSnapshot) -> tuple[list[bytes], list[bytes]]:
    """Return the classes and filters of the queueing disciplines that were set up."""
    classes: list[bytes] = []
    filters: list[bytes] = []
    links: dict[int, dict[int, None]] = {}
    for message in taken.messages["qdiscs"]:
        _family, index, handle, _parent, _info = TC.unpack_from(message, codec.HEADER.size)
        if handle:
            clsact = CLSACT if handle >> 16 == 0xFFFF else ()
            links.setdefault(index, {}).update(dict.fromkeys((handle, *clsact)))
    for index, parents in links.items():
        found = dump(sock, "read classes", GETTCLASS, TC.pack(0, index, 0, 0, 0))
        classes += found
        parents.update((TC.unpack_from(each, codec.HEADER.size)[2], None) for each in found)
        seen: dict[bytes, None] = {}
        for parent in parents:
            payload = TC.pack(0, index, 0, parent, 0)
            seen.update(dict.fromkeys(dump(sock, "read filters", GETTFILTER, payload)))
        filters += seen
    return classes, filters


def dump(sock: Socket, what: str, kind: int, payload: bytes) -> list[bytes]:
    """Return the messages of a dump undecoded; none if the kernel lacks the feature."""
    for _unused in range(DUMP_TRIES):
        with contextlib.suppress(_Interrupted):
            try:
                return _dump(sock, what, kind, payload)
            except KernelError as error:
                if error.errno not in NOTHING:
                    raise
                return []
    raise KernelError(errno.EAGAIN, what, "the state kept changing while it was read")


class _Interrupted(Exception):
    pass


def _dump(sock: Socket, what: str, kind: int, payload: bytes) -> list[bytes]:
    sock.sequence += 1
    size = codec.HEADER.size + len(payload)
    sock.raw.send(codec.HEADER.pack(size, kind, REQUEST | DUMP, sock.sequence, 0) + payload)
    found: list[bytes] = []
    interrupted = False
    while True:
        received = sock.raw.recv(RECEIVE)
        for offset, length, type_, flags, sequence in codec.split_messages(received):
            if sequence != sock.sequence:
                continue
            interrupted = interrupted or bool(flags & DUMP_INTR)
            if type_ in (NLMSG_ERROR, NLMSG_DONE):
                check(what, received, offset, length, flags)
                if interrupted:
                    raise _Interrupted
                return found
            found.append(received[offset : offset + length])


def send(sock: Socket, what: str, kind: int, payload: bytes, flags: int = 0) -> None:
    """Send a request with an encoded payload."""
    sock.sequence += 1
    size = codec.HEADER.size + len(payload)
    header = codec.HEADER.pack(size, kind, REQUEST | ACK | flags, sock.sequence, 0)
    sock.exchange(what, header + payload)
