# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What operations do to a world, their side effects included, without doing it.

Check mode stands on this: what is said here of an operation is what the kernel must show after it.
"""

from __future__ import annotations

from .host_state import World
from .operation import Deeds, Operation

_known: Deeds = {}  # of those looked up before: a plan may have thousands of steps


def enact(world: World, step: Operation) -> None:
    """Change the world as the operation would."""
    effect = _known.get(type(step))
    if effect is None:
        effect = _known[type(step)] = effects_of(step.family)[type(step)]
    effect(world, step)


def effects_of(family: str) -> Deeds:
    """Return the effects of a family of operations; a task loads those alone that it deals with."""
    effects: Deeds
    if family == "namespace":
        from .._resources.namespace.simulate import EFFECTS as effects
    elif family == "link":
        from .._resources.link.simulate import EFFECTS as effects
    elif family == "kind":
        from .._resources.link.kinds.simulate import EFFECTS as effects
    elif family == "carry":
        from .._resources.rebuild.simulate import EFFECTS as effects
    elif family == "wireguard":
        from .._resources.wireguard.simulate import EFFECTS as effects
    elif family == "neighbour":
        from .._resources.neighbour.simulate import EFFECTS as effects
    elif family == "fdb":
        from .._resources.fdb.simulate import EFFECTS as effects
    elif family == "rule":
        from .._resources.rule.simulate import EFFECTS as effects
    elif family == "qdisc":
        from .._resources.qdisc.simulate import EFFECTS as effects
    elif family == "masquerade":
        from .._resources.masquerade.simulate import EFFECTS as effects
    elif family == "mark":
        from .._resources.mark.simulate import EFFECTS as effects
    elif family == "address":
        from .._resources.address.simulate import EFFECTS as effects
    elif family == "sysctl":
        from .._resources.sysctl.simulate import EFFECTS as effects
    elif family == "dns":
        from .._resources.dns.simulate import EFFECTS as effects
    else:
        from .._resources.route.simulate import EFFECTS as effects
    return effects
