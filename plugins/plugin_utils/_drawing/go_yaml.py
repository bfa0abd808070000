# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read YAML like containerlab, which decodes it strictly with Go's yaml.v2.

There the type of a scalar depends on the field: where text is expected, `NO`, `010` and `1_0` are
text. PyYAML would convert them to a boolean, 8 and 10.
"""

from __future__ import annotations

import re
import typing as t

import yaml

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    DrawingError,
    shown,
)

Values = dict[str, t.Any]
Loader = yaml.BaseLoader  # leaves scalars untyped, but keeps explicit tags

NULLS = ("", "~", "null", "Null", "NULL")
MERGE = "<<"
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
INTEGERS = (  # like strconv.ParseInt with base 0
    (re.compile(r"[-+]?0[xX][0-9a-fA-F]+"), 16),
    (re.compile(r"[-+]?0[bB][01]+"), 2),
    (re.compile(r"[-+]?0[oO]?[0-7]+"), 8),
    (re.compile(r"[-+]?(0|[1-9][0-9]*)"), 10),
)
MAX_INT = 2**63 - 1
MAX_DIGITS = 100


def document(text: str) -> tuple[t.Any, bool]:
    """Return the first document, and whether there are more, which yaml.v2 ignores."""
    try:
        loader = Loader(text)
        try:
            node = loader.get_node() if loader.check_node() else None
            more = loader.check_node()
        finally:
            loader.dispose()
        _refuse_duplicates(node)
    except (yaml.YAMLError, RecursionError) as error:
        raise DrawingError(f"this is not valid YAML: {error}. Correct it") from error
    return node, more


def _refuse_duplicates(root: yaml.Node | None) -> None:
    """Raise DrawingError for duplicate keys in a mapping, like a strict decoder."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, yaml.CollectionNode) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
            continue
        lines: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise DrawingError(f"line {line}: a key must be text")
            if key.value in lines:
                raise DrawingError(
                    f"line {line}: {shown(key.value)} is stated twice, first in line"
                    f" {lines[key.value]}. Remove one of them"
                )
            if not _is_merge(key):
                lines[key.value] = line
            waiting.append(value)


def is_null(value: t.Any) -> bool:
    """Return whether a value is null."""
    if isinstance(value, yaml.ScalarNode):
        return value.style is None and value.value in NULLS
    return value is None


def fields(value: t.Any, what: str, known: t.Container[str]) -> Values:
    """Return the fields of an object; raise DrawingError for unknown ones."""
    found = _mapping(value, what, (), overriding=True)
    for name in found:
        if name not in known:
            raise DrawingError(
                f"{what}: containerlab has no key {shown(name)} there. Correct or remove it"
            )
    return found


def entries(value: t.Any, what: str) -> Values:
    """Return the entries of a mapping whose keys are names."""
    return _mapping(value, what, (), overriding=False)


def _mapping(value: t.Any, what: str, within: tuple[int, ...], overriding: bool) -> Values:
    if is_null(value):
        return {}
    if isinstance(value, yaml.MappingNode):
        found: Values = {}
        for key, inner in value.value:
            if not _is_merge(key):
                _add(found, {"" if is_null(key) else key.value: inner}, what, overriding)
                continue
            for source in _merged(inner, what, (*within, id(value))):
                more = _mapping(source, what, (*within, id(value)), overriding)
                _add(found, more, what, overriding)
        return found
    if not isinstance(value, t.Mapping):
        raise DrawingError(f"{what} must be a dictionary, not {display(value)}")
    for key in value:
        if not isinstance(key, str):
            raise DrawingError(
                f"{what}: the key {shown(key)} is not text. YAML 1.1 reads NO, 010 and 1_0 as other"
                " things than containerlab does: give the text of the file to the filter, without"
                " from_yaml, or quote the key"
            )
    return dict(value)


def _add(found: Values, more: Values, what: str, overriding: bool) -> None:
    """Add later keys: they override the fields of an object, but not the entries of a mapping."""
    for key in more:
        if key in found and not overriding:
            raise DrawingError(
                f"{what}: {shown(key)} is there already, and merged again by '<<'; remove one of them"
            )
    found.update(more)


def _is_merge(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode) and key.value == MERGE and key.style is None


def _merged(value: yaml.Node, what: str, within: tuple[int, ...]) -> list[yaml.Node]:
    """Return the mappings that '<<' merges, in ascending precedence."""
    sources = value.value[::-1] if isinstance(value, yaml.SequenceNode) else [value]
    for source in sources:
        if not isinstance(source, yaml.MappingNode):
            raise DrawingError(f"{what}: '<<' must merge dictionaries, not {display(source)}")
        if id(source) in within:
            raise DrawingError(f"{what}: '<<' must not merge what it is in")
    return sources


def items(value: t.Any, what: str) -> list[t.Any]:
    """Return the items of a list."""
    if is_null(value):
        return []
    if isinstance(value, yaml.SequenceNode):
        return list(value.value)
    if not isinstance(value, t.Sequence) or isinstance(value, (str, bytes)):
        raise DrawingError(f"{what} must be a list, not {display(value)}")
    return list(value)


def text(value: t.Any, what: str) -> str:
    """Return a text as written, '' for null."""
    if is_null(value):
        return ""
    if isinstance(value, yaml.ScalarNode):
        return str(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        raise DrawingError(
            f"{what} is {shown(value)}, which is not text. Quote it, or give the text of the file"
            " to the filter, without from_yaml"
        )
    raise DrawingError(f"{what} must be text, not {display(value)}")


def whole(value: t.Any, what: str) -> int:
    """Return an integer, 0 for null; a leading 0 means octal, and `_` is ignored."""
    if is_null(value):
        return 0
    if isinstance(value, yaml.ScalarNode):
        if value.style is not None:
            raise DrawingError(
                f"{what} is the text {shown(value.value)}, which is not a number; remove the quotes"
            )
        found = _number(value.value)
    else:
        found = value if isinstance(value, int) and not isinstance(value, bool) else None
    if found is None:
        raise DrawingError(f"{what} is {display(value)}, which must be a whole number")
    return found


def _number(written: str) -> int | None:
    plain = written.replace("_", "")
    if not plain or written[0] not in "+-.0123456789" or len(plain) > MAX_DIGITS:
        return None
    for form, base in INTEGERS:
        if form.fullmatch(plain):
            digits = plain.lower()
            sign = -1 if digits[0] == "-" else 1
            number = sign * int(digits.lstrip("+-").replace("0o", "0"), base)
            return number if abs(number) <= MAX_INT else None
    # yaml.v2 truncates floats such as 9e3 to integers.
    number_or_inf = float(plain) if FLOAT.fullmatch(plain) else float("inf")
    return int(number_or_inf) if abs(number_or_inf) <= MAX_INT else None


def display(value: t.Any) -> str:
    """Return a value for a message, with its line if it was read from text."""
    if isinstance(value, yaml.Node):
        line = value.start_mark.line + 1
        kinds = {yaml.MappingNode: "a dictionary", yaml.SequenceNode: "a list"}
        return f"{kinds.get(type(value)) or shown(value.value)} (line {line})"
    return shown(value)
