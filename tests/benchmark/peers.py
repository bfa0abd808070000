# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Other ways to such a network, each as its users go it, at a size that it can finish.

Beside each is a whole run of ansible-playbook with a task of netns_topology, for the same network.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import typing as t

import ends
import networks
import peers_made as made
import plays
import sandbox
import tasks
from contenders import Site, asked
from measure import Cost, Row, in_parts, shown, timed

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = pathlib.Path(__file__).parent


def rows(rounds: int, quick: bool) -> Iterator[Row]:
    """Yield a row for each peer; of one that is not there, with the reason."""
    found = made.found()
    small, large = (3, 20) if quick else (4, 100)
    yield from _row(rounds, small, "a playbook that loops our modules", loop)
    for name, count, peer in (
        ("community.general", small, by_hand),
        ("ifstate", large, ifstate),
        ("mininet", large, mininet),
    ):
        if isinstance(found[name], str):
            what = " ".join(str(found[name]).split())
            yield Row(f"beside {name}", "", f"not run: {what[:60]}")
        else:
            yield from _row(rounds, count, made.NAMES[name], peer, found[name])


def _row(
    rounds: int,
    count: int,
    who: str,
    peer: Callable[..., Callable[[], object]],
    *found: pathlib.Path,
) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-bench-") as folder:
        site = Site(networks.ring(count), pathlib.Path(folder))
        present = tasks.written(site, "present")
        theirs = peer(site, *found)

        def ours() -> dict[str, Cost]:
            taken = plays.clocked(present)
            ends.clear(site.lists)
            return {"run": taken["run"]}

        def build() -> dict[str, Cost]:
            cost = timed(theirs)
            if {each["name"] for each in asked("netns", "list")} != set():
                ends.clear(site.lists)
            ends.normalise()
            return {"run": cost}

        costs = in_parts(rounds, {"ours": ours, "theirs": build}, warm=False)
    one, other = costs["ours"]["run"], costs["theirs"]["run"]
    ratio = other.times(one)
    yield Row(
        f"ring of {count}, whole run of ansible-playbook",
        shown(one.median.wall),
        f"{shown(other.median.wall)} ({who})",
        f"{ratio.wall:.1f} times as fast",
        f"{ratio.processor:.1f} times",
    )


def loop(site: Site, **more: t.Any) -> Callable[[], object]:
    """Return what runs a playbook that has our modules do one thing after the other."""
    named = (("namespaces", "netns"), ("veths", "veth"), ("addresses", "netns_addr"))
    play = [
        _looped(f"linuxnet.netns.{module}", site.lists[name])
        for name, module in (*named, ("routes", "netns_route"))
    ]
    file = plays.written(site.folder / "loop.yml", play, **more)
    return lambda: plays.run(file, plays.environment(site.folder))


def _looped(module: str, entries: list[networks.Entry]) -> dict[str, t.Any]:
    options = sorted({option for entry in entries for option in entry})
    return {
        module: {option: f"{{{{ item.{option} }}}}" for option in options},
        "loop": entries,
        "loop_control": {"label": "it"},
    }


def by_hand(site: Site, collections: pathlib.Path) -> Callable[[], object]:
    """Return what runs a playbook as there are many: namespaces by a module, the rest by ip."""
    ends_of = [
        {"netns": end["netns"], "link": end["name"]}
        for veth in site.lists["veths"]
        for end in (veth, veth["peer"])
    ]
    play = [
        _looped(
            "community.general.ip_netns", [{"name": e["name"]} for e in site.lists["namespaces"]]
        ),
        _commands(
            "ip link add {{ item.name }} type veth peer name {{ item.peer.name }}",
            site.lists["veths"],
        ),
        _commands("ip link set {{ item.link }} netns {{ item.netns }}", ends_of),
        _commands("ip -n {{ item.netns }} link set {{ item.link }} up", ends_of),
        _commands("ip -n {{ item.name }} link set lo up", site.lists["namespaces"]),
        _commands(
            "ip -n {{ item.netns }} address add {{ item.address[0] }} dev {{ item.link }}",
            site.lists["addresses"],
        ),
        _commands(
            "ip -n {{ item.netns }} route add default via {{ item.via }}", site.lists["routes"]
        ),
    ]
    file = plays.written(site.folder / "by-hand.yml", play)
    env = plays.environment(site.folder, collections)
    return lambda: plays.run(file, env)


def _commands(command: str, entries: list[networks.Entry]) -> dict[str, t.Any]:
    return {
        "ansible.builtin.command": command,
        "loop": entries,
        "loop_control": {"label": "it"},
    }


def ifstate(site: Site, program: pathlib.Path) -> Callable[[], object]:
    """Return what has ifstate apply the network."""
    namespaces: dict[str, t.Any] = {
        entry["name"]: {"interfaces": {}, "routing": {"routes": []}}
        for entry in site.lists["namespaces"]
    }
    for veth in site.lists["veths"]:
        for end, other in ((veth, veth["peer"]), (veth["peer"], veth)):
            namespaces[end["netns"]]["interfaces"][end["name"]] = {
                "addresses": [],
                "link": {
                    **{"kind": "veth", "state": "up"},
                    **{"peer": other["name"], "peer_netns": other["netns"]},
                },
            }
    for entry in site.lists["addresses"]:
        namespaces[entry["netns"]]["interfaces"][entry["link"]]["addresses"] += entry["address"]
    for entry in site.lists["routes"]:
        namespaces[entry["netns"]]["routing"]["routes"].append(
            {"to": "0.0.0.0/0", "via": entry["via"]}
        )
    file = site.folder / "ifstate.yml"
    file.write_text(json.dumps({"interfaces": {}, "namespaces": namespaces}))
    return lambda: _run([str(program), "--quiet", "-c", str(file), "apply"], sandbox.environment())


def mininet(site: Site, root: pathlib.Path) -> Callable[[], object]:
    """Return what has mininet make its hosts and links. It takes them away itself, too."""
    file = site.folder / "lists.json"
    file.write_text(json.dumps(site.lists))
    env = {
        **sandbox.environment(),
        "PATH": f"{root}/usr/bin:{root}/sbin:{root}/usr/sbin:{os.environ['PATH']}",
        "PYTHONPATH": f"{root}/usr/lib/python3/dist-packages",
    }
    return lambda: _run([made.SYSTEM_PYTHON, str(HERE / "hosts.py"), str(file)], env)


def _run(command: list[str], env: t.Mapping[str, str]) -> None:
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench: {command[0]} failed\n{done.stdout}{done.stderr}")
