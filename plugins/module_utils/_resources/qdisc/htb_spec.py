# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired classes of a htb, normalised from a task's options."""

from __future__ import annotations

import typing as t

from ..._core.errors import BadInput
from ..._core.record import dataclass
from .state import class_name
from .values import INT_MAX, Options, Parser, Stated, class_number, some_rate, some_size, within

HTB_PRIOS = 8  # TC_HTB_NUMPRIO, linux/pkt_sched.h


@dataclass(frozen=True)
class ClassSpec:
    """A desired class of htb with its stated options."""

    classid: int
    stated: Stated


def classes_of(listed: t.Sequence[Options]) -> tuple[ClassSpec, ...]:
    """Return the listed classes in their order."""
    found: dict[int, ClassSpec] = {}
    for each in listed:
        number = class_number("classid", each["classid"], minor=True)
        if number in found:
            raise BadInput(f"class {class_name(number)} is listed twice; list it once")
        found[number] = ClassSpec(number, _class_stated(number, each))
    if len({number >> 16 for number in found}) > 1:
        raise BadInput("classes of one htb must have the same major number (before the colon)")
    return tuple(found.values())


def _class_stated(number: int, options: Options) -> Stated:
    stated = {
        name: read(f"{name} of class {class_name(number)}", options[name])
        for name, read in CLASS_OPTIONS.items()
        if options[name] is not None
    }
    if stated.get("ceil", INT_MAX << 32) < stated.get("rate", 0):
        raise BadInput(f"ceil of class {class_name(number)} must not be less than its rate")
    above = stated.get("parent")
    if above is not None and (above >> 16 != number >> 16 or above == number):
        raise BadInput(
            f"parent {class_name(above)} is not possible for class {class_name(number)}; name another one of the same major number"
        )
    return stated


def _class_parent(name: str, text: str) -> int:
    return class_number(name, text, minor=not text.endswith(":"))


CLASS_OPTIONS: dict[str, Parser] = {
    "parent": _class_parent,
    "rate": some_rate,
    "ceil": some_rate,
    "burst": some_size,
    "cburst": some_size,
    "prio": within(0, HTB_PRIOS - 1),
    "quantum": within(1, INT_MAX),
}
