# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on kernel parameters.

Side effects are not simulated: the planner writes desired parameters again that a write may change.
"""

from __future__ import annotations

from ..._core.host_state import HostState, NamespaceState
from ..._core.link_table import NO_INET6
from ..._core.record import replace
from ..._core.resource import Handlers
from . import operations as op
from . import state as sysctl
from .state import Sysctl


def _write_sysctl(host: HostState, step: op.WriteSysctl) -> None:
    namespace = host.namespaces[step.netns]
    for key, value in ((step.key, step.new), *step.also):
        namespace.sysctls[key] = Sysctl(sysctl.kept(key, value))
        _forget_address_mode(namespace, key)


def _forget_address_mode(namespace: NamespaceState, key: str) -> None:
    """Note that links may generate their IPv6 addresses otherwise: addrconf_sysctl_addr_gen_mode(),
    addrconf_sysctl_stable_secret()."""
    found = sysctl.of(key)
    if found is None or found.leaf not in ("addr_gen_mode", sysctl.SECRET):
        return
    for name, link in namespace.links.items():
        if found.link in (None, name):
            namespace.links[name] = replace(link, **NO_INET6)


SIMULATE: Handlers = {op.WriteSysctl: _write_sysctl}
