# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Topologies as functions, networks to build, and what `ip` and `tc` say of all that they make."""

from __future__ import annotations

import json
import re
import time

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.reconcile import reconcile
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.mark.state import Mark
from ansible_collections.linuxnet.netns.plugins.module_utils._topology import job as _topology
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults

OWNER = "study"
MADE = f"altname netns:{OWNER}"


def end(name, netns=None, **more):
    """Return an end of a veth, or any other entry with a name."""
    return {"name": name, "netns": netns, **more}


def pair(name, netns, other, other_netns, **more):
    """Return a veth that is up at both ends."""
    return end(name, netns, up=True, peer=end(other, other_netns, up=True), **more)


# Two namespaces and a cable, with everything of theirs that a hand can change.
STUDY = {
    "name": OWNER,
    "namespaces": [{"name": ["s1", "s2"], "lo_up": True}],
    "sysctls": [{"netns": "s1", "sysctls": {"net.ipv4.ip_forward": 1}}],
    "veths": [pair("v1", "s1", "v2", "s2", mtu=1400)],
    "addresses": [
        {"netns": "s1", "link": "v1", "address": ["192.0.2.1/25", "2001:db8::1/64"], "nodad": True},
        {"netns": "s2", "link": "v2", "address": ["192.0.2.2/25"]},
    ],
    "routes": [
        {"netns": "s1", "dst": ["198.51.100.0/24"], "via": "192.0.2.2"},
        {"netns": "s1", "dst": ["203.0.113.0/24"], "dev": "v1", "table": "100"},
    ],
    "rules": [{"netns": "s1", "priority": 100, "from": "192.0.2.0/25", "table": "100"}],
    "neighbours": [
        {"netns": "s2", "link": "v2", "address": "192.0.2.9", "mac": "02:00:00:00:00:09"}
    ],
    "qdiscs": [
        {"netns": "s2", "link": "v2", "kind": "tbf", "rate": "1mbit", "burst": "5kb"}
        | {"latency": "50ms"}
    ],
}
# A namespace and links of others, in which the topology has something of each sort.
OTHERS = (
    "ip link add host0 type bridge",
    "ip link set host0 up",
    "ip netns add other",
    "ip -n other link set lo up",
    "ip -n other link add there0 type bridge",
    "ip -n other link set there0 up",
    "ip -n other addr add 10.8.0.1/24 dev there0",
    "ip -n other route add 10.81.0.0/16 via 10.8.0.2",
    "ip -n other rule add priority 80 from 10.8.0.0/24 table 80",
    "ip -n other neigh add 10.8.0.8 lladdr 02:00:00:00:00:08 dev there0",
)
GUEST = {
    "name": OWNER,
    "namespaces": [{"name": ["s1"]}],
    "veths": [
        pair("up0", None, "v1", "s1"),
        pair("up1", "other", "v2", "s1"),
    ],
    "links": [
        {"name": "br0", "type": "bridge", "up": True},
        {"name": "br1", "netns": "other", "type": "bridge", "up": True},
        {"name": "up0", "master": "br0"},
    ],
    "addresses": [
        {"link": "br0", "address": ["10.1.0.1/24"]},
        {"link": "host0", "address": ["10.2.0.1/24"]},
        {"netns": "other", "link": "there0", "address": ["10.8.0.3/24", "2001:db8:8::3/64"]},
        {"netns": "s1", "link": "v1", "address": ["10.1.0.2/24"]},
    ],
    "routes": [
        {"dst": ["10.3.0.0/16"], "via": "10.2.0.9"},
        {"netns": "other", "dst": ["10.4.0.0/16"], "via": "10.8.0.9"},
        {"netns": "other", "dst": ["10.5.0.0/16"], "type": "blackhole", "table": "500"},
        {"netns": "s1", "dst": ["default"], "via": "10.1.0.1"},
    ],
    "rules": [{"netns": "other", "priority": 500, "table": "500"}, {"priority": 501, "iif": "br0"}],
    "neighbours": [
        {"netns": "other", "link": "there0", "address": "10.8.0.7", "mac": "02:00:00:00:00:07"},
        {"link": "host0", "address": "10.2.0.7", "mac": "02:00:00:00:00:07"},
    ],
}
ABSENT = {"name": OWNER, "state": "absent"}


