# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Links in a topology."""

from __future__ import annotations

import operator
import typing as t

from ..._core import parse, render
from ..._core.host_state import HostState, Link, NamespaceState, shown
from ..._core.link_table import CHOSEN, OPTIONS
from ..._core.topology_list import At, Key, Options, TopologyList, entries_of
from .fallback import is_fallback

COMPARED = (
    *("kind", *(row.name for row in OPTIONS)),
    *("altnames", "parent", "options", "port", "vlans"),
)
# What a plan leaves to the kernel, with None or nothing.
OPEN = (*CHOSEN, "options", "port", "parent", "vlans")
_compared = operator.attrgetter(*COMPARED)


class Links(TopologyList):
    """The list ``links``."""

    name, noun, fields = "links", "link", ("links",)

    def option(self) -> dict[str, t.Any]:
        from .options import SPEC

        return entries_of(SPEC)

    def label(self, options: Options) -> str:
        return str(options["name"])

    def read(self, options: Options, mark: t.Any) -> tuple[t.Any, tuple[At, ...]]:
        from .spec import MoveSpec

        name = options["new_name"] or options["name"]
        ups = (
            ((parse.of_option("netns", parse.place, options["netns"]), name),)
            if options["up"]
            else ()
        )
        return MoveSpec.of({**options, "up": options["up"] and None}), ups

    def planner(self, spec: t.Any) -> t.Callable[[t.Any, t.Any], None]:
        from .plan import plan

        return plan

    def places(self, spec: t.Any) -> list[str]:
        source = None if spec.kind is None else spec.kind.source
        return [spec.place, *(each for each in (spec.move_from, source) if each is not None)]

    def ends(self, spec: t.Any) -> list[At]:
        return [(spec.place, spec.final_name)]

    def called(self, spec: t.Any) -> list[At]:
        return [(spec.place, spec.name), (spec.place, spec.final_name)]

    def below(self, spec: t.Any) -> list[tuple[str | None, str]]:
        found: list[tuple[str | None, str]] = (
            [(None, spec.link.get("master"))] if spec.link.get("master") else []
        )
        if spec.kind is not None:
            from .kinds.option import named_links
            from .kinds.table import KINDS

            named = named_links(KINDS[spec.kind.kind].options, spec.kind.options)
            below = (spec.kind.parent, *named.values())
            found += [(spec.kind.source, name) for name in below if name]
        return found

    def normalise(self, state: HostState, spec: t.Any) -> None:
        if spec.kind is not None and spec.kind.options:
            from .kinds.plan import normalise

            normalise(state, (state.at(spec.place).key, spec.final_name), spec.kind)

    def scope(self, specs: t.Sequence[t.Any], everywhere: bool) -> dict[str, t.Any]:
        from ..wireguard import RESOURCE as WIREGUARD
        from .kinds import RESOURCE as KIND

        return {"resources": (KIND, WIREGUARD)}

    def things(self, namespace: NamespaceState) -> dict[Key, t.Any]:
        return {(name,): link for name, link in namespace.links.items() if name != "lo"}

    def differs(self, old: Link | None, new: Link | None) -> bool:
        if old is None or new is None:  # some come and go with their namespace, by themselves
            return any(link is not None and not is_fallback(link) for link in (old, new))
        if _peer(old) not in (None, _peer(new)):
            return True
        return any(
            value != real and not (name in OPEN and _is_open(old, name, value, real))
            for name, value, real in zip(COMPARED, _compared(old), _compared(new))
        )

    def identity(self, key: Key, thing: Link) -> str:
        return thing.name

    def shown(self, thing: Link) -> dict[str, t.Any]:
        peer = thing.peer
        found = render.attributes(thing)
        if thing.options:
            found["options"] = dict(thing.options)
        if peer is None and thing.kind == "veth":
            return found  # in a removal the other end was not looked for
        return {**found, "peer": peer and {"name": peer.name, "netns": shown(peer.netns or "")}}

    def bears(self, thing: Link, mark: t.Any) -> bool:
        return any(name.startswith(mark.made) for name in thing.altnames)

    def own(self, namespace: NamespaceState, mark: t.Any) -> list[Link]:
        return [link for link in namespace.links.values() if mark.is_on(link)]


def _peer(link: Link) -> tuple[t.Any, ...] | None:
    """Return the other end of a pair, None where nobody has looked for it."""
    if link.peer is None or link.peer.netns is None:
        return None
    return link.peer.name, link.peer.netns


def _is_open(link: Link, name: str, value: t.Any, real: t.Any) -> bool:
    """Return whether a plan leaves an attribute to the kernel, or the parts of it that differ."""
    if name in ("options", "port"):
        stated = dict(value)
        return all(stated.get(key) is None or stated[key] == each for key, each in real)
    return value in (None, ()) or name in link.unknown


LINKS = Links()
