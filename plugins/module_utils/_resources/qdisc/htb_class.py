# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The quantum and the depth of htb classes as the kernel computes and limits them."""

from __future__ import annotations

import typing as t

from ..._core.errors import BadInput
from ..._core.host_state import NamespaceState
from .spec import QdiscSpec
from .state import Htb, HtbClass, Qdisc, class_name
from .steps import find

QUANTUM = (1000, 200000)  # htb_change_class() limits the computed value to these
DEEPEST = 8  # TC_HTB_MAXDEPTH


def there(namespace: NamespaceState, desired: QdiscSpec) -> Qdisc:
    """Return the htb in its planned state: that it is there has just been planned."""
    return t.cast("Qdisc", find(namespace, desired))


def usual_quantum(rate: int, options: object) -> int:
    """Return the quantum that the kernel gives a class by default."""
    r2q = options.r2q if isinstance(options, Htb) else Htb().r2q
    return min(max(rate // max(r2q, 1), QUANTUM[0]), QUANTUM[1])


def own_quantum(each: HtbClass, options: object) -> int:
    """Return the quantum of a class, 0 if it is the default for its rate."""
    return 0 if each.quantum == usual_quantum(each.rate, options) else each.quantum


def check_depth(qdisc: Qdisc, new: HtbClass) -> None:
    """Refuse a class that is nested deeper than the kernel allows."""
    parents = {each.classid: each.parent for each in qdisc.classes}
    depth, above = 1, new.parent
    while above in parents and depth <= DEEPEST:
        depth, above = depth + 1, parents[above]
    if depth > DEEPEST:
        raise BadInput(
            f"class {class_name(new.classid)} is nested {depth} deep, but the kernel allows {DEEPEST};"
            " choose a parent nearer to the root"
        )
