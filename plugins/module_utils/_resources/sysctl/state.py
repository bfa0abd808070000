# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Kernel parameters of a namespace: the files under /proc/sys/net, as the kernel shows them.

A key is the path below /proc/sys: ``net/ipv4/conf/eth0.1/forwarding``.
"""

from __future__ import annotations

import re
import time
import typing as t

from ..._core.record import dataclass

# Kinds of parameters.
OWN = "own"  # the namespace's own, readable and writable
GLOBAL = "global"  # one for all namespaces: a write would change the whole machine
READ_ONLY = "read-only"
WRITE_ONLY = "write-only"
MISSING = "missing"

FORWARD = "net/ipv4/conf/all/forwarding"
ALIASES = {"net/ipv4/ip_forward": FORWARD}  # devinet_init_net() of net/ipv4/devinet.c
# The kernel changes these along with forwarding: inet_forward_change(), same file.
ALONG = {FORWARD: ("net/ipv4/conf/all/accept_redirects",)}
PART = "[0-9]{1,10}(-[0-9]{1,10})?"  # in a list of numbers
COARSE = 6  # CLOCK_MONOTONIC_COARSE, linux/time.h
# Parameters stored in ticks: neigh_sysctl_template in net/core/neighbour.c, and others.
MILLISECONDS = (
    "retrans_time_ms",
    "base_reachable_time_ms",
    "interval_probe_time_ms",
    "gc_min_interval_ms",
    "mldv1_unsolicited_report_interval",
    "mldv2_unsolicited_report_interval",
)
LIMITS = ("ratelimit", "icmp_ratelimit")
HUNDREDTHS = ("retrans_time", "locktime", "proxy_delay", "anycast_delay")
SECRET = "stable_secret"
RANGES = ("ip_local_reserved_ports",)  # none, one or many: proc_do_large_bitmap()
HEXADECIMAL = ("rps_default_mask", "flow_limit_cpu_bitmap")  # bitmap_parse_user()


@dataclass(frozen=True)
class Sysctl:
    """A parameter; a ``value`` of None means that it is not set, missing or not readable.

    Where it is not ``sure``, of a link that is made, it is written even if it seems to be right.
    """

    value: str | None
    kind: str = OWN
    sure: bool = True


@dataclass(frozen=True)
class Of:
    """A parameter that exists for each link, for new links and for all links."""

    table: str
    which: str  # 'all', 'default' or the name of a link
    leaf: str

    @property
    def key(self) -> str:
        """Return the key of the parameter."""
        return f"{self.table}/{self.which}/{self.leaf}"

    @property
    def link(self) -> str | None:
        """Return the name of the link, None for 'all' and 'default'."""
        return None if self.which in ("all", "default") else self.which


def of(key: str) -> Of | None:
    """Return the parts of a per-link parameter's key, None for others."""
    parts = ALIASES.get(key, key).split("/")
    if len(parts) == 5 and parts[2] in ("conf", "neigh"):
        return Of("/".join(parts[:3]), parts[3], parts[4])
    return None


def general(key: str) -> str:
    """Return the parameter for new links that corresponds to a link's."""
    found = of(key)
    if found is None or found.link is None:
        return key
    return Of(found.table, "default", found.leaf).key


def witness(key: str) -> str:
    """Return the corresponding parameter of the loopback, which every namespace has."""
    found = of(key)
    return key if found is None else Of(found.table, "lo", found.leaf).key


def as_born(known: t.Mapping[str, Sysctl], key: str) -> Sysctl | None:
    """Return the value of a parameter of a new link, None if unknown.

    Only the first namespace has net.*.neigh.default (neigh_sysctl_register(), net/core/neighbour.c):
    elsewhere the loopback shows that there is such a parameter, and most likely its value.
    """
    default = known.get(general(key))
    if default is None or default.kind != MISSING:
        return default
    lo = known.get(witness(key))
    return default if lo is None or lo.kind == MISSING else Sysctl(lo.value, lo.kind, sure=False)


def of_renamed(known: dict[str, Sysctl], old: str, new: str) -> None:
    """Move the known parameters of a renamed link to its new name."""
    for key in list(known):
        found = of(key)
        if found is None or found.which not in (old, new):
            continue
        if found.which == new:
            before = known.get(Of(found.table, old, found.leaf).key)
            known[key] = Sysctl(None, sure=False) if before is None else before
        else:
            known[key] = Sysctl(None, MISSING)


def order(key: str) -> tuple[int, bool]:
    """Return a sort key so that no write reverts an earlier one: the widest parameters first."""
    found = of(key)
    rank = 0 if found is None or found.which == "all" else 1 if found.which == "default" else 2
    return rank, ALIASES.get(key, key) != FORWARD


