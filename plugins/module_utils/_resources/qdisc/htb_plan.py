# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn a htb and its classes into the desired ones."""

from __future__ import annotations

import typing as t

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import NamespaceState, phrase
from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from . import shaping
from .htb_class import check_depth, own_quantum, there, usual_quantum
from .spec import QdiscSpec
from .state import ROOT, Htb, HtbClass, Qdisc, class_name, in_order
from .steps import delete, put, refuse_in_use
from .units import SECOND

if t.TYPE_CHECKING:
    from .htb_spec import ClassSpec

TOP = 1 << 16  # the default handle of a htb at the root


def plan(
    builder: PlanBuilder, namespace: NamespaceState, desired: QdiscSpec, have: Qdisc | None
) -> None:
    """Plan a htb with its classes."""
    same = have if have is not None and have.kind == "htb" else None
    handle = _handle(desired, same)
    old = same.options if same is not None and isinstance(same.options, Htb) else Htb()
    options = replace(old, **desired.stated)
    if same is None:
        new = Qdisc(desired.link, desired.parent, "htb", handle, options, number=handle)
        put(builder, namespace.key, new, have)
    else:
        _see_to(builder, namespace, desired, same, handle, options)
    if desired.classes is not None:
        _classes(builder, namespace, desired, desired.classes)
    made = there(namespace, desired)
    default = handle & 0xFFFF0000 | options.default
    if desired.classes and options.default and not any(c.classid == default for c in made.classes):
        builder.warnings.append(
            f"default class {class_name(default)} does not exist: packets that match no filter are"
            " sent unshaped"
        )


def _handle(desired: QdiscSpec, same: Qdisc | None) -> int:
    if desired.handle is not None:
        return desired.handle
    if desired.classes:
        return desired.classes[0].classid & 0xFFFF0000
    if same is not None:
        return same.number
    if desired.parent != ROOT:
        raise BadInput("handle is required for a new htb below a class, unless classes are listed")
    return TOP


def _see_to(
    builder: PlanBuilder,
    namespace: NamespaceState,
    desired: QdiscSpec,
    same: Qdisc,
    handle: int,
    options: Htb,
) -> None:
    """Rebuild a htb with force=true, else refuse, if something cannot be changed in place."""
    wanted = {each.classid: each.stated.get("parent") for each in desired.classes or ()}
    reasons = [
        f"class {class_name(each.classid)} is below {class_name(each.parent)}"
        for each in same.classes
        if wanted.get(each.classid) not in (None, each.parent)
    ]
    if options != same.options:
        reasons.append(f"default is {_default(same):x}")
    if handle != same.number:
        reasons.append(f"handle is {class_name(same.number)}")
    if not reasons:
        return
    if not desired.force:
        raise Conflict(
            f"htb on link {desired.link} {phrase(namespace.key)} cannot be changed in place:"
            f" {', '.join(reasons)}. Set force=true to rebuild it"
        )
    from .htb_rebuild import set_up_anew

    set_up_anew(
        builder,
        namespace,
        desired,
        same,
        replace(same, options=options, handle=handle, number=handle),
    )


def _default(qdisc: Qdisc) -> int:
    return qdisc.options.default if isinstance(qdisc.options, Htb) else 0


# --- classes -----------------------------------------------------------------------------------------


def _classes(
    builder: PlanBuilder,
    namespace: NamespaceState,
    desired: QdiscSpec,
    wanted: tuple[ClassSpec, ...],
) -> None:
    listed = {each.classid: each for each in wanted}
    if desired.purge:
        _purge(builder, namespace, desired, frozenset(listed))
    while listed:
        known = {each.classid for each in there(namespace, desired).classes}
        free = [
            each
            for each in listed.values()
            if each.stated.get("parent", 0) not in listed or each.classid in known
        ]
        if not free:
            names = " and ".join(map(class_name, listed))
            raise BadInput(
                f"classes {names} are parents of each other; correct the parent of one of them"
            )
        for each in free:
            _class(builder, namespace, there(namespace, desired), listed.pop(each.classid))


