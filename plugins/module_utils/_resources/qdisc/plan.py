# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn the queueing discipline at a place into the desired one."""

from __future__ import annotations

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import Link, NamespaceState, phrase
from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from . import shaping, units
from .spec import QdiscSpec
from .state import ROOT, FqCodel, Netem, Options, Qdisc, Tbf, class_name, has_queue, tree
from .steps import delete, filters_at, find, put, refuse_losses, shown_filters
from .values import Stated

ETHERNET = 14  # ETH_HLEN


def plan(builder: PlanBuilder, desired: QdiscSpec) -> None:
    """Plan the queueing discipline at a place, or the kernel's default."""
    if not desired.present:
        namespace = builder.host.at(desired.place)
        builder.refuse_altname(desired.place, desired.link)
        have = find(namespace, desired)
        if have is not None and desired.kind in (None, have.kind):
            found = filters_at(builder, namespace.key, tree(namespace.qdiscs, have))
            if found:
                builder.warn(
                    f"filters ({shown_filters(found)}) of the {have.kind} on link {desired.link}"
                    f" {phrase(namespace.key)} are removed with it"
                )
            delete(builder, namespace, have)
        return
    namespace = builder.namespace(desired.place)
    link = builder.link(desired.place, desired.link)
    _check_parent(builder, namespace, desired)
    have = find(namespace, desired)
    if have is not None and have.kind != desired.kind and desired.kind != "noqueue":
        refuse_losses(builder, namespace.key, have, desired.force, below=True)
    if desired.kind == "noqueue":
        _noqueue(builder, namespace, desired, link, have)
    elif desired.kind == "htb":
        from .htb_plan import plan as plan_htb

        plan_htb(builder, namespace, desired, have)
    else:
        _simple(builder, namespace, desired, link, have)
    # The kernel sets txqueuelen of a link without a queue to 1000 packets.
    builder.change_link(namespace.key, desired.link, {"txqueuelen": link.txqueuelen})


def _check_parent(builder: PlanBuilder, namespace: NamespaceState, desired: QdiscSpec) -> None:
    """Refuse a parent class that does not exist or has classes below it."""
    if desired.parent == ROOT:
        return
    name, where = class_name(desired.parent), f"on link {desired.link} {phrase(namespace.key)}"
    for each in namespace.qdiscs:
        if each.link != desired.link or each.number >> 16 != desired.parent >> 16:
            continue
        if any(one.parent == desired.parent for one in each.classes):
            raise Conflict(
                f"parent {name} {where} has classes below it: a queueing discipline can be attached"
                " to a class without any only. Use one of those"
            )
        if each.kind != "htb" or any(one.classid == desired.parent for one in each.classes):
            return
    if not builder.assume_exists:
        raise BadInput(f"parent class {name} not found {where}; create it first (classes)")
    builder.suppose(f"class {name} does not exist {where} yet")


def _noqueue(
    builder: PlanBuilder,
    namespace: NamespaceState,
    desired: QdiscSpec,
    link: Link,
    have: Qdisc | None,
) -> None:
    """Plan noqueue, which is the default of most virtual links."""
    by_default = link.name == "lo" or link.index == 0 or not has_queue(link.kind)
    new = Qdisc(desired.link, ROOT, "noqueue", desired.handle or 0, number=desired.handle or 0)
    if have is None:
        if not by_default:
            put(builder, namespace.key, new, None)
    elif have.kind != "noqueue":
        refuse_losses(builder, namespace.key, have, desired.force, below=True)
        if by_default:
            delete(builder, namespace, have)
        else:
            put(builder, namespace.key, new, have)


