# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What imports what: a folder for each resource, and no import in a circle."""

from __future__ import annotations

import ast
import graphlib
import pathlib
import re

import pytest

from ansible_collections.linuxnet.netns.plugins import module_utils

ROOT = pathlib.Path(next(iter(module_utils.__path__)))
PURE = {"options", "spec", "state", "operations", "plan", "simulate"}


def files():
    """Return all files of the engine, by their names in dots."""
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in ROOT.rglob("*.py")
    }


def imports(name, file, known):
    """Return what a file imports of the engine, at its top or where it is needed."""
    package = name.split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            base += node.module.split(".") if node.module else []
            whole = ".".join(base)
            each = (
                [whole] if whole in known else [".".join([*base, one.name]) for one in node.names]
            )
            yield from (one for one in each if one in known)


@pytest.fixture(scope="module")
def graph():
    known = files()
    found = {name: set(imports(name, file, known)) for name, file in known.items()}
    assert sum(map(len, found.values())) > 500
    return found


def test_no_circle(graph):
    order = list(graphlib.TopologicalSorter(graph).static_order())
    assert order.index("_core.operation") < order.index("_engine.apply")
    assert order.index("_netlink.handles") < order.index("_engine.kernel")


def knows_netlink(name):
    """Return whether a file may import what talks to the kernel."""
    return name.startswith("_netlink.") or name.rpartition(".")[2].startswith("kernel")


def test_only_files_called_kernel_know_netlink(graph):
    pure = [name for name in graph if name.rpartition(".")[2] in PURE]
    assert len(pure) > 50
    wrong = [
        f"{name} imports {other}"
        for name in graph
        if not knows_netlink(name) and name not in ("_engine.entry", "_exec.job")
        for other in graph[name]
        if other.startswith("_netlink.")
    ]
    assert not wrong


def test_the_engine_knows_no_resource_but_by_what_it_is_given(graph):
    wrong = [
        f"{name} imports {other}"
        for name in graph
        if name.startswith("_engine.")
        for other in graph[name]
        if other.startswith(("_resources.", "_topology.", "_info.", "_ping.", "_exec."))
    ]
    assert not wrong


def room(name):
    """Return the folder of a resource that a file is in, None for another folder."""
    parts = name.split(".")
    return parts[1] if parts[0] == "_resources" else None


# A room looks into another one's pure files where the kernel itself makes one thing of two: why.
NEIGHBOURS_OF_A_ROOM = {
    ("address", "link"): "routes and neighbours fall with an address as with a link",
    ("fdb", "neighbour"): "RTM_NEWNEIGH is one message for both",
    ("link", "fdb"): "the remote of a VXLAN is a forwarding entry",
    ("link", "mark"): "a mark is an altname of a link",
    ("link", "neighbour"): "neighbours fall with a link",
    ("link", "rebuild"): "a link that is made again gets back what it had",
    ("link", "sysctl"): "parameters of a link come and go with it",
    ("link", "wireguard"): "a WireGuard link is made and configured by one task",
    ("mark", "link"): "a mark is an altname of a link",
    ("namespace", "link"): "links go with their namespace",
    ("neighbour", "fdb"): "one list of a topology has both",
    ("neighbour", "route"): "one way to state a protocol",
    ("qdisc", "link"): "whether a kind of link has a queue by default is in its row",
    ("nexthop", "fdb"): "so do the forwarding entries that use one",
    ("nexthop", "route"): "the routes that use a nexthop object fall with it",
    ("qdisc", "rebuild"): "a htb that is made again gets back its filters",
    ("rebuild", "fdb"): "it gives back forwarding entries",
    ("rebuild", "link"): "it gives back what a bridge has that no option states",
    ("rebuild", "neighbour"): "it gives back neighbours",
    ("rebuild", "qdisc"): "it gives back queueing disciplines",
    ("route", "address"): "a route waits until its source is no longer tentative",
    ("route", "nexthop"): "a route may use a nexthop object",
    ("rule", "route"): "one way to state a protocol and a table",
    ("veth", "link"): "a veth is two links",
}


def test_rooms_know_only_the_rooms_that_are_listed(graph):
    found = {
        (room(name), room(other))
        for name, others in graph.items()
        for other in others
        if room(name) and room(other) and room(name) != room(other)
    }
    assert found == NEIGHBOURS_OF_A_ROOM.keys()


def test_nothing_tells_resources_apart_by_name_or_by_what_they_have():
    dispatch = re.compile(r"elif (family|name|sort) ==|\bhasattr\(|\.family (==|in) ")
    wrong = [
        f"{name}: {line.strip()}"
        for name, file in files().items()
        if name.startswith(("_core.", "_engine.", "_topology."))
        for line in file.read_text(encoding="utf-8").splitlines()
        if dispatch.search(line)
    ]
    assert not wrong
