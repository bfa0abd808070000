# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages, held against those of tc(8) byte by byte, and read by pyroute2's own classes."""

from __future__ import annotations

import struct

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import replace
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    attributes as nla,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    codec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import (
    kernel_decode as qdisc_codec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import (
    kernel_encode as qdisc_encode,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import shaping, units
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc.state import (
    ROOT,
    FqCodel,
    Htb,
    HtbClass,
    Netem,
    Tbf,
)

NEWQDISC, NEWTCLASS = 36, 40
ADD, REPLACE, CHANGE = 0x605, 0x505, 0x005
INDEX = 3


def share(text):
    return units.percent("", text)


def message(kind, options, old=None, flags=REPLACE, handle=0, parent=ROOT, what=NEWQDISC):
    """Return a request as the kernel floor sends it."""
    data = options if isinstance(options, bytes) else qdisc_encode.encoded(options, old)
    fields = dict.fromkeys(("family", "pad1", "pad2", "info"), 0)
    fields.update(index=INDEX, handle=handle, parent=parent)
    attrs = [("TCA_KIND", kind), ("TCA_OPTIONS", data)]
    return codec.encode(qdisc_codec.TrafficMessage, what, flags, 0, fields, attrs)


def as_sent(data):
    """Return a message without what differs from one run to the next: the sequence number."""
    return data[:8] + bytes(4) + data[12:]


# tc of iproute2 6.1, on a link with number 3.
SAID_BY_TC = {
    "delay 10ms": (
        ("netem", Netem(delay=10**7)),
        "4c00000024000505b482056b00000000000000000300000000000000ffffffff000000000a0001006e6574656d"
        "0000001c0002005a620200e803000000000000000000000000000000000000",
    ),
    "limit 500 delay 100ms 10ms 25% loss 0.5% 10% duplicate 1% 5% corrupt 0.1% 3%"
    " reorder 25% 50% gap 5 rate 1mbit": (
        (
            "netem",
            Netem(
                delay=10**8,
                jitter=10**7,
                correlation=share("25"),
                loss=share("0.5"),
                loss_correlation=share("10"),
                duplicate=share("1"),
                duplicate_correlation=share("5"),
                corrupt=share("0.1"),
                corrupt_correlation=share("3"),
                reorder=share("25"),
                reorder_correlation=share("50"),
                gap=5,
                rate=125_000,
                limit=500,
            ),
        ),
        "8800000024000505b482056b00000000000000000300000000000000ffffffff000000000a0001006e6574656d"
        "0000005800020084d71700f401000014ae470105000000295c8f025a62020010000100000000409a999919cdcc"
        "cc0c0c00030000000040000000800c000400378941007b14ae071400060048e801000000000000000000000000"
        "00",
    ),
    "change loss 0% corrupt 0% reorder 0% rate 0bit": (
        (
            "netem",
            Netem(),
            Netem(loss=1, corrupt=share("1"), delay=1, reorder=share("1"), gap=1, rate=5),
            CHANGE,
        ),
        "7800000024000500b482056b00000000000000000300000000000000ffffffff000000000a0001006e6574656d"
        "0000004800020000000000e8030000000000000000000000000000000000000c00030000000000000000000c00"
        "040000000000000000001400060000000000000000000000000000000000",
    ),
    "handle 7: rate 40gbit": (
        ("netem", Netem(rate=5 * 10**9), None, ADD, 0x70000),
        "6c00000024000506b482056b00000000000000000300000000000700ffffffff000000000a0001006e6574656d"
        "0000003c00020000000000e8030000000000000000000000000000000000000c00080000f2052a010000001400"
        "0600ffffffff000000000000000000000000",
    ),
    "loss gemodel 1% 10% 70% 0.1%": (
        (
            "netem",
            Netem(
                loss_model=bytes.fromhex("14000200295c8f029a999919cdcccc4c37894100"),
            ),
            None,
            ADD,
        ),
        "6400000024000506b482056b00000000000000000300000000000000ffffffff000000000a0001006e6574656d"
        "0000003400020000000000e8030000000000000000000000000000000000001800058014000200295c8f029a99"
        "9919cdcccc4c37894100",
    ),
    "fq_codel limit 1000 target 5ms interval 100ms quantum 300 flows 256 noecn": (
        ("fq_codel", FqCodel(1000, 4999, 99_999, 300, False, 256)),
        "6800000024000505b482056b00000000000000000300000000000000ffffffff000000000d00010066715f636f"
        "64656c000000003400020008000200e80300000800050000010000080006002c01000008000300a08601000800"
        "0100881300000800040000000000",
    ),
    "htb default 20": (
        ("htb", Htb(0x20), None, ADD, 0x10000),
        "4800000024000506b482056b00000000000000000300000000000100ffffffff00000000080001006874620"
        "01c00020018000200030000000a000000200000000000000000000000",
    ),
}


@pytest.mark.parametrize("words", SAID_BY_TC)
def test_messages_are_those_of_tc(words):
    call, said = SAID_BY_TC[words]
    assert as_sent(message(*call)) == as_sent(bytes.fromhex(said))


# The numbers alone: of rates that tc computes into a table of 256 times, which no kernel since 3.8
# looks at, we send none.
TBF_BY_TC = {
    "rate 1mbit burst 32kbit latency 50ms": (
        Tbf(125_000, shaping.tbf_buffer(125_000, 4096), 10346, burst=4096),
        "2800010003010000ffff000048e801000000000000000000000000006a28000000d00700000000000800060000"
        "100000",
    ),
    "rate 40gbit burst 1mb limit 2mb": (
        Tbf(5 * 10**9, 0x0EE4, 2 << 20, burst=1 << 20),
        "2800010003010000ffff0000ffffffff00000000000000000000000000002000e40e0000000000000800060000"
        "0010000c00040000f2052a01000000",
    ),
}


@pytest.mark.parametrize("words", TBF_BY_TC)
def test_a_tbf_is_that_of_tc(words):
    options, said = TBF_BY_TC[words]
    assert qdisc_encode.tbf(options).hex() == said


def test_a_class_is_that_of_tc():
    # tc class add dev v1 parent 1:1 classid 1:10 htb rate 5mbit ceil 10mbit prio 1 burst 15k
    wanted = (
        "3000010003010000ffff00006889090003010000ffff0000d012130000dc0500204e0000000000000000000001"
        "000000"
    )
    buffer = shaping.htb_buffer(625_000, 15 << 10)
    cbuffer = shaping.htb_buffer(1_250_000, 1600)
    new = HtbClass(0x10010, 0x10001, 625_000, 1_250_000, buffer, cbuffer, 1, 62_500)
    assert qdisc_encode.htb_class(new, 0).hex() == wanted


def test_fast_classes_have_their_rates_in_64_bits():
    new = HtbClass(0x10010, 0x10001, 5 * 10**9, 6_250_000_000, 6, 5, 0, 200_000)
    data = qdisc_encode.htb_class(new, 0)
    assert data.startswith(bytes.fromhex("0c00060000f2052a010000000c000700806e877401000000"))
    assert qdisc_codec.htb_class_of(data, 0x10010, 0x10001) == HtbClass(
        0x10010, 0x10001, 5 * 10**9, 6_250_000_000, 6, 5, 0, 0
    )


@pytest.mark.parametrize("nanoseconds", [1, 63, 65, 1000, 2**32 * 64, 10**15 + 1])
def test_times_that_ticks_do_not_hold_go_as_nanoseconds(nanoseconds):
    data = qdisc_encode.encoded(Netem(delay=nanoseconds, jitter=1000), None)
    sent = dict(nla.attributes(data, qdisc_codec.NETEM.size, len(data)))
    assert struct.unpack("=Q", sent[10]) == (nanoseconds,)
    assert struct.unpack("=Q", sent[11]) == (1000,)
    assert qdisc_codec.netem_of(data).delay == nanoseconds


def test_a_time_that_ticks_hold_goes_as_ticks_alone():
    data = qdisc_encode.encoded(Netem(delay=10**7, jitter=10**6), None)
    assert len(data) == qdisc_codec.NETEM.size


EVERYTHING = (
    Netem(
        delay=123_456_789,
        jitter=1,
        correlation=2,
        loss=3,
        loss_correlation=4,
        duplicate=5,
        duplicate_correlation=6,
        corrupt=7,
        corrupt_correlation=8,
        reorder=9,
        reorder_correlation=10,
        gap=11,
        rate=2**32 + 12,
        limit=13,
        cell=(-14, 15, -16),
        ecn=1,
        loss_model=bytes(range(20)),
        slot=bytes(range(40)),
    ),
    Tbf(2**33, 17, 18, (19, 20, 1), 2**34, 21),
    FqCodel(22, 4999, 99_999, 300, False, 24, bytes.fromhex("0800090000100000")),
    Htb(0x25, 26, 27),
)


@pytest.mark.parametrize("options", EVERYTHING, ids=lambda options: type(options).__name__)
def test_nothing_is_lost_on_the_way(options):
    kind = {Netem: "netem", Tbf: "tbf", FqCodel: "fq_codel", Htb: "htb"}[type(options)]
    read = qdisc_codec.decoded(kind, qdisc_encode.encoded(options, None))
    if isinstance(read, FqCodel):  # times go as they are stated, and are cut off by the kernel
        times = {name: shaping.codel_time(getattr(read, name)) for name in ("target", "interval")}
        read = replace(read, **times)
    assert read == options
    assert getattr(read, "direct_qlen", None) == getattr(options, "direct_qlen", None)


def test_a_kind_that_is_not_known_has_no_options():
    assert qdisc_codec.decoded("cake", b"\1\2\3\4") is None


# --- pyroute2's own classes ----------------------------------------------------------------------


def read_by_pyroute2(data):
    from pyroute2.netlink.rtnl.tcmsg import tcmsg

    read = tcmsg(data)
    read.decode()
    return read


def test_pyroute2_reads_a_netem():
    read = read_by_pyroute2(message("netem", EVERYTHING[0], handle=0x70000))
    assert (read["index"], read["handle"], read["parent"]) == (INDEX, 0x70000, ROOT)
    assert read.get_attr("TCA_KIND") == "netem"
    options = read.get_attr("TCA_OPTIONS")
    numbers = {"delay": 1_929_012, "limit": 13, "loss": 3, "gap": 11, "duplicate": 5, "jitter": 0}
    assert {name: options[name] for name in numbers} == numbers
    for attribute, wanted in (
        ("CORR", {"delay_corr": 2, "loss_corr": 4, "dup_corr": 6}),
        ("REORDER", {"prob_reorder": 9, "corr_reorder": 10}),
        ("CORRUPT", {"prob_corrupt": 7, "corr_corrupt": 8}),
        (
            "RATE",
            {
                "rate": 2**32 - 1,
                "packet_overhead": -14,
                "cell_size": 15,
                "cell_overhead": -16,
            },
        ),
    ):
        found = options.get_attr(f"TCA_NETEM_{attribute}")
        assert {name: found[name] for name in wanted} == wanted


def test_pyroute2_reads_a_tbf():
    options = Tbf(125_000, 512_000, 10346, burst=4096)
    read = read_by_pyroute2(message("tbf", options)).get_attr("TCA_OPTIONS")
    found = read.get_attr("TCA_TBF_PARMS")
    wanted = {"rate": 125_000, "peak": 0, "limit": 10346, "buffer": 512_000, "mtu": 0}
    assert {name: found[name] for name in wanted} == wanted


def test_pyroute2_reads_a_fq_codel():
    read = read_by_pyroute2(message("fq_codel", EVERYTHING[2])).get_attr("TCA_OPTIONS")
    wanted = {
        "TARGET": 5000,
        "LIMIT": 22,
        "INTERVAL": 100_000,
        "ECN": 0,
        "FLOWS": 24,
        "QUANTUM": 300,
        "MEMORY_LIMIT": 4096,
    }
    assert {name: read.get_attr(f"TCA_FQ_CODEL_{name}") for name in wanted} == wanted


def test_pyroute2_reads_a_htb_and_its_class():
    read = read_by_pyroute2(message("htb", Htb(0x20))).get_attr("TCA_OPTIONS")
    found = read.get_attr("TCA_HTB_INIT")
    wanted = {"version": 3, "rate2quantum": 10, "defcls": 0x20, "debug": 0}
    assert {name: found[name] for name in wanted} == wanted
    new = HtbClass(0x10010, 0x10001, 625_000, 1_250_000, 384_000, 20_000, 1, 62_500)
    data = qdisc_encode.htb_class(new, 3000)
    read = read_by_pyroute2(message("htb", data, handle=0x10010, parent=0x10001, what=NEWTCLASS))
    found = read.get_attr("TCA_OPTIONS").get_attr("TCA_HTB_PARMS")
    wanted = {"rate": 625_000, "ceil": 1_250_000, "buffer": 384_000, "cbuffer": 20_000}
    wanted |= {"prio": 1, "quantum": 3000}
    assert {name: found[name] for name in wanted} == wanted
