# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Which namespaces, kernel parameters and files are not as they were before a plan that was taken back."""

from __future__ import annotations

import typing as t

from .._core.host_state import World, phrase
from .._core.operation import Operation
from .._resources.sysctl import state as sysctl
from .._resources.sysctl.operations import WriteSysctl


def differences(was: World, now: World, done: t.Iterable[Operation]) -> list[str]:
    """Return a phrase for each of those that the operations dealt with, and for no other.

    What others changed meanwhile is theirs.
    """
    told: dict[str, None] = {}
    for step in done:
        if step.family == "namespace":
            told.update(dict.fromkeys(_namespaces(was, now, step)))
        if isinstance(step, WriteSysctl):
            told.update(dict.fromkeys(_sysctls(was, now, step)))
        elif step.family == "dns":
            told.update(dict.fromkeys(_files(was, now, step)))
    return list(told)


def _namespaces(was: World, now: World, step: Operation) -> t.Iterator[str]:
    key = getattr(step, "netns", "")
    if key in was.spaces and key in now.spaces:
        old, new = was.spaces[key].state, now.spaces[key].state
        if old != new:
            yield f"namespace {key} is {new}, was {old}"


def _sysctls(was: World, now: World, step: WriteSysctl) -> t.Iterator[str]:
    there = now.spaces[step.netns].sysctls if step.netns in now.spaces else {}
    for key in (step.key, *(each for each, _value in step.around)):
        old, new = was.spaces[step.netns].sysctls[key], there.get(key)
        if new is not None and new.value != old.value:
            name = sysctl.shown(key)
            yield f"{name} {phrase(step.netns)} is {new.value!r}, was {old.value!r}"


def _files(was: World, now: World, step: Operation) -> t.Iterator[str]:
    file = getattr(step, "file", None)  # None for the directory
    for name, etc in was.etc.items():
        there = now.etc[name]
        if file is None and there.folder != etc.folder:
            yield f"the directory {etc.path} is not as it was"
        elif file is not None and there.files.get(file) != etc.files.get(file):
            yield f"{etc.path}/{file} is not as it was"
