# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on rules."""

from __future__ import annotations

from ..._core.host_state import HostState
from ..._core.resource import Handlers
from . import operations as op
from .state import Rule


def _add_rule(host: HostState, step: op.AddRule) -> None:
    rules = host.namespaces[step.netns].rules
    if step.followers:
        rules.insert(rules.index(step.followers[0]), step.rule)
    else:
        rules.insert(_end_of(rules, step.rule), step.rule)


def _end_of(rules: list[Rule], rule: Rule) -> int:
    """Return the index of a new rule: behind those with the same priority, IPv4 before IPv6."""
    place = (rule.version, rule.priority)
    return sum((each.version, each.priority) <= place for each in rules)


def _delete_rule(host: HostState, step: op.DeleteRule) -> None:
    host.namespaces[step.netns].rules.remove(step.rule)


SIMULATE: Handlers = {
    op.AddRule: _add_rule,
    op.DeleteRule: _delete_rule,
}
