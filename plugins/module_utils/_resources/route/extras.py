# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Attributes of routes that tasks cannot set, kept as the kernel showed them and sent back."""

from __future__ import annotations

import struct
import sys

from ..._core.record import dataclass, field

Attributes = tuple[tuple[int, bytes], ...]

# RTA_…, linux/rtnetlink.h
FLOW, PREF, ENCAP_TYPE, ENCAP, TTL_PROPAGATE = 11, 20, 21, 22, 26
LOCK, MTU, FEATURES, CC_ALGO = 1, 2, 12, 16  # RTAX_…
METRICS = {  # by number, in the words of ip-route(8), which takes numbers without a unit as they are
    MTU: "mtu",
    3: "window",
    4: "rtt",
    5: "rttvar",
    6: "ssthresh",
    7: "cwnd",
    8: "advmss",
    9: "reordering",
    10: "hoplimit",
    11: "initcwnd",
    13: "rto_min",
    14: "initrwnd",
    15: "quickack",
    17: "fastopen_no_cookie",
}
FEATURE_WORDS = {1: "ecn", 16: "tcp_usec_ts"}  # RTAX_FEATURE_…
PREFS = {1: "high", 3: "low"}  # ICMPV6_ROUTER_PREF_…; 0 is medium


@dataclass(frozen=True)
class Extras:
    """The attributes of a route that tasks cannot set.

    ``identity`` are those that make it a different route, in the words of ip-route(8): such a route
    is another program's. ``attributes`` and ``metrics``, by number, are kept in every change.
    ``expires`` is the remaining lifetime in seconds, 0 for none.
    """

    identity: tuple[tuple[str, str], ...] = ()
    attributes: Attributes = ()
    metrics: Attributes = ()
    lasting: bool = True
    expires: int = field(default=0, compare=False)


def number(value: bytes) -> int:
    """Return the number in an attribute of any length."""
    return int.from_bytes(value, sys.byteorder)


def words(extras: Extras, mtu: int) -> list[str]:
    """Return the ip-route(8) words for these attributes, except for the encapsulation."""
    line = [part for pair in extras.identity if pair[0] != "encap" for part in pair]
    line += way_words(extras.attributes)
    attributes = dict(extras.attributes)
    if PREF in attributes:
        line += ["pref", PREFS.get(number(attributes[PREF]), "medium")]
    if TTL_PROPAGATE in attributes:
        line += ["ttl-propagate", "enabled" if number(attributes[TTL_PROPAGATE]) else "disabled"]
    line += _metric_words({**dict(extras.metrics), **({MTU: packed(mtu)} if mtu else {})})
    return line + (["expires", str(extras.expires)] if extras.expires else [])


def way_words(attributes: Attributes) -> list[str]:
    """Return the ip-route(8) words for the attributes of one nexthop."""
    flow = number(dict(attributes).get(FLOW, b""))
    if not flow:
        return []
    source, target = flow >> 16, flow & 0xFFFF
    return ["realms", f"{source}/{target}" if source else str(target)]


def packed(value: int) -> bytes:
    """Return a number as the payload of an attribute."""
    return struct.pack("=I", value)


def _metric_words(metrics: dict[int, bytes]) -> list[str]:
    locked = number(metrics.get(LOCK, b""))
    line: list[str] = []
    for kind, word in METRICS.items():
        if kind in metrics:
            line += [word, *(["lock"] if locked & 1 << kind else []), str(number(metrics[kind]))]
    if FEATURES in metrics:
        bits = number(metrics[FEATURES])
        for bit, word in FEATURE_WORDS.items():
            line += ["features", word] if bits & bit else []
    if CC_ALGO in metrics:
        name = metrics[CC_ALGO].rstrip(b"\0").decode(errors="surrogateescape")
        line += ["congctl", *(["lock"] if locked & 1 << CC_ALGO else []), name]
    return line
