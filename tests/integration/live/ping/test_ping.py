# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pings on the live kernel; ping and ip are the witnesses."""

from __future__ import annotations

import os
import resource
import subprocess
import time

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._ping import job as _ping
from ansible_collections.linuxnet.netns.plugins.module_utils._ping import schedule as crowd
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)


def ask(sources, goals, **options):
    kernel = Kernel()
    try:
        full = modules.options("netns_ping", **{"from": sources, "to": goals}, **options)
        return _ping.assess(kernel, full)
    finally:
        kernel.close()


def bridge(count, base="10.9.0"):
    """Lay a bridge in a namespace, with others around it; return their names."""
    names = [f"n{number}" for number in range(1, count + 1)]
    lines = [
        "ip netns add sw",
        "ip -n sw link add name br0 type bridge",
        "ip -n sw link set br0 up",
    ]
    for number, name in enumerate(names, 1):
        lines += [
            f"ip netns add {name}",
            f"ip link add v netns {name} type veth peer name p{number} netns sw",
            f"ip -n sw link set p{number} master br0 up",
            f"ip -n {name} link set lo up; ip -n {name} link set v up",
            f"ip -n {name} address add {base}.{number}/24 dev v",
        ]
    witness.sh(*lines)
    return names


def test_it_is_as_ping_says():
    a, b = bridge(2)
    witness.sh(f"ip netns exec {a} ping -c 1 -W 5 10.9.0.2")
    result = ask([a, b], [a, b], count=3)
    assert result["broken"] == []
    cell = result["matrix"][a][b]
    assert (cell["sent"], cell["received"], cell["loss"], cell["error"]) == (3, 3, 0.0, None)
    assert 0 < cell["rtt"] < 1000
    witness.sh(f"ip -n {b} link set v down")
    result = ask([a], [b], timeout=0.3)
    assert result["failed"]
    assert result["msg"] == "n1 does not reach n2: no answer"
    assert result["broken"] == [{"from": a, "to": b, "expect": "reachable"}]
    assert "failed" not in ask([a], [b], timeout=0.3, expect="unreachable")
    with pytest.raises(RuntimeError):
        witness.sh(f"ip netns exec {a} ping -c 1 -W 1 10.9.0.2")


def test_the_round_trip_takes_as_long_as_ping_measures():
    a, _b = bridge(2)
    said = witness.sh(f"ip netns exec {a} ping -c 20 -i 0.01 -W 5 10.9.0.2")
    theirs = float(said.rsplit("=", 1)[1].split("/")[1])
    ours = ask([a], ["10.9.0.2"], count=20)["matrix"][a]["10.9.0.2"]["rtt"]
    assert ours < 20 * theirs + 1
    assert theirs < 20 * ours + 1


def test_the_kernel_says_that_a_host_is_unreachable():
    (a,) = bridge(1)
    began = time.monotonic()
    cell = ask([a], ["10.9.0.77"], expect="unreachable")["matrix"][a]["10.9.0.77"]
    assert (cell["error"], cell["error_from"]) == ("host unreachable", "10.9.0.1")
    assert time.monotonic() - began < 4.5


@pytest.mark.parametrize(
    ("route", "says"),
    [
        ("unreachable", "host unreachable"),
        ("prohibit", "administratively prohibited"),
        ("blackhole", "invalid argument"),
    ],
)
def test_what_the_senders_own_routes_say(route, says):
    (a,) = bridge(1)
    witness.sh(f"ip -n {a} route add {route} 192.0.2.0/24")
    for goal, words in (("192.0.2.1", says), ("198.51.100.1", "network unreachable")):
        cell = ask([a], [goal], expect="unreachable")["matrix"][a][goal]
        assert (cell["error"], cell["error_from"], cell["sent"]) == (words, None, 1)


def test_errors_of_some_do_not_spoil_the_others():
    a, b, c = bridge(3)
    gone = [f"10.9.0.{number}" for number in range(100, 140)]
    result = ask([a, b, c], [a, b, c, *gone, "192.0.2.1"], count=4)
    for source in (a, b, c):
        for goal, cell in result["matrix"][source].items():
            if goal in (a, b, c):
                assert (cell["received"], cell["error"]) == (4, None), (source, goal)
            elif goal in gone:
                assert (cell["received"], cell["sent"]) == (0, 4)
                assert cell["error"] in ("host unreachable", "no answer")
            else:
                assert cell["error"] == "network unreachable"
    told = [cell["error"] for cell in result["matrix"][a].values()]
    assert told.count("host unreachable") >= 10


