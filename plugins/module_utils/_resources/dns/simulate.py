# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on the files under /etc/netns."""

from __future__ import annotations

from ..._core.host_state import HostState
from ..._core.record import replace
from ..._core.resource import Handlers
from . import operations as op
from .state import TOP


def _make_folder(host: HostState, step: op.MakeFolder) -> None:
    for name, etc in host.etc.items():
        if step.path == TOP:
            host.etc[name] = replace(etc, top=True)
        elif step.path == etc.path:
            host.etc[name] = replace(etc, folder=step.new)


def _remove_folder(host: HostState, step: op.RemoveFolder) -> None:
    for name, etc in host.etc.items():
        if step.path == TOP:
            host.etc[name] = replace(etc, top=False)
        elif step.path == etc.path:
            host.etc[name] = replace(etc, folder=None)


def _write_file(host: HostState, step: op.WriteFile) -> None:
    etc = host.etc[step.name]
    host.etc[step.name] = replace(etc, files={**etc.files, step.file: step.new})


def _remove_file(host: HostState, step: op.RemoveFile) -> None:
    etc = host.etc[step.name]
    left = {file: there for file, there in etc.files.items() if file != step.file}
    host.etc[step.name] = replace(etc, files=left)


SIMULATE: Handlers = {
    op.MakeFolder: _make_folder,
    op.RemoveFolder: _remove_folder,
    op.WriteFile: _write_file,
    op.RemoveFile: _remove_file,
}
