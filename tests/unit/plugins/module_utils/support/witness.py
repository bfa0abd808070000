# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What iproute2 says of this machine: the witness that has no part in what it is asked about."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time

RUN = "/run/netns"
# Told by the clock, or late, by whoever watches the links (net/core/link_watch.c).
LATE_FLAGS = ("NO-CARRIER", "M-DOWN", "LOWER_UP")
DROPPED = {
    "fdb_n_learned",
    "link_netnsid",
    "operstate",
    "qdisc",
    "state",  # of a port of a bridge, which forwards once it has a carrier
    "tentative",
    "tso_max_size",
}
LIFETIMES = {"valid_life_time", "preferred_life_time"}
FOREVER = 0xFFFFFFFF
# Made of the MAC, some time after a link goes up.
KERNEL_MADE = re.compile("fe80::.*ff:fe.*")
BATCH = (
    "addr\nroute show table all\n"  # one process: a link's addresses, and routes of IPv4 and IPv6
)
SECONDS = 2.0  # in which all must have settled


def sh(*lines):
    """Run lines of sh; they must all succeed. Return what they print."""
    ran = subprocess.run(
        ["sh", "-ec", "\n".join(lines)], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise RuntimeError(f"{lines}: {ran.stderr}")
    return ran.stdout


def ip(*words, netns="", lines=""):
    """Return what `ip -j` tells; of the lines of a batch, in one list."""
    line = ["ip", *(["-n", netns] if netns else []), "-j", *words]
    told = subprocess.run(line, input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    # Ubuntu's `ip` puts this into the JSON of a VXLAN, outside of any string.
    told = told.replace(b"fan-map ", b"")
    documents = told.splitlines() if lines else [told or b"[]"]
    return [each for document in documents for each in json.loads(document) if each]


def mounts():
    """Return path, optional fields and type of what is mounted below /run, as we see it."""
    with open("/proc/self/mountinfo", encoding="utf-8") as table:
        lines = [line.split() for line in table]
    # Below the mount that hides whatever else was there.
    seen = [fields[0] for fields in lines if fields[4] == "/run"][-1:]
    found = []
    for fields in sorted(lines, key=lambda fields: fields[4].count("/")):
        if fields[1] in seen and fields[4] != "/run":
            seen.append(fields[0])
            at = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[4])
            dash = fields.index("-")
            found.append((at, fields[6:dash], fields[dash + 1]))
    return found


def names():
    """Return what is under /run/netns: 'namespace' or 'file', by name."""
    mounted = {at for at, _optional, kind in mounts() if kind == "nsfs"}
    there = sorted(os.listdir(RUN)) if os.path.isdir(RUN) else []
    return {name: "namespace" if f"{RUN}/{name}" in mounted else "file" for name in there}


def _plain(told):
    if isinstance(told, dict):
        return {
            key: (value == FOREVER) if key in LIFETIMES else _plain(value)
            for key, value in told.items()
            if key not in DROPPED and not key.endswith("_timer")
        }
    if isinstance(told, list):
        return [_plain(each) for each in told if each not in LATE_FLAGS]
    return told


def namespace(netns=""):
    """Return links with their addresses, and routes, of one namespace."""
    told = ip("-d", "-batch", "-", lines=BATCH, netns=netns)
    routes = [
        json.dumps({**_plain(route), "flags": sorted({*route["flags"]} - {"linkdown"})})
        for route in told
        if "dst" in route
        # There once an address is approved, or made by the kernel.
        if ":" not in route["dst"] or route.get("table") != "local"
        if route["dst"] != "fe80::/64"
        if route["type"] != "local" or not route["dst"].startswith("fe80:")  # in the table of a VRF
    ]
    links = {each["ifname"]: _plain(each) for each in told if "ifname" in each}
    for link in links.values():
        link["addr_info"] = [
            each for each in link["addr_info"] if not KERNEL_MADE.fullmatch(each["local"])
        ]
    return {"links": links, "routes": sorted(routes)}


def routes(netns):
    """Return the routes of all tables that were set by somebody, as they are from then on.

    Those of IPv6 that lead to a link's own addresses appear when the kernel approves the address,
    which it does even without a probe only once the link has a carrier (net/ipv6/addrconf.c).
    """
    return sorted(
        json.dumps({**each, "flags": [], **({"expires": True} if "expires" in each else {})})
        for version in ("-4", "-6")
        for each in ip("-d", version, "route", "show", "table", "all", netns=netns)
        if not (version == "-6" and each.get("table") == "local")
        if "fe80::" not in each["dst"]
    )


def state():
    """Return all that there is on this machine, in an order that does not depend on the clock."""
    there = names()
    live = [name for name, kind in there.items() if kind == "namespace"]
    return {"names": there, **{name or "here": namespace(name) for name in ["", *live]}}


def becomes(wanted):
    """Return the state once it is the wanted one, or what it still is after a while."""
    end = time.monotonic() + SECONDS
    while (found := state()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    return found


def differences(one, other, at=""):
    """Return the paths where two states differ, with both values."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            told
            for key in sorted(one.keys() | other.keys())
            for told in differences(one.get(key), other.get(key), f"{at}.{key}")
        ]
    if isinstance(one, list) and isinstance(other, list) and at.endswith(".routes"):
        return [f"{at} lost {each}" for each in one if each not in other] + [
            f"{at} got {each}" for each in other if each not in one
        ]
    if isinstance(one, list) and isinstance(other, list) and at.endswith(".addr_info"):
        lost = [each for each in one if each not in other]
        got = [each for each in other if each not in one]
        if one != other and not lost and not got:
            return [f"{at} is in another order"]
        return [f"{at} lost {each}" for each in lost] + [f"{at} got {each}" for each in got]
    return [] if one == other else [f"{at} was {one!r}, is {other!r}"]


# --- all of it: what others may have put on a link, too -------------------------------------------

# In one shell a namespace: a hundred small programs take longer than all else in a test.
ALL = r"""
mark() { printf '\n=%s\n' "$1"; }
for v in 4 6; do
    mark rules$v; ip -$v -j rule
    mark proxies$v; ip -$v -j neigh show proxy
done
mark neighbours; ip -j neigh show nud all
mark nexthops; ip -j nexthop 2>/dev/null || true
mark fdb; bridge fdb show 2>/dev/null | grep -e permanent -e static -e extern_learn
mark vlans; bridge vlan show 2>/dev/null
mark mdb; bridge mdb show 2>/dev/null | grep permanent
mark ports; bridge -d link show 2>/dev/null
mark qdiscs; tc qdisc show
# What has no queueing discipline, or the kernel's own, has no classes or filters.
for link in $(tc qdisc show | sed '/^qdisc noqueue/d; s/.* dev \([^ ]*\) .*/\1/' | sort -u); do
    mark "classes $link"; tc class show dev $link
    mark "filters $link"; tc filter show dev $link
    for at in ingress egress; do
        mark "filters $link $at"; tc filter show dev $link $at 2>/dev/null || true
    done
done
mark sysctls; cd /proc/sys/net
grep -r '' ipv4/conf ipv6/conf ipv4/neigh ipv6/neigh 2>/dev/null
mark nft; nft -s list ruleset 2>/dev/null || true
"""
# Drawn anew, or counted, by the kernel.
PASSING = re.compile(
    r"refcnt \d+ ?|direct_packets_stat \d+|rule hit \d+|success \d+|not_in_hw|bind \d+ ref \d+|"
    r"installed \d+ sec|used \d+ sec|state \w+ |index \d+ |qdisc (noqueue|noop|mq).*|linkdown"
)
LASTS = {"PERMANENT", "NOARP"}
TICKS = re.compile(r"ipv[46]/neigh/default/|/(base_reachable_time|retrans_time):|stable_secret:$")


def _lasting(each):
    """Return whether a neighbour was set by somebody, and not made or learned by the kernel."""
    dst = each.get("dst", "")
    made = dst.startswith(("ff", "224.", "239.")) or each.get("lladdr", "") in (
        "",
        "ff:ff:ff:ff:ff:ff",
    )
    if "extern_learn" in each or "managed" in each:
        return True
    return bool(LASTS & {*each.get("state", ())}) and not (made or each["dev"] == "lo")


def _sections(netns):
    at = ["nsenter", f"--net=/run/netns/{netns}"] if netns else []
    told = subprocess.run([*at, "sh", "-c", ALL], stdout=subprocess.PIPE, check=False).stdout
    found, name = {}, ""
    for line in told.decode().splitlines():
        if line.startswith("="):
            name = line[1:]
            found[name] = []
        elif name and line.strip():
            found[name].append(line)
    return found


def rest(netns=""):
    """Return what `space` leaves out of one namespace."""
    told = {}
    for name, lines in _sections(netns).items():
        if name.rstrip("46") in ("rules", "proxies", "neighbours", "nexthops"):
            each = json.loads("".join(lines) or "[]")
            if name == "neighbours":
                each = [one for one in each if _lasting(one)]
            drop = {"flags"} if name == "nexthops" else set()
            plain = [{k: v for k, v in one.items() if k not in drop} for one in each]
            told[name] = [json.dumps(one, sort_keys=True) for one in plain]
            if not name.startswith("rules"):
                told[name].sort()
            continue
        if name == "sysctls":
            told[name] = dict(
                line.partition(":")[::2] for line in sorted(lines) if not TICKS.search(line)
            )
            continue
        plain = [" ".join(PASSING.sub("", line).split()) for line in lines]
        plain = [re.sub(r"^\d+: ", "", line) for line in plain if line]
        if name == "fdb":  # groups that links listen to
            plain = [line for line in plain if not line.startswith(("33:33", "01:"))]
        told[name] = plain if name.startswith(("filters", "nft")) else sorted(plain)
    return told


def whole():
    """Return all that iproute2, nft and /proc/sys tell of this machine, of every namespace."""
    told = state()
    for name in told.keys() - {"names"}:
        told[name]["rest"] = rest("" if name == "here" else name)
    return told


def becomes_whole(wanted, addresses):
    """Return how all differs from what is wanted, once it does not or after a while.

    ``addresses`` are those that the kernel had made of MACs by then.
    """
    end = time.monotonic() + SECONDS
    while (found := differences(wanted, whole())) and time.monotonic() < end:
        time.sleep(0.1)
    made = made_of_macs()
    strange = made - addresses - {(*at, eui64(at[-1])) for *at, _address in made}
    return [*found, *(f"{each} is of another MAC" for each in strange)]


def made_of_macs():
    """Return addresses that the kernel made: namespace, link, its MAC, and the address."""
    live = [name for name, kind in names().items() if kind == "namespace"]
    return {
        (netns, link["ifname"], link["address"], each["local"])
        for netns in ("", *live)
        for link in ip("addr", netns=netns)
        for each in link["addr_info"]
        if KERNEL_MADE.fullmatch(each.get("local", ""))
    }


def eui64(mac):
    """Return the link-local address of a MAC (RFC 4291, appendix A)."""
    octets = bytearray(bytes.fromhex(mac.replace(":", "")))
    octets[0] ^= 2
    packed = b"\xfe\x80" + bytes(6) + octets[:3] + b"\xff\xfe" + octets[3:]
    return socket.inet_ntop(socket.AF_INET6, packed)
