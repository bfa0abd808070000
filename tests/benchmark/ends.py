# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the kernel has let go of namespaces: a while after their names are taken away.

It tears them down in the order in which they were let go. So one more goes last, and a veth leads
into it whose end can be seen here.
"""

from __future__ import annotations

import contextlib
import gc
import struct
import subprocess
import time
import typing as t

import floor
import iproute2
import sandbox

if t.TYPE_CHECKING:
    from networks import Lists

WITNESS = "bench-witness"
POLL = 0.002  # seconds, as the modules do
PATIENCE = 120.0
GETLINK, NLMSG_ERROR = 18, 2  # linux/rtnetlink.h, linux/netlink.h


def plant() -> None:
    """Make a namespace that goes last, and a veth into it."""
    sandbox.ip(
        f"netns add {WITNESS}",
        f"link add name {WITNESS} type veth peer name {WITNESS} netns {WITNESS}",
    )


def wait() -> None:
    """Return when the veth is gone, and with it all that was let go before."""
    deadline = time.monotonic() + PATIENCE
    while is_there(WITNESS):
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {PATIENCE:g} s the kernel still keeps namespaces")
        time.sleep(POLL)


def is_there(link: str) -> bool:
    """Return whether there is a link of a name here.

    Asked by netlink, which answers when a teardown is done; SIOCGIFINDEX knows nothing of a link
    from the moment that its teardown begins.
    """
    body = floor.link() + floor.attribute(floor.IFNAME, link.encode() + b"\0")
    with contextlib.closing(floor.opened()) as sock:
        sock.send(struct.pack("=IHHII", 16 + len(body), GETLINK, floor.REQUEST, 1, 0) + body)
        kind = struct.unpack_from("=H", sock.recv(8192), 4)[0]
    return bool(kind != NLMSG_ERROR)


def remove(lists: Lists) -> None:
    """Have one ip take all names away, and wait until the kernel has let go; plant() before."""
    script = iproute2.removing(lists, WITNESS)
    subprocess.run(["ip", "-batch", "-"], input=script, text=True, check=True)
    wait()


def clear(lists: Lists) -> None:
    """Leave nothing behind, for the next one to find."""
    gc.collect()
    plant()
    remove(lists)


def normalise() -> None:
    """Wait until the kernel has let go of all that has no name any more."""
    plant()
    remove({"namespaces": []})
