# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What of a topology's own is not listed any more, and is removed."""

from __future__ import annotations

import typing as t

from .._core.errors import Conflict
from .._core.host_state import NamespaceState
from .._core.plan_builder import PlanBuilder
from .._resources.link.fallback import FALLBACK
from .._resources.link.steps import delete
from .._resources.mark.operations import DeleteMark
from .._resources.namespace.spec import NetnsSpec
from . import registry
from .declared import Listed
from .dependencies import Needs
from .ownership import Owned
from .spec import TopologySpec

# Links that come with a namespace.
KERNEL_MADE = frozenset(("lo", *FALLBACK))

At = tuple[str, str]

# Of links that have gone, veths alone can be brought back: these go last, when all else has. They
# lie on no other link, with which they would go.
LAST = frozenset(["bond", "bridge", "dummy", "ifb", "team", "vrf"])


def remove(builder: PlanBuilder, desired: TopologySpec, listed: Listed, owned: Owned) -> None:
    """Plan that all is removed that bears the mark."""
    going = namespaces(builder, desired, listed, owned)
    to_delete = things(builder, going, Listed(), owned, listed)
    links(builder, to_delete, going, lambda: leave(builder, desired, going))


def namespaces(
    builder: PlanBuilder, desired: TopologySpec, listed: Listed, owned: Owned
) -> dict[str, str]:
    """Return the namespaces that the topology made and that are to go, with their states. Refuse to
    take along what others put there."""
    going: dict[str, str] = {}
    if desired.present and not desired.purge:
        return going
    keep = listed.namespaces if desired.present else {}
    for namespace in builder.host.namespaces.values():
        named = not desired.present and namespace.key in listed.namespaces
        made = owned.topology_mark.made_namespace(namespace) and namespace.key not in keep
        if namespace.state == "present" and owned.made(namespace.key) and namespace.key not in keep:
            _check_inside(namespace, desired, listed, owned)
            going[namespace.key] = "present"
        elif namespace.state == "stale" and (named or made):
            going[namespace.key] = "stale"
    return going


def things(
    builder: PlanBuilder, going: t.Collection[str], keep: Listed, owned: Owned, listed: Listed
) -> list[At]:
    """Plan that what can be made again is removed from the namespaces that stay, unless it is to be kept;
    return the links that are to go from there."""
    to_delete: list[At] = []
    for namespace in list(builder.host.namespaces.values()):
        if namespace.state == "present" and namespace.key not in going:
            to_delete += _from_space(builder, namespace, keep, owned, listed)
    to_delete.sort(key=lambda at: builder.host.namespaces[at[0]].links[at[1]].kind == "veth")
    return to_delete


def those_needed(builder: PlanBuilder, to_delete: t.Iterable[At], needs: Needs) -> list[At]:
    """Plan that links go that hold what something else needs; return the others."""
    left = []
    for at in to_delete:
        namespace = builder.host.namespaces[at[0]]
        if at[1] in namespace.links and needs.are_held(namespace, namespace.links[at[1]]):
            delete(builder, *at)
        else:
            left.append(at)
    return left


def free_ports(
    builder: PlanBuilder, going: t.Collection[str], needs: Needs, taken: t.Collection[At]
) -> None:
    """Plan that ports go whose other end is in a namespace that is removed, where the MAC or MTU that is
    stated of their bridge would change with them in the end."""
    for namespace in list(builder.host.namespaces.values()) if needs.bridges and going else ():
        for link in list(namespace.links.values()) if namespace.key not in going else ():
            peer = None if link.peer is None else link.peer.netns
            at = (namespace.key, link.name)
            if peer in going and (namespace.key, link.master) in needs.bridges and at not in taken:
                delete(builder, *at)


