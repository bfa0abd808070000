# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Dataclasses that cost next to nothing to define.

The standard decorator writes the methods of each class as source text and compiles it, which every
task would pay for every class again: 23 ms of an idle task, 39 of one that changes a link (4 and 7 per
cent). Here all classes share a few functions. Only a class of which many are made gets a constructor
of its own, which takes 0.8 us instead of 9: 0.45 s of a task for 750 namespaces. Whatever else the
standard module does with a dataclass, it does with these. `./dev bench tricks` measures both.
"""

from __future__ import annotations

import itertools
import operator
import typing as t
from dataclasses import MISSING, FrozenInstanceError, field, fields
from dataclasses import dataclass as standard

if t.TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def dataclass(cls=None, *, frozen=False):
        """Make a class a dataclass, used as the standard decorator is."""
        return _made(cls, frozen) if cls else lambda cls: _made(cls, frozen)

    def replace(one, **changes):
        """Return a copy with other values, as the standard function does, a tenth as dear."""
        cls = one.__class__
        if not changes.keys() <= cls._known:
            raise TypeError(f"{cls.__name__} has no {', '.join(changes.keys() - cls._known)}")
        new = cls.__new__(cls)
        new.__dict__.update(one.__dict__, **changes)
        return new


__all__ = ("dataclass", "field", "fields", "replace")

# Instances of a class; to compile its constructor costs as much as it then saves on these.
MANY = 100


def _made(cls: t.Any, frozen: bool) -> t.Any:
    standard(init=False, repr=False, eq=False)(cls)
    compared = operator.attrgetter(*(each.name for each in fields(cls) if each.compare))

    def equals(self: t.Any, other: t.Any) -> t.Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compared(self) == compared(other)

    cls.__init__ = _initializer(cls)
    cls._known = frozenset(each.name for each in fields(cls) if each.init)
    cls.__eq__ = equals
    cls.__hash__ = (lambda self: hash(compared(self))) if frozen else None
    cls.__repr__ = _repr
    if frozen:
        cls.__setattr__ = cls.__delattr__ = _refuse
    return cls


def _initializer(cls: t.Any) -> t.Callable[..., None]:
    taken = [each for each in fields(cls) if each.init]
    names = tuple(each.name for each in taken)
    known = frozenset(names)
    defaults = {each.name: each.default for each in taken if each.default is not MISSING}
    factories = [
        (each.name, each.default_factory) for each in taken if each.default_factory is not MISSING
    ]
    afterwards = getattr(cls, "__post_init__", None)
    few = itertools.repeat(None, MANY)

    def initialize(self: t.Any, *args: t.Any, **stated: t.Any) -> None:
        values = self.__dict__
        values.update(defaults)
        if factories:
            for name, make in factories:
                values[name] = make()
        if args:
            values.update(zip(names, args))
        values.update(stated)
        if (
            len(values) != len(names)
            or not known.issuperset(stated)
            or (
                args
                and (len(args) > len(names) or not stated.keys().isdisjoint(names[: len(args)]))
            )
        ):
            raise TypeError(f"{cls.__name__} takes {', '.join(names)}: not {args}, {stated}")
        if afterwards is not None:
            afterwards(self)
        if not factories and next(few, cls) is cls:
            cls.__init__ = _compiled(names, defaults, afterwards is not None)

    return initialize


def _compiled(
    names: tuple[str, ...], defaults: dict[str, t.Any], goes_on: bool
) -> t.Callable[..., None]:
    """Return a constructor with parameters of its own, which does the same; with ``goes_on``, the
    class has a __post_init__()."""
    taken = (f"{name}=defaults[{name!r}]" if name in defaults else name for name in names)
    values = max(names, key=len, default="") + "_"  # which no parameter is called
    lines = [f"def __init__(self, {', '.join(taken)}):", f" {values} = self.__dict__"]
    lines += [f" {values}[{name!r}] = {name}" for name in names]
    if goes_on:
        lines.append(" self.__post_init__()")
    scope: dict[str, t.Any] = {"defaults": defaults}
    exec("\n".join(lines), scope)
    made: t.Callable[..., None] = scope["__init__"]
    return made


def _repr(self: t.Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _refuse(self: t.Any, name: str, value: t.Any = None) -> None:
    raise FrozenInstanceError(f"{self.__class__.__name__} is frozen: {name} stays as it is")