def run(check=False, **params):
    """Return the result of a topology, as the module returns it, with its diff."""
    kernel = Kernel()
    try:
        job = _topology.job_of(kernel, modules.options("netns_topology", **params))
        outcome = reconcile(kernel, job, check)
        before, after = job.diff(outcome)
        return {
            **job.result_of(outcome),
            "changed": bool(outcome.steps),
            "commands": outcome.commands,
            "warnings": list(outcome.warnings),
            "diff": {"before": before, "after": after},
        }
    finally:
        kernel.close()


def counting():
    """Return a count of writes; to look at what a namespace is born with is none (unshare)."""
    return Faults(counted=lambda what: what != "unshare")


def converges(**params):
    """Run in check mode, which writes nothing, for real, which returns the same, and again, which
    writes nothing. Return the result."""
    was = state()
    counted = counting()
    with counted.at_work():
        promised = run(check=True, **params)
    assert counted.writes == []
    assert witness.differences(was, state()) == []
    result = run(**params)
    assert result == promised
    unchanged(**params)
    return result


def unchanged(**params):
    """Hold that a run has nothing to do, and does nothing."""
    counted = counting()
    with counted.at_work():
        again = run(**params)
    assert (again["changed"], again["commands"], again["warnings"]) == (False, [], [])
    assert again["diff"] == {"before": {}, "after": {}}
    assert again["summary"] == {"created": {}, "changed": {}, "removed": {}}
    assert counted.writes == []


def refused(words, **params):
    """Hold that check mode and a real run refuse with these words, and touch nothing."""
    was = state()
    for check in (True, False):
        counted = counting()
        try:
            with counted.at_work():
                run(check=check, **params)
        except NetnsError as error:
            assert re.search(words, str(error)), str(error)
        else:
            raise AssertionError(f"check={check}: it was not refused")
        assert counted.writes == []
        assert witness.differences(was, state()) == []


def summary(created=None, changed=None, removed=None):
    """Return a summary in full."""
    return {"created": created or {}, "changed": changed or {}, "removed": removed or {}}


def _more(netns):
    """Return rules, lasting neighbours and queueing disciplines of a namespace."""
    at = ["-n", netns] if netns else []
    entering = f"nsenter --net=/run/netns/{netns}" if netns else ""
    told = witness.sh(f"tc {' '.join(at)} qdisc show")
    lasting = [
        each
        for each in witness.ip("neigh", netns=netns)
        if {"PERMANENT", "NOARP"} & {*each["state"]} and each.get("dst", "")[:2] not in ("ff", "22")
    ]
    return {
        "rules": [witness.ip(version, "rule", netns=netns) for version in ("-4", "-6")],
        "neighbours": sorted(json.dumps(each, sort_keys=True) for each in lasting),
        "qdiscs": sorted(
            re.sub(r"refcnt \d+ |(?<=tbf )[0-9a-f]+:|qdisc (noqueue|noop).*", "", told).splitlines()
        ),
        "forwards": witness.sh(f"{entering} cat /proc/sys/net/ipv4/ip_forward"),
    }


def state():
    """Return all that `ip` and `tc` tell."""
    told = witness.state()
    for name in told.keys() - {"names"}:
        told[name]["more"] = _more("" if name == "here" else name)
    return told


def becomes(wanted, free=lambda difference: False):
    """Return how the state differs from a wanted one, once it does not, or after a while.

    Differences that are ``free`` are none.
    """
    until = time.monotonic() + witness.SECONDS
    while True:
        found = [each for each in witness.differences(wanted, state()) if not free(each)]
        if not found or time.monotonic() > until:
            return found
        time.sleep(0.05)


RANDOM = (
    ".address ",
    ".broadcast ",
    "altnames ",
    "link_index ",
    ".ifindex ",
    "bridge_id ",
    "root_id ",
)


def is_random(difference):
    """Return whether a difference is in what is drawn at random, or numbered in passing."""
    return any(word in difference for word in RANDOM)


def number():
    """Return the protocol number of the topology's things."""
    return Mark(OWNER).number
