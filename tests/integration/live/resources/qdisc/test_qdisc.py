# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On the kernel, with tc(8) as the witness: what check mode promised, once, and the way back."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    INJECTED,
    Faults,
    rolled_back,
)

LAB = (
    "ip netns add a",
    "ip -n a link add v1 type veth peer name v2",
    "ip -n a link set v1 up",
    "ip -n a link set v2 up",
)
KINDS = {
    "netem": {"kind": "netem", "delay": "10ms", "jitter": "1ms", "loss": "0.5%"},
    "fq_codel": {"kind": "fq_codel", "target": "5ms", "flows": 64},
}
TBF = {"kind": "tbf", "rate": "1mbit", "burst": "32kbit", "latency": "50ms"}
FAST = {"kind": "tbf", "rate": "40gbit", "burst": "100000", "limit": "1mb"}
HTB = {
    "kind": "htb",
    "default": "20",
    "classes": [
        {"classid": "1:10", "parent": "1:1", "rate": "7mbit", "ceil": "10mbit"},
        {"classid": "1:1", "rate": "10mbit", "burst": "15kb"},
        {"classid": "1:20", "parent": "1:1", "rate": "333kbit", "prio": 1, "quantum": 3000},
    ],
}
LEAF = {"parent": "1:10", **TBF}
CHANGES = {
    **HTB,
    "force": True,
    "purge": True,
    "default": "30",
    "classes": [
        {"classid": "1:1"},
        {"classid": "1:10", "rate": "8mbit", "cburst": "3000"},
        {"classid": "1:30", "parent": "1:10", "rate": "1gbit", "ceil": "40gbit"},
    ],
}


def tc(*words):
    told = subprocess.run(["tc", "-n", "a", "-j", *words], stdout=subprocess.PIPE, check=True)
    return json.loads(told.stdout or b"[]")


def classes():
    """Return the classes of htb, by name; not every tc tells them as JSON."""
    told = witness.sh("tc -n a -d class show dev v1").splitlines()
    found = {line.split()[2]: line for line in told if line.startswith("class htb ")}
    return dict(sorted(found.items()))


def look():
    """Return all queueing disciplines and classes."""
    told = tc("qdisc")
    for each in told:
        each["options"].pop("direct_packets_stat", None)  # a counter
    return told, classes()


def without_chosen_handles(told):
    """Return what tc told, whatever handles the kernel chose."""
    return json.loads(re.sub(r'"[89a-f][0-9a-f]{3}:', '"kernel:', json.dumps(told)))


def root():
    return next(each for each in tc("qdisc") if each["dev"] == "v1" and each.get("root"))


def run(check=False, **params):
    return modules.run("netns_qdisc", check, **{"netns": "a", "link": "v1", **params})


def prove(**params):
    """Run it in check mode, for real and again; return the result."""
    before = look()
    promised = run(check=True, **params)
    assert look() == before
    result = run(**params)
    assert result == promised
    writes = Faults()
    with writes.at_work():
        again = run(**params)
    assert not again["changed"], again["commands"]
    assert not writes.writes
    assert again["qdisc"] == result["qdisc"]
    return result


def test_tbf():
    witness.sh(*LAB)
    was = tc("qdisc")
    assert prove(**TBF)["changed"]
    assert root()["kind"] == "tbf"
    assert root()["options"] == {"rate": 125_000, "burst": 4096, "lat": 50_000}
    prove(kind="tbf", rate="2mbit")
    assert root()["options"] == {"rate": 250_000, "burst": 4096, "lat": 25_000}
    assert prove(kind="tbf", burst="1600", latency="20ms")["qdisc"]["burst"] == "1600b"
    assert root()["options"] == {"rate": 250_000, "burst": 1600, "lat": 20_000}
    assert prove(**FAST)["qdisc"]["rate"] == "40gbit"
    assert root()["options"]["rate"] == 5 * 10**9
    assert prove(state="absent")["changed"]
    assert tc("qdisc") == was
    assert root()["kind"] == "noqueue"


