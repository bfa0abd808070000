# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Times, rates, sizes and percentages as tc(8) takes them, and back to what reads well.

Times are nanoseconds, rates bytes a second, sizes bytes, and a percentage is a share of 2^32 - 1.
"""

from __future__ import annotations

from ..._core.errors import BadInput

WHOLE = 0xFFFFFFFF  # 100 %
DIGITS = 40  # of a number; Python refuses to read one of 5,000
TICK = 64  # nanoseconds: PSCHED_SHIFT, net/pkt_sched.h
SECOND = 10**9

_TIMES = {"s": SECOND, "ms": 10**6, "us": 1000, "ns": 1}
_LONG_TIMES = {"sec": "s", "msec": "ms", "usec": "us", "nsec": "ns"}
_BITS = {"g": 10**9, "m": 10**6, "k": 1000, "": 1}
_PREFIXES = {**_BITS, "t": 10**12, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30, "ti": 1 << 40}
_SIZES = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def _split(text: str) -> tuple[str, str]:
    """Return number and unit, both empty if the text is something else."""
    text = text.strip().lower()
    unit = text.lstrip("0123456789.")
    number = text[: len(text) - len(unit)]
    whole, point, fraction = number.partition(".")
    if not whole or bool(point) != bool(fraction) or "." in fraction or len(number) > DIGITS:
        return "", ""
    return number, unit.strip()


def _times(number: str, factor: int, divisor: int = 1) -> int:
    """Return number * factor / divisor, cut off, without the errors of a float."""
    whole, _point, fraction = number.partition(".")
    scale: int = 10 ** len(fraction)
    return int(whole + fraction) * factor // (divisor * scale)


def time(name: str, text: str) -> int:
    """Return nanoseconds. A bare number means one thing here and another there: only 0 is taken."""
    number, unit = _split(text)
    unit = unit.removesuffix("s") if unit.endswith("secs") else unit
    unit = _LONG_TIMES.get(unit, unit)
    if number and unit in _TIMES:
        return _times(number, _TIMES[unit])
    if number and not unit and not float(number):
        return 0
    raise BadInput(f"{name} {text!r} must be a time with its unit, as 10ms, 500us or 1.5s")


def rate(name: str, text: str) -> int:
    """Return bytes a second."""
    number, unit = _split(text)
    for ending, divisor in (("bit", 8), ("bps", 1)):
        prefix = unit.removesuffix(ending) if unit.endswith(ending) else None
        if number and prefix in _PREFIXES:
            return _small(name, text, _times(number, _PREFIXES[prefix], divisor), 1 << 60)
    if number and not unit:
        return _small(name, text, _times(number, 1, 8), 1 << 60)
    raise BadInput(f"{name} {text!r} must be a rate, as 500kbit, 1.5mbit or 1gbit")


def size(name: str, text: str) -> int:
    """Return bytes; k and m stand for 1024 and its square, as in tc(8)."""
    number, unit = _split(text)
    if number and unit.endswith("bit") and unit[:-3] in ("k", "m", "g"):
        return _small(name, text, _times(number, _SIZES[unit[:-3]], 8), 1 << 32)
    if number:
        factor = _SIZES.get(unit.removesuffix("b") if unit in ("kb", "mb", "gb") else unit)
        if factor is not None:
            return _small(name, text, _times(number, factor), 1 << 32)
    raise BadInput(f"{name} {text!r} must be a size, as 1600, 32kbit, 16kb or 1mb")


def _small(name: str, text: str, value: int, bound: int) -> int:
    if value >= bound:
        raise BadInput(f"{name} {text!r} is too large for the kernel; lower it")
    return value


def percent(name: str, text: str) -> int:
    """Return the nearest share of 2^32 - 1."""
    number, unit = _split(text)
    if not number or unit not in ("", "%") or float(number) > 100:
        raise BadInput(f"{name} {text!r} must be a percentage from 0% to 100%, as 0.5%")
    whole, _point, fraction = number.partition(".")
    divisor: int = 100 * 10 ** len(fraction)
    return (2 * int(whole + fraction) * WHOLE + divisor) // (2 * divisor)


def shown_time(nanoseconds: int) -> str:
    """Return a time in the largest unit of which there is at least one."""
    for unit, factor in _TIMES.items():
        if nanoseconds >= factor:
            return f"{_decimal(nanoseconds, factor)}{unit}"
    return "0s"


def shown_rate(bytes_a_second: int) -> str:
    """Return a rate in bits a second."""
    bits = bytes_a_second * 8
    for prefix, factor in _BITS.items():
        if bits >= factor:
            return f"{_decimal(bits, factor)}{prefix}bit"
    return "0bit"


def shown_size(count: int) -> str:
    """Return bytes, or whole kilobytes and megabytes of 1024."""
    for unit, factor in (("mb", 1 << 20), ("kb", 1 << 10)):
        if count and count % factor == 0:
            return f"{count // factor}{unit}"
    return f"{count}b"


def shown_percent(share: int) -> str:
    """Return the shortest percentage that is stored as this share."""
    number = "0"
    for places in range(12):
        number = f"{share * 100 / WHOLE:.{places}f}"
        if percent("", number) == share:
            break
    return f"{number}%"


def _decimal(value: int, factor: int) -> str:
    whole, rest = divmod(value, factor)
    digits = str(rest).zfill(len(str(factor)) - 1).rstrip("0") if rest else ""
    return f"{whole}.{digits}" if digits else str(whole)


def roundest(low: int, high: int, steps: tuple[int, ...]) -> int:
    """Return the number between two, both included, that is a multiple of the largest step."""
    for step in steps:
        found = -(-low // step) * step
        if found <= high:
            return found
    return low
