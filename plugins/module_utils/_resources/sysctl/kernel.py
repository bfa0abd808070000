# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Set kernel parameters through /proc/sys."""

from __future__ import annotations

import contextlib
import errno
import os
import typing as t

from ..._core.errors import KernelError
from ..._core.resource import Handlers
from ..._netlink import syscalls as system
from ..._netlink.handles import Handles
from . import operations as op
from . import state as sysctl
from .kernel_read import ROOT, value_of


class ValueChangedByKernel(KernelError):
    """The kernel accepted a value and stored another one."""

    def __str__(self) -> str:
        return f"{self.what}: {self.words}"


def _write_sysctl(kernel: Handles, step: op.WriteSysctl) -> None:
    fd = kernel.socket(step.netns).namespace()
    try:
        system.inside(fd, lambda: _write_here(step))
    except OSError as error:
        raise KernelError(error.errno or errno.EIO, step.phrase()) from error
    finally:
        os.close(fd)


def _write_here(step: op.WriteSysctl) -> None:
    """Write a value in the namespace of the calling thread, or restore the old one on failure."""
    try:
        _put(step.key, step.new)
        made = value_of(step.key)
        if made != sysctl.kept(step.key, step.new):
            words = f"the kernel stored {made!r} instead; use that, or another value"
            raise ValueChangedByKernel(errno.ERANGE, step.phrase(), words)
    except (OSError, KernelError):
        # Of several numbers, the kernel stores those ahead of an invalid one.
        if step.old is not None and value_of(step.key) != step.old:
            with contextlib.suppress(OSError):
                _put(step.key, step.old)
                _put_all(step.around)
        raise
    _put_all(step.also)


def _put_all(values: t.Iterable[tuple[str, str]]) -> None:
    for key, value in values:
        if value_of(key) != value:
            _put(key, value)


def _put(key: str, value: str) -> None:
    fd = os.open(f"{ROOT}/{key}", os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, f"{value}\n".encode(errors="surrogateescape"))
    finally:
        os.close(fd)


APPLY: Handlers = {op.WriteSysctl: _write_sysctl}
