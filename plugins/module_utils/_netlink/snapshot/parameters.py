# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read and restore the kernel parameters of links (sysctl) in a snapshot."""

from __future__ import annotations

import contextlib
import os
import struct
import typing as t

from ..._core.errors import KernelError
from ..._core.record import dataclass
from .. import attributes as nla
from .. import codec, syscalls
from ..socket import Socket
from .links import AF_SPEC, IFINFO, LinkState, inner
from .take import send

RTM_SETLINK, RTM_SETNEIGHTBL = 19, 67
INET_CONF, INET6_CONF, TOKEN, ADDRESS_MODE = 1, 2, 7, 8
# linux/ip.h, numbered from 1
INET = [
    "forwarding",
    "mc_forwarding",
    "proxy_arp",
    "accept_redirects",
    "secure_redirects",
    "send_redirects",
    "shared_media",
    "rp_filter",
    "accept_source_route",
    "bootp_relay",
    "log_martians",
    "tag",
    "arp_filter",
    "medium_id",
    "disable_xfrm",
    "disable_policy",
    "force_igmp_version",
    "arp_announce",
    "arp_ignore",
    "promote_secondaries",
    "arp_accept",
    "arp_notify",
    "accept_local",
    "src_valid_mark",
    "proxy_arp_pvlan",
    "route_localnet",
    "igmpv2_unsolicited_report_interval",
    "igmpv3_unsolicited_report_interval",
    "ignore_routes_with_linkdown",
    "drop_unicast_in_l2_multicast",
    "drop_gratuitous_arp",
    "bc_forwarding",
    "arp_evict_nocarrier",
]
# linux/ipv6.h, numbered from 0
INET6 = [
    "forwarding",
    "hop_limit",
    "mtu",
    "accept_ra",
    "accept_redirects",
    "autoconf",
    "dad_transmits",
    "router_solicitations",
    "router_solicitation_interval",
    "router_solicitation_delay",
    "use_tempaddr",
    "temp_valid_lft",
    "temp_prefered_lft",
    "regen_max_retry",
    "max_desync_factor",
    "max_addresses",
    "force_mld_version",
    "accept_ra_defrtr",
    "accept_ra_pinfo",
    "accept_ra_rtr_pref",
    "router_probe_interval",
    "accept_ra_rt_info_max_plen",
    "proxy_ndp",
    "optimistic_dad",
    "accept_source_route",
    "mc_forwarding",
    "disable_ipv6",
    "accept_dad",
    "force_tllao",
    "ndisc_notify",
    "mldv1_unsolicited_report_interval",
    "mldv2_unsolicited_report_interval",
    "suppress_frag_ndisc",
    "accept_ra_from_local",
    "use_optimistic",
    "accept_ra_mtu",
    "stable_secret",
    "use_oif_addrs_only",
    "accept_ra_min_hop_limit",
    "ignore_routes_with_linkdown",
    "drop_unicast_in_l2_multicast",
    "drop_unsolicited_na",
    "keep_addr_on_down",
    "router_solicitation_max_interval",
    "seg6_enabled",
    "seg6_require_hmac",
    "enhanced_dad",
    "addr_gen_mode",
    "disable_policy",
    "accept_ra_rt_info_min_plen",
    "ndisc_tclass",
    "rpl_seg_enabled",
    "ra_defrtr_metric",
    "ioam6_enabled",
    "ioam6_id",
    "ioam6_id_wide",
    "ndisc_evict_nocarrier",
    "accept_untracked_na",
    "accept_ra_min_lft",
    "force_forwarding",
]
# Reported in milliseconds, but written in seconds.
SECONDS = {
    "router_solicitation_interval",
    "router_solicitation_delay",
    "router_solicitation_max_interval",
    "router_probe_interval",
}
# Set in another way, or by the kernel alone.
LEFT_OUT = {"mc_forwarding", "stable_secret", "addr_gen_mode"}
ROOT = "/proc/sys"
NDT_NAME, NDT_PARMS, PARMS_INDEX = 1, 6, 1  # linux/neighbour.h
PARMS_READ_ONLY = {1, 2, 3, 8, 18}


