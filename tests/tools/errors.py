# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogue of errors: every message of plugins/, read from the source.

A message is the text of an error where it is made (``BadInput(...)``, raised or returned), the
``msg`` of ``fail_json``, and what a function returns that makes all of such a text.
"""

from __future__ import annotations

import ast
import functools
import pathlib
import typing as t
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
CATALOGUE = ROOT / "tests" / "unit" / "errors.txt"
HEAD = """\
# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every error message of this collection, file by file. Written by: ./dev errors
# {name} is a value, (a|b) is one of two texts, [a] is a text that is left out at times.
# "|" begins another text of the same error.
"""
# Errors of Python and of Ansible that users read, besides the classes that plugins/ defines.
OTHERS = {"AnsibleError", "AnsibleFilterError", "AnsibleParserError", "ImportError", "ValueError"}
PLAIN = ("str", "repr", "shown", "display")  # calls that show a value, in quotes or not
KERNEL = ("KernelError", "ValueChangedByKernel")  # which take a number, what failed, and words

Function = ast.FunctionDef


class Message(t.NamedTuple):
    """The texts of one place in the source that makes an error, and the lines of this place."""

    path: str
    first: int
    last: int
    texts: tuple[str, ...]


class Source:
    """A file of plugins/, and what is defined and imported in it."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self.name = str(path.relative_to(ROOT))
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.functions = {
            node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)
        }
        self.imported: dict[str, tuple[pathlib.Path, str]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and (base := self._folder(node)):
                for alias in node.names:
                    self.imported[alias.asname or alias.name] = (base, alias.name)

    def _folder(self, node: ast.ImportFrom) -> pathlib.Path | None:
        """What is imported from: a file without its suffix, or a folder."""
        words = (node.module or "").split(".")
        if node.level:
            return self.path.parents[node.level - 1].joinpath(*filter(None, words))
        if words[:3] == ["ansible_collections", "linuxnet", "netns"]:
            return ROOT.joinpath(*words[3:])
        return None

    def function(self, called: ast.expr) -> tuple[Source, Function] | None:
        """The function of plugins/ that is called by its name, or by that of its file."""
        if isinstance(called, ast.Name):
            if called.id in self.functions:
                return self, self.functions[called.id]
            base, name = self.imported.get(called.id, (PLUGINS, ""))
            return _defined(base.with_suffix(".py"), name)
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            if called.value.id == "self":
                return _defined(self.path, called.attr)
            base, name = self.imported.get(called.value.id, (PLUGINS, ""))
            return _defined((base / name).with_suffix(".py"), called.attr)
        return None


def _defined(path: pathlib.Path, name: str) -> tuple[Source, Function] | None:
    if not path.is_file():
        return None
    source = parsed(path)
    return (source, source.functions[name]) if name in source.functions else None


@functools.cache
def parsed(path: pathlib.Path) -> Source:
    return Source(path)


def classes() -> set[str]:
    """The names of the errors whose text a user may read."""
    bases = {"Exception", "Conflict", *OTHERS}
    found = dict[str, set[str]]()
    for path in PLUGINS.rglob("*.py"):
        for node in ast.walk(parsed(path).tree):
            if isinstance(node, ast.ClassDef):
                found[node.name] = {name.id for name in node.bases if isinstance(name, ast.Name)}
    grown = True
    while grown:
        more = {name for name, above in found.items() if above & bases} - bases
        bases |= more
        grown = bool(more)
    return bases - {"Exception"}


# ---- how an expression is shown


def shown(node: ast.expr) -> str:
    """A text as it is read: values by their names."""
    if isinstance(node, ast.Constant):
        return str(node.value) if isinstance(node.value, str) else f"{{{node.value!r}}}"
    if isinstance(node, ast.JoinedStr):
        return "".join(shown(each) for each in node.values)
    if isinstance(node, ast.FormattedValue):
        return shown(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return shown(node.left) + shown(node.right)
    if isinstance(node, ast.IfExp):
        one, other = shown(node.body), shown(node.orelse)
        return f"({one}|{other})" if one and other else f"[{one or other}]"
    if isinstance(node, ast.Call) and called(node) in PLAIN and node.args:
        return shown(node.args[0])
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return shown(node.value)  # shortened
    return f"{{{_value(node)}}}"


def _value(node: ast.expr) -> str:
    """What is put in, in one word where there is one."""
    if isinstance(node, ast.Attribute):
        return f"{_value(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "join" and node.args:
            return f"{_value(node.args[0])}, ..."
        if isinstance(node.func, ast.Attribute):
            return _value(node.func)  # of an object: what it tells of itself
        inner = ", ".join(_value(each) for each in node.args)
        return f"{_value(node.func)}({inner})"
    if isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        return _value(node.generators[0].iter)
    return ast.unparse(node)


def _is_text(node: ast.expr) -> bool:
    """Whether an expression makes a text of its own."""
    if isinstance(node, ast.IfExp):
        return _is_text(node.body) or _is_text(node.orelse)
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(each, ast.Constant) for each in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _assigned(function: Function | None, name: str) -> list[ast.expr]:
    """The texts that a variable may hold."""
    found = []
    for node in ast.walk(function) if function else ():
        if isinstance(node, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id == name for each in node.targets
        ):
            found.append(node.value)
    return [node for node in found if _is_text(node)]


# ---- what makes an error


def _whole(node: ast.expr, function: Function | None) -> tuple[str, ...]:
    """The texts of what is all of a message, or of its part after a colon."""
    if isinstance(node, ast.Name):
        assigned = _assigned(function, node.id)
        if assigned:
            return tuple(shown(each) for each in assigned)
    return (shown(node),)


def _texts(call: ast.Call, function: Function | None) -> tuple[str, ...]:
    """The texts of an error that is made, none if it takes none."""
    name = called(call)
    if name == "fail_json":
        given = [each.value for each in call.keywords if each.arg == "msg"]
        return _whole(given[0], function) if given else ()
    if not call.args:
        return ()
    if name not in KERNEL:
        return _whole(call.args[0], function)
    number, what, *words = call.args
    reason = "kernel's words"
    if isinstance(number, ast.Attribute) and number.attr.startswith("E"):
        reason = f"kernel's words for {number.attr}"
    parts = [*_whole(what, function)]
    if not words:
        return tuple(f"{part}: {{{reason}}}" for part in parts)
    return tuple(
        f"{part}: {{{reason}}}: {word}" for part in parts for word in _whole(words[0], function)
    )


def called(call: ast.Call) -> str:
    """The last word of what is called."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _calls(node: ast.AST, function: Function | None) -> Iterator[tuple[ast.Call, Function | None]]:
    """Each call, in the order of the source, with the function that it is in."""
    for child in ast.iter_child_nodes(node):
        inside = child if isinstance(child, ast.FunctionDef) else function
        if isinstance(child, ast.Call):
            yield child, function
        yield from _calls(child, inside)


@functools.cache
def messages() -> list[Message]:
    """Every message, in the order in which the files are read."""
    errors = classes()
    found = dict[tuple[str, int], Message]()
    helpers: list[tuple[Source, Function]] = []
    for path in sorted(PLUGINS.rglob("*.py")):
        source = parsed(path)
        for call, function in _calls(source.tree, None):
            if called(call) not in errors | {"fail_json"}:
                continue
            texts = _texts(call, function)
            whole = call.args[0] if call.args else None
            if isinstance(whole, ast.Call) and (helper := source.function(whole.func)):
                helpers.append(helper)
                continue
            if texts and any(set(text) - set("{}") for text in texts):
                end = call.end_lineno or call.lineno
                found[source.name, call.lineno] = Message(source.name, call.lineno, end, texts)
    while helpers:
        source, function = helpers.pop()
        for node in ast.walk(function):
            if not isinstance(node, ast.Return) or node.value is None:
                continue
            if isinstance(node.value, ast.Call) and (more := source.function(node.value.func)):
                helpers.append(more)
            elif _is_text(node.value):
                at = source.name, node.lineno
                found[at] = Message(*at, node.end_lineno or node.lineno, (shown(node.value),))
    return [found[at] for at in sorted(found)]


def unraised(lines: t.Mapping[str, set[int]]) -> list[Message]:
    """The messages of which no line was run; ``lines`` are those that were, by the file's path."""
    return [
        message
        for message in messages()
        if lines.get(str(ROOT / message.path), set()).isdisjoint(
            range(message.first, message.last + 1)
        )
    ]


def catalogue() -> str:
    """The text of the catalogue."""
    lines = [HEAD]
    path = ""
    for message in messages():
        if message.path != path:
            path = message.path
            lines.append(f"\n{path.removeprefix('plugins/')}\n")
        first, *more = message.texts
        lines.append(f"  {first}\n")
        lines.extend(f"  | {text}\n" for text in more)
    return "".join(lines)


def write() -> None:
    """Write the catalogue as the source is now."""
    CATALOGUE.write_text(catalogue(), encoding="utf-8")
