# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What it costs to tell all that lives in hundreds of namespaces, against ip and its JSON."""

from __future__ import annotations

import json
import pathlib
import subprocess
import tempfile
import typing as t

import making
import sandbox
import starts
from measure import Row, interleaved, judge, shown, timed

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._info.job import survey

if t.TYPE_CHECKING:
    from collections.abc import Iterator

PROMISED = 5
GROWTH = 2.5  # of the time, for twice the namespaces: not the square
ALL = ("links", "addresses", "routes", "processes")
MAIN = 254  # the table of routes that ip shows unasked
Facts = dict[str, t.Any]


def build(count: int) -> None:
    """Wire namespaces in a ring: a veth each, addresses on both ends, a default route."""
    making.make(count)
    making.wire(count)
    for number, name in enumerate(making.names(count)):
        left, right = (number - 1) % count, number
        sandbox.ip(
            *(f"link set dev {link} up" for link in ("lo", f"left{left}", f"right{right}")),
            f"address add {_subnet(left)}.2/24 dev left{left}",
            f"address add {_subnet(right)}.1/24 dev right{right}",
            f"route add default via {_subnet(right)}.2",
            netns=name,
        )


def _subnet(number: int) -> str:
    return f"10.{number // 250}.{number % 250}"


def by_us(count: int) -> list[Facts]:
    """Survey as netns_info does."""
    kernel = Kernel()
    try:
        return survey(kernel, making.names(count), ALL)
    finally:
        kernel.close()


def by_ip(count: int) -> list[Facts]:
    """Ask ip for the same, as a script does: one question, one process."""
    numbers = {each["name"]: each.get("id") for each in _json("netns", "list")}
    found = []
    for name in making.names(count):
        pids = subprocess.run(["ip", "netns", "pids", name], check=True, stdout=subprocess.PIPE)
        found.append(
            {
                "name": name,
                "nsid": numbers[name],
                "links": _json("-n", name, "-details", "link"),
                "addresses": _json("-n", name, "address"),
                "routes": [*_json("-n", name, "route"), *_json("-n", name, "-6", "route")],
                "pids": [int(pid) for pid in pids.stdout.split()],
            }
        )
    return found


def _json(*words: str) -> list[Facts]:
    done = subprocess.run(["ip", "-json", *words], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout or "[]")  # type: ignore[no-any-return]


def same(ours: list[Facts], theirs: list[Facts]) -> bool:
    """Return whether both tell the same of every namespace."""
    return [_of_ours(each) for each in ours] == [_of_ip(each) for each in theirs]


def _of_ours(namespace: Facts) -> Facts:
    return {
        "name": namespace["name"],
        "nsid": namespace["nsid"],
        "pids": namespace["pids"],
        "links": {
            link["name"]: (
                link["index"],
                link["kind"],
                link["mac"],
                link["mtu"],
                link["up"],
                sorted(link["addresses"]),
            )
            for link in namespace["links"]
        },
        "routes": sorted(
            (route["dst"], route["dev"], route["via"] or "")
            for route in namespace["routes"]
            if route["table"] == MAIN
        ),
    }


def _of_ip(namespace: Facts) -> Facts:
    addresses = {
        link["ifname"]: sorted(f"{each['local']}/{each['prefixlen']}" for each in link["addr_info"])
        for link in namespace["addresses"]
    }
    return {
        "name": namespace["name"],
        "nsid": namespace["nsid"],
        "pids": namespace["pids"],
        "links": {
            link["ifname"]: (
                link["ifindex"],
                link.get("linkinfo", {}).get("info_kind"),
                link["address"],
                link["mtu"],
                "UP" in link["flags"],
                addresses[link["ifname"]],
            )
            for link in namespace["links"]
        },
        "routes": sorted(
            (_with_prefix(route["dst"]), route["dev"], route.get("gateway", ""))
            for route in namespace["routes"]
        ),
    }


def _with_prefix(dst: str) -> str:
    if dst == "default" or "/" in dst:
        return dst
    return f"{dst}/{128 if ':' in dst else 32}"


def rows(rounds: int, count: int) -> Iterator[Row]:
    """Yield rows about netns_info over all namespaces."""
    build(count)
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-bench-") as folder:
        tasks = {"netns_info": [{"netns": making.names(count)}]}
        built = starts.payloads(pathlib.Path(folder, "play"), tasks)
        contenders = {
            "survey": lambda: timed(lambda: by_us(count)),
            "half": lambda: timed(lambda: by_us(count // 2)),
            "module": starts.contender(built["netns_info"], changed=False),
            "ip": lambda: timed(lambda: by_ip(count)),
        }
        agreed = same(by_us(count), by_ip(count))
        costs = interleaved(rounds, contenders)
    making.clear(count)
    theirs = f"{shown(costs['ip'].median.wall)} (ip -json)"
    what = f"{count} namespaces with {2 * count} links"
    for name, figure in (("survey", f"survey of {what}"), ("module", f"netns_info over {what}")):
        ratio = costs["ip"].times(costs[name])
        yield Row(
            figure,
            shown(costs[name].median.wall),
            theirs,
            f"{ratio.wall:.1f} times as fast",
            f"{ratio.processor:.1f} times",
            f"at least {PROMISED}",
            judge(ratio, lambda times: times >= PROMISED) if agreed else "BROKEN",
        )
    verdict = "kept" if agreed else "BROKEN"
    yield Row("  tells what ip tells", "yes" if agreed else "NO", promised="yes", verdict=verdict)
    growth = costs["survey"].times(costs["half"])
    yield Row(
        "  twice the namespaces",
        "",
        compared=f"{growth.wall:.2f} times the time",
        processor=f"{growth.processor:.2f} times",
        promised=f"at most {GROWTH}",
        verdict=judge(growth, lambda times: times <= GROWTH),
    )