@pytest.mark.parametrize("rate", ["9bit", "333kbit", "1mbit", "100mbit", "9.7gbit", "35gbit"])
@pytest.mark.parametrize("burst", ["1", "1514", "100000", "1mb"])
def test_no_rounding_breaks_the_second_run(rate, burst):
    witness.sh(*LAB)
    tbf = {"kind": "tbf", "rate": rate, "burst": burst, "limit": "1mb"}
    of_class = {"classid": "1:1", "rate": rate, "burst": burst, "cburst": burst}
    for params in (tbf, {"kind": "htb", "classes": [of_class]}):
        try:
            prove(**params)
        except NetnsError as error:
            assert "is too large for the kernel at this rate" in str(error)
            assert root()["kind"] == "noqueue"


def test_htb():
    witness.sh(*LAB)
    result = prove(**HTB)
    assert [each["classid"] for each in result["qdisc"]["classes"]] == ["1:1", "1:10", "1:20"]
    assert root()["options"]["default"] == "0x20"
    shown = classes()
    assert " root " in shown["1:1"]
    assert " burst 15Kb" in shown["1:1"]
    assert " parent 1:1 " in shown["1:10"]
    assert " rate 7Mbit ceil 10Mbit " in shown["1:10"]
    assert " prio 1 quantum 3000 rate 333Kbit ceil 333Kbit " in shown["1:20"]
    assert prove(**LEAF)["changed"]
    assert [each["kind"] for each in tc("qdisc") if each["dev"] == "v1"] == ["htb", "tbf"]
    result = prove(**CHANGES)
    assert [each["classid"] for each in result["qdisc"]["classes"]] == ["1:1", "1:10", "1:30"]
    assert list(classes()) == ["1:1", "1:10", "1:30"]
    assert root()["options"]["default"] == "0x30"
    assert prove(kind="htb", classes=[], purge=True)["qdisc"]["classes"] == []
    assert classes() == {}
    prove(state="absent", kind="htb")
    assert root()["kind"] == "noqueue"


def test_eight_classes_deep_and_no_more():
    witness.sh(*LAB)
    deep = [
        {"classid": f"1:{n}", "rate": "1mbit", "parent": f"1:{n - 1}" if n > 1 else "1:"}
        for n in range(1, 10)
    ]
    prove(kind="htb", classes=deep[:8])
    # The kernel says the same.
    with pytest.raises(RuntimeError, match=r"tree is too deep|Invalid argument"):
        witness.sh("tc -n a class add dev v1 parent 1:8 classid 1:9 htb rate 1mbit")
    with pytest.raises(NetnsError, match="class 1:9 is nested 9 deep"):
        run(kind="htb", classes=deep)


def test_what_tc_set_up_is_read_and_kept():
    witness.sh(
        *LAB,
        "tc -n a qdisc add dev v1 root tbf rate 1mbit burst 5k limit 9000 peakrate 2mbit mtu 2000"
        " overhead 10 mpu 64",
    )
    was = root()["options"]
    assert run(kind="tbf", rate="1mbit", limit="9000")["changed"] is False
    prove(kind="tbf", limit="8000")
    kept = {name: root()["options"][name] for name in was if name != "lat"}
    assert kept == {name: value for name, value in was.items() if name != "lat"}


def test_no_queue():
    witness.sh(*LAB, "ip -n a link add i1 type ifb", "ip -n a link set i1 up")
    assert prove(kind="noqueue")["changed"] is False
    assert prove(kind="noqueue", link="i1")["qdisc"]["kind"] == "noqueue"
    told = [each for each in tc("qdisc") if each["dev"] == "i1"]
    assert [each["kind"] for each in told] == ["noqueue"]
    assert prove(**TBF, link="i1")["changed"]
    assert prove(kind="noqueue", link="i1")["changed"]
    assert prove(state="absent", link="i1")["changed"]
    told = [each for each in tc("qdisc") if each["dev"] == "i1"]
    assert [each["handle"] for each in told] == ["0:"]


