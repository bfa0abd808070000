# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired links, normalised from a task's options; None means not stated: leave as it is."""

from __future__ import annotations

import typing as t

from ..._core import parse
from ..._core.errors import BadInput
from ..._core.record import dataclass, fields

if t.TYPE_CHECKING:
    from ..._core.operation import Value
    from .kinds.spec import KindSpec, PortSpec

Options = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class LinkSpec:
    """The attributes of a link, each None where it is not stated."""

    mtu: int | None = None
    mac: str | None = None
    alias: str | None = None
    txqueuelen: int | None = None
    group: int | None = None
    arp: bool | None = None
    multicast: bool | None = None
    promisc: bool | None = None
    master: str | None = None
    up: bool | None = None

    @classmethod
    def of(cls, options: Options) -> LinkSpec:
        """Read the options that the modules share; those that a module lacks are not stated."""
        master = options.get("master")
        mac = options.get("mac")
        return cls(
            mtu=parse.number("mtu", options.get("mtu"), 0, 0x7FFFFFFF),
            mac=None if mac is None else parse.mac(mac),
            alias=parse.alias(options.get("alias")),
            txqueuelen=parse.number("txqueuelen", options.get("txqueuelen"), 0, 0xFFFFFFFF),
            group=parse.number("group", options.get("group"), 0, 0xFFFFFFFF),
            arp=options.get("arp"),
            multicast=options.get("multicast"),
            promisc=options.get("promisc"),
            master=parse.of_option("master", parse.link_name, master) if master else master,
            up=options.get("up"),
        )

    def stated(self) -> dict[str, Value]:
        """Return what is stated, in the order in which it is to be set."""
        return {name: value for name in ORDER if (value := getattr(self, name)) is not None}


ORDER = tuple(field.name for field in fields(LinkSpec))


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
            parse.place(options["netns"]), parse.link_name(options["name"]), LinkSpec.of(options)
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
            parse.place(options["netns"]),
            parse.link_name(options["name"]),
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
    common = {"name", "netns", "move_from", "new_name", "state", "force"}
    common |= {field.name for field in fields(LinkSpec)}
    if all(value is None for name, value in options.items() if name not in common):
        return None, None
    from .kinds.spec import kind_of, port_of

    return kind_of(options), port_of(options["bridge_port"])
