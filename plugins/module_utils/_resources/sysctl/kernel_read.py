# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read kernel parameters, and find out which are a namespace's own and which the machine's.

In all namespaces but the initial one the kernel omits global parameters or shows them as read-only
files (ensure_safe_net_sysctl() in net/sysctl_net.c, Linux 5.13). The initial one shows all alike, so
it is compared with a new namespace.
"""

from __future__ import annotations

import errno
import os
import stat
import typing as t

from ..._core.errors import KernelError
from ..._netlink import syscalls as system
from ..._netlink.socket import Socket
from . import state as sysctl
from .state import Sysctl

ROOT = "/proc/sys"
# sysctl_core_init() in net/core/sysctl_net_core.c makes it in the initial namespace only.
FIRST = "net/core/dev_weight"
# Global parameters that older kernels let every namespace write.
GLOBAL_ALWAYS = (
    "net/ipv4/tcp_allowed_congestion_control",
    "net/netfilter/nf_conntrack_buckets",
    "net/netfilter/nf_conntrack_expect_max",
    "net/netfilter/nf_conntrack_max",
)

Read = dict[str, Sysctl]


def of_socket(sock: Socket, keys: t.Sequence[str]) -> Read:
    """Return parameters of a socket's namespace and all those that writing them may change."""
    fd = sock.namespace()
    try:
        read, first = system.inside(fd, lambda: (_all(keys), _kind(FIRST) != sysctl.MISSING))
    finally:
        os.close(fd)
    if not first:
        return _told_apart(read, keys)
    kinds = _in_new(lambda: {key: _kind(sysctl.general(key)) for key in keys})
    for key in keys:
        if (read[key].kind == sysctl.OWN and kinds[key] != sysctl.OWN) or key in GLOBAL_ALWAYS:
            read[key] = Sysctl(read[key].value, sysctl.GLOBAL)
    return read


def of_new(keys: t.Sequence[str]) -> Read:
    """Return parameters as a new namespace has them."""
    return _told_apart(_in_new(lambda: _all(keys)), keys)


def _told_apart(read: Read, keys: t.Sequence[str]) -> Read:
    """Mark the parameters as global that a new namespace lacks or shows as read-only.

    Those that can be written where we are, as far as that is the first namespace.
    """
    for key in keys:
        closed = read[key].kind in (sysctl.MISSING, sysctl.READ_ONLY)
        if key in GLOBAL_ALWAYS or (closed and _kind(key) == sysctl.OWN and _is_wide(key)):
            read[key] = Sysctl(read[key].value, sysctl.GLOBAL)
    return read


def _is_wide(key: str) -> bool:
    """Return whether a parameter does not belong to a link, which not every namespace has."""
    return sysctl.general(key) == key


T = t.TypeVar("T")


def _in_new(work: t.Callable[[], T]) -> T:
    """Run a function in a new unnamed namespace, which ends with its thread, and return its result."""

    def run() -> T:
        system.unshare()
        return work()

    try:
        return system.in_thread(run)
    except OSError as error:
        what = "create a namespace to see which parameters a new one has"
        raise KernelError(error.errno or errno.EIO, what) from error


def _all(keys: t.Sequence[str]) -> Read:
    wanted: dict[str, None] = {}
    for key in keys:
        wanted.update(dict.fromkeys((key, sysctl.general(key), *_reached(key))))
        if sysctl.general(key) != key and "/neigh/" in key:
            wanted[sysctl.witness(key)] = None
    return {key: Sysctl(value_of(key), _kind(key)) for key in wanted}


def _reached(key: str) -> list[str]:
    """Return the existing parameters that a write may change."""
    found = sysctl.of(key)
    if found is None or found.link is not None:
        return []
    try:
        names = sorted(os.listdir(f"{ROOT}/{found.table}"))
    except OSError:
        names = []
    others = [sysctl.Of(found.table, name, found.leaf).key for name in names]
    others += sysctl.ALONG.get(found.key, ())
    return [other for other in others if sysctl.reaches(key, other)]


def _kind(key: str) -> str:
    """Return whether a parameter is the calling thread's namespace's own, global or read-only."""
    try:
        mode = os.stat(f"{ROOT}/{key}").st_mode
    except OSError:
        return sysctl.MISSING
    if not stat.S_ISREG(mode):
        return sysctl.MISSING
    if not mode & 0o222:
        return sysctl.READ_ONLY
    return sysctl.OWN if mode & 0o444 else sysctl.WRITE_ONLY


def value_of(key: str) -> str | None:
    """Return a parameter of the calling thread's namespace, None if it cannot be read."""
    try:
        with open(f"{ROOT}/{key}", encoding="utf-8", errors="replace") as file:
            return sysctl.value(key, file.read())
    except OSError:
        return None  # missing, or not set (net.ipv6.conf.*.stable_secret)
