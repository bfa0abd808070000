# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on routes."""

from __future__ import annotations

from ..._core.host_state import HostState
from ..._core.resource import Handlers
from . import operations as op


def _add_route(host: HostState, step: op.AddRoute) -> None:
    host.namespaces[step.netns].routes.append(step.route)


def _delete_route(host: HostState, step: op.DeleteRoute) -> None:
    namespace = host.namespaces[step.netns]
    namespace.routes = [route for route in namespace.routes if route != step.route]


def _replace_route(host: HostState, step: op.ReplaceRoute) -> None:
    namespace = host.namespaces[step.netns]
    namespace.routes = [step.new if route == step.old else route for route in namespace.routes]


SIMULATE: Handlers = {
    op.AddRoute: _add_route,
    op.DeleteRoute: _delete_route,
    op.ReplaceRoute: _replace_route,
}
