# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What iproute2 tells of some namespaces, by as few processes as can be: each costs up to 35 ms on
an old kernel, and several times as much on a busy machine."""

from __future__ import annotations

import itertools
import json
import os
import pathlib
import re
import subprocess
import typing as t
from collections.abc import Iterable, Sequence

from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import syscalls as system
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness

from . import wireguard

Look = dict[str, t.Any]

NEIGHBOURS = ("neigh show nud all", "neigh show proxy")
FOLDERS = [f"{family}/{table}" for family in ("ipv4", "ipv6") for table in ("conf", "neigh")]
FDB = re.compile("[0-9a-f]{2}:")
STAYING = re.compile("permanent|static|extern_learn")
GROUPS = ("33:33", "01:")  # that links listen to


def run(lines: Sequence[str]) -> None:
    """Run lines of ip(8) and others, in one process those of a namespace that follow each other."""
    for at, group in itertools.groupby(lines, _batch):
        if at:
            batch(at.split(), (line[len(at) :] for line in group))
        else:
            witness.sh(*group)


def _batch(line: str) -> str:
    """Return the words that a line begins with and that say whose batch it belongs to."""
    found = re.match(r"(ip|bridge) (-n \w+ )?", line)
    return found[0] if found else ""


def batch(tool: Sequence[str], lines: Iterable[str]) -> str:
    """Run the lines of a batch, which must all succeed. Return what they print."""
    told = "".join(f"{line}\n" for line in lines)
    done = subprocess.run(
        [*tool, "-batch", "-"], input=told, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{tool}: {told}: {done.stderr}")
    return done.stdout


def state(*spaces: str) -> Look:
    """Return which namespaces there are, and links, addresses and routes of some of them."""
    return {"names": witness.names(), **{each: wireguard.space(each) for each in spaces}}


def whole(*spaces: str, links: Sequence[str]) -> Look:
    """Return what `state` does, and neighbours, forwarding entries, VLANs and queueing disciplines;
    of some links classes, filters and kernel parameters."""
    told = state(*spaces)
    for each in spaces:
        told[each]["rest"] = _rest(each, [name for name in links if name in told[each]["links"]])
    return told


def _rest(netns: str, links: Sequence[str]) -> Look:
    neighbours = witness.ip("-batch", "-", lines="\n".join(NEIGHBOURS) + "\n", netns=netns)
    bridge = batch(["bridge", "-n", netns], ["fdb show", "vlan show"]).splitlines()
    words = [f"{what} show dev {link}" for link in links for what in ("class", "filter")]
    queues = batch(["tc", "-n", netns], ["qdisc show", *words]).splitlines()
    return {
        "neighbours": sorted(json.dumps(each) for each in neighbours if _lasts(each)),
        "fdb": sorted(line.strip() for line in bridge if FDB.match(line) and _stays(line)),
        "vlans": [line.split() for line in bridge if not FDB.match(line)],
        "queues": [" ".join(witness.PASSING.sub("", line).split()) for line in queues],
        "sysctls": _sysctls(netns, links),
    }


def _lasts(each: Look) -> bool:
    return bool(witness._lasting(each)) or "state" not in each


def _stays(line: str) -> bool:
    return not line.startswith(GROUPS) and bool(STAYING.search(line))


def _sysctls(netns: str, links: Sequence[str]) -> Look:
    """Return the kernel parameters of some links."""

    def read() -> Look:
        found = {}
        for folder, link in itertools.product(FOLDERS, links):
            for path in pathlib.Path("/proc/sys/net", folder, link).iterdir():
                if path.name not in ("base_reachable_time", "retrans_time", "stable_secret"):
                    found[str(path)] = path.read_text()
        return found

    fd = os.open(f"{witness.RUN}/{netns}", os.O_RDONLY)
    try:
        return system.inside(fd, read)
    finally:
        os.close(fd)
