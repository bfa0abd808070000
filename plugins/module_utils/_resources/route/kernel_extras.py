# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read the attributes of a route that tasks cannot set."""

from __future__ import annotations

import typing as t

from ..._netlink import attributes as nla
from .extras import ENCAP, ENCAP_TYPE, PREF, Extras, number

SRC = 2  # RTA_SRC, linux/rtnetlink.h
USER_HZ = 100  # the kernel's unit of times, include/asm-generic/param.h
ENCAPS = {  # LWTUNNEL_ENCAP_…, linux/lwtunnel.h
    1: "mpls",
    2: "ip",
    3: "ila",
    4: "ip6",
    5: "seg6",
    6: "bpf",
    7: "seg6local",
    8: "rpl",
    9: "ioam6",
    10: "xfrm",
}


def extras(message: t.Any) -> Extras | None:
    """Return what else a route is, None for nothing."""
    found = message.found
    others = tuple(found.get("others", ()))
    ways = [dict(way[4]) for way in found.get("multipath", ())]
    if "nhid" in found:  # the nexthop object has the encapsulation
        others = tuple(
            each for each in others if each[0] & nla.TYPE_MASK not in (ENCAP, ENCAP_TYPE)
        )
        ways = []
    attributes = {kind & nla.TYPE_MASK: value for kind, value in others}
    identity = []
    if message["tos"]:
        identity.append(("tos", hex(message["tos"])))
    if message["src_len"]:
        source = nla.ip(attributes[SRC]) if SRC in attributes else "::"
        identity.append(("from", f"{source}/{message['src_len']}"))
    encaps = [each[ENCAP_TYPE] for each in (attributes, *ways) if ENCAP_TYPE in each]
    if encaps:
        kind = number(encaps[0])
        identity.append(("encap", ENCAPS.get(kind, str(kind))))
    pref = found.get("pref", 0)
    expires = found.get("expires", 0)
    extras_found = Extras(
        tuple(identity),
        (*others, *(((PREF, bytes((pref,))),) if pref else ())),
        tuple(found.get("metrics", {}).get("others", ())),
        lasting=not expires,
        expires=max(1, round(expires / USER_HZ)) if expires else 0,
    )
    return None if extras_found == Extras() else extras_found
