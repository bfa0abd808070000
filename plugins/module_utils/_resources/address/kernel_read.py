# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From the kernel's messages to addresses."""

from __future__ import annotations

import socket
import time
import typing as t

from ..._core.host_state import Address, NamespaceState
from ..._core.parse import FOREVER, SCOPES
from ..._core.record import replace
from ..._netlink import codec, syscalls
from ..._netlink.socket import Socket
from .table import NODAD, NOPREFIXROUTE

RTM_GETADDR = 22  # linux/rtnetlink.h
SECONDARY, DADFAILED, DEPRECATED = 0x01, 0x08, 0x20  # IFA_F_…, linux/if_addr.h
TEMPORARY = SECONDARY  # of IPv6: created by the kernel beside another address
# All but the flags that a task can set, and those that only the kernel sets: optimistic,
# deprecated, tentative, permanent, stable-privacy.
OWN_FLAGS = ~(
    SECONDARY | NODAD | 0x04 | DADFAILED | DEPRECATED | 0x40 | 0x80 | NOPREFIXROUTE | 0x800
)
KERNEL_PROTOS = (1, 2, 3)  # IFAPROT_KERNEL_LO, _RA, _LL


def addresses(sock: Socket, what: str, names: dict[int, str]) -> list[Address]:
    """Return all addresses of the socket's namespace, in the kernel's order."""
    messages = sock.dump(f"read the addresses {what}", codec.AddressMessage, RTM_GETADDR, {})
    now = time.clock_gettime(time.CLOCK_MONOTONIC)
    return [_address(message, names, now) for message in messages if message["index"] in names]


def _address(message: t.Any, names: dict[int, str], now: float) -> Address:
    found = message.found
    six = message["family"] == socket.AF_INET6
    # IPv6 reports IFA_LOCAL only if there is a peer; IPv4 always reports both.
    far = found.get("address", found.get("local"))
    local = found.get("local", far)
    flags = found.get("flags", message["flags"])
    preferred, valid, _unused, since = found.get("cacheinfo", (FOREVER, FOREVER, 0, 0))
    if flags & DEPRECATED:
        preferred = 0  # for permanent IPv4 addresses the kernel reports FOREVER here
    if valid != FOREVER or preferred != FOREVER:
        passed = max(0, round(now - since / 100))
        valid = valid if valid == FOREVER else _lifetime_as_set(valid + passed)
        preferred = preferred if preferred in (FOREVER, 0) else _lifetime_as_set(preferred + passed)
    link = names[message["index"]]
    proto = found.get("proto", 0)
    cidr = f"{local}/{message['prefixlen']}"
    return Address(
        link,
        cidr,
        peer=far if far != local else None,
        scope=SCOPES.get(message["scope"]) or str(message["scope"]),
        label=found.get("label"),
        broadcast=found.get("broadcast"),
        valid_lft=valid,
        preferred_lft=preferred,
        nodad=bool(six and flags & NODAD),
        noprefixroute=bool(flags & NOPREFIXROUTE),
        metric=found.get("metric", 0),
        secondary=bool(not six and flags & SECONDARY),
        dadfailed=bool(six and flags & DADFAILED),
        kernel_made=proto in KERNEL_PROTOS
        or (proto == 0 and _looks_kernel_made(link, cidr, six))
        or bool(six and flags & TEMPORARY),
        proto=proto,
        flags=flags & OWN_FLAGS,
        extras=found.get("others", ()),
    )


def _lifetime_as_set(seconds: int) -> int:
    """Return the lifetime that was most likely set.

    The kernel counts it down by a clock that is not visible, so that the sum of what is left and
    what has passed varies by up to a second.
    """
    for near in (seconds - 1, seconds + 1):
        if near % 10 == 0:
            return near
    return seconds


def _looks_kernel_made(link: str, cidr: str, six: bool) -> bool:
    """Guess whether the kernel created an address that has no IFA_PROTO.

    lo and IPv4 never have it, nothing does before Linux 5.18.
    """
    if link == "lo":
        return cidr in ("127.0.0.1/8", "::1/128")
    local = six and cidr.startswith("fe80:") and cidr.endswith("/64")
    return local and syscalls.kernel_version() < (5, 18)


def mark_tunnel_addresses(namespace: NamespaceState) -> None:
    """Mark IPv6 addresses of sit tunnels that embed an IPv4 one as created by the kernel, which
    does not report that: add_v4_addrs() of net/ipv6/addrconf.c."""
    for number, each in enumerate(namespace.addresses):
        link = namespace.links.get(each.link)
        if link is not None and link.kind == "sit" and each.version == 6:
            octets = socket.inet_pton(socket.AF_INET6, each.local)
            begins = {"/64": b"\xfe\x80" + bytes(10), "/96": bytes(12)}.get(each.cidr[-3:])
            if octets[:12] == begins:
                namespace.addresses[number] = replace(each, kernel_made=True)
