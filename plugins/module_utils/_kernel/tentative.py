# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""IPv6 addresses that may not be used yet, since another one might have them: RFC 4862, section 5.4.

Until duplicate address detection is done an address is tentative, and no route may have it as its
source. Even where detection is switched off, the kernel only comes to see that a moment later.
"""

from __future__ import annotations

import socket
import time

from .._model.errors import KernelError
from .._model.world import phrase
from . import codec, read
from .kernel import Kernel

DADFAILED, TENTATIVE = 0x08, 0x40  # linux/if_addr.h
# RFC 4862: up to a second until it begins, and one a probe, of which there is one by default.
PATIENCE = 6.0  # seconds
BLINK = 0.01


def await_usable(kernel: Kernel, netns: str, address: str, error: KernelError) -> None:
    """Return once an address that was tentative may be used.

    Raises ``error`` if it was not tentative, and with the reason if it stays so.
    """
    deadline = time.monotonic() + PATIENCE
    seen = flags = _flags(kernel, netns, address)
    while flags & TENTATIVE and not flags & DADFAILED and time.monotonic() < deadline:
        time.sleep(BLINK)
        flags = _flags(kernel, netns, address)
    if not seen & TENTATIVE:
        raise error
    if flags & DADFAILED:
        raise _because(error, f"{address} is a duplicate: another one has it")
    if flags & TENTATIVE:
        words = f"{address} is still tentative after {PATIENCE:g} s: without a carrier it stays so"
        raise _because(error, f"{words}, unless it is added with nodad")


def _flags(kernel: Kernel, netns: str, address: str) -> int:
    """Return what the kernel says of an address; 0 if it is not there."""
    what = f"read the addresses {phrase(netns)}"
    fields = {"family": socket.AF_INET6}
    sock = kernel.socket(netns)
    for message in sock.dump(what, codec.AddressMessage, read.RTM_GETADDR, fields):
        found = message.found
        if address == found.get("local", found.get("address")):
            return int(found.get("flags", message["flags"]))
    return 0


def _because(error: KernelError, reason: str) -> KernelError:
    return KernelError(error.errno, error.what, ". ".join(filter(None, (error.words, reason))))
