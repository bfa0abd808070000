# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""IPv6 addresses that may not be used yet, since another one might have them: RFC 4862, section 5.4.

Until duplicate address detection is done an address is tentative: no packet and no route may have
it as its source. Where detection is switched off, the kernel still sees that only a moment later.
"""

from __future__ import annotations

import socket
import time
import typing as t

from ..._core.errors import KernelError
from ..._core.host_state import phrase
from ..._netlink import codec
from ..._netlink.handles import Handles
from .kernel_read import DADFAILED, RTM_GETADDR

TENTATIVE = 0x40  # linux/if_addr.h
# RFC 4862: up to a second until it begins, and one a probe, of which there is one by default.
PATIENCE = 6.0  # seconds
BLINK = 0.01


class Seen(t.NamedTuple):
    """An address that a namespace has, with its flags (linux/if_addr.h)."""

    address: str
    link: int  # its number
    flags: int


def await_usable(kernel: Handles, netns: str, address: str, error: KernelError) -> None:
    """Return once an address that was tentative may be used. It may be so already: the kernel
    decides between its refusal and our look.

    Raises ``error`` if there is no such address, and with the reason if it stays tentative.
    """

    def flags() -> int | None:
        found = (each.flags for each in _addresses(kernel, netns) if each.address == address)
        return next(found, None)

    _wait(lambda: _undecided(flags() or 0))
    left = flags()
    if left is None:
        raise error
    if left & DADFAILED:
        raise _because(error, f"{address} is a duplicate: another one has it")
    if left & TENTATIVE:
        words = f"{address} is still tentative after {PATIENCE:g} s: without a carrier it stays so"
        raise _because(error, f"{words}, unless it is added with nodad")


def await_decided(kernel: Handles, wanted: t.Mapping[str, t.Container[tuple[int, str]]]) -> None:
    """Return once the kernel is done with addresses: by namespace, the link's number and which."""
    left = list(wanted)

    def busy() -> bool:
        while left:
            found = _addresses(kernel, left[-1])
            if any(_undecided(e.flags) and (e.link, e.address) in wanted[left[-1]] for e in found):
                return True
            left.pop()
        return False

    _wait(busy)


def _undecided(flags: int) -> bool:
    """Return whether the kernel is still looking for a duplicate."""
    return bool(flags & TENTATIVE and not flags & DADFAILED)


def _wait(busy: t.Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while busy() and time.monotonic() < deadline:
        time.sleep(BLINK)


def _addresses(kernel: Handles, netns: str) -> t.Iterator[Seen]:
    what = f"read the addresses {phrase(netns)}"
    fields = {"family": socket.AF_INET6}
    sock = kernel.socket(netns)
    for message in sock.dump(what, codec.AddressMessage, RTM_GETADDR, fields):
        found = message.found
        address = found.get("local", found.get("address"))
        yield Seen(address, message["index"], found.get("flags", message["flags"]))


def _because(error: KernelError, reason: str) -> KernelError:
    return KernelError(error.errno, error.what, ". ".join(filter(None, (error.words, reason))))
