# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""How what is stated of a queueing discipline or a class is written, whichever it is."""

from __future__ import annotations

import re
import typing as t

from ..._core import parse
from ..._core.errors import BadInput
from . import units

Options = t.Mapping[str, t.Any]
Stated = dict[str, t.Any]
Parser = t.Callable[[str, t.Any], t.Any]

INT_MAX = (1 << 31) - 1


def class_number(name: str, text: str, minor: bool) -> int:
    """Return MAJOR:MINOR as a number; both are hexadecimal."""
    found = re.fullmatch(r"([0-9a-f]{1,4}):([0-9a-f]{0,4})", text.lower())
    number = int(found[1], 16) << 16 | int(found[2] or "0", 16) if found else 0
    if not number >> 16 or minor != bool(number & 0xFFFF):
        example = "'1:10'" if minor else "'1:'"
        raise BadInput(
            f"{name} {text!r} must be written as {example}, in hexadecimal digits and in quotes:"
            " YAML takes 1:10 for the number 70"
        )
    return number


def within(low: int, high: int) -> Parser:
    """Return what reads a whole number between two, both included."""

    def read(name: str, value: t.Any) -> int:
        text = str(value)
        number = parse.whole(text, low, high)
        if number is None:
            raise BadInput(f"{name} must be between {low} and {high}, not {value!r}")
        return number

    return read


def some_rate(name: str, text: str) -> int:
    """Return a rate in bytes a second, at least one."""
    value = units.rate(name, text)
    if value == 0:
        raise BadInput(f"{name} {text!r} must be at least 8bit")
    return value


def some_size(name: str, text: str) -> int:
    """Return a size in bytes, at least one."""
    value = units.size(name, text)
    if value == 0:
        raise BadInput(f"{name} {text!r} must be at least one byte")
    return value