def _purge(
    builder: PlanBuilder, namespace: NamespaceState, desired: QdiscSpec, listed: frozenset[int]
) -> None:
    from .operations import DeleteClass

    qdisc = there(namespace, desired)
    for each in reversed(in_order(qdisc.classes)):
        if each.classid in listed:
            continue
        for other in there(namespace, desired).classes:
            if other.parent == each.classid:
                raise Conflict(
                    f"purge would remove class {class_name(each.classid)}, the parent of the listed"
                    f" class {class_name(other.classid)}; list it too"
                )
        refuse_in_use(builder, namespace.key, qdisc, each)
        _clear(builder, namespace, qdisc.link, each.classid)
        quantum = own_quantum(each, qdisc.options)
        builder.add(DeleteClass(namespace.key, there(namespace, desired), each, quantum))


def _clear(builder: PlanBuilder, namespace: NamespaceState, link: str, classid: int) -> None:
    """Plan the deletion of the queueing discipline at a class that is deleted."""
    for each in list(namespace.qdiscs):
        if (each.link, each.parent) == (link, classid):
            delete(builder, namespace, each)


def _class(
    builder: PlanBuilder, namespace: NamespaceState, qdisc: Qdisc, desired: ClassSpec
) -> None:
    old = next((each for each in qdisc.classes if each.classid == desired.classid), None)
    if old is None:
        from .operations import PutClass

        new = _new(qdisc, desired)
        check_depth(qdisc, new)
        _clear(builder, namespace, qdisc.link, new.parent)
        builder.add(PutClass(namespace.key, qdisc, new, desired.stated.get("quantum", 0)))
        return
    own = desired.stated.get("quantum") or own_quantum(old, qdisc.options)
    new = _changed(qdisc, old, desired, own)
    if new != old:
        from .operations import PutClass

        was = own_quantum(old, qdisc.options)
        builder.add(PutClass(namespace.key, qdisc, new, own, old, was))


def _new(qdisc: Qdisc, desired: ClassSpec) -> HtbClass:
    stated, name = desired.stated, class_name(desired.classid)
    if "rate" not in stated:
        raise BadInput(f"rate is required for the new class {name}")
    parent = stated.get("parent", qdisc.number)
    if parent != qdisc.number and all(each.classid != parent for each in qdisc.classes):
        raise BadInput(f"parent {class_name(parent)} of class {name} not found; list it first")
    rate: int = stated["rate"]
    ceil: int = stated.get("ceil", rate)
    return HtbClass(
        desired.classid,
        parent,
        rate,
        ceil,
        _buffer(name, rate, stated.get("burst", rate // SECOND + shaping.PACKET)),
        _buffer(name, ceil, stated.get("cburst", ceil // SECOND + shaping.PACKET)),
        stated.get("prio", 0),
        stated.get("quantum", usual_quantum(rate, qdisc.options)),
    )


def _changed(qdisc: Qdisc, old: HtbClass, desired: ClassSpec, own: int) -> HtbClass:
    stated, name = desired.stated, class_name(desired.classid)
    rate: int = stated.get("rate", old.rate)
    ceil: int = stated.get("ceil", rate if old.ceil == old.rate else max(old.ceil, rate))
    if ceil < rate:
        raise BadInput(f"ceil of class {name} must not be less than its rate")
    buffer, cbuffer = old.buffer, old.cbuffer
    if rate != old.rate or "burst" in stated:
        buffer = _buffer(name, rate, stated.get("burst") or shaping.htb_burst(old.rate, old.buffer))
    if ceil != old.ceil or "cburst" in stated:
        cbuffer = _buffer(
            name, ceil, stated.get("cburst") or shaping.htb_burst(old.ceil, old.cbuffer)
        )
    new = replace(old, rate=rate, ceil=ceil, buffer=buffer, cbuffer=cbuffer)
    if any(each.parent == old.classid for each in qdisc.classes):
        for key in ("prio", "quantum"):
            if stated.get(key, getattr(old, key)) != getattr(old, key):
                raise Conflict(
                    f"{key} of class {name} cannot be changed from {getattr(old, key)}: the kernel"
                    " keeps it while there are classes below. Remove them first"
                )
        return new
    quantum = own or usual_quantum(rate, qdisc.options)
    return replace(new, prio=stated.get("prio", old.prio), quantum=quantum)


def _buffer(name: str, rate: int, size: int) -> int:
    ticks = shaping.htb_buffer(rate, size)
    if ticks > shaping.LARGEST:
        raise BadInput(f"burst of class {name} is too large for the kernel at this rate; lower it")
    return ticks
