# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What operations do to a world, their side effects included, without doing it.

Check mode stands on this: what is said here of an operation is what the kernel must show after it.
"""

from __future__ import annotations

from .._model.operation import Deeds, Operation
from .._model.world import World

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
        from .namespace_effects import EFFECTS as effects
    elif family == "link":
        from .link_effects import EFFECTS as effects
    elif family == "kind":
        from .kind_effects import EFFECTS as effects
    elif family == "carry":
        from .carry_effects import EFFECTS as effects
    elif family == "wireguard":
        from .wireguard_effects import EFFECTS as effects
    elif family == "neighbour":
        from .neighbour_effects import EFFECTS as effects
    elif family == "fdb":
        from .fdb_effects import EFFECTS as effects
    elif family == "rule":
        from .rule_effects import EFFECTS as effects
    elif family == "qdisc":
        from .qdisc_effects import EFFECTS as effects
    elif family == "masquerade":
        from .masquerade_effects import EFFECTS as effects
    elif family == "mark":
        from .mark_effects import EFFECTS as effects
    elif family == "address":
        from .address_effects import EFFECTS as effects
    elif family == "sysctl":
        from .sysctl_effects import EFFECTS as effects
    elif family == "dns":
        from .dns_effects import EFFECTS as effects
    else:
        from .route_effects import EFFECTS as effects
    return effects