@pytest.mark.parametrize("steps", [[TBF, FAST], [HTB, LEAF, CHANGES]], ids=["tbf", "htb"])
def test_commands_do_the_same(steps):
    witness.sh(*LAB)
    told = [each for step in steps for each in run(**step)["commands"]]
    shown, known = look(), run(**{**steps[0], "classes": None, "force": False, "default": None})
    witness.sh("ip netns del a", *LAB, *told)
    assert without_chosen_handles(look()[0]) == without_chosen_handles(shown[0])
    assert classes().keys() == shown[1].keys()
    again = run(**{**steps[0], "classes": None, "force": False, "default": None})
    # tc of iproute2 before 6.3 cuts bursts off to microseconds.
    bursts = {"burst", "cburst", "latency", "limit"}

    def without_bursts(value):
        return {name: each for name, each in value.items() if name not in bursts}

    for one, other in zip(known["qdisc"].get("classes", []), again["qdisc"].get("classes", [])):
        assert without_bursts(one) == without_bursts(other)


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_that_not_every_kernel_has(kind):
    witness.sh(*LAB)
    was = look()
    try:
        run(**KINDS[kind])
    except NetnsError as error:
        assert f"this kernel has no sch_{kind}" in str(error)
        assert look() == was
        pytest.skip(f"no live test of {kind}: {error}")
    run(state="absent")
    prove(**KINDS[kind])
    assert root()["kind"] == kind
    if kind == "netem":
        prove(kind="netem", duplicate="1%")
        options = root()["options"]
        assert (options["delay"]["delay"], options["loss-random"]["loss"]) == (0.01, 0.005)
        prove(kind="netem", delay="0", jitter="0", loss="0%")
    prove(state="absent")
    assert look() == was


def test_a_kind_that_is_missing_leaves_what_was_there():
    witness.sh(*LAB)
    run(**HTB)
    run(**LEAF)
    was = look()
    try:
        run(**KINDS["netem"])
    except NetnsError as error:
        assert "Specified qdisc kind is unknown" in str(error)
        assert look() == was
    else:
        assert root()["kind"] == "netem"


# --- every write fails once ---

GIVEN = (HTB, LEAF)
UNDONE = {
    "a new htb": ((), HTB),
    "changes of classes": (GIVEN, {**CHANGES, "default": "20"}),
    "a htb set up anew": (GIVEN, CHANGES),
    "another kind over it": (GIVEN, {**TBF, "handle": "1:"}),
    "another kind, by one request": (GIVEN, TBF),
    "absent": (GIVEN, {"state": "absent"}),
    "a tbf with another handle": ((TBF,), {**FAST, "handle": "7:"}),
}


def attempt(given, params, number):
    """Return what was there, what is, what was said, and the write that failed on a new machine."""

    def work():
        witness.sh(*LAB)
        for each in given:
            run(**each)
        before, said = look(), None
        faults = Faults(lambda n: n == number)
        with faults.at_work():
            try:
                run(**params)
            except NetnsError as error:
                said = str(error)
        return before, look(), said, faults.failed

    return machine.run(work)


@pytest.mark.makes_machines
@pytest.mark.parametrize("name", UNDONE)
def test_a_write_that_fails_leaves_no_trace(name):
    given, params = UNDONE[name]
    number = 0
    while True:
        number += 1
        before, after, said, failed = attempt(given, params, number)
        if not failed:
            break
        assert INJECTED in said
        assert rolled_back(said), said
        assert after == before, f"write {number}: {said}"
    assert said is None
    assert number > 1


def test_a_kind_that_is_not_known_comes_back():
    witness.sh(*LAB, "tc -n a qdisc add dev v1 root handle 9: pfifo limit 77")
    was = look()
    faults = Faults(lambda number: number == 3)
    with faults.at_work(), pytest.raises(NetnsError, match=INJECTED):
        run(**{**HTB, "handle": "1:"})
    assert faults.failed
    assert look() == was
