# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What rows of kinds state beside their options: ends, MTU, what receives, two links below."""

from __future__ import annotations

import struct

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    BadInput,
    Conflict,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import Link, Peer
from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import replace
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds import (
    kernel_codec,
    kernel_read,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc.state import has_queue

from .test_limits import LOWER, builder, commands

SIX = {"local": "2001:db8::1", "remote": "2001:db8::2"}
MACSEC = Link(
    "ms",
    kind="macsec",
    index=7,
    mac=LOWER.mac,
    mtu=1468,
    parent=Peer("p0", "a"),
    options=(
        ("sci", "0200000000010001"),
        ("icv_len", 16),
        ("send_sci", True),
        ("replay_protect", False),
        ("window", None),
    ),
)
REPLAY = replace(MACSEC, options=(*MACSEC.options[:3], ("replay_protect", True), ("window", 7)))
OTHER = Link("q0", index=8, mac="02:00:00:00:00:02", hardware=True)
THIRD = Link("r0", index=9, mac="02:00:00:00:00:03", hardware=True)
HSR = Link(
    "h0",
    kind="hsr",
    index=10,
    mac=LOWER.mac,
    mtu=1494,
    lower=Peer("p0", "a"),
    options=(("slave1", "p0"), ("slave2", "q0"), ("supervision", 0), ("protocol", "hsr")),
)


def link(drawn, name="x"):
    return drawn.host.namespaces["a"].links.get(name)


def options(drawn, name="x"):
    return dict(link(drawn, name).options)


@pytest.mark.parametrize("kind", ["ip6gre", "ip6tnl", "vti6"])
def test_a_tunnel_over_ipv6_has_its_local_address_and_keeps_its_mtu(kind):
    there = Link("x", kind=kind, index=7, mtu=1300, options=tuple(SIX.items()))
    drawn = builder(there, name="x", type=kind, **{kind: {"local": "2001:db8::7"}})
    assert link(drawn).mac == "20:01:0d:b8:00:00:00:00:00:00:00:00:00:00:00:07"
    assert link(drawn).mtu == 1300
    assert commands(drawn) == [
        f"ip -n a link set dev x mtu 1300 type {kind} local 2001:db8::7",
    ]
    with pytest.raises(Conflict, match="no MAC address of its own"):
        builder(there, name="x", mac="02:00:00:00:00:aa")


@pytest.mark.parametrize("kind", ["ip6gre", "ip6tnl", "vti6", "vti"])
def test_only_one_tunnel_of_a_kind_has_the_same_ends(kind):
    ends = {"local": "192.0.2.1", "remote": "192.0.2.2"} if kind == "vti" else SIX
    there = Link("y", kind=kind, index=7, options=tuple(ends.items()))
    with pytest.raises(Conflict, match=rf"y in namespace a, another {kind}, has these ends"):
        builder(there, name="x", type=kind, **{kind: ends})
    with pytest.raises(Conflict, match="it would be what comes with each namespace already"):
        builder(name="x", type=kind)
    other = {"parent": "p0", "name": "x", "type": kind, kind: ends}
    if kind == "vti6":  # the link that it leaves by does not tell it from another
        with pytest.raises(Conflict, match="has these ends"):
            builder(there, **other)
    else:
        assert builder(there, **other).steps


def test_addresses_are_of_the_version_of_the_tunnel():
    with pytest.raises(BadInput, match=r"ip6tnl\.local .* must be an IPv6 address"):
        builder(name="x", type="ip6tnl", ip6tnl={"local": "192.0.2.1"})
    with pytest.raises(BadInput, match=r"vti\.local .* must be an IPv4 address"):
        builder(name="x", type="vti", vti={"local": "2001:db8::1"})


def test_commands_say_what_ip_makes_otherwise():
    made = commands(builder(name="x", type="ip6tnl", ip6tnl={**SIX, "ttl": 9}))[0]
    assert made.endswith("type ip6tnl local 2001:db8::1 remote 2001:db8::2 hoplimit 9 encaplimit 0")


@pytest.mark.parametrize("kind", ["gre", "vti", "ip6gre", "xfrm"])
def test_the_parent_of_a_tunnel_is_in_its_namespace(kind):
    if kind == "gre":
        with pytest.raises(Conflict, match=r"Leave out socket_netns; or create the link there"):
            builder(name="x", type="gre", socket_netns="", gre={"local": "192.0.2.1"})
    with pytest.raises(Conflict, match=r"in the link's own namespace.*Leave out parent_netns"):
        builder(
            name="x",
            type=kind,
            parent="p0",
            parent_netns="",
            **({"xfrm": {"if_id": 4}} if kind == "xfrm" else {}),
        )


@pytest.mark.parametrize("wire", [b"", struct.pack("=HHI", 8, 2, 4)])
def test_an_xfrm_has_a_number_of_its_own(wire):
    there = Link("y", kind="xfrm", index=7, options=() if wire else (("if_id", 4),), kind_wire=wire)
    with pytest.raises(Conflict, match="y in namespace a, another xfrm, has if_id 4 already"):
        builder(there, name="x", type="xfrm", xfrm={"if_id": 4})
    assert builder(there, name="x", type="xfrm", xfrm={"if_id": 5}).steps
    with pytest.raises(BadInput, match=r"xfrm\.if_id is required for a new link of type xfrm"):
        builder(name="x", type="xfrm")


def macsec(*links, **stated):
    return builder(*links, name="ms", type="macsec", parent="p0", macsec=stated)


def test_a_window_is_kept_with_its_switch_alone():
    with pytest.raises(BadInput, match=r"macsec\.window requires macsec\.replay_protect"):
        macsec(window=32)
    with pytest.raises(BadInput, match=r"macsec\.window requires macsec\.replay_protect"):
        macsec(MACSEC, window=32)
    with pytest.raises(BadInput, match=r"macsec\.replay_protect requires macsec\.window"):
        macsec(MACSEC, replay_protect=True)
    drawn = macsec(MACSEC, replay_protect=True, window=32)
    assert commands(drawn) == ["ip -n a link set dev ms type macsec replay on window 32"]
    assert not macsec(REPLAY, replay_protect=True, window=7).steps
    drawn = macsec(REPLAY, window=8)
    assert options(drawn, "ms")["window"] == 8
    drawn = macsec(REPLAY, replay_protect=False)
    assert commands(drawn) == ["ip -n a link set dev ms type macsec replay off"]
    assert options(drawn, "ms")["window"] is None
    back = drawn.steps[0].inverse()
    assert back.command() == "ip -n a link set dev ms type macsec replay on window 7"


def test_switches_that_exclude_each_other():
    with pytest.raises(BadInput, match="are mutually exclusive; leave out one"):
        macsec(end_station=True, send_sci=True)


def test_an_identifier_is_hexadecimal_and_taken_once_on_a_link():
    drawn = macsec(sci="2a")
    assert options(drawn, "ms")["sci"] == "000000000000002a"
    with pytest.raises(BadInput, match="hexadecimal digits"):
        macsec(sci="0200:1")
    again = {"name": "x", "type": "macsec", "parent": "p0"}
    with pytest.raises(Conflict, match="ms in namespace a, another macsec on p0, has the SCI"):
        builder(MACSEC, **again)
    assert builder(MACSEC, **again, macsec={"sci": "1234"}).steps
    with pytest.raises(Conflict, match=r"sci is 0200000000010001 and not .*force=true"):
        macsec(MACSEC, sci="1234")


def test_a_macsec_is_no_larger_than_what_it_lies_on():
    with pytest.raises(NetnsError, match="at most 1468 is possible"):
        builder(MACSEC, name="ms", mtu=1469)
    drawn = builder(MACSEC, name="p0", mtu=1400)
    assert link(drawn, "ms").mtu == 1368
    short = replace(MACSEC, options=(("icv_len", 8),))
    assert builder(short, name="ms", mtu=1476).steps
    made = builder(name="ms", type="macsec", parent="p0", mtu=1300)
    assert commands(made) == [
        "ip -n a link add link p0 name ms type macsec",
        "ip -n a link set dev ms mtu 1300",
    ]


def test_a_macsec_goes_up_over_a_link_that_is_up():
    with pytest.raises(NetnsError, match="the parent link p0 of ms is down"):
        builder(MACSEC, name="ms", up=True)
    up = replace(LOWER, up=True)
    assert builder(up, MACSEC, name="ms", up=True).steps


def test_one_thing_takes_what_a_link_receives():
    with pytest.raises(Conflict, match="p0 has ms on it, which takes what it receives"):
        builder(MACSEC, name="x", type="macvlan", parent="p0")
    with pytest.raises(Conflict, match="p0 has h0 on it, which takes what it receives"):
        builder(OTHER, HSR, name="x", type="macsec", parent="p0")
    with pytest.raises(Conflict, match="q0 has h0 on it, which takes what it receives"):
        builder(OTHER, THIRD, HSR, name="x", type="hsr", hsr={"slave1": "r0", "slave2": "q0"})
    bridge = Link("br", kind="bridge", index=20)
    with pytest.raises(Conflict, match="ms on p0 takes what it receives"):
        builder(bridge, MACSEC, name="p0", master="br")


def test_an_hsr_lies_on_two_links():
    made = {"name": "x", "type": "hsr", "hsr": {"slave1": "p0", "slave2": "q0", "protocol": "prp"}}
    drawn = builder(OTHER, **made, mtu=1400)
    assert commands(drawn) == [
        "ip -n a link add name x type hsr slave1 p0 slave2 q0 proto 1",
        "ip -n a link set dev x mtu 1400",
    ]
    assert link(drawn).mac == LOWER.mac
    with pytest.raises(NetnsError, match="q0"):
        builder(**made)
    with pytest.raises(BadInput, match="are two links; state one of them"):
        builder(name="x", type="hsr", hsr={"slave1": "p0", "slave2": "p0"})
    with pytest.raises(Conflict, match=r"MAC address of its slave1\. Leave out mac"):
        builder(OTHER, **made, mac="02:00:00:00:00:aa")
    assert not builder(OTHER, HSR, name="h0", type="hsr", hsr={"version": 1}).steps
    with pytest.raises(Conflict, match=r"slave2 is q0 and not r0.*force=true"):
        builder(OTHER, THIRD, HSR, name="h0", type="hsr", hsr={"slave2": "r0"})


def test_the_version_of_an_hsr_is_compared_where_the_kernel_reports_it():
    known = replace(HSR, options=(*HSR.options, ("version", 1)))
    assert not builder(OTHER, known, name="h0", type="hsr", hsr={"version": 1}).steps
    with pytest.raises(Conflict, match=r"version is 1 and not 0.*force=true"):
        builder(OTHER, known, name="h0", type="hsr", hsr={"version": 0})
    task = {"name": "h0", "type": "hsr", "force": True}
    made = commands(builder(OTHER, known, **task, hsr={"supervision": 5}))[1]
    assert made.endswith("slave1 p0 slave2 q0 supervision 5 proto 0 version 1")
    made = commands(builder(OTHER, known, **task, hsr={"protocol": "prp"}))[1]
    assert made.endswith("slave1 p0 slave2 q0 supervision 0 proto 1")
    with pytest.raises(
        BadInput, match=r"hsr\.version and hsr\.protocol=prp are mutually exclusive"
    ):
        builder(OTHER, known, **task, hsr={"protocol": "prp", "version": 1})


def test_an_hsr_follows_its_links():
    for name, mtu in (("p0", 1400), ("q0", 1300), ("q0", 9000)):
        drawn = builder(OTHER, HSR, name=name, mtu=mtu)
        assert link(drawn, "h0").mtu == min(mtu, 1500) - 6
    mac = "02:00:00:00:00:77"
    assert link(builder(OTHER, HSR, name="p0", mac=mac), "h0").mac == mac
    assert link(builder(OTHER, HSR, name="q0", mac=mac), "h0").mac == LOWER.mac
    assert options(builder(OTHER, HSR, name="q0", new_name="z0"), "h0")["slave2"] == "z0"
    assert link(builder(OTHER, HSR, name="q0", new_name="z0"), "h0").lower.name == "p0"
    with pytest.raises(NetnsError, match="at most 1494 is possible"):
        builder(OTHER, HSR, name="h0", mtu=1495)


@pytest.mark.parametrize(
    "wire", [b"", struct.pack("=HHIHHI", 8, 1, LOWER.index, 8, 2, OTHER.index)]
)
def test_an_hsr_goes_with_the_last_of_its_links(wire):
    there = replace(HSR, options=() if wire else HSR.options, kind_wire=wire)
    port = replace(LOWER, kind="dummy", hardware=False)
    other = replace(OTHER, kind="dummy", hardware=False)
    drawn = builder(port, other, there, name="p0", state="absent")
    assert link(drawn, "h0") is not None
    last = replace(there, lower=Peer("q0", "a"), options=(("slave2", "q0"),), kind_wire=b"")
    with pytest.raises(Conflict, match="hsr h0 in namespace a on it would be removed with it"):
        builder(other, last, name="q0", state="absent")
    assert link(builder(other, last, name="q0", state="absent", force=True), "h0") is None


def test_the_mtu_of_a_vcan_is_changed_while_it_is_down():
    there = Link("x", kind="vcan", index=7, mtu=2060, up=True)
    with pytest.raises(NetnsError, match=r"only while it is down\. Set it down first"):
        builder(there, name="x", mtu=72)
    assert builder(replace(there, up=False), name="x", mtu=72).steps


@pytest.mark.parametrize(
    ("kind", "mode", "open_"),
    [
        ("xfrm", "eui64", True),
        ("tun", "eui64", True),
        ("tun", "stable_secret", False),
        ("wireguard", "eui64", True),
        ("tap", "eui64", False),
        ("veth", "eui64", False),
    ],
)
def test_what_has_no_address_may_have_no_eui_64_once_it_is_up(kind, mode, open_):
    there = Link("x", kind=kind, index=7, addrgenmode=mode)
    assert ("addrgenmode" in link(builder(there, name="x", up=True)).unknown) is open_


@pytest.mark.parametrize(("kind", "queued"), [("macsec", False), ("tap", True), ("ifb", True)])
def test_whether_a_kind_has_a_queue(kind, queued):
    assert has_queue(kind) is queued
    assert not has_queue("veth")
    assert has_queue(None)


def test_what_the_kernel_reports_otherwise():
    address = bytes.fromhex("01154e000105")
    wire = struct.pack("=HHI", 8, 1, 2) + struct.pack("=HH", 10, 4) + address + b"\0\0"
    assert dict(kernel_read.decode("hsr", wire, {2: "p0"})[1]) == {
        "slave1": "p0",
        "slave2": None,
        "supervision": 5,
        "version": None,
        "protocol": None,
    }
    made = kernel_codec.read(kernel_codec.made_again("hsr", wire, ()))
    assert made[3] == b"\5"
    stated = kernel_codec.made_again("hsr", wire, [("IFLA_HSR_MULTICAST_SPEC", 7)])
    assert kernel_codec.read(stated)[3] == b"\7"


def test_what_a_request_needs_to_set_something_again():
    had = {3: b"\x10", 5: b"\7\0\0\0", 7: b"\1", 12: b"\1"}
    assert kernel_codec.together("macsec", {12: b"\1"}, had) == {12: b"\1", 5: had[5]}
    assert kernel_codec.together("macsec", {7: b"\1"}, had) == {7: b"\1"}
    assert kernel_codec.together("xfrm", {2: b"\4"}, {1: b"\1", 2: b"\4"}) == {1: b"\1", 2: b"\4"}
    assert kernel_codec.together("netdevsim", {2: b"\4"}, {1: b"\1"}) == {2: b"\4"}
