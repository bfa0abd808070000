# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A resource that only this file knows: the engine and topologies take it like any other.

A beacon is another name (altname) of the loopback of a namespace, `toy.OWNER.NAME`. It is the
smallest thing that can be read, made, removed, and that bears the mark of who made it.
"""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._core.operation import (
    LINKS,
    Operation,
    ip,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import dataclass, replace
from ansible_collections.linuxnet.netns.plugins.module_utils._core.resource import Resource
from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
from ansible_collections.linuxnet.netns.plugins.module_utils._core.topology_list import TopologyList
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.job import Reconciliation
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.reconcile import reconcile
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.mark.operations import (
    AddMark,
    DeleteMark,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._topology import job as topology
from ansible_collections.linuxnet.netns.plugins.module_utils._topology import registry
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    INJECTED,
    Faults,
)

PREFIX = "toy."


@dataclass(frozen=True)
class Beacon:
    """A beacon as the kernel shows it."""

    owner: str
    name: str

    @property
    def proto(self):
        """Return who made it, as the resources do that have a protocol."""
        return self.owner

    @property
    def altname(self):
        """Return what the loopback is called."""
        return f"{PREFIX}{self.owner}.{self.name}"


class Toy(Resource):
    name = "beacon"

    def simulators(self):
        return {Light: _light, Douse: _douse}

    def appliers(self):
        return {Light: _apply_light, Douse: _apply_douse}

    def read(self, reading):
        lo = reading.namespace.links["lo"]
        found = (each.split(".", 2) for each in lo.altnames if each.startswith(PREFIX))
        reading.namespace.others[self.name] = tuple(Beacon(*each[1:]) for each in found)

    def inherit(self, namespace, scope):
        namespace.others[self.name] = ()

    def is_own(self, owned, netns, thing, spec):
        return thing.owner == owned.topology_mark.owner


RESOURCE = Toy()


@dataclass(frozen=True)
class Light(Operation):
    resource = RESOURCE

    netns: str
    beacon: Beacon

    def inverse(self):
        return Douse(self.netns, self.beacon)

    def command(self):
        words = ("link", "property", "add", "dev", "lo", "altname", self.beacon.altname)
        return ip(self.netns, *words)

    def phrase(self):
        return f"light the beacon {self.beacon.name} in namespace {self.netns}"

    def touches(self):
        return ((self.netns, LINKS, ("lo",)),)

    def puts(self):
        return ((self.netns, "lo"),)


@dataclass(frozen=True)
class Douse(Operation):
    resource = RESOURCE

    netns: str
    beacon: Beacon

    def inverse(self):
        return Light(self.netns, self.beacon)

    def command(self):
        words = ("link", "property", "del", "dev", "lo", "altname", self.beacon.altname)
        return ip(self.netns, *words)

    def phrase(self):
        return f"douse the beacon {self.beacon.name} in namespace {self.netns}"

    def touches(self):
        return ((self.netns, LINKS, ("lo",)),)

    def loses(self):
        return (self.beacon,)


def _light(state, step):
    namespace = state.namespaces[step.netns]
    namespace.others["beacon"] = (*namespace.others["beacon"], step.beacon)
    lo = namespace.links["lo"]
    namespace.links["lo"] = replace(lo, altnames=(*lo.altnames, step.beacon.altname))


def _douse(state, step):
    namespace = state.namespaces[step.netns]
    namespace.others["beacon"] = tuple(
        each for each in namespace.others["beacon"] if each != step.beacon
    )
    lo = namespace.links["lo"]
    left = tuple(each for each in lo.altnames if each != step.beacon.altname)
    namespace.links["lo"] = replace(lo, altnames=left)


def _apply_light(kernel, step):
    kernel.apply(AddMark(step.netns, "lo", step.beacon.altname))


def _apply_douse(kernel, step):
    kernel.apply(DeleteMark(step.netns, "lo", step.beacon.altname))


class Spec(t.NamedTuple):
    place: str
    name: str
    owner: str
    present: bool = True


def plan(builder, spec):
    namespace = builder.namespace(spec.place)
    beacon = Beacon(spec.owner, spec.name)
    there = beacon in namespace.others["beacon"]
    if spec.present and not there:
        builder.add(Light(namespace.key, beacon))
    elif there and not spec.present:
        builder.add(Douse(namespace.key, beacon))


class Beacons(TopologyList):
    name, noun, fields, stage = "beacons", "beacon", ("others",), 9

    def option(self):
        texts = {name: {"type": "str"} for name in ("netns", "name", "state")}
        return {"type": "list", "elements": "dict", "options": texts}

    def label(self, options):
        return options["name"]

    def read(self, options, mark):
        present = options.get("state") != "absent"
        return Spec(options["netns"], options["name"], mark.owner, present), ()

    def planner(self, spec):
        return plan

    def listed(self, spec):
        yield ("beacon", spec.name), f"beacon {spec.name}"

    def scope(self, specs, everywhere):
        return {"resources": (RESOURCE,)}

    def things(self, namespace):
        return {(each.owner, each.name): each for each in namespace.others.get("beacon", ())}

    def identity(self, key, thing):
        return thing.name

    def bears(self, thing, mark):
        return thing.owner == mark.owner

    def removals(self, plan, namespace, mark, listed, to_delete):
        for each in self.own(namespace, mark):
            if ("beacon", each.name) not in listed:
                plan.add(Douse(namespace.key, each))

    def own(self, namespace, mark):
        return [each for each in namespace.others.get("beacon", ()) if self.bears(each, mark)]


BEACONS = Beacons()


@pytest.fixture(autouse=True)
def _listed(monkeypatch):
    monkeypatch.setattr(registry, "LISTS", (*registry.LISTS, BEACONS))


def beacons(netns):
    """Return the beacons of a namespace, by `ip`."""
    (lo,) = witness.ip("link", "show", "lo", netns=netns)
    return sorted(each for each in lo.get("altnames", ()) if each.startswith(PREFIX))


def run(check, beacons_listed, kernel=None, **params):
    """Return the outcome of a topology with beacons."""
    options = {**modules.options("netns_topology", name="lab", **params), "beacons": beacons_listed}
    own = kernel is None
    kernel = kernel or Kernel()
    try:
        return reconcile(kernel, topology.job_of(kernel, options), check)
    finally:
        if own:
            kernel.close()


def thrice(beacons_listed, **params):
    """Run a topology in check mode, for real, and again; return what the real run came to."""
    before = witness.state()
    foretold = run(True, beacons_listed, **params)
    assert witness.state() == before
    real = run(False, beacons_listed, **params)
    assert real.result(True) == foretold.result(True)
    again = run(False, beacons_listed, **params)
    assert not again.steps
    return real.result(True)


NAMESPACES = [{"name": ["b1"]}]
ONE = {"netns": "b1", "name": "one"}
TWO = {"netns": "a1", "name": "two"}


def test_planned_verified_diffed_and_listed():
    witness.sh("ip netns add a1")
    made = thrice([ONE, TWO], namespaces=NAMESPACES)
    assert (beacons("b1"), beacons("a1")) == (["toy.lab.one"], ["toy.lab.two"])
    assert made["summary"]["created"] == {"namespaces": 1, "beacons": 2}
    after = made["diff"]["after"]
    assert after["beacon one in namespace b1"] == {"owner": "lab", "name": "one"}
    assert "ip -n a1 link property add dev lo altname toy.lab.two" in made["commands"]
    gone = thrice([{**ONE, "state": "absent"}, TWO], namespaces=NAMESPACES)
    assert gone["summary"]["removed"] == {"beacons": 1}
    assert beacons("b1") == []


def test_removed_by_its_mark_and_others_stay():
    witness.sh("ip netns add a1", "ip -n a1 link property add dev lo altname toy.other.two")
    thrice([TWO])
    purged = thrice([], purge=True)
    assert purged["summary"]["removed"] == {"beacons": 1}
    assert beacons("a1") == ["toy.other.two"]
    thrice([TWO, ONE], namespaces=NAMESPACES)
    thrice([], state="absent")
    assert (beacons("a1"), witness.names()) == (["toy.other.two"], {"a1": "namespace"})


def test_undone_when_a_later_step_fails():
    witness.sh("ip netns add a1")
    counting = Faults()
    with counting.at_work():
        run(False, [TWO, ONE], namespaces=NAMESPACES)
    run(False, [], state="absent")
    before = witness.state()
    assert len(counting.writes) > 5
    for number in range(1, len(counting.writes) + 1):
        faults = Faults(number.__eq__)
        with faults.at_work(), pytest.raises(NetnsError, match=f"{INJECTED}|not permitted"):
            run(False, [TWO, ONE], namespaces=NAMESPACES)
        assert faults.failed
        assert witness.becomes(before) == before


def test_listed_twice_is_refused():
    witness.sh("ip netns add a1")
    with pytest.raises(NetnsError, match=r"beacons\[0\] two and beacons\[1\] two are both beacon"):
        run(True, [TWO, TWO])


def test_verification_sees_that_it_was_taken_away():
    witness.sh("ip netns add a1")
    kernel = Kernel()
    real = kernel.apply

    def apply(step):
        if not isinstance(step, Light):
            real(step)

    kernel.apply = apply
    with pytest.raises(NetnsError, match="beacon two in namespace a1 is not there"):
        run(False, [TWO], kernel=kernel)
    kernel.close()


def test_alone_as_a_module_would():
    witness.sh("ip netns add a1")
    job = Reconciliation(
        header="beacon two",
        scope=Scope(("a1",), resources=(RESOURCE,)),
        plan=lambda builder: plan(builder, Spec("a1", "two", "me")),
        render=lambda host, origins: {
            "beacons": [each.name for each in host.at("a1").others["beacon"]]
        },
    )
    kernel = Kernel()
    outcome = reconcile(kernel, job, False)
    kernel.close()
    assert outcome.result(True)["diff"]["after"] == {"beacons": ["two"]}
    assert beacons("a1") == ["toy.me.two"]