def links(
    builder: PlanBuilder,
    to_delete: t.Sequence[At],
    going: t.Collection[str],
    leave: t.Callable[[], None],
) -> None:
    """Plan that links go, and amid them the namespaces: those last that are hardest to bring back."""
    namespaces = builder.host.namespaces
    builder.leaving = frozenset((*to_delete, *going))
    kinds = {
        at: namespaces[at[0]].links[at[1]].kind
        for at in to_delete
        if at[1] in namespaces[at[0]].links
    }
    for at, kind in kinds.items():
        if kind not in LAST:
            _link(builder, at, going)
    leave()
    for at, kind in kinds.items():
        if kind in LAST:
            delete(builder, *at)


def leave(builder: PlanBuilder, desired: TopologySpec, going: t.Mapping[str, str]) -> None:
    """Plan that namespaces go, dead files last."""
    for state in ("present", "stale"):
        for key in [key for key, was in going.items() if was == state]:
            if builder.host.namespaces[key].state == state:
                _namespace(builder, key, desired)


def unmark_work(builder: PlanBuilder, owned: Owned) -> None:
    """Plan that notes of work go."""
    for namespace in builder.host.namespaces.values():
        if namespace.state == "present" and "lo" in namespace.links:
            for note in [mark for mark in namespace.links["lo"].altnames if owned.is_note(mark)]:
                builder.add(DeleteMark(namespace.key, "lo", note))


def unmark_guests(builder: PlanBuilder, owned: Owned) -> None:
    """Plan that marks go from namespaces of others in which nothing is left."""
    for namespace in builder.host.namespaces.values():
        if namespace.state != "present" or "lo" not in namespace.links:
            continue
        if owned.topology_mark.guest in namespace.links["lo"].altnames and not _is_lived_in(
            namespace, owned
        ):
            builder.add(DeleteMark(namespace.key, "lo", owned.topology_mark.guest))


def _is_lived_in(namespace: NamespaceState, owned: Owned) -> bool:
    return any(each.own(namespace, owned.topology_mark) for each in registry.LISTS)


def _namespace(builder: PlanBuilder, key: str, desired: TopologySpec) -> None:
    from .._resources.namespace.plan import plan

    with builder.about(f"namespace {key}"):
        plan(builder, NetnsSpec((key,), present=False, force=desired.force))


def _check_inside(
    namespace: NamespaceState, desired: TopologySpec, listed: Listed, owned: Owned
) -> None:
    """Refuse to take along what others put into a namespace."""
    if desired.force:
        return
    others = [
        link.name
        for link in namespace.links.values()
        if link.name not in KERNEL_MADE
        and not link.hardware  # which the netns module reports
        and not owned.cut_short
        and not owned.owns(namespace.key, link.name, list(listed.links))
    ]
    if others:
        raise Conflict(
            f"Namespace {namespace.key} holds links that the topology {owned.topology_mark.owner} did not make"
            f" ({', '.join(others)}): remove them or move them out, or set force=true"
        )


def _from_space(
    builder: PlanBuilder, namespace: NamespaceState, keep: Listed, owned: Owned, listed: Listed
) -> list[At]:
    """Plan that things go from a namespace that stays; return the links that are to go from there,
    each before the one that it lies on, which came earlier."""
    to_delete: list[At] = []
    for link in sorted(
        namespace.links.values(), key=lambda each: (each.kind == "veth", -each.index)
    ):
        at = (namespace.key, link.name)
        cut_short = owned.unfinished(*at) or (owned.cut_short and at in listed.links)
        ours = owned.topology_mark.is_on(link) or cut_short
        # Where the other end is listed, this one will be brought back.
        stays = link.peer is not None and (link.peer.netns, link.peer.name) in keep.links
        if ours and at not in keep.links and not stays:
            to_delete.append(at)
    for each in reversed(registry.LISTS):
        each.removals(
            builder, namespace, owned.topology_mark, keep.things.get(namespace.key, ()), to_delete
        )
    return to_delete


def _link(builder: PlanBuilder, at: At, going: t.Collection[str]) -> None:
    """Plan that a link is removed, unless it is removed with its peer."""
    link = builder.host.namespaces[at[0]].links.get(at[1])
    if link is None or (link.peer is not None and link.peer.netns in going):
        return  # which is free, while to remove it takes a grace period of the kernel
    delete(builder, *at)
