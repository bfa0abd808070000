# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn kernel parameters of a namespace into the desired ones."""

from __future__ import annotations

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import Space, phrase
from ..._core.plan_builder import Draft
from ..._core.record import replace
from . import state as sysctl
from .operations import WriteSysctl
from .spec import SysctlsSpec
from .state import Sysctl

KILLS_V6 = ("net/ipv6/conf", "disable_ipv6")


def plan(draft: Draft, desired: SysctlsSpec) -> None:
    """Plan the listed parameters."""
    current, supposed = draft.world.at(desired.place).sysctls, draft.world.at(desired.place).state
    space = draft.space(desired.place)
    if supposed != "present":
        for each in (space, draft.before.spaces[space.key]):
            each.sysctls = dict(current)  # one that check mode assumes to exist is like a new one
    for key, value in desired.values:
        _check(draft, desired, space, key)
        now = space.sysctls[key].value
        if not sysctl.fits(key, now, value):
            what = WriteSysctl(space.key, key, value, now).phrase()
            raise BadInput(f"{what}: Invalid argument. It holds numbers ({now!r}); use numbers too")
    written: list[str] = []
    for key, value in desired.values:
        old = space.sysctls[key].value
        if (
            old == sysctl.kept(key, value)
            and space.sysctls[key].sure
            and not any(sysctl.reaches(wide, key) for wide in written)
        ):
            continue
        before = draft.before.spaces[space.key].sysctls
        around = tuple(
            (other, there.value)
            for other, there in before.items()
            if sysctl.reaches(key, other) and there.value is not None
        )
        links = _losers(space, key, value)
        draft.add(WriteSysctl(space.key, key, value, old, around, links=links))
        written.append(key)


def _check(draft: Draft, desired: SysctlsSpec, space: Space, key: str) -> None:
    """Refuse missing and global parameters, and those that cannot be both read and written."""
    name, kind = sysctl.shown(key), space.sysctls[key].kind
    found = sysctl.of(key)
    if kind == sysctl.MISSING and found is not None and found.link is not None:
        default = sysctl.as_born(space.sysctls, key)
        before = draft.before.spaces[space.key]
        if default is not None and default.kind == sysctl.OWN and found.link not in before.links:
            if found.link not in space.links:
                draft.link(desired.place, found.link)
                before.sysctls[key] = replace(default)
            space.sysctls[key] = replace(default)  # a new link inherits it
            return
    where = phrase(space.key)
    if kind == sysctl.MISSING:
        dotted = found is None and name.count(".") > 4
        hint = "; write a dot in a link's name as '/'" if dotted else ""
        raise BadInput(f"parameter {name} not found {where}{hint}")
    if kind == sysctl.GLOBAL:
        raise Conflict(
            f"parameter {name} cannot be set {where}: it is global, not a namespace's own. Set it on"
            " the host with ansible.posix.sysctl"
        )
    if kind == sysctl.READ_ONLY:
        raise Conflict(
            f"parameter {name} is read-only {where}: it shows a state of the kernel, or is global"
        )
    if kind == sysctl.WRITE_ONLY:
        raise Conflict(
            f"parameter {name} is write-only: it triggers an action and has no value to compare"
        )


def _losers(space: Space, key: str, value: str) -> tuple[str, ...]:
    """Return the links that lose their IPv6 addresses when the parameter is set."""
    found = sysctl.of(key)
    if found is None or (found.table, found.leaf) != KILLS_V6 or value == "0":
        return ()
    if found.which == "all":
        return tuple(space.links)
    return () if found.link is None else (found.link,)


def shown_parameters(space: Space, desired: SysctlsSpec) -> dict[str, str | None]:
    """Return the listed parameters as results show them."""
    missing = Sysctl(None, sysctl.MISSING)
    return {
        sysctl.shown(key): space.sysctls.get(key, missing).value for key in sorted(desired.keys)
    }
