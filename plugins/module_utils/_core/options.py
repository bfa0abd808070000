# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What holds for the options of all modules alike: checked once, by their specification.

YAML and Ansible are lenient: `no` arrives as the text 'False', a list within a list as "['a']", the
second part of 'a, b' as ' b', a text of several lines with a line break at its end. Nothing of it is
what somebody intended; here it is put right where that is certain, and refused by name where not.
"""

from __future__ import annotations

import math
import typing as t

from .errors import BadInput

Spec = t.Mapping[str, t.Mapping[str, t.Any]]

LONGEST = 4096  # characters of a text that names something: PATH_MAX, linux/limits.h
WIDEST = 1 << 64  # beyond any field of any message
# Texts of which all belongs to the text, also a blank at either end.
VERBATIM = frozenset(("alias", "argv", "cmd", "stdin"))
BINARY = frozenset(("stdin",))  # is in no name, message or argument: it may hold a NUL
CONVERTED = {
    "True": "what YAML makes of yes, on and true",
    "False": "what YAML makes of no, off and false",
    "None": "what YAML makes of null, ~ and nothing",
}
SUSPECT = frozenset(" [{TFN")  # first characters of what is not to be passed through


def check(spec: Spec, options: dict[str, t.Any], at: str = "") -> dict[str, t.Any]:
    """Return options, put right in place, or raise BadInput with the path of the wrong one."""
    for name, kind, stated in _typed(spec):
        value = options.get(name)
        if value is None or (kind == "str" and _is_plain(value)):
            continue
        put = _value(stated, kind, value, f"{at}{name}")
        if put is not value:
            options[name] = put
    return options


_known: dict[int, tuple[Spec, list[tuple[str, str, t.Mapping[str, t.Any]]]]] = {}


def _typed(spec: Spec) -> list[tuple[str, str, t.Mapping[str, t.Any]]]:
    """Return the options of which Ansible leaves anything open, with their types; a list of thousands
    of entries has one specification."""
    if id(spec) not in _known:
        typed = [(name, stated.get("type", "str"), stated) for name, stated in spec.items()]
        closed = [each for each in typed if each[1] != "bool" and "choices" not in each[2]]
        _known[id(spec)] = spec, closed  # which keeps it, and with it its id
    return _known[id(spec)][1]


def _value(stated: t.Mapping[str, t.Any], kind: str, value: t.Any, at: str) -> t.Any:
    if kind == "str":
        if _is_plain(value):
            return value
        name = at.rpartition(".")[2].partition("[")[0]
        return text(value, at, name in VERBATIM, name in BINARY, bool(stated.get("no_log")))
    if kind == "list":
        kind = stated.get("elements", "raw")
        for number, each in enumerate(value):
            value[number] = _value(stated, kind, each, f"{at}[{number}]")
        return value
    if kind == "dict" and "options" in stated:
        return check(stated["options"], value, f"{at}.")
    if kind in ("int", "float"):
        _check_number(value, at)
    elif kind == "path":
        text(value, at, verbatim=True)
        _check_length(value, at)
    else:
        _check_raw(value, at)
    return value


def _is_plain(stated: str) -> bool:
    """Return whether a text is certainly as intended, as nearly all are."""
    return (
        stated.isascii()
        and stated.isprintable()
        and len(stated) <= LONGEST
        and stated[:1] not in SUSPECT
        and stated[-1:] != " "
    )


def text(
    stated: str, at: str, verbatim: bool = False, binary: bool = False, secret: bool = False
) -> str:
    """Return a text as intended: one that can be written, without what surrounds it."""
    if not (stated.isascii() and stated.isprintable()):
        stated = _writable(stated, at, binary, secret)
    if verbatim:
        return stated
    plain = stated.strip()
    if stated and not plain:
        raise BadInput(f"{at} must not be blank, as {stated[:40]!r} is; leave it out")
    _check_length(plain, at)
    if plain in CONVERTED:
        raise BadInput(f"{at} is {plain!r}, {CONVERTED[plain]}: put it in quotes")
    if plain[:1] + plain[-1:] in ("[]", "{}") and _is_converted(plain):
        what = "list" if plain[0] == "[" else "dictionary"
        raise BadInput(f"{at} must be text, not a {what}{'' if secret else f': {plain}'}")
    return plain


def _is_converted(stated: str) -> bool:
    """Return whether a text is what Python writes of a list or a dictionary."""
    import ast  # for what next to nobody states

    try:
        return isinstance(ast.literal_eval(stated), (list, dict))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False


def _writable(stated: str, at: str, binary: bool, secret: bool) -> str:
    """Return a text as its own bytes are read again: Python keeps bytes that are no UTF-8 as
    surrogates (PEP 383), and any others cannot be written."""
    quoted = "" if secret else f": {stated[:40]!r}"
    if "\0" in stated and not binary:
        raise BadInput(f"{at} must not contain a NUL character{quoted}")
    try:
        return stated.encode(errors="surrogateescape").decode(errors="surrogateescape")
    except UnicodeEncodeError:
        raise BadInput(f"{at} must not contain half of a surrogate pair{quoted}") from None


def _check_length(stated: str, at: str) -> None:
    if len(stated) > LONGEST:
        raise BadInput(f"{at} must have at most {LONGEST} characters, not {len(stated)}")


def _check_number(value: t.Any, at: str) -> None:
    if isinstance(value, bool):
        raise BadInput(f"{at} must be a number, not {value}, {CONVERTED[str(value)]}")
    if isinstance(value, float) and not math.isfinite(value):
        raise BadInput(f"{at} must be a number, not {value}")
    if not -WIDEST <= value <= WIDEST:
        raise BadInput(f"{at} must be a number of at most 64 bits")


def _check_raw(value: t.Any, at: str) -> None:
    """Check what may be of any type, and is checked further by whoever reads it."""
    if isinstance(value, str):
        text(value, at, verbatim=True)
    elif isinstance(value, t.Mapping):
        for name, each in value.items():
            _check_raw(name, f"{at}: a name")
            _check_length(str(name), f"{at}: a name")
            _check_raw(each, f"{at}[{name!r}]")
    elif isinstance(value, (list, tuple)):
        for number, each in enumerate(value):
            _check_raw(each, f"{at}[{number}]")
    elif isinstance(value, int) and not isinstance(value, bool):
        _check_number(value, at)
