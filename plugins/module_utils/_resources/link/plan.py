# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn a link into the desired one: move, rename, change or delete it."""

from __future__ import annotations

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import phrase
from ..._core.plan_builder import PlanBuilder
from .fallback import is_fallback
from .spec import MoveSpec
from .steps import delete, move_or_rename


def plan(builder: PlanBuilder, desired: MoveSpec) -> None:
    """Plan one link that exists."""
    if builder.taking is None:
        builder.taking = lambda thing: desired.force
    if not desired.present:
        _absent(builder, desired)
        return
    key = builder.namespace(desired.place).key
    if desired.kind is not None:
        _make(builder, desired, key)
        return
    if desired.move_from is not None:
        source = builder.namespace(desired.move_from).key
        at = _where(builder, desired, source, key)
    else:
        at = key, _named(builder, desired, key)
    final = (key, desired.final_name)
    move_or_rename(builder, at, final)
    _set(builder, desired, final)


def _make(builder: PlanBuilder, desired: MoveSpec, key: str) -> None:
    from .kinds.plan import ensure

    links = builder.host.namespaces[key].links
    final = (key, desired.final_name)
    if desired.kind is not None:
        if desired.name in links:
            move_or_rename(builder, (key, _named(builder, desired, key)), final)
        ensure(builder, key, desired.final_name, desired.kind, desired.link)
    _set(builder, desired, final)


def _set(builder: PlanBuilder, desired: MoveSpec, final: tuple[str, str]) -> None:
    stated = desired.link.stated()
    if "master" in stated:
        from .change_master import change

        if stated["master"]:
            builder.link(desired.place, str(stated["master"]), "master")
        change(builder, *final, stated)
    else:
        builder.change_link(*final, stated)
    if desired.link.altnames is not None:
        from .altnames import ensure

        ensure(builder, *final, desired.link)
    if desired.port is not None:
        from .kinds.plan import ensure_port

        ensure_port(builder, *final, desired.port)


def _named(builder: PlanBuilder, desired: MoveSpec, key: str) -> str:
    """Return the current name of the link, which may be the new name already."""
    links = builder.host.namespaces[key].links
    if desired.new_name is None or desired.new_name == desired.name:
        return builder.link(desired.place, desired.name).name
    old, new = desired.name in links, desired.new_name in links
    if old and new:
        raise Conflict(
            f"link {desired.name} cannot be renamed to {desired.new_name}: that link exists"
            f" {phrase(key)} already. Remove one of them, or choose another name"
        )
    return desired.new_name if new else builder.link(desired.place, desired.name).name


def _where(builder: PlanBuilder, desired: MoveSpec, source: str, target: str) -> tuple[str, str]:
    """Return the current place of the link: still in the source, or already in the destination."""
    if source == target:
        raise BadInput(
            f"move_from and netns must be different namespaces, both are {phrase(target)}"
        )
    in_source = desired.name in builder.host.namespaces[source].links
    moved = [
        name
        for name in dict.fromkeys((desired.final_name, desired.name))
        if name in builder.host.namespaces[target].links
    ]
    if in_source and moved:
        raise Conflict(
            f"link {desired.name} {phrase(source)} cannot be moved: link {moved[0]} exists"
            f" {phrase(target)} already. Remove one of them"
        )
    if moved:
        return target, moved[0]
    if not in_source and not builder.assume_exists:
        raise BadInput(
            f"link {desired.name} not found {phrase(source)} nor {phrase(target)}; create it first"
            " (netns_link or veth)"
        )
    return source, builder.link(desired.move_from or "", desired.name).name


def _absent(builder: PlanBuilder, desired: MoveSpec) -> None:
    namespace = builder.host.at(desired.place)
    names = dict.fromkeys((desired.name, desired.final_name))
    if not names.keys() & namespace.links.keys():
        builder.refuse_altname(desired.place, desired.name)
    for name in names:
        found = namespace.links.get(name)
        if found is not None and found.kind is None:
            what = "a hardware device" if found.hardware else "the loopback"
            raise Conflict(
                f"link {name} {phrase(namespace.key)} cannot be removed: it is {what}. Set up=false instead"
            )
        if found is not None and is_fallback(found):
            raise Conflict(
                f"link {name} {phrase(namespace.key)} cannot be removed: the kernel makes one in each"
                " namespace while the module of its kind is loaded. Leave it, or unload that module"
            )
        delete(builder, namespace.key, name)