def numbers(data: bytes) -> tuple[int, ...]:
    """Decode an array of 32-bit numbers."""
    return struct.unpack(f"={len(data) // 4}i", data[: len(data) // 4 * 4])


def changes(old: LinkState, new: LinkState) -> dict[str, int]:
    """Return the parameters that differ, with their old values as reported."""
    found = {}
    for version, names, one, other in (
        ("4", INET, old.inet, new.inet),
        ("6", INET6, old.inet6.get(INET6_CONF, b""), new.inet6.get(INET6_CONF, b"")),
    ):
        if not one or not other:
            continue
        for number, (was, now) in enumerate(zip(numbers(one), numbers(other))):
            name = names[number] if number < len(names) else str(number)
            if was != now and name not in LEFT_OUT:
                found[f"{version} {name}"] = was
    if old.inet6.get(ADDRESS_MODE) != new.inet6.get(ADDRESS_MODE) and ADDRESS_MODE in old.inet6:
        found["6 addr_gen_mode"] = old.inet6[ADDRESS_MODE][0]
    if old.inet6.get(TOKEN) != new.inet6.get(TOKEN) and TOKEN in old.inet6:
        found["6 token"] = 0
    return found


def describe_differences(name: str, old: LinkState, new: LinkState) -> list[str]:
    """Return a phrase for each parameter that differs."""
    link = old.name.replace(".", "/")
    lines = [
        f"net.ipv{each[0]}.conf.{link}.{each[2:]} of link {name} has changed"
        for each in changes(old, new)
    ]
    if old.inet6.get(INET6_CONF) and not new.inet6.get(INET6_CONF):
        lines.append(f"link {name} has no IPv6")
    return lines


def restore(
    sock: Socket, index: int, old: LinkState, new: LinkState
) -> list[KernelError | OSError]:
    """Set parameters to their old values; return the errors."""
    wrong: list[KernelError | OSError] = []
    changed = changes(old, new)
    conf = b""
    paths: dict[str, str] = {}
    for each, value in changed.items():
        version, name = each.split()
        if version == "4":
            number = INET.index(name) + 1 if name in INET else int(name) + 1
            conf += nla.attribute(number, struct.pack("=i", value))
        elif name in INET6 and name != "addr_gen_mode":
            text = f"{value / 1000:g}" if name in SECONDS else str(value)
            paths[f"{ROOT}/net/ipv6/conf/{new.name}/{name}"] = text
    if conf:
        wrong += _spec(sock, index, 2, nla.attribute(INET_CONF | nla.NESTED, conf))
    if paths:
        wrong += write(sock, paths)
    for number, name in ((ADDRESS_MODE, "6 addr_gen_mode"), (TOKEN, "6 token")):
        if name in changed:
            wrong += _spec(sock, index, 10, nla.attribute(number, old.inet6[number]))
    return wrong


def _spec(sock: Socket, index: int, family: int, inside: bytes) -> list[KernelError | OSError]:
    payload = IFINFO.pack(0, 0, index, 0, 0)
    payload += nla.attribute(AF_SPEC | nla.NESTED, nla.attribute(family | nla.NESTED, inside))
    try:
        send(sock, "set parameters of a link", RTM_SETLINK, payload)
    except KernelError as error:
        return [error]
    return []


def write(sock: Socket, texts: t.Mapping[str, str]) -> list[KernelError | OSError]:
    """Write parameters in the namespace of a socket; return the errors."""
    wrong: list[KernelError | OSError] = []

    def work() -> None:
        for path, text in texts.items():
            try:
                fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
                try:
                    os.write(fd, f"{text}\n".encode())
                finally:
                    os.close(fd)
            except OSError as error:
                wrong.append(error)

    namespace = sock.namespace()
    try:
        syscalls.inside(namespace, work)
    finally:
        os.close(namespace)
    return wrong


@dataclass(frozen=True)
class Timers:
    """The timers of a neighbour table for a link: net.ipv4.neigh.LINK, net.ipv6.neigh.LINK."""

    family: int
    table: bytes
    index: int
    values: t.Mapping[int, bytes]


def timers(messages: t.Iterable[bytes]) -> dict[tuple[bytes, int], Timers]:
    """Return the timers of links, by table and ifindex."""
    found = {}
    for message in messages:
        start = codec.HEADER.size
        attrs = dict(nla.attributes(message, start + 4, len(message)))
        values = inner(attrs.get(NDT_PARMS, b""))
        index = nla.u32(values[PARMS_INDEX]) if PARMS_INDEX in values else 0
        if index and NDT_NAME in attrs:
            plain = {kind: each for kind, each in values.items() if kind not in PARMS_READ_ONLY}
            found[attrs[NDT_NAME], index] = Timers(message[start], attrs[NDT_NAME], index, plain)
    return found


def restore_timers(sock: Socket, index: int, old: Timers, new: Timers) -> None:
    """Set the old timers, as far as the kernel accepts them."""
    values = {kind: each for kind, each in old.values.items() if new.values.get(kind) != each}
    inside = nla.attribute(PARMS_INDEX, struct.pack("=I", index))
    inside += b"".join(nla.attribute(kind, each) for kind, each in values.items())
    payload = struct.pack("=B3x", old.family) + nla.attribute(NDT_NAME, old.table)
    payload += nla.attribute(NDT_PARMS | nla.NESTED, inside)
    with contextlib.suppress(KernelError):  # reported by the comparison that follows
        send(sock, "set how neighbours are looked for", RTM_SETNEIGHTBL, payload)
