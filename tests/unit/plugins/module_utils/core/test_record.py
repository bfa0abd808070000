# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Our dataclasses are as the standard ones, but for what it costs to define them."""

from __future__ import annotations

import copy
import dataclasses

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core import record


@pytest.fixture(params=["ours", "ours, of which there are many", "standard"])
def classes(request, monkeypatch):
    """Three classes, each made by both decorators: what holds for one has to hold for the other."""
    made = dataclasses if request.param == "standard" else record
    monkeypatch.setattr(record, "MANY", 0 if "many" in request.param else 100)

    @made.dataclass(frozen=True)
    class Cable:
        """Frozen."""

        name: str
        length: int = 1
        tag: bytes = made.field(default=b"", compare=False, repr=False)

    @made.dataclass
    class Drawer:
        """Open."""

        label: str
        cables: list = made.field(default_factory=list)
        count: int = made.field(init=False)

        def __post_init__(self):
            self.count = len(self.cables)

    @made.dataclass
    class Shelf:
        """Its fields are called as the constructors of ours call their own things."""

        values: tuple
        defaults: int
        stated: int = 3
        args: int = 4

        def __post_init__(self):
            self.args += 1

    @made.dataclass(frozen=True)
    class Rope:
        """As Cable, and yet another thing."""

        name: str
        length: int = 1
        tag: bytes = made.field(default=b"", compare=False, repr=False)

    made = (Cable, Drawer, Rope, Shelf)
    before = [each.__init__ for each in made]
    for each, values in zip(made, ("a", "b", "c", ((), 0))):
        each(*values)
    changed = [each.__init__ is not was for each, was in zip(made, before)]
    assert changed == ([True, False, True, True] if "many" in request.param else [False] * 4)
    return made


def test_values_come_by_position_by_name_and_by_default(classes):
    cable = classes[0]("a", length=3)
    assert (cable.name, cable.length, cable.tag) == ("a", 3, b"")


def test_a_default_that_can_change_is_made_anew(classes):
    drawer = classes[1]
    one, other = drawer("x"), drawer("y")
    one.cables.append(1)
    assert other.cables == []
    assert drawer("z", [1, 2]).count == 2


def test_fields_are_called_whatever(classes):
    shelf = classes[3]((1, 2), defaults=5, args=6)
    assert (shelf.values, shelf.defaults, shelf.stated, shelf.args) == ((1, 2), 5, 3, 7)
    assert shelf == classes[3](values=(1, 2), defaults=5, stated=3, args=6)


def test_equal_is_who_has_the_same_class_and_values(classes):
    cable, drawer, rope, _shelf = classes
    assert cable("a") == cable("a", tag=b"other") != cable("b")
    assert hash(cable("a")) == hash(cable("a", tag=b"other"))
    assert cable("a") != rope("a")
    assert drawer("x") == drawer("x")
    with pytest.raises(TypeError):
        hash(drawer("x"))


def test_what_is_frozen_stays(classes):
    cable = classes[0]("a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        cable.length = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del cable.name
    assert cable == classes[0]("a")


def test_the_standard_functions_work(classes):
    cable = classes[0]("a", tag=b"kept")
    longer = dataclasses.replace(cable, length=9)
    assert dataclasses.asdict(longer) == {"name": "a", "length": 9, "tag": b"kept"}
    assert [field.name for field in dataclasses.fields(longer)] == ["name", "length", "tag"]
    assert copy.deepcopy(longer) == longer
    assert repr(longer).endswith("Cable(name='a', length=9)")


@pytest.mark.parametrize(
    ("args", "stated"),
    [
        ((), {}),
        (("a", 1, b"", "more"), {}),
        (("a",), {"name": "b"}),
        (("a",), {"colour": "red"}),
        ((), {"length": 1, "colour": "red"}),
    ],
)
def test_wrong_arguments_are_refused(classes, args, stated):
    with pytest.raises(TypeError):
        classes[0](*args, **stated)
