# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What iproute2 says of this machine: the witness that has no part in what it is asked about."""

from __future__ import annotations

import json
import os
import re
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
SECONDS = 2.0  # in which all must have settled


def sh(*lines):
    """Run lines of sh; they must all succeed. Return what they print."""
    ran = subprocess.run(
        ["sh", "-ec", "\n".join(lines)], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise RuntimeError(f"{lines}: {ran.stderr}")
    return ran.stdout


def ip(*words, netns=""):
    """Return what `ip -j` tells."""
    at = ["-n", netns] if netns else []
    told = subprocess.run(["ip", *at, "-j", *words], stdout=subprocess.PIPE, check=True).stdout
    # Ubuntu's `ip` puts this into the JSON of a VXLAN, outside of any string.
    return [each for each in json.loads(told.replace(b"fan-map ", b"") or b"[]") if each]


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


def space(netns=""):
    """Return links with their addresses, and routes, of one namespace."""
    routes = [
        json.dumps({**_plain(route), "flags": sorted({*route["flags"]} - {"linkdown"})})
        for version in ("-4", "-6")
        for route in ip(version, "-d", "route", "show", "table", "all", netns=netns)
        # There once an address is approved, or made by the kernel.
        if (version, route.get("table")) != ("-6", "local") and route["dst"] != "fe80::/64"
    ]
    links = {link["ifname"]: _plain(link) for link in ip("-d", "addr", netns=netns)}
    for link in links.values():
        link["addr_info"] = [
            each for each in link["addr_info"] if not KERNEL_MADE.fullmatch(each["local"])
        ]
    return {"links": links, "routes": sorted(routes)}


def state():
    """Return all that there is on this machine, in an order that does not depend on the clock."""
    there = names()
    live = [name for name, kind in there.items() if kind == "namespace"]
    return {"names": there, **{name or "here": space(name) for name in ["", *live]}}


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
