# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Render queueing disciplines for results and diffs, with values that tasks can state."""

from __future__ import annotations

import typing as t

from ..._core.host_state import HostState, shown
from . import shaping, units
from .state import FqCodel, Htb, HtbClass, Netem, Options, Tbf, class_name

Shown = dict[str, t.Any]


def qdisc(host: HostState, key: str, link: str, parent: int) -> Shown:
    """Return what is set up at a place; the kernel's default counts as nothing."""
    where: Shown = {"link": link, "netns": shown(key), "parent": class_name(parent)}
    namespace = host.namespaces.get(key)
    for each in namespace.qdiscs if namespace else ():
        if (each.link, each.parent) == (link, parent):
            return {
                **where,
                "state": "present",
                "kind": each.kind,
                "handle": class_name(each.handle) if each.handle else None,
                **options(each.options),
                **(
                    {"classes": [_class(one) for one in each.classes]} if each.kind == "htb" else {}
                ),
            }
    return {**where, "state": "absent", "kind": None}


def options(there: Options) -> Shown:
    """Return the options of a kind."""
    if isinstance(there, Netem):
        return _netem(there)
    if isinstance(there, Tbf):
        burst = shaping.tbf_burst(there.rate, there.buffer, there.spec)
        return {
            "rate": units.shown_rate(there.rate),
            "burst": units.shown_size(burst),
            "limit": units.shown_size(there.limit),
            "latency": units.shown_time(shaping.latency(there.rate, burst, there.limit)),
        }
    if isinstance(there, FqCodel):
        return {
            "limit": there.limit,
            "target": units.shown_time(1000 * shaping.stated_codel_time(there.target)),
            "interval": units.shown_time(1000 * shaping.stated_codel_time(there.interval)),
            "quantum": there.quantum,
            "ecn": there.ecn,
            "flows": there.flows,
        }
    return {"default": f"{there.default:x}"} if isinstance(there, Htb) else {}


def _netem(there: Netem) -> Shown:
    shares = ["correlation"]
    for name in ("loss", "duplicate", "corrupt", "reorder"):
        shares += [name, f"{name}_correlation"]
    return {
        "delay": units.shown_time(there.delay),
        "jitter": units.shown_time(there.jitter),
        **{name: units.shown_percent(getattr(there, name)) for name in shares},
        "gap": there.gap,
        "rate": units.shown_rate(there.rate),
        "limit": there.limit,
    }


def _class(there: HtbClass) -> Shown:
    return {
        "classid": class_name(there.classid),
        "parent": class_name(there.parent),
        "rate": units.shown_rate(there.rate),
        "ceil": units.shown_rate(there.ceil),
        "burst": units.shown_size(shaping.htb_burst(there.rate, there.buffer)),
        "cburst": units.shown_size(shaping.htb_burst(there.ceil, there.cbuffer)),
        "prio": there.prio,
        "quantum": there.quantum,
    }
