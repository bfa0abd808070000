# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hold what netns_info says, on standard input, against what `ip -j` says of the same namespaces.

The argument is a word: of the named namespaces only those count that have it in their names, since
others come and go; so do links of the machine itself that others make.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import typing as t

WORD = sys.argv[1]
TABLES = {"main": 254, "default": 253, "local": 255}


def ip(netns: str | None, *words: str) -> t.Any:
    """Return what `ip -j` tells in a namespace."""
    where = ["-n", netns] if netns else []
    said = subprocess.run(["ip", *where, *words], capture_output=True, text=True, check=True).stdout
    return json.loads(said or "[]") if "-j" in words else said


def link(netns: str | None, told: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return a link of `ip -j -d address` as netns_info shows it."""
    return {
        "name": told["ifname"],
        "index": told["ifindex"],
        "kind": told.get("linkinfo", {}).get("info_kind"),
        "mac": told.get("address"),
        "mtu": told["mtu"],
        "up": "UP" in told["flags"],
        "operstate": told["operstate"].lower(),
        "master": told.get("master"),
        "addresses": [f"{each['local']}/{each['prefixlen']}" for each in told["addr_info"] if each],
        "peer": peer(netns, told),
    }


def peer(netns: str | None, told: dict[str, t.Any]) -> dict[str, t.Any] | None:
    """Return the other end of a veth: what `ip` says without -j names its namespace."""
    if told.get("linkinfo", {}).get("info_kind") != "veth":
        return None
    if "link" in told:
        return {"name": told["link"], "netns": netns, "nsid": None}
    index, nsid = told["link_index"], told["link_netnsid"]
    named = re.search(r" link-netns (\S+)", ip(netns, "link", "show", "dev", told["ifname"]))
    where = named[1] if named else None
    if where is None and netns is not None:
        # The namespace of this machine has no name: then its link with this number has it for peer.
        here = [each for each in ip(None, "-j", "link") if each["ifindex"] == index]
        if here and WORD in here[0]["ifname"] and here[0].get("link_index") == told["ifindex"]:
            return {"name": here[0]["ifname"], "netns": None, "nsid": None}
    if where is None:
        return {"name": None, "netns": None, "nsid": nsid}
    far = next(each for each in ip(where, "-j", "link") if each["ifindex"] == index)
    return {"name": far["ifname"], "netns": where, "nsid": None}


def route(told: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return a route of `ip -j -d route` as netns_info shows it."""
    dst, table = told["dst"], told.get("table", "main")
    if dst != "default" and "/" not in dst:
        dst += "/128" if ":" in dst else "/32"
    return {
        "dst": dst,
        "via": told.get("gateway"),
        "dev": told.get("dev"),
        "src": told.get("prefsrc"),
        "metric": told.get("metric", 0),
        "table": TABLES.get(table) or int(table),
        "proto": told["protocol"],
        "scope": told["scope"],
        "type": told["type"],
    }


def routes(netns: str | None) -> list[dict[str, t.Any]]:
    """Return all routes but those of the local table."""
    told = [
        each
        for family in ("-4", "-6")
        for each in ip(netns, "-j", "-d", family, "route", "show", "table", "all")
    ]
    return [route(each) for each in told if each.get("table") != "local"]


def same(space: dict[str, t.Any]) -> bool:
    """Print where the two differ."""
    netns = space["name"]
    told = ip(netns, "-j", "-d", "address")
    pairs = {
        "links": (space["links"], [link(netns, each) for each in told if each]),
        "routes": (
            [{key: each[key] for key in route_keys} for each in space["routes"]],
            routes(netns),
        ),
    }
    for what, (ours, theirs) in pairs.items():
        if netns is None:
            ours = [each for each in ours if WORD in str(each.get("name", each.get("dev")))]
            theirs = [each for each in theirs if WORD in str(each.get("name", each.get("dev")))]
        for each in theirs:
            if what == "links" and (each["peer"] or {"name": ""})["name"] is None:
                # Nobody but the module names a peer in a namespace without a name.
                its = next(mine for mine in ours if mine["name"] == each["name"])
                each["peer"]["name"] = its["peer"]["name"]
        if ours != theirs:
            print(f"{what} of {netns}:\n  {ours}\n  {theirs}")
            return False
    return True


route_keys = ("dst", "via", "dev", "src", "metric", "table", "proto", "scope", "type")
spaces = [each for each in json.load(sys.stdin) if each["name"] is None or WORD in each["name"]]
print(f"{sum(map(same, spaces))} namespaces are the same")
