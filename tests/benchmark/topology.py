# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What netns_topology costs: a ring of namespaces, other shapes, and how it grows with the size."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import tempfile
import typing as t

import ends
import floor
import networks
import sandbox
from contenders import Site, apart, asked, best
from measure import Cost, Row, in_parts, judge, shown

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from measure import Costs

Taken = dict[str, dict[str, "Costs"]]
AGAINST_IP, AGAINST_FLOOR, AGAIN, REMOVAL, GROWTH = 0.75, 2.0, 0.25, 1.2, 1.3
MEMORY = 150 << 20
DESCRIPTORS = 256


def against(figure: str, ours: Costs, theirs: Costs, who: str, promised: float | None) -> Row:
    """Return the row of a figure that is told by how many times as much as another it is."""
    ratio = ours.times(theirs)
    return Row(
        figure,
        shown(ours.median.wall),
        f"{shown(theirs.median.wall)} ({who})",
        f"{ratio.wall:.2f}",
        f"{ratio.processor:.2f}",
        "" if promised is None else f"at most {promised:g}",
        "" if promised is None else judge(ratio, lambda times: times <= promised),
    )


def ring(rounds: int, count: int) -> Iterator[Row]:
    """Yield rows about a ring."""
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-bench-") as folder:
        site = Site(networks.ring(count), pathlib.Path(folder))
        cores = os.cpu_count() or 1
        ips = site.ips()
        spread = {f"{name}, on {cores} processors": site.ip(name, cores) for name in ("ip -n",)}
        costs = in_parts(
            rounds,
            {
                "ours": site.ours,
                "floor": site.floor,
                "bare": lambda: site.floor(marks=False),
                **ips,
                **spread,
            },
        )
        same = _same(pathlib.Path(folder))
    what = f"ring of {count}: {site.network.objects()} objects"
    built = {name: costs[name]["build"] for name in ips}
    first, theirs = costs["ours"]["build"], best(built)
    yield against(f"{what}, module's own time", first, built[theirs], theirs, AGAINST_IP)
    for name in built.keys() - {theirs}:
        yield against("  against the other script", first, built[name], name, None)
    for name in spread:
        yield against("  against several ips at once", first, costs[name]["build"], name, None)
    struct = costs["floor"]["build"]
    yield against("  against the floor", first, struct, "struct, same messages", AGAINST_FLOOR)
    bare = costs["bare"]["build"]
    yield against("  against the floor without marks", first, bare, "struct, no marks", None)
    yield against("  (the floor itself)", struct, built[theirs], theirs, None)
    yield against("  again, nothing to change", costs["ours"]["again"], first, "first run", AGAIN)
    yield against("  check mode before", costs["ours"]["foretell"], first, "first run", None)
    gone = costs[theirs]["remove"]
    who = "ip -batch netns del"
    yield against("  removal, until the kernel let go", costs["ours"]["remove"], gone, who, REMOVAL)
    yield Row(
        "  builds what ip builds, and takes all away",
        " and ".join("yes" if each else "NO" for each in same),
        promised="yes",
        verdict="kept" if all(same) else "BROKEN",
    )


def _same(folder: pathlib.Path) -> tuple[bool, bool]:
    """Return whether all build the same, and whether the kernel has let go once ours is removed."""
    site = Site(networks.backbone(12, 16), folder)
    script = site.script("ip -n")
    seen = []
    for build in (site.build, script, lambda: apart(lambda: floor.build(site.lists))):
        build()
        seen.append(json.dumps(_seen(site)))
        ends.clear(site.lists)
    # Of a namespace that is gone, no veth is left that leads into it.
    site.build()
    names = networks.names(site.network)
    probes = [f"probe{number}" for number in range(len(names))]
    sandbox.ip(
        *(
            f"link add name {probe} type veth peer name {probe} netns {name}"
            for probe, name in zip(probes, names)
        )
    )
    site.module(state="absent", force=True)
    left = any(map(ends.is_there, probes))
    ends.normalise()
    return len(set(seen)) == 1, not left


