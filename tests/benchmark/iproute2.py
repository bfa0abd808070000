# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The best scripts of iproute2 that we know, for the lists of a network."""

from __future__ import annotations

import pathlib
import shlex
import typing as t

if t.TYPE_CHECKING:
    from networks import Lists


def together(lists: Lists) -> list[str]:
    """Return what one ip does from outside: namespaces, and veths that are in place at once.

    A veth's first end is made up with it; the kernel takes no flags for the other.
    """
    return [
        *(f"netns add {entry['name']}" for entry in lists["namespaces"]),
        *(
            f"link add name {veth['name']} netns {veth['netns']} up type veth"
            f" peer name {veth['peer']['name']} netns {veth['peer']['netns']}"
            for veth in lists["veths"]
        ),
    ]


def apart(lists: Lists) -> dict[str, list[str]]:
    """Return what is left to an ip inside of each namespace: ups, then addresses, then routes."""
    inside: dict[str, list[str]] = {
        entry["name"]: ["link set lo up"] for entry in lists["namespaces"]
    }
    for veth in lists["veths"]:
        inside[veth["peer"]["netns"]].append(f"link set {veth['peer']['name']} up")
    for entry in lists["addresses"]:
        for address in entry["address"]:
            inside[entry["netns"]].append(f"address add {address} dev {entry['link']}")
    for entry in lists["routes"]:
        for dst in entry["dst"]:
            inside[entry["netns"]].append(f"route add {dst} via {entry['via']}")
    return inside


# How an ip gets into a namespace: `ip -n` takes a copy of all mounts with it, nsenter does not.
ENTER = {
    "ip -n": "ip -n {name} -batch {file}",
    "nsenter": "nsenter --net=/run/netns/{name} ip -batch {file}",
}


def building(lists: Lists, folder: pathlib.Path, enter: str = "nsenter", jobs: int = 1) -> str:
    """Write what the script reads into a folder, and return the script."""
    (folder / "together").write_text("".join(f"{line}\n" for line in together(lists)))
    commands = []
    for name, lines in apart(lists).items():
        file = folder / name
        file.write_text("".join(f"{line}\n" for line in lines))
        commands.append(ENTER[enter].format(name=name, file=shlex.quote(str(file))))
    script = [f"ip -batch {shlex.quote(str(folder / 'together'))}"]
    parts = [commands[number::jobs] for number in range(jobs)]
    if jobs == 1:
        script += commands
    else:
        script += [f"({' && '.join(part)}) &" for part in parts]
        script += ["wait"]
    return "set -e\n" + "\n".join(script) + "\n"


def removing(lists: Lists, *last: str) -> str:
    """Return what one ip reads to take all names away, and these after them."""
    gone = [*(entry["name"] for entry in lists["namespaces"]), *last]
    return "".join(f"netns del {name}\n" for name in gone)
