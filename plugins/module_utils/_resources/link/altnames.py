# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the altnames of a link. Those by which topologies mark what is theirs are left alone."""

from __future__ import annotations

from ..._core.link_table import MARK
from ..._core.plan_builder import PlanBuilder
from ..mark.operations import AddMark, DeleteMark
from .names import free
from .spec import LinkSpec


def ensure(builder: PlanBuilder, key: str, name: str, desired: LinkSpec) -> None:
    """Plan the altnames that are stated, and with purge_altnames that there are no others."""
    stated = desired.altnames
    if stated is None:
        return
    has = builder.host.namespaces[key].links[name].altnames
    for each in stated:
        if each not in has:
            step = AddMark(key, name, each)
            free(builder, step, key, each)
            builder.add(step)
    for each in has:
        if desired.purge_altnames and each not in stated and not each.startswith(MARK):
            builder.add(DeleteMark(key, name, each))
