# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The mode of an ipvlan, and what follows from it: drivers/net/ipvlan/ipvlan_main.c."""

from __future__ import annotations

import typing as t

from ...._core.host_state import Link
from ...._core.record import replace
from ...._core.wire import number_of
from .option import from_wire
from .table import KINDS

IPVLAN_MODE = 1  # IFLA_IPVLAN_MODE


def with_mode(link: Link, mode: t.Any) -> Link:
    """Return an ipvlan in a mode: another one than it had sets its ARP, ipvlan_set_port_mode()."""
    options = tuple({**dict(link.options), "mode": mode}.items())
    if mode_of(link) == mode:
        return replace(link, options=options)
    return replace(link, options=options, arp=mode == "l2", unknown=link.unknown - {"arp"})


def mode_of(link: Link) -> t.Any:
    """Return the mode of an ipvlan, from its raw attributes if its options were not read."""
    mode = dict(link.options).get("mode")
    if mode is None and link.kind_wire:
        form = KINDS["ipvlan"].options["mode"]
        return from_wire(form, number_of(link.kind_wire, IPVLAN_MODE))
    return mode


def opened(link: Link) -> Link:
    """Return an ipvlan that is set up, which sets its ARP flag: ipvlan_open()."""
    return replace(link, arp=mode_of(link) == "l2", unknown=link.unknown - {"arp"})
