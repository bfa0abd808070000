# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What queueing disciplines have that no task can state stays, or a task that loses it fails."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)

GIVEN = (
    "ip link add e1 type veth peer name e2",
    "ip link set e1 up",
    "ip link set e2 up",
)
HTB = (
    *GIVEN,
    "tc qdisc add dev e1 root handle 1: stab overhead 24 linklayer atm mtu 2048 htb default 10",
    "tc class add dev e1 parent 1: classid 1:10 htb rate 1mbit overhead 8 mpu 64",
    "tc class add dev e1 parent 1: classid 1:11 htb rate 1mbit",
    "tc filter add dev e1 parent 1: protocol ip prio 3 u32 match ip dst 10.0.0.0/8 flowid 1:11",
    "tc qdisc add dev e1 clsact",
    "tc filter add dev e1 egress protocol ip prio 4 u32 match ip dst 10.1.0.0/16 flowid 1:9",
)


def tc(*words):
    """Return what `tc -d` tells, in its own words: its JSON lacks half of that."""
    told = subprocess.run(["tc", "-d", *words], capture_output=True, text=True, check=True).stdout
    return re.sub("direct_packets_stat [0-9]+ ", "", told)


def all_of(link="e1"):
    """Return queueing disciplines, classes and filters of a link."""
    return [
        *sorted(tc("qdisc", "show", "dev", link).splitlines()),
        *sorted(tc("class", "show", "dev", link).splitlines()),
        *(tc("filter", "show", "dev", link, *at) for at in ((), ("egress",), ("ingress",))),
        json.dumps(witness.namespace()["links"][link].get("txqlen", 0)),
    ]


def refused(words, **params):
    before = all_of()
    for check in (True, False):
        with pytest.raises(NetnsError, match=words):
            modules.run("netns_qdisc", check=check, link="e1", **params)
    assert all_of() == before


def done(**params):
    """Return the lines of `tc` that are new after a task, which is as check mode predicted."""
    before = all_of()
    predicted = modules.run("netns_qdisc", check=True, link="e1", **params)
    real = modules.run("netns_qdisc", link="e1", **params)
    assert predicted == real
    assert not modules.run("netns_qdisc", link="e1", **params)["changed"]
    return [line for line in all_of() if line not in before]


def test_a_size_table_stays_with_a_change():
    witness.sh(
        *GIVEN,
        "tc qdisc add dev e1 root handle 1: stab overhead 24 linklayer atm mtu 2048 mpu 70"
        " tsize 256 tbf rate 1mbit burst 5kb latency 50ms peakrate 2mbit mtu 2000 overhead 12",
    )
    before = all_of()
    (line,) = done(kind="tbf", rate="1200kbit")
    assert "rate 1200Kbit" in line
    assert "peakrate 2Mbit" in line
    assert "overhead 12" in line
    assert done(kind="tbf", rate="1mbit")
    assert all_of() == before
    refused("rate must be less than the tbf's peakrate of 2mbit", kind="tbf", rate="2mbit")


def test_with_another_handle_what_hangs_there_comes_along():
    witness.sh(
        *GIVEN,
        "tc qdisc add dev e1 root handle 5: stab overhead 20 tbf rate 1mbit burst 5kb latency 50ms",
        "tc qdisc add dev e1 parent 5:1 handle 6: pfifo limit 77",
    )
    lines = done(kind="tbf", handle="7:")
    assert any("pfifo 6: parent 7:1 limit 77p" in line for line in lines)
    assert " overhead 20 " in all_of()


def test_classes_keep_what_they_have():
    witness.sh(*HTB)
    before = all_of()
    (line,) = done(kind="htb", classes=[{"classid": "1:10", "rate": "2mbit"}])
    assert "rate 2Mbit" in line
    assert "mpu 64b" in line
    done(kind="htb", classes=[{"classid": "1:10", "rate": "1mbit"}])
    assert all_of() == before


def test_filters_are_not_lost():
    witness.sh(*HTB)
    refused("filters .1 u32.*would be lost", kind="tbf", rate="1mbit", burst="5kb", latency="9ms")
    refused("filters .1 u32.*would be lost", kind="noqueue")
    listed = [{"classid": "1:10", "rate": "1mbit"}]
    refused("class 1:11 .*to which filters refer .1 u32.", kind="htb", classes=listed, purge=True)


def test_the_filters_of_others_stay_where_the_root_is_replaced():
    witness.sh(*HTB, "tc filter del dev e1 parent 1:")
    before = tc("filter", "show", "dev", "e1", "egress")
    assert before
    done(kind="tbf", rate="1mbit", burst="5kb", latency="9ms")
    assert tc("filter", "show", "dev", "e1", "egress") == before


def test_with_force_filters_go_and_that_is_told():
    witness.sh(*HTB)
    result = modules.run(
        "netns_qdisc", link="e1", kind="tbf", rate="1mbit", burst="5kb", latency="9ms", force=True
    )
    assert any("1 u32" in warning for warning in result["warnings"])
    witness.sh("tc qdisc del dev e1 root", HTB[3], HTB[4], HTB[5], HTB[6])
    result = modules.run("netns_qdisc", link="e1", state="absent")
    assert any("1 u32" in warning for warning in result["warnings"])


def test_a_htb_made_anew_keeps_its_size_table_and_its_filters():
    witness.sh(
        *HTB,
        "tc filter add dev e1 parent 1: protocol ip prio 3 u32 match ip dst 10.7.0.0/16 flowid 1:9",
        "tc qdisc add dev e1 parent 1:10 handle 20: pfifo limit 33",
    )
    before = all_of()
    done(kind="htb", default="11", force=True)
    done(kind="htb", default="10", force=True)
    assert all_of() == before


@pytest.mark.parametrize("kind", ["tbf", "htb"])
def test_a_length_of_no_packets_stays(kind):
    witness.sh(*GIVEN, "ip link set e1 txqueuelen 0")
    options = {"tbf": {"rate": "1mbit", "burst": "5kb", "latency": "9ms"}}
    options["htb"] = {"classes": [{"classid": "1:10", "rate": "1mbit"}]}
    done(kind=kind, **options[kind])
    assert witness.namespace()["links"]["e1"].get("txqlen", 0) == 0


@pytest.mark.parametrize(
    ("given", "params"),
    [
        ("tbf rate 1mbit burst 5kb latency 50ms peakrate 2mbit mtu 2000 overhead 12", {}),
        ("stab overhead 20 tbf rate 1mbit burst 5kb latency 50ms linklayer atm", {}),
        (
            "stab overhead 24 linklayer atm mtu 2048 mpu 70 tsize 256 tbf rate 1mbit burst 5kb"
            " latency 50ms mpu 70",
            {},
        ),
        ("htb default 1 direct_qlen 50 r2q 20", {"kind": "htb", "default": "2", "force": True}),
    ],
)
def test_commands_lead_to_the_same(given, params):
    given = (*GIVEN, f"tc qdisc add dev e1 root handle 7: {given}")
    witness.sh(*given)
    params = params or {"kind": "tbf", "rate": "1200kbit"}
    told = modules.run("netns_qdisc", link="e1", **params)
    after = all_of()
    witness.sh("ip link del e1", *given, *told["commands"])
    assert all_of() == after