def test_link_local_addresses_of_both_ends():
    a, b = bridge(2)
    while any(witness.ip("address", "show", "tentative", netns=name) for name in (a, b)):
        time.sleep(0.1)
    (link,) = witness.ip("address", "show", "dev", "v", netns=b)
    local = next(each["local"] for each in link["addr_info"] if each["local"].startswith("fe80"))
    assert "failed" not in ask([a], [f"{local}%v"], timeout=6)
    (only,) = ask([a], [b], family="ipv6", expect="unreachable")["matrix"][a].values()
    assert only["error"] == "has no address"


def test_other_peoples_pings_confuse_nobody():
    a, b = bridge(2)
    ping = ["ip", "netns", "exec", a, "ping", "-q", "-c", "300", "-i", "0.002", "10.9.0.2"]
    with subprocess.Popen(ping, stdout=subprocess.PIPE, text=True) as other:
        for _unused in range(5):
            cell = ask([a], [b], count=5)["matrix"][a][b]
            assert (cell["received"], cell["duplicates"]) == (5, 0)
        said = other.communicate(timeout=30)[0]
    assert "300 received" in said


def test_an_answer_that_comes_twice_counts_once():
    a, b = bridge(2)
    # A second namespace with the same address and MAC: both answer.
    mac = witness.ip("link", "show", "dev", "v", netns=b)[0]["address"]
    witness.sh(
        "ip netns add twin",
        "ip link add v netns twin type veth peer name p9 netns sw",
        "ip -n sw link set p9 master br0 up",
        f"ip -n twin link set v address {mac}; ip -n twin link set lo up; ip -n twin link set v up",
        "ip -n twin address add 10.9.0.2/24 dev v",
        "ip -n sw link set br0 type bridge ageing_time 0",
    )
    time.sleep(0.2)
    cell = ask([a], ["10.9.0.2"], count=3)["matrix"][a]["10.9.0.2"]
    assert (cell["sent"], cell["received"], cell["loss"]) == (3, 3, 0.0)
    assert cell["duplicates"] >= 1


def entries(names):
    return {
        (name, each["dst"])
        for name in names
        for each in witness.ip("neigh", netns=name)
        if each["dst"].startswith("10.")
    }


def test_in_a_crowd_neighbours_are_forgotten_that_were_not_there(monkeypatch):
    monkeypatch.setattr(crowd, "FEW", 20)
    monkeypatch.setattr(crowd, "BLOCK", 4)
    names = bridge(12)
    witness.sh("ip netns exec n1 ping -c 1 -W 5 10.9.0.12")
    was = entries(names)
    result = ask(names, names)
    assert result["broken"] == []
    assert sum(len(row) for row in result["matrix"].values()) == 12 * 11
    assert was
    assert entries(names) == was


def test_few_descriptors_do_and_none_is_left_open():
    names = bridge(20)
    for number, name in enumerate(names, 1):
        witness.sh(f"ip -n {name} address add 2001:db8::{number:x}/64 dev v nodad")
    was = sorted(os.listdir("/proc/self/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
    # 40 sockets, where 20 may be open at a time.
    result = ask(names, names)
    assert result["broken"] == []
    assert {cell["sent"] for row in result["matrix"].values() for cell in row.values()} == {2}
    assert sorted(os.listdir("/proc/self/fd")) == was


def test_it_stays_where_it_is():
    a, b = bridge(2)
    here = os.readlink("/proc/thread-self/ns/net")
    ask([a, b], [a, b])
    assert os.readlink("/proc/thread-self/ns/net") == here


def test_addresses_that_are_still_checked_for_duplicates_are_waited_for():
    a, b = bridge(2)
    for name in (a, b):
        witness.sh(f"ip -n {name} address add 2001:db8::{name[1:]}/64 dev v")
    tentative = witness.ip("-6", "address", "show", "dev", "v", "tentative", netns=a)
    assert "2001:db8::1" in str(tentative)
    result = ask([a, b], [a, b], family="ipv6", timeout=0.3)
    assert result["broken"] == []


def test_an_address_without_a_carrier_is_not_waited_for():
    (a,) = bridge(1)
    witness.sh(f"ip -n {a} address add 2001:db8::1/64 dev v; ip -n sw link set p1 down")
    down = "grep -q 'state DOWN'"
    witness.sh(f"for n in $(seq 50); do ip -n {a} link show v | {down} && break; done")
    began = time.monotonic()
    ask([a], ["2001:db8::2"], timeout=0.3, expect="unreachable")
    assert time.monotonic() - began < 3