def reaches(wide: str, key: str) -> bool:
    """Return whether a write of one parameter may change another.

    Which ones the kernel changes depends on the parameter, and for 'default' on what was ever
    written to those of the links: devinet_copy_dflt_conf(), addrconf_sysctl_forward() and others.
    """
    if key in ALONG.get(ALIASES.get(wide, wide), ()):
        return True
    one, other = of(wide), of(key)
    if one is None or other is None:
        return False
    same = (one.table, one.leaf) == (other.table, other.leaf)
    return same and (order(wide)[0] < order(key)[0] or (one == other and wide != key))


def shown(key: str) -> str:
    """Return a key as sysctl(8) shows it: dots between the parts, '/' for a dot in one of them."""
    return key.translate(str.maketrans("/.", "./"))


def value(key: str, text: str) -> str:
    """Return a value as the kernel shows it, with single spaces instead of tabs."""
    leaf, words = key.rpartition("/")[2], text.split()
    if leaf in HEXADECIMAL:
        words = [_bitmap(word) for word in words]
    elif leaf == SECRET:
        words = [_address(word) for word in words]
    elif leaf == "tcp_fastopen_key":
        words = [_key(word) for word in words]
    elif "/nf_log/" in key:
        words = ["NONE" if word.upper() == "NONE" else word for word in words]  # of nf_log.c
    else:
        words = [_number(word) for word in words]
    return " ".join(words)


def fits(key: str, now: str | None, text: str) -> bool:
    """Return whether a parameter may accept a value: one that holds numbers accepts only numbers."""
    numbers = r"-?[0-9]{1,20}( -?[0-9]{1,20})*"
    if not re.fullmatch(numbers, now or "") or key.rpartition("/")[2] in (*HEXADECIMAL, *RANGES):
        return True
    return bool(re.fullmatch(numbers, text)) and all(
        -(1 << 63) <= int(word) < 1 << 64 for word in text.split()
    )


def kept(key: str, text: str) -> str:
    """Return the value that the kernel shows after a write, as it rounds times to ticks."""
    leaf = key.rpartition("/")[2]
    if not re.fullmatch(r"[0-9]{1,9}", text):
        return text
    if leaf in MILLISECONDS or (leaf in LIMITS and "/icmp" in key):
        ticks = -(-int(text) * _ticks() // 1000)  # msecs_to_jiffies()
        return str(ticks * 1000 // _ticks())
    if leaf in HUNDREDTHS and "/neigh/" in key:
        ticks = int(text) * _ticks() // 100  # clock_t_to_jiffies()
        return str(ticks * round(1e9 / _ticks()) // 10_000_000)
    return text


def _ticks() -> int:
    """Return the kernel's ticks a second (CONFIG_HZ), derived from its coarse clock."""
    return round(1 / time.clock_getres(COARSE))


def _bitmap(word: str) -> str:
    """Return a bitmap with the fewest digits; the kernel pads it by the number of processors."""
    digits = word.replace(",", "")
    return format(int(digits, 16), "x") if re.fullmatch(r"[0-9a-fA-F]{1,4096}", digits) else word


def _address(word: str) -> str:
    """Return an IPv6 address in full ('%pI6')."""
    import ipaddress  # for this one parameter

    try:
        return ipaddress.IPv6Address(word).exploded if "%" not in word else word
    except ValueError:
        return word


def _key(word: str) -> str:
    """Return keys of four numbers of eight hexadecimal digits: proc_tcp_fastopen_key()."""
    keys = word.lower().split(",")
    if not all(re.fullmatch(r"[0-9a-f]{1,8}(-[0-9a-f]{1,8}){3}", each) for each in keys):
        return word
    return ",".join("-".join(part.zfill(8) for part in each.split("-")) for each in keys)


def _number(word: str) -> str:
    """Return a number in decimal, and a list of numbers in the fewest ranges ('%*pbl')."""
    if re.fullmatch(r"-?0[xX][0-9a-fA-F]{1,16}", word):
        return str(int(word, 16))
    if re.fullmatch(r"-?0[0-7]{0,22}", word):
        return str(int(word, 8))  # as proc_dointvec() reads it
    if not re.fullmatch(f"{PART}(,{PART})*", word) or word.isdigit():
        return word
    ranges: list[list[int]] = []
    for part in sorted(_range(part) for part in word.split(",")):
        if ranges and part[0] <= ranges[-1][1] + 1:
            ranges[-1][1] = max(ranges[-1][1], part[1])
        else:
            ranges.append(part)
    return ",".join(f"{low}-{high}" if high != low else str(low) for low, high in ranges)


def _range(text: str) -> list[int]:
    low, dash, high = text.partition("-")
    return [int(low), int(high) if dash else int(low)]
