# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""netem and fq_codel, which not every kernel has, from the options of a task to what is kept."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput

from .fake_linux import FakeKernel

NETEM = {
    "delay": "100ms",
    "jitter": "10ms",
    "correlation": "25%",
    "loss": "0.5%",
    "loss_correlation": "10%",
    "duplicate": "1%",
    "duplicate_correlation": "5%",
    "corrupt": "0.1%",
    "corrupt_correlation": "3%",
    "reorder": "25%",
    "reorder_correlation": "50%",
    "gap": 5,
    "rate": "1mbit",
    "limit": "500",
}
# What is another value for each, which may well be none.
OTHER = {
    "delay": "33us",
    "jitter": "0s",
    "correlation": "0%",
    "loss": "0%",
    "loss_correlation": "0%",
    "duplicate": "0%",
    "duplicate_correlation": "0%",
    "corrupt": "0%",
    "corrupt_correlation": "0%",
    "reorder": "24%",
    "reorder_correlation": "0%",
    "gap": 1,
    "rate": "0bit",
    "limit": "1",
}
QUIET = {"link": "v1", "netns": None, "parent": "root", "state": "present", "handle": None}


def as_shown(stated):
    return {**stated, "limit": int(stated["limit"])}


def test_all_of_a_netem():
    shown, commands = FakeKernel().prove(kind="netem", **NETEM)
    assert shown == {**QUIET, "kind": "netem", **as_shown(NETEM)}
    assert commands == [
        "tc qdisc add dev v1 root netem limit 500 delay 100ms 10ms 25% loss 0.5% 10%"
        " duplicate 1% 5% corrupt 0.1% 3% reorder 25% 50% gap 5 rate 1mbit"
    ]


@pytest.mark.parametrize("name", NETEM)
def test_what_is_not_mentioned_stays(name):
    kernel = FakeKernel()
    kernel.prove(kind="netem", **NETEM)
    shown, commands = kernel.prove(kind="netem", **{name: OTHER[name]})
    assert shown == {**QUIET, "kind": "netem", **as_shown({**NETEM, name: OTHER[name]})}
    assert len(commands) == 1
    assert commands[0].startswith("tc qdisc change dev v1 root netem ")


@pytest.mark.parametrize("name", sorted(set(NETEM) - {"reorder", "reorder_correlation", "gap"}))
def test_one_after_the_other_comes_to_the_same_as_all_at_once(name):
    kernel = FakeKernel()
    kernel.prove(kind="netem", **{name: NETEM[name]})
    shown, _commands = kernel.prove(kind="netem", **NETEM)
    assert shown == FakeKernel().prove(kind="netem", **NETEM)[0]


def test_delay_then_loss():
    kernel = FakeKernel()
    kernel.prove(kind="netem", delay="10ms")
    shown, commands = kernel.prove(kind="netem", loss="1%")
    assert (shown["delay"], shown["loss"]) == ("10ms", "1%")
    assert commands == ["tc qdisc change dev v1 root netem limit 1000 delay 10ms loss 1%"]


def test_what_the_kernel_keeps_is_named_to_be_cleared():
    kernel = FakeKernel()
    kernel.prove(kind="netem", delay="10ms", corrupt="1%", reorder="5%", rate="1mbit")
    stated = {"corrupt": "0%", "reorder": "0%", "rate": "0bit"}
    shown, commands = kernel.prove(kind="netem", **stated)
    assert {name: shown[name] for name in stated} == stated
    assert shown["gap"] == 0
    assert commands == [
        "tc qdisc change dev v1 root netem limit 1000 delay 10ms corrupt 0% reorder 0% rate 0bit"
    ]


def test_reorder_makes_every_packet_a_candidate():
    shown, _commands = FakeKernel().prove(kind="netem", delay="10ms", reorder="5%")
    assert (shown["reorder"], shown["gap"]) == ("5%", 1)


@pytest.mark.parametrize("delay", ["1ns", "63ns", "1us", "10.5ms", "300s", "7d"])
def test_any_time_is_kept(delay):
    kernel = FakeKernel()
    if delay == "7d":
        with pytest.raises(BadInput):
            kernel.run(kind="netem", delay=delay)
        assert kernel.there == {}
    else:
        assert kernel.prove(kind="netem", delay=delay)[0]["delay"] == delay


