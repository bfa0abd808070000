# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What the kernel will refuse of an operation on links and can be known before: names that are taken,
sizes, and links that are tied to their namespace. Every step of a plan is held against it, so that
nothing is begun that cannot be done."""

from __future__ import annotations

import errno
import typing as t

from ..._core.errors import Conflict, KernelError
from ..._core.host_state import Link, lowers, phrase
from ..._core.link_table import BY_NAME, LinkAttribute
from ..._core.operation import Operation, ip
from ..._core.wire import number_of
from . import operations as op
from .fallback import is_fallback
from .mtu_limits import check_mtu
from .names import Plan, free, holder

# Links that the kernel ties to their namespace (NETIF_F_NETNS_LOCAL, netns_immutable since 6.15),
# by kind; since Linux 6.15 the kernel shows it (IFLA_NETNS_IMMUTABLE).
IMMUTABLE = frozenset(("amt", "batadv", "bond", "bridge", "hsr", "lowpan", "ppp", "team", "vrf"))
ALONE = ("name", "mac", "master")  # what the loopback keeps


def check(builder: Plan, step: Operation) -> None:
    """Raise NetnsError if the kernel would refuse an operation on a link."""
    known = LINKS.get(type(step))
    if known is not None:
        known(builder, step)


def is_loopback(link: Link) -> bool:
    """Return whether a link is the loopback, which has the ifindex 1 under any name."""
    return link.kind is None and not link.hardware and link.index == 1


def _veth(builder: Plan, step: op.CreateVeth) -> None:
    for end in (step.near, step.far):
        free(builder, step, end.netns, end.name)


def _move(builder: Plan, step: op.MoveLink) -> None:
    link = builder.host.namespaces[step.netns].links[step.name]
    if is_loopback(link):
        raise Conflict(
            f"{step.phrase()}: the loopback cannot be moved, each namespace has its own; leave out move_from"
        )
    if is_immutable(link):
        raise Conflict(
            f"{step.phrase()}: the kernel does not move a {link.kind or 'link like this'} to another"
            f" namespace. {_instead(link, step)}"
        )
    target = builder.host.namespaces[step.to]
    free(builder, step, step.to, step.new_name)
    if step.new_name in link.altnames:  # which comes along: __dev_change_net_namespace()
        tool = ip(step.netns, "link", "property", "del", "dev", step.name, "altname", step.new_name)
        raise Conflict(
            f"{step.phrase()}: {step.new_name} is an altname of {step.name} itself."
            f" Remove it first: {tool}"
        )
    for name in link.altnames:
        if name in target.links:
            raise Conflict(
                f"{step.phrase()}: its altname {name} is the name of a link {phrase(step.to)}."
                " Remove the altname first:"
                f" {ip(step.netns, 'link', 'property', 'del', 'dev', step.name, 'altname', name)}"
            )
        found = holder(target, name)
        if found is not None:
            raise Conflict(
                f"{step.phrase()}: link {found.name} {phrase(step.to)} has the altname {name} too."
                f" Remove it from one of them: "
                f"{ip(step.to, 'link', 'property', 'del', 'dev', found.name, 'altname', name)}"
            )


def is_immutable(link: Link) -> bool:
    """Return whether the kernel refuses to move a link to another namespace."""
    return link.immutable or link.kind in IMMUTABLE or is_fallback(link)


def _instead(link: Link, step: op.MoveLink) -> str:
    if link.kind is None or is_fallback(link):
        return "Leave it where it is"
    target = f"namespace {step.to}" if step.to else "the current namespace"
    return f"Create one in {target} (type: {link.kind}), and remove this one"


def _change(builder: Plan, step: op.ChangeLink) -> None:
    link = builder.host.namespaces[step.netns].links[step.name]
    new = dict(step.new)
    if is_loopback(link):
        for each in ALONE:
            if new.get(each):
                raise Conflict(
                    f"{step.phrase()}: {each} of the loopback {step.name} cannot be changed."
                    f" Leave out {'new_name' if each == 'name' else each}"
                )
    if "mac" in new and link.kind is not None:
        from .kinds.limits import check_mac

        below = lowers(link)
        at = None if below is None else (below.netns or "", below.name)
        check_mac(builder, step, link.kind, str(new["mac"]), at)
    if "mac" in new and dict(link.options).get("mode") == "passthru":
        raise Conflict(
            f"{step.phrase()}: in mode passthru it shares the MAC address of its parent link, which"
            " would change too. Set mac on the parent"
        )
    below = lowers(link) if new.get("up") else None
    if below is not None and below.netns in builder.host.namespaces:
        lower = builder.host.namespaces[below.netns or ""].links.get(below.name)
        # vlan_dev_open(), macsec_dev_open()
        if lower is not None and not lower.up and _needs_lower(link) and not _is_loose(link):
            words = f"the parent link {lower.name} of {link.name} is down. Set it up first"
            raise KernelError(errno.ENETDOWN, step.phrase(), words)
    if new.get("master"):
        from .kinds.limits import check_master

        check_master(builder, step, step.netns, link, str(new["master"]))
    if "name" in new:
        free(builder, step, step.netns, str(new["name"]))
    for key, value in step.new:
        _check_row(step, link, BY_NAME.get(key), value)
    if "mtu" in new:
        check_mtu(builder, step, step.netns, link, new["mtu"])


def _check_row(step: op.ChangeLink, link: Link, row: LinkAttribute | None, value: t.Any) -> None:
    """Refuse what this kernel or this link does not have, and more than its driver takes."""
    if row is None or value is None or not link.index:
        return
    if row.inet6 and getattr(link, row.name) is None:
        raise Conflict(
            f"{step.phrase()}: the link has no IPv6, which the kernel disables below an MTU of 1280."
            f" Set mtu to 1280 or more, or leave out {row.name}"
        )
    if row.optional and row.name not in link.unknown and getattr(link, row.name) is None:
        raise Conflict(f"{step.phrase()}: this kernel has no {row.name}. Leave it out")
    most = getattr(link, row.limit) if row.limit else None
    if most and value > most:
        raise KernelError(
            errno.EINVAL, step.phrase(), f"its driver takes at most {row.limit}, {most}"
        )


def _needs_lower(link: Link) -> bool:
    from .kinds.table import KINDS  # of few links the lower one is down

    return link.kind in KINDS and KINDS[link.kind].needs_lower


def _is_loose(link: Link) -> bool:
    from .uppers_simulate import LOOSE_BINDING, VLAN_FLAGS

    return link.kind == "vlan" and bool(number_of(link.kind_wire, VLAN_FLAGS) & LOOSE_BINDING)


LINKS: dict[type[Operation], t.Callable[[Plan, t.Any], None]] = {
    op.CreateVeth: _veth,
    op.MoveLink: _move,
    op.ChangeLink: _change,
}
