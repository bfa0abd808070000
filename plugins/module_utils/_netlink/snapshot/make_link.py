# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Create links again from the kernel's description of them."""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import typing as t

from ..._core.errors import KernelError
from ..._core.host_state import phrase
from ..._resources.link.kinds.kernel_codec import made_again
from .. import attributes as nla
from .. import syscalls
from ..socket import CREATE, EXCL
from .links import (
    ADDRESS,
    DATA,
    GROUP,
    IFINFO,
    KIND,
    LINK_INFO,
    LOWER,
    MASTER,
    MTU,
    NAME,
    NETNSID,
    QUEUE_LENGTH,
    RX_QUEUES,
    TX_QUEUES,
    LinkState,
)
from .take import send
from .things import packed

if t.TYPE_CHECKING:
    from ..handles import Handles

RTM_NEWLINK = 16
NET_NS_FD = 28
ETHERNET = 1  # ARPHRD_ETHER
VETH_PEER = 1
# Options of these are set after creation, in a suitable order, except for those that cannot be.
MADE_BARE: dict[str, set[int]] = {"bridge": set(), "bond": {1}}
TUNSETIFF, TUNSETPERSIST, TUNSETOWNER = 0x400454CA, 0x400454CB, 0x400454CC
TUNSETGROUP, TUNSETIFINDEX = 0x400454CE, 0x400454DA
IFF_NO_PI, IFF_MULTI_QUEUE, IFF_VNET_HDR, IFF_TUN_EXCL = 0x1000, 0x0100, 0x4000, 0x8000


def attributes(
    link: LinkState, name: str | None = None, borrowed: bool = False
) -> list[tuple[int, bytes]]:
    """Return the attributes of a request for a new link, whatever its kind.

    ``borrowed``: its MAC is that of a port, which the kernel sets.
    """
    kinds = [QUEUE_LENGTH, GROUP, TX_QUEUES, RX_QUEUES]
    if link.type == ETHERNET and not borrowed:
        kinds.append(ADDRESS)
    if link.kind != "bridge":  # it takes the MTU of its ports; one of its own is set later
        kinds.append(MTU)
    named = link.attrs[NAME] if name is None else name.encode(errors="surrogateescape") + b"\0"
    return [(NAME, named), *((kind, link.attrs[kind]) for kind in kinds if kind in link.attrs)]


def borrows(link: LinkState, others: t.Iterable[LinkState]) -> bool:
    """Return whether the MAC of a bridge is that of one of its ports."""
    ports = [each.attrs.get(ADDRESS) for each in others if each.number(MASTER) == link.index]
    return link.kind == "bridge" and link.attrs.get(ADDRESS) in ports


def make(
    kernel: Handles,
    key: str,
    link: LinkState,
    others: t.Iterable[LinkState],
    name: str | None = None,
) -> None:
    """Create a link again with its old ifindex, in its old namespace; raise KernelError on failure."""
    what = f"make link {name or link.name} {phrase(key)} again"
    if link.kind == "tun":
        _tun(kernel, key, link, name or link.name, what)
        return
    inside = MADE_BARE.get(link.kind)
    options = packed((k, v) for k, v in link.data.items() if inside is None or k in inside)
    stated = attributes(link, name, borrows(link, others))
    lower = link.number(LOWER)
    if lower and (lower != link.index or NETNSID in link.attrs):
        stated.append((LOWER, link.attrs[LOWER]))
    if NETNSID in link.attrs:
        stated.append((NETNSID, link.attrs[NETNSID]))
    _send(kernel, key, what, link, [*stated, _info(link.kind, made_again(link.kind, options, ()))])
    if link.kind == "wireguard":
        _configure(kernel, key, link, name or link.name)


def _configure(kernel: Handles, key: str, link: LinkState, name: str) -> None:
    """Restore keys and peers of a WireGuard link."""
    from ..._resources.wireguard.kernel import APPLY
    from ..._resources.wireguard.operations import ChangeWireguard

    had = kernel.snapshot.namespaces[key].wireguards.get(link.index)
    if had is not None:
        step = ChangeWireguard(key, name, had.private_key, had.listen_port, had.fwmark, had.peers)
        APPLY[ChangeWireguard](kernel, step)


def make_pair(
    kernel: Handles, near: tuple[str, LinkState, str], far: tuple[str, LinkState, str]
) -> None:
    """Create both ends of a veth again; raise KernelError on failure."""
    (key, link, name), (other_key, other, other_name) = near, far
    fd = kernel.socket(other_key).namespace()
    try:
        peer = IFINFO.pack(0, 0, other.index, 0, 0)
        peer += packed([*attributes(other, other_name), (NET_NS_FD, struct.pack("=I", fd))])
        what = f"make the veth {name} {phrase(key)} again"
        info = _info(link.kind, nla.attribute(VETH_PEER, peer))
        _send(kernel, key, what, link, [*attributes(link, name), info])
    finally:
        os.close(fd)


def _info(kind: str, data: bytes) -> tuple[int, bytes]:
    inside = nla.attribute(KIND, kind.encode() + b"\0")
    return LINK_INFO | nla.NESTED, inside + (
        nla.attribute(DATA | nla.NESTED, data) if data else b""
    )


def _send(
    kernel: Handles, key: str, what: str, link: LinkState, stated: list[tuple[int, bytes]]
) -> None:
    kernel.indexes.clear()
    payload = IFINFO.pack(0, 0, link.index, 0, 0) + packed(stated)
    send(kernel.socket(key), what, RTM_NEWLINK, payload, CREATE | EXCL)


def _tun(kernel: Handles, key: str, link: LinkState, name: str, what: str) -> None:
    """Create a persistent tun or tap; others end with the program that created them."""
    options = {kind: value[0] for kind, value in link.data.items() if len(value) == 1}
    if not options.get(6):
        raise KernelError(errno.ENODEV, what, "it ended with the program that created it")
    flags = options.get(3, 1) | IFF_TUN_EXCL  # IFLA_TUN_TYPE is the flag
    flags |= 0 if options.get(4) else IFF_NO_PI
    flags |= IFF_VNET_HDR if options.get(5) else 0
    flags |= IFF_MULTI_QUEUE if options.get(7) else 0
    request = struct.pack("16sH22x", name.encode(errors="surrogateescape"), flags)

    def work() -> None:
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.ioctl(fd, TUNSETIFINDEX, struct.pack("=I", link.index))
            fcntl.ioctl(fd, TUNSETIFF, request)
            for number, kind in ((TUNSETOWNER, 1), (TUNSETGROUP, 2)):
                if kind in link.data:
                    fcntl.ioctl(fd, number, nla.u32(link.data[kind]))
            fcntl.ioctl(fd, TUNSETPERSIST, 1)
        finally:
            os.close(fd)

    namespace = kernel.socket(key).namespace()
    kernel.indexes.clear()
    try:
        syscalls.inside(namespace, work)
    except OSError as error:
        raise KernelError(error.errno or errno.EIO, what) from error
    finally:
        os.close(namespace)
