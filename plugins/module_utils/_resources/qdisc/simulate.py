# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on queueing disciplines."""

from __future__ import annotations

from ..._core.host_state import HostState, NamespaceState
from ..._core.record import replace
from ..._core.resource import Handlers
from . import operations as op
from .state import HtbClass, Qdisc, has_queue


def _drop(namespace: NamespaceState, gone: tuple[Qdisc, ...]) -> None:
    places = {(each.link, each.parent) for each in gone}
    namespace.qdiscs = [each for each in namespace.qdiscs if (each.link, each.parent) not in places]


def _put(host: HostState, step: op.PutQdisc) -> None:
    namespace = host.namespaces[step.netns]
    _drop(namespace, step.old)
    namespace.qdiscs.append(step.new)
    _queue(namespace, step.new.link)


def _queue(namespace: NamespaceState, name: str) -> None:
    """A link that queues nothing by itself gets a length for it: qdisc_create() of sch_api.c."""
    link = namespace.links.get(name)
    if link is None or link.txqueuelen or "txqueuelen" in link.unknown:
        return
    if (link.kind is None and not link.hardware) or not has_queue(link.kind):
        namespace.links[name] = replace(link, txqueuelen=1000)


def _change(host: HostState, step: op.ChangeQdisc) -> None:
    namespace = host.namespaces[step.netns]
    namespace.qdiscs = [step.new if each == step.old else each for each in namespace.qdiscs]


def _delete(host: HostState, step: op.DeleteQdisc) -> None:
    _drop(host.namespaces[step.netns], step.old)


def _restore(host: HostState, step: op.RestoreQdiscs) -> None:
    namespace = host.namespaces[step.netns]
    _drop(namespace, (step.over,) if step.over else ())
    namespace.qdiscs += step.old
    for each in step.old:
        _queue(namespace, each.link)


def _put_class(host: HostState, step: op.PutClass) -> None:
    _classes(host, step, (step.new,))


def _delete_class(host: HostState, step: op.DeleteClass) -> None:
    _classes(host, step, ())


def _classes(
    host: HostState, step: op.PutClass | op.DeleteClass, new: tuple[HtbClass, ...]
) -> None:
    namespace = host.namespaces[step.netns]
    for number, each in enumerate(namespace.qdiscs):
        if (each.link, each.parent) == (step.qdisc.link, step.qdisc.parent):
            gone = step.old.classid if step.old else None
            left = [one for one in each.classes if one.classid != gone]
            classes = tuple(sorted([*left, *new], key=lambda one: one.classid))
            namespace.qdiscs[number] = replace(each, classes=classes)


SIMULATE: Handlers = {
    op.PutQdisc: _put,
    op.ChangeQdisc: _change,
    op.DeleteQdisc: _delete,
    op.RestoreQdiscs: _restore,
    op.PutClass: _put_class,
    op.DeleteClass: _delete_class,
}