def _seen(site: Site) -> dict[str, t.Any]:
    """Return what ip tells of a network, without what the kernel chooses."""
    return {
        name: (
            sorted(
                (
                    link["ifname"],
                    "UP" in link["flags"],
                    [(each["local"], each["prefixlen"]) for each in link["addr_info"]],
                )
                for link in asked("-n", name, "-4", "address")
            ),
            [
                (route["gateway"], route["dev"])
                for route in asked("-n", name, "route", "show", "default")
            ],
        )
        for name in networks.names(site.network)
    }


def shapes(rounds: int, quick: bool) -> Iterator[Row]:
    """Yield rows about networks of other shapes."""
    drawn = [networks.tree(3, 4), networks.fat_tree(4 if quick else 8)]
    for network in drawn:
        with tempfile.TemporaryDirectory(prefix="linuxnet.netns-bench-") as folder:
            site = Site(network, pathlib.Path(folder))
            ips = site.ips()
            costs = in_parts(rounds, {"ours": functools.partial(_whole, site), **ips}, warm=False)
        built = {name: costs[name]["build"] for name in ips}
        figure = f"{network.name}: {network.size}, own time"
        yield against(figure, costs["ours"]["build"], built[best(built)], best(built), None)


def _whole(site: Site) -> dict[str, Cost]:
    built = site.build()
    ends.clear(site.lists)
    return {"build": built.cost}


def sizes(rounds: int, small: int, large: int) -> Iterator[Row]:
    """Yield rows about what is dearer where there is more."""
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-bench-") as folder:
        sites = [Site(networks.ring(count), pathlib.Path(folder)) for count in (small, large)]
        peaks: list[int] = []

        def build(site: Site) -> dict[str, Cost]:
            built = site.build()
            again = site.module(**site.lists)
            removed = site.module(state="absent")
            ends.normalise()
            if site is sites[1]:
                peaks.extend(each.peak for each in (built, again, removed))
            objects = site.network.objects()
            return {"object": Cost(*(part / objects for part in built.cost)), "again": again.cost}

        def bottom(site: Site) -> dict[str, Cost]:
            objects = site.network.objects()
            return {"object": Cost(*(part / objects for part in site.floor()["build"]))}

        costs = in_parts(
            rounds,
            {
                "small": lambda: build(sites[0]),
                "large": lambda: build(sites[1]),
                "small floor": lambda: bottom(sites[0]),
                "large floor": lambda: bottom(sites[1]),
            },
            warm=False,
        )
        told = _bounded(sites[1])
    figure = f"time an object, ring of {large}"
    pair = costs["large"]["object"], costs["small"]["object"]
    yield against(figure, *pair, f"ring of {small}", GROWTH)
    pair = costs["large floor"]["object"], costs["small floor"]["object"]
    yield against("  (the floor's)", *pair, f"ring of {small}", None)
    yield Row(
        f"  memory at most, ring of {large}",
        f"{max(peaks) / (1 << 20):.0f} MB",
        promised=f"at most {MEMORY >> 20} MB",
        verdict="kept" if max(peaks) <= MEMORY else "BROKEN",
    )
    yield Row(
        f"  with {DESCRIPTORS} descriptors, ring of {large}",
        told,
        promised="builds, and removes",
        verdict="kept" if told == "builds, and removes" else "BROKEN",
    )


def _bounded(site: Site) -> str:
    """Return what becomes of a network where a process may open few files."""
    few = ("prlimit", f"--nofile={DESCRIPTORS}:")
    try:
        site.build(*few)
        removed = site.module(*few, state="absent").result["summary"]["removed"]
    except SystemExit as error:
        ends.clear(site.lists)
        return str(error).splitlines()[0].partition("failed: ")[2][:60]
    ends.normalise()
    whole = removed.get("namespaces") == site.network.nodes
    return "builds, and removes" if whole else f"removes {removed}"
