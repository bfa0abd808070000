# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired links, normalised from a task's options; None means not stated: leave as it is."""

from __future__ import annotations

import typing as t

from ..._core import parse
from ..._core.errors import BadInput
from ..._core.link_table import BY_NAME, ROWS, LinkAttribute
from ..._core.record import dataclass, replace

if t.TYPE_CHECKING:
    from ..._core.operation import Value
    from .kinds.spec import KindSpec, PortSpec

Options = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class LinkSpec:
    """The attributes of a link that are stated, in the order in which they are set."""

    values: tuple[tuple[str, Value], ...] = ()
    altnames: tuple[str, ...] | None = None
    purge_altnames: bool = False

    @classmethod
    def of(cls, options: Options) -> LinkSpec:
        """Read the options that the modules share; those that a module lacks are not stated."""
        stated = ((row, options.get(row.name)) for row in ROWS)
        names = options.get("altnames")
        return cls(
            tuple((row.name, _normal(row, value)) for row, value in stated if value is not None),
            None if names is None else tuple(dict.fromkeys(map(parse.altname, names))),
            bool(options.get("purge_altnames")),
        )

    def get(self, name: str) -> t.Any:
        """Return what is stated of an attribute, None if nothing is."""
        return dict(self.values).get(name)

    def with_default(self, name: str, value: Value) -> LinkSpec:
        """Return the same with a value for an attribute that is not stated."""
        return self if self.get(name) else replace(self, values=((name, value), *self.values))

    def made_with(self) -> tuple[tuple[str, Value], ...]:
        """Return what is stated that a link gets when it is made, and never again."""
        return tuple(each for each in self.values if BY_NAME[each[0]].fixed)

    def stated(self) -> dict[str, Value]:
        """Return what is stated, in the order in which it is to be set."""
        return dict(self.values)


def _normal(row: LinkAttribute, value: t.Any) -> t.Any:
    if row.wire == "u32" and row.values is None:
        return parse.number(row.name, value, row.low, row.high)
    if row.wire == "mac":
        return parse.of_option("mac", parse.mac, value)
    if row.wire == "text":
        return parse.alias(value)
    if row.wire == "link" and value:
        return parse.of_option(row.name, parse.link_name, value)
    return value


@dataclass(frozen=True)
class EndSpec:
    """Where an end of a veth is to be, under which name, and how."""

    place: str
    name: str
    link: LinkSpec

    @classmethod
    def of(cls, options: Options) -> EndSpec:
        """Read the options of one end."""
        return cls(
            parse.of_option("netns", parse.place, options["netns"]),
            parse.of_option("name", parse.link_name, options["name"]),
            LinkSpec.of(options),
        )


@dataclass(frozen=True)
class VethSpec:
    """A pair that is to be there, or not; ``far`` may be unsaid when it is to go.

    With ``brought``, a pair with both its names that is elsewhere is brought where it is to be.
    """

    near: EndSpec
    far: EndSpec | None
    present: bool = True
    force: bool = False
    brought: bool = True

    @property
    def ends(self) -> tuple[EndSpec, ...]:
        """Return the ends that are stated."""
        return (self.near,) if self.far is None else (self.near, self.far)

    @classmethod
    def of(cls, options: Options) -> VethSpec:
        """Read the options of the veth module."""
        near = EndSpec.of(options)
        peer = options["peer"]
        far = None if peer is None else parse.of_option("peer", EndSpec.of, peer)
        if far is not None and (near.place, near.name) == (far.place, far.name):
            raise BadInput(f"{near.name} cannot be its own peer; give the other end another name")
        return cls(near, far, options["state"] == "present", options["force"])


@dataclass(frozen=True)
class MoveSpec:
    """An existing link: where it is to be, under which name, and how."""

    place: str
    name: str
    link: LinkSpec
    move_from: str | None = None
    new_name: str | None = None
    present: bool = True
    kind: KindSpec | None = None
    port: PortSpec | None = None
    force: bool = False

    @classmethod
    def of(cls, options: Options) -> MoveSpec:
        """Read the options of the netns_link module."""
        source, new_name = options["move_from"], options["new_name"]
        kind, port = _particular(options)
        if kind is not None and source is not None:
            raise BadInput(
                "move_from cannot be combined with type: it moves an existing link, type creates one"
            )
        return cls(
            parse.of_option("netns", parse.place, options["netns"]),
            parse.of_option("name", parse.link_name, options["name"]),
            LinkSpec.of(options),
            parse.of_option("move_from", parse.place, source) if source else source,
            None if new_name is None else parse.of_option("new_name", parse.link_name, new_name),
            options["state"] == "present",
            kind,
            port,
            options["force"],
        )

    @property
    def final_name(self) -> str:
        """Return what the link is called in the end."""
        return self.new_name or self.name


def _particular(options: Options) -> tuple[KindSpec | None, PortSpec | None]:
    """Read options of the link kind, lazily since few tasks state any."""
    common = {
        "name",
        "netns",
        "move_from",
        "new_name",
        "state",
        "force",
        "altnames",
        "purge_altnames",
    }
    if all(
        value is None
        for name, value in options.items()
        if name not in common and name not in BY_NAME
    ):
        return None, None
    from .kinds.spec import kind_of, port_of

    return kind_of(options), port_of(options["bridge_port"])
