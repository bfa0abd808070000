# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The desired queueing discipline, normalised from a task's options; None means not stated."""

from __future__ import annotations

import re
import typing as t

from ..._core import parse
from ..._core.errors import BadInput
from ..._core.record import dataclass
from . import units
from .shaping import LARGEST, codel_time
from .state import CHOSEN_BY_KERNEL, ROOT, class_name
from .values import INT_MAX, Options, Parser, Stated, class_number, some_rate, some_size, within

if t.TYPE_CHECKING:
    from .htb_spec import ClassSpec

FQ_CODEL_FLOWS = 65536  # net/sched/sch_fq_codel.c, as the bounds of quantum
FQ_CODEL_QUANTUM = (256, 1 << 20)


@dataclass(frozen=True)
class QdiscSpec:
    """A place on a link and the desired queueing discipline there."""

    place: str
    link: str
    parent: int
    kind: str | None
    handle: int | None
    present: bool
    stated: Stated
    classes: tuple[ClassSpec, ...] | None = None
    purge: bool = False
    force: bool = False

    @classmethod
    def of(cls, options: Options) -> QdiscSpec:
        """Read the options of the netns_qdisc module."""
        kind, present = options["kind"], options["state"] == "present"
        if present and kind is None:
            raise BadInput("kind is required with state=present")
        classes = None
        if options["classes"] is not None:
            if kind != "htb":
                raise BadInput(f"classes require kind=htb, not kind={kind}")
            from .htb_spec import classes_of

            classes = classes_of(options["classes"])
        if kind == "noqueue" and options["parent"] != "root":
            raise BadInput("kind=noqueue requires parent=root: a class must have a queue")
        if options["purge"] and classes is None:
            raise BadInput("purge=true requires classes: it removes those that are not listed")
        desired = cls(
            parse.of_option("netns", parse.place, options["netns"]),
            parse.of_option("link", parse.link_name, options["link"]),
            parent(options["parent"]),
            kind,
            _handle(options["handle"]),
            present,
            _stated(kind, options),
            classes,
            options["purge"],
            options["force"],
        )
        if desired.handle is None:
            return desired
        for each in classes or ():
            if each.classid >> 16 != desired.handle >> 16:
                raise BadInput(
                    f"class {class_name(each.classid)} must have the major number of handle"
                    f" {class_name(desired.handle)}"
                )
        return desired


# --- handles and classes ---------------------------------------------------------------------------


def parent(text: str) -> int:
    """Return the parent of a queueing discipline: the root or a class."""
    if text == "root":
        return ROOT
    return class_number("parent", text, minor=True)


def _handle(text: str | None) -> int | None:
    if text is None:
        return None
    number = class_number("handle", text if ":" in text else f"{text}:", minor=False)
    if number >> 16 >= CHOSEN_BY_KERNEL:
        raise BadInput(
            f"handle {text!r} must be between 1: and 7fff:; the kernel chooses from 8000:"
        )
    return number


# --- options of each kind ----------------------------------------------------------------------------


def _jitter(name: str, text: str) -> int:
    value = units.time(name, text)
    if value > INT_MAX:
        raise BadInput(f"{name} {text!r} must be at most {units.shown_time(INT_MAX)}")
    return value


def _delay(name: str, text: str) -> int:
    value = units.time(name, text)
    if value >> 63:
        raise BadInput(f"{name} {text!r} is too large for the kernel; lower it")
    return value


def _codel_time(name: str, text: str) -> int:
    value = units.time(name, text) // 1000
    if value > LARGEST:
        raise BadInput(f"{name} {text!r} is too large for the kernel; lower it")
    return codel_time(value)


def _default(name: str, text: str) -> int:
    found = re.fullmatch(r"(?:0x)?([0-9a-f]{1,4})", text.lower())
    if found is None:
        raise BadInput(
            f"{name} {text!r} must be the minor number of a class (after the colon), in hexadecimal"
        )
    return int(found[1], 16)


def _flag(name: str, value: t.Any) -> bool:
    return bool(value)


_PACKETS = within(1, LARGEST)
OPTIONS: dict[str, dict[str, Parser]] = {
    "netem": {
        "delay": _delay,
        "jitter": _jitter,
        "correlation": units.percent,
        "loss": units.percent,
        "loss_correlation": units.percent,
        "duplicate": units.percent,
        "duplicate_correlation": units.percent,
        "corrupt": units.percent,
        "corrupt_correlation": units.percent,
        "reorder": units.percent,
        "reorder_correlation": units.percent,
        "gap": within(1, LARGEST),
        "rate": units.rate,
        "limit": _PACKETS,
    },
    "tbf": {
        "rate": some_rate,
        "burst": some_size,
        "latency": _delay,
        "limit": units.size,
    },
    "htb": {"default": _default},
    "fq_codel": {
        "limit": _PACKETS,
        "target": _codel_time,
        "interval": _codel_time,
        "quantum": within(*FQ_CODEL_QUANTUM),
        "ecn": _flag,
        "flows": within(1, FQ_CODEL_FLOWS),
    },
    "noqueue": {},
}
NAMES = frozenset(name for options in OPTIONS.values() for name in options)


def _stated(kind: str | None, options: Options) -> Stated:
    stated = {name: options[name] for name in sorted(NAMES) if options[name] is not None}
    known = OPTIONS.get(kind or "", {})
    for name in stated:
        if name not in known:
            owners = [each for each, names in OPTIONS.items() if name in names]
            raise BadInput(f"{name} requires kind={' or '.join(owners)}, not kind={kind}")
    found = {name: known[name](name, value) for name, value in stated.items()}
    if kind == "tbf" and "latency" in found and "limit" in found:
        raise BadInput("latency and limit are mutually exclusive")
    return found