def _simple(
    builder: PlanBuilder,
    namespace: NamespaceState,
    desired: QdiscSpec,
    link: Link,
    have: Qdisc | None,
) -> None:
    """Plan a queueing discipline without classes."""
    same = have if have is not None and have.kind == desired.kind else None
    options = _merged(desired, link, same.options if same else None)
    if same is None:
        handle = desired.handle or 0
        new = Qdisc(desired.link, desired.parent, str(desired.kind), handle, options, number=handle)
        put(builder, namespace.key, new, have)
        return
    handle = same.handle if desired.handle is None else desired.handle
    number = same.number if desired.handle is None else desired.handle
    new = replace(same, options=options, handle=handle, number=number, wire=b"")
    if handle != same.handle or _flows(options) != _flows(same.options):
        _anew(builder, namespace, desired, same, new)
    elif options != same.options:
        from .operations import ChangeQdisc

        builder.add(ChangeQdisc(namespace.key, new, same))


def _anew(
    builder: PlanBuilder, namespace: NamespaceState, desired: QdiscSpec, same: Qdisc, new: Qdisc
) -> None:
    """Plan the replacement of one by another of its kind with all below it; filters are lost."""
    from .htb_rebuild import rebuild

    refuse_losses(builder, namespace.key, same, desired.force, below=False)
    below = tree(namespace.qdiscs, same)[1:]
    put(builder, namespace.key, new, same)
    for top in below:
        if top.parent >> 16 == same.number >> 16:
            parent = (new.number or same.number) & 0xFFFF0000 | top.parent & 0xFFFF
            rebuild(builder, namespace, top, below, parent)


def _flows(options: Options) -> int | None:
    """Return the options that an existing fq_codel cannot change."""
    return options.flows if isinstance(options, FqCodel) else None


def _merged(desired: QdiscSpec, link: Link, old: Options) -> Options:
    """Return the stated options on top of the current ones or the kind's defaults."""
    if desired.kind == "netem":
        return _netem(desired.stated, old if isinstance(old, Netem) else Netem())
    if desired.kind == "tbf":
        return _tbf(desired.stated, old if isinstance(old, Tbf) else None)
    quantum = link.mtu + (0 if link.mac is None and link.index else ETHERNET)
    start = old if isinstance(old, FqCodel) else FqCodel(quantum=max(256, quantum))
    return replace(start, **desired.stated)


def _netem(stated: Stated, old: Netem) -> Netem:
    new = replace(old, **stated)
    if "loss" in stated:
        new = replace(new, loss_model=b"")  # one of the states of Gilbert and Elliot, perhaps
    if "reorder" in stated and "gap" not in stated:
        new = replace(new, gap=(new.gap or 1) if new.reorder else 0)
    if {"reorder", "gap", "delay"} & set(stated):
        if new.reorder and not new.delay:
            raise BadInput("reorder requires delay: packets overtake the delayed ones")
        if new.gap and not new.reorder:
            raise BadInput("gap requires reorder: it selects the packets to reorder")
    return new


def _tbf(stated: Stated, old: Tbf | None) -> Tbf:
    if old is None and not (
        {"rate", "burst"} <= set(stated) and {"latency", "limit"} & set(stated)
    ):
        raise BadInput("rate, burst, and latency or limit are required for a new tbf")
    start = old or Tbf(stated["rate"], 0, 0)
    rate = stated.get("rate", start.rate)
    size = stated.get("burst") or shaping.tbf_burst(start.rate, start.buffer, start.spec)
    buffer = shaping.tbf_buffer(rate, size, start.spec)
    if rate == start.rate and "burst" not in stated and buffer != start.buffer:
        new = start  # set up by something that knew ticks, not bytes
    else:
        new = replace(start, rate=rate, buffer=buffer, burst=size)
    limit = stated.get("limit", start.limit)
    if "latency" in stated:
        limit = shaping.limit(rate, size, stated["latency"])
    if buffer > shaping.LARGEST or limit > shaping.LARGEST:
        raise BadInput("burst or latency is too large for the kernel at this rate; lower it")
    if 0 < new.peak <= new.rate:  # tbf_change(), net/sched/sch_tbf.c
        raise BadInput(
            f"rate must be less than the tbf's peakrate of {units.shown_rate(new.peak)}, which cannot"
            " be set here. Use a lower rate, or remove the tbf first (state=absent)"
        )
    return replace(new, limit=limit)
