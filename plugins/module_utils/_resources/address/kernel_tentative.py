# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Wait for duplicate address detection of IPv6 addresses: RFC 4862, section 5.4.

Until it is done an address is tentative: no packet and no route can have it as source. With
detection switched off, the kernel still clears the flag a moment later only.
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
# RFC 4862: up to a second until it begins and one for each probe, of which there is one by default.
MAX_WAIT = 6.0  # seconds
POLL_INTERVAL = 0.01


class AddressFlags(t.NamedTuple):
    """An address of a namespace with its flags (linux/if_addr.h)."""

    address: str
    link: int  # ifindex
    flags: int


def await_usable(kernel: Handles, netns: str, address: str, error: KernelError) -> None:
    """Return once a tentative address is usable; it may be already, since detection can end between
    the kernel's refusal and this check.

    Raises ``error`` if the address does not exist, and with the reason if it stays tentative.
    """

    def flags() -> int | None:
        found = (each.flags for each in _addresses(kernel, netns) if each.address == address)
        return next(found, None)

    _wait(lambda: _undecided(flags() or 0))
    left = flags()
    if left is None:
        raise error
    if left & DADFAILED:
        raise _with_reason(error, f"{address} is a duplicate: another host has it")
    if left & TENTATIVE:
        words = f"{address} is still tentative after {MAX_WAIT:g} s: without a carrier it stays so"
        raise _with_reason(error, f"{words}, unless it is added with nodad")


def await_decided(kernel: Handles, wanted: t.Mapping[str, t.Container[tuple[int, str]]]) -> None:
    """Return once detection is done for the addresses, given by namespace as (link index, address)."""
    left = list(wanted)

    def is_busy() -> bool:
        while left:
            found = _addresses(kernel, left[-1])
            if any(_undecided(e.flags) and (e.link, e.address) in wanted[left[-1]] for e in found):
                return True
            left.pop()
        return False

    _wait(is_busy)


def _undecided(flags: int) -> bool:
    """Return whether duplicate address detection is still running."""
    return bool(flags & TENTATIVE and not flags & DADFAILED)


def _wait(is_busy: t.Callable[[], bool]) -> None:
    deadline = time.monotonic() + MAX_WAIT
    while is_busy() and time.monotonic() < deadline:
        time.sleep(POLL_INTERVAL)


def _addresses(kernel: Handles, netns: str) -> t.Iterator[AddressFlags]:
    what = f"read the addresses {phrase(netns)}"
    fields = {"family": socket.AF_INET6}
    sock = kernel.socket(netns)
    for message in sock.dump(what, codec.AddressMessage, RTM_GETADDR, fields):
        found = message.found
        address = found.get("local", found.get("address"))
        yield AddressFlags(address, message["index"], found.get("flags", message["flags"]))


def _with_reason(error: KernelError, reason: str) -> KernelError:
    return KernelError(error.errno, error.what, ". ".join(filter(None, (error.words, reason))))