def test_a_rate_beyond_32_bits():
    kernel = FakeKernel()
    assert kernel.prove(kind="netem", rate="40gbit")[0]["rate"] == "40gbit"
    assert kernel.prove(kind="netem", delay="1ms")[0]["rate"] == "40gbit"
    assert kernel.prove(kind="netem", rate="1gbit")[0]["rate"] == "1gbit"


def test_a_model_of_loss_stays_until_loss_is_stated():
    kernel = FakeKernel()
    kernel.prove(kind="netem", delay="1ms")
    held = kernel.there[0xFFFFFFFF][2]
    held.loss_model, held.ecn = b"\x14\0\2\0" + b"12345678abcdefgh", 1
    kernel.prove(kind="netem", delay="2ms")
    assert held.loss_model == b"\x14\0\2\0" + b"12345678abcdefgh"
    kernel.prove(kind="netem", loss="1%")
    assert held.loss_model is None
    assert held.ecn == 1


@pytest.mark.parametrize(
    "stated, words",
    [
        ({"reorder": "5%"}, "reorder requires delay: packets overtake the delayed ones"),
        ({"gap": 5, "delay": "1ms"}, "gap requires reorder: it selects the packets to reorder"),
        ({"gap": 0, "delay": "1ms", "reorder": "1%"}, "gap must be between 1 and"),
        ({"jitter": "3s"}, "jitter '3s' must be at most 2.147483647s"),
        ({"limit": "0"}, "limit must be between 1 and"),
        ({"limit": "10kb"}, "limit must be between 1 and"),
    ],
)
def test_what_netem_cannot_be_told(stated, words):
    kernel = FakeKernel()
    with pytest.raises(BadInput, match=words):
        kernel.run(kind="netem", **stated)
    assert kernel.there == {}


def test_another_kind_takes_the_place():
    kernel = FakeKernel()
    kernel.prove(kind="netem", delay="10ms")
    shown, commands = kernel.prove(kind="fq_codel")
    assert commands == [
        "tc qdisc replace dev v1 root fq_codel limit 10240 flows 1024 target 5ms interval 100ms"
        " quantum 1514 ecn"
    ]
    assert shown == {
        **QUIET,
        "kind": "fq_codel",
        "limit": 10240,
        "target": "5ms",
        "interval": "100ms",
        "quantum": 1514,
        "ecn": True,
        "flows": 1024,
    }


def test_fq_codel_is_changed_in_place():
    kernel = FakeKernel()
    kernel.prove(kind="fq_codel", ecn=False)
    held = kernel.there[0xFFFFFFFF][2]
    held.values[9] = 1 << 20  # a bound on memory, of which we do not speak
    stated = {"target": "2ms", "interval": "33ms"}
    shown, commands = kernel.prove(kind="fq_codel", limit="500", quantum=300, **stated)
    assert kernel.there[0xFFFFFFFF][2] is held
    assert held.values[9] == 1 << 20
    assert {name: shown[name] for name in stated} == stated
    assert (shown["limit"], shown["quantum"], shown["ecn"]) == (500, 300, False)
    assert commands == [
        "tc qdisc change dev v1 root fq_codel limit 500 target 2ms interval 33ms quantum 300 noecn"
    ]


def test_flows_need_a_new_one_which_keeps_the_rest():
    kernel = FakeKernel()
    kernel.prove(kind="fq_codel", limit="500", handle="7:")
    kernel.there[0xFFFFFFFF][2].values[9] = 1 << 20
    shown, commands = kernel.prove(kind="fq_codel", flows=16)
    assert (shown["limit"], shown["flows"], shown["handle"]) == (500, 16, "7:")
    assert kernel.there[0xFFFFFFFF][2].values[9] == 1 << 20
    assert commands == [
        "tc qdisc del dev v1 root",
        "tc qdisc add dev v1 root handle 7: fq_codel limit 500 flows 16 target 5ms"
        " interval 100ms quantum 1514 ecn",
    ]


def test_absent():
    kernel = FakeKernel()
    kernel.prove(kind="netem", delay="10ms")
    assert kernel.prove(kind="fq_codel", state="absent")[1] == []
    shown, commands = kernel.prove(kind="netem", state="absent")
    assert (shown["state"], shown["kind"]) == ("absent", None)
    assert commands == ["tc qdisc del dev v1 root"]
    assert kernel.prove(state="absent")[1] == []
