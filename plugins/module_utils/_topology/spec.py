# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What a task states of a whole network: the wants of the modules, each with its place in its list."""

from __future__ import annotations

import typing as t

from .._core import parse
from .._core.errors import BadInput
from .._core.record import dataclass, replace
from .._resources.mark.state import Mark

Options = t.Mapping[str, t.Any]
At = tuple[str, str]  # a namespace as the task says it, and the name of a link


@dataclass(frozen=True)
class Entry:
    """One entry of a list: ``at`` says which, ``want`` is what it states.

    ``ups`` are the links that it wants up, which is for later than the rest.
    """

    at: str
    want: t.Any
    ups: tuple[At, ...] = ()


Entries = tuple[Entry, ...]


@dataclass(frozen=True)
class TopologyWant:
    """A network that is to be there, or not."""

    mark: Mark
    present: bool = True
    purge: bool = False
    force: bool = False
    namespaces: Entries = ()
    veths: Entries = ()
    links: Entries = ()
    addresses: Entries = ()
    routes: Entries = ()
    rules: Entries = ()
    neighbours: Entries = ()
    sysctls: Entries = ()
    qdiscs: Entries = ()

    @classmethod
    def of(cls, options: Options) -> TopologyWant:
        """Read the options of the netns_topology module."""
        mark = Mark.of(options["name"])
        parse.number("timeout", options.get("timeout"), 1, 0x7FFFFFFF)
        present = options["state"] == "present"
        if options["purge"] and not present:
            raise BadInput("purge goes with state=present: state=absent removes all in any case")
        read = {
            name: tuple(_entries(name, of, label, options[name] or (), mark))
            for name, (of, label) in READERS.items()
        }
        return cls(mark, present, options["purge"], options["force"], **read)

    def lists(self) -> t.Iterator[tuple[str, Entries]]:
        """Yield the lists with their names."""
        for name in READERS:
            yield name, getattr(self, name)


Reader = t.Callable[[Options, Mark], t.Any]
Label = t.Callable[[Options], str]


def _entries(
    name: str, of: Reader, label: Label, listed: t.Sequence[Options], mark: Mark
) -> t.Iterator[Entry]:
    for number, options in enumerate(listed):
        at = f"{name}[{number}]"
        try:
            at = f"{at} {label(options)}"
            want = of(options, mark)
        except BadInput as error:
            raise BadInput(f"{at}: {error}") from None
        yield Entry(at, *want)


def _marked(options: Options, mark: Mark) -> Options:
    """Return options with who makes a thing, where the task does not say otherwise."""
    return {**options, "purge": False, "proto": options["proto"] or str(mark.number)}


def _namespaces(options: Options, mark: Mark) -> tuple[t.Any, tuple[At, ...]]:
    from .._resources.namespace.spec import NetnsSpec

    return replace(NetnsSpec.of(options), mark=mark.made), ()


def _veth(options: Options, mark: Mark) -> tuple[t.Any, tuple[At, ...]]:
    from .._resources.link.spec import VethSpec

    peer = options["peer"]
    later = {**options, "up": options["up"] and None}
    if peer is not None:
        later["peer"] = {**peer, "up": peer["up"] and None}
    want = VethSpec.of(later)
    ends = ((options, want.near), (peer, want.far))
    return want, tuple((end.place, end.name) for said, end in ends if end and said["up"])


def _link(options: Options, mark: Mark) -> tuple[t.Any, tuple[At, ...]]:
    from .._resources.link.spec import MoveSpec

    name = options["new_name"] or options["name"]
    ups = ((parse.place(options["netns"]), name),) if options["up"] else ()
    return MoveSpec.of({**options, "up": options["up"] and None}), ups


def _addresses(options: Options, mark: Mark) -> tuple[t.Any, tuple[At, ...]]:
    from .._resources.address.spec import AddressesSpec

    return AddressesSpec.of({**options, "purge": False, "proto": mark.number}), ()


def _routes(options: Options, mark: Mark) -> tuple[t.Any, tuple[At, ...]]:
    from .._resources.route.spec import RoutesSpec

    return RoutesSpec.of(_marked(options, mark)), ()


def _rules(options: Options, mark: Mark) -> tuple[t.Any, tuple[At, ...]]:
    from .._resources.rule.spec import RulesSpec

    return RulesSpec.of(_marked(options, mark)), ()


def _neighbours(options: Options, mark: Mark) -> tuple[t.Any, tuple[At, ...]]:
    if options["kind"] == "fdb":
        from .._resources.fdb.spec import FdbSpec

        return FdbSpec.of({**options, "purge": False}), ()
    from .._resources.neighbour.spec import NeighboursSpec

    return NeighboursSpec.of(_marked(options, mark)), ()


def _sysctls(options: Options, mark: Mark) -> tuple[t.Any, tuple[At, ...]]:
    from .._resources.sysctl.spec import SysctlsSpec

    return SysctlsSpec.of(options), ()


def _qdisc(options: Options, mark: Mark) -> tuple[t.Any, tuple[At, ...]]:
    from .._resources.qdisc.spec import QdiscSpec

    return QdiscSpec.of(options), ()


def _list(values: t.Sequence[str] | None) -> str:
    """Return the first of several, as a part of a label."""
    return "" if not values else f"{values[0]}, …" if len(values) > 1 else values[0]


READERS: dict[str, tuple[Reader, Label]] = {
    "namespaces": (_namespaces, lambda options: _list(options["name"])),
    "veths": (_veth, lambda options: str(options["name"])),
    "links": (_link, lambda options: str(options["name"])),
    "addresses": (_addresses, lambda options: f"{_list(options['address'])} {options['link']}"),
    "routes": (_routes, lambda options: _list(options["dst"])),
    "rules": (_rules, lambda options: options["netns"] or ""),
    "neighbours": (_neighbours, lambda options: str(options["link"])),
    "sysctls": (_sysctls, lambda options: options["name"] or _list(list(options["sysctls"] or ()))),
    "qdiscs": (_qdisc, lambda options: str(options["link"])),
}


def split(entry: Entry, early: t.Callable[[str], bool]) -> tuple[Entry | None, Entry | None]:
    """Return an entry of parameters as two: those that are early, and the others."""
    parts: list[Entry | None] = []
    for which in (True, False):
        values = tuple(each for each in entry.want.values if early(each[0]) == which)
        parts.append(replace(entry, want=replace(entry.want, values=values)) if values else None)
    return parts[0], parts[1]
