# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn kernel parameters of a namespace into the desired ones."""

from __future__ import annotations

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import NamespaceState, phrase
from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from . import state as sysctl
from .operations import WriteSysctl
from .spec import SysctlsSpec
from .state import Sysctl

KILLS_V6 = ("net/ipv6/conf", "disable_ipv6")


def plan(builder: PlanBuilder, desired: SysctlsSpec) -> None:
    """Plan the listed parameters."""
    current, supposed = builder.host.at(desired.place).sysctls, builder.host.at(desired.place).state
    namespace = builder.namespace(desired.place)
    if supposed != "present":
        for each in (namespace, builder.before.namespaces[namespace.key]):
            each.sysctls = dict(current)  # one that check mode assumes to exist is like a new one
    for key, value in desired.values:
        _check(builder, desired, namespace, key)
        now = namespace.sysctls[key].value
        if not sysctl.fits(key, now, value):
            what = WriteSysctl(namespace.key, key, value, now).phrase()
            raise BadInput(f"{what}: Invalid argument. It holds numbers ({now!r}); use numbers too")
    written: list[str] = []
    for key, value in desired.values:
        old = namespace.sysctls[key].value
        if (
            old == sysctl.kept(key, value)
            and namespace.sysctls[key].sure
            and not any(sysctl.reaches(wide, key) for wide in written)
        ):
            continue
        before = builder.before.namespaces[namespace.key].sysctls
        around = tuple(
            (other, there.value)
            for other, there in before.items()
            if sysctl.reaches(key, other) and there.value is not None
        )
        links = _losers(namespace, key, value)
        builder.add(WriteSysctl(namespace.key, key, value, old, around, links=links))
        written.append(key)


def _check(builder: PlanBuilder, desired: SysctlsSpec, namespace: NamespaceState, key: str) -> None:
    """Refuse missing and global parameters, and those that cannot be both read and written."""
    name, kind = sysctl.shown(key), namespace.sysctls[key].kind
    found = sysctl.of(key)
    if kind == sysctl.MISSING and found is not None and found.link is not None:
        default = sysctl.as_born(namespace.sysctls, key)
        before = builder.before.namespaces[namespace.key]
        if default is not None and default.kind == sysctl.OWN and found.link not in before.links:
            if found.link not in namespace.links:
                builder.link(desired.place, found.link)
                before.sysctls[key] = replace(default)
            namespace.sysctls[key] = replace(default)  # a new link inherits it
            return
    where = phrase(namespace.key)
    if kind == sysctl.MISSING:
        dotted = found is None and name.count(".") > 4
        hint = "; write a dot in a link's name as '/'" if dotted else ""
        raise BadInput(
            f"parameter {name} not found {where}{hint}; correct the name, or load the module that has it"
        )
    if kind == sysctl.GLOBAL:
        raise Conflict(
            f"parameter {name} cannot be set {where}: it is global, not a namespace's own. Set it on"
            " the host with ansible.posix.sysctl"
        )
    if kind == sysctl.READ_ONLY:
        raise Conflict(
            f"parameter {name} is read-only {where}: it shows a state of the kernel, or is global. Leave it out"
        )
    if kind == sysctl.WRITE_ONLY:
        raise Conflict(
            f"parameter {name} is write-only: it triggers an action and has no value to compare. Use a command"
        )


def _losers(namespace: NamespaceState, key: str, value: str) -> tuple[str, ...]:
    """Return the links that lose their IPv6 addresses when the parameter is set."""
    found = sysctl.of(key)
    if found is None or (found.table, found.leaf) != KILLS_V6 or value == "0":
        return ()
    if found.which == "all":
        return tuple(namespace.links)
    return () if found.link is None else (found.link,)


def shown_parameters(namespace: NamespaceState, desired: SysctlsSpec) -> dict[str, str | None]:
    """Return the listed parameters as results show them."""
    missing = Sysctl(None, sysctl.MISSING)
    return {
        sysctl.shown(key): namespace.sysctls.get(key, missing).value for key in sorted(desired.keys)
    }
