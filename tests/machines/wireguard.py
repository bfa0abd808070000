# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WireGuard links as wg(8) tells of them, of which ip(8) shows nothing; and files for its keys."""

from __future__ import annotations

import os
import typing as t

from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness

# Columns of `wg show LINK dump`: of the link, its keys, port and mark; of a peer, its keys,
# endpoint and networks; then what traffic changes; then how often it is to be greeted.
PEER = (0, 1, 2, 3, 7)


def state() -> dict[str, t.Any]:
    """Return all that there is on this machine, by ip(8) and wg(8)."""
    names = witness.names()
    live = [name for name, kind in names.items() if kind == "namespace"]
    return {"names": names, "here": witness.namespace(), **{each: space(each) for each in live}}


def space(netns: str) -> dict[str, t.Any]:
    """Return what there is in a namespace, by ip(8) and wg(8)."""
    told: dict[str, t.Any] = witness.namespace(netns)
    for name, link in told["links"].items():
        if link.get("linkinfo", {}).get("info_kind") == "wireguard":
            link["wireguard"] = configuration(netns, name)
    return told


def configuration(netns: str, name: str) -> dict[str, list[str]]:
    """Return how a link is configured, its peers by their public keys."""
    dump = witness.sh(f"ip netns exec {netns} wg show {name} dump")
    own, *peers = (line.split("\t") for line in dump.splitlines())
    told = {"own": own}
    for peer in peers:
        peer[3] = ",".join(sorted(peer[3].split(",")))
        told[peer[0]] = [peer[column] for column in PEER]
    return told


def keys(task: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the secrets of a task, by the words that stand for files in its commands."""
    stated = task.get("wireguard") or {}
    shared = [each["preshared_key"] for each in stated.get("peers", ()) if "preshared_key" in each]
    if len(shared) > 1:
        raise ValueError("the commands do not tell one preshared key from another")
    found = {"PRIVATE-KEY-FILE": stated.get("private_key", "")}
    found["PRESHARED-KEY-FILE"] = "".join(shared)
    return {word: key for word, key in found.items() if key}


def filled(line: str, task: t.Mapping[str, t.Any]) -> str:
    """Return a command with files of the task's keys, below /run, where it asks for them."""
    for word, key in keys(task).items():
        if word in line:
            path = f"/run/{word}-{len(os.listdir('/run'))}"
            with open(path, "w", encoding="ascii") as stream:
                stream.write(f"{key}\n")
            line = line.replace(word, path)
    return line
