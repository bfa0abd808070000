# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From an operation to the messages and system calls that carry it out."""

from __future__ import annotations

import typing as t

from .._core.operation import Deeds, Operation

_known: Deeds = {}  # of those looked up before: a plan may have thousands of steps


def carry_out(kernel: t.Any, step: Operation) -> None:
    """Carry out an operation. Raises OSError or KernelError if that is refused."""
    applier = _known.get(type(step))
    if applier is None:
        applier = _known[type(step)] = appliers_of(step.family)[type(step)]
    applier(kernel, step)


def appliers_of(family: str) -> Deeds:
    """Return how a family of operations is carried out; a task loads those alone that it needs."""
    appliers: Deeds
    if family == "namespace":
        from .._resources.namespace.kernel import APPLY as appliers
    elif family == "link":
        from .._resources.link.kernel import APPLY as appliers
    elif family == "kind":
        from .._resources.link.kinds.kernel import APPLY as appliers
    elif family == "carry":
        from .._resources.rebuild.kernel import APPLY as appliers
    elif family == "wireguard":
        from .._resources.wireguard.kernel import APPLY as appliers
    elif family == "neighbour":
        from .._resources.neighbour.kernel import APPLY as appliers
    elif family == "fdb":
        from .._resources.fdb.kernel import APPLY as appliers
    elif family == "rule":
        from .._resources.rule.kernel import APPLY as appliers
    elif family == "qdisc":
        from .._resources.qdisc.kernel import APPLY as appliers
    elif family == "masquerade":
        from .._resources.masquerade.kernel import APPLY as appliers
    elif family == "mark":
        from .._resources.mark.kernel import APPLY as appliers
    elif family == "address":
        from .._resources.address.kernel import APPLY as appliers
    elif family == "sysctl":
        from .._resources.sysctl.kernel import APPLY as appliers
    elif family == "dns":
        from .._resources.dns.kernel import APPLY as appliers
    else:
        from .._resources.route.kernel import APPLY as appliers
    return appliers
