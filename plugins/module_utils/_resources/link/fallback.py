# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Fallback tunnel links, which the kernel itself makes in each namespace."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ..._core.host_state import Link

# There once the module of their kind is: ip_tunnel_init_net() and others.
FALLBACK = {
    "tunl0": "ipip",
    "gre0": "gre",
    "gretap0": "gretap",
    "erspan0": "erspan",
    "ip_vti0": "vti",
    "ip6_vti0": "vti6",
    "sit0": "sit",
    "ip6tnl0": "ip6tnl",
    "ip6gre0": "ip6gre",
    "ip6gretap0": "ip6gretap",
}


def is_fallback(link: Link) -> bool:
    """Return whether a link is one that comes with each namespace."""
    return link.kind is not None and FALLBACK.get(link.name) == link.kind
